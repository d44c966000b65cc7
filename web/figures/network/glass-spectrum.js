/**
 * Digits along one unit's whole range of activation, not only the strongest, with a mark for the
 * digit looked at; and what is odd about the unit.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import '../../kit/glass-thumb.js';
import { drawHistogram } from '../../draw/histogram.js';
import { css as colour } from '../../draw/colour.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { count, percent, signed } from '../../models/words.js';
import { panel } from './panel-look.js';

/**
 * @typedef {{index: number, activation: number, label: number}} Answer of the unit to one test digit
 *
 * @typedef {object} Told what the worker answers to `subject_unit`
 * @property {number} here its activation for the digit looked at
 * @property {Float32Array} edges of the histogram's bins, one more than there are
 * @property {Uint32Array} counts of test digits in each
 * @property {Answer[]} along nine, from the least to the most
 * @property {Answer[]} most the nine strongest
 *
 * @typedef {object} Flags what is odd about it, over the test digits
 * @property {boolean|number} dead
 * @property {boolean|number} saturated
 * @property {number} twin the unit that is nearly the same; -1: none
 * @property {number} likeness of the two, 0..1
 */

/** @fires pick with `detail.index` of a test digit that is to be looked at */
export class GlassSpectrum extends LitElement {
  static properties = {
    told: { attribute: false },
    flags: { attribute: false },
    unit: { type: Number },
    classes: { attribute: false },
    picture: { attribute: false },
    rows: { type: Number },
    columns: { type: Number },
  };

  static styles = [
    shared,
    controls,
    panel,
    css`
      canvas {
        height: 88px;
        max-width: 640px;
        border-radius: 0;
      }

      .axis {
        display: flex;
        justify-content: space-between;
        font-size: var(--size-small);
        color: var(--muted);
        max-width: 640px;
      }

      .along {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(58px, 1fr));
        max-width: 640px;
      }

      .flag {
        border-left: 2px solid var(--negative);
        padding-left: var(--space-3);
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const { told } = this;
      if (!told) return context.clearRect(0, 0, size.width, size.height);
      drawHistogram(context, told.counts, size, { at: this.#place(told), width: 2 * size.scale }, {
        bar: colour(palette.positive, 0.55),
        line: colour(palette.muted),
        mark: colour(palette.ink),
      });
    },
  );

  constructor() {
    super();
    /** @type {Told|null} */
    this.told = null;
    /** @type {Flags|null} */
    this.flags = null;
    this.unit = 0;
    /** @type {string[]} */
    this.classes = [];
    /** The pixels of a digit of the data set. @type {(index: number) => Uint8Array|null} */
    this.picture = () => null;
    this.rows = 28;
    this.columns = 28;
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    const { told } = this;
    if (!told) return html`<p class="muted">Which digits this unit answers to comes with Python.</p>`;
    const [low, high] = [told.edges[0], told.edges[told.edges.length - 1]];
    return html`
      <p>${this.#sentence(told)}</p>
      ${this.#odd()}
      <canvas role="img" aria-label=${`Histogram of unit ${this.unit + 1}’s activations over the test digits, with a mark at this digit’s`}></canvas>
      <div class="axis number"><span>${signed(low)}</span><span>${signed(high)}</span></div>
      <p class="small muted">Activations of the test digits: a bar’s height is the root of its count, the line is this digit.</p>
      <h3>From least to most</h3>
      ${this.#digits(told.along)}
      <details>
        <summary>The ${told.most.length} strongest</summary>
        ${this.#digits(told.most)}
      </details>
    `;
  }

  /** Where the digit looked at lies in the range, 0..1. @param {Told} told */
  #place({ here, edges }) {
    const [low, high] = [edges[0], edges[edges.length - 1]];
    return high > low ? Math.min(1, Math.max(0, (here - low) / (high - low))) : 0.5;
  }

  /** @param {Told} told */
  #sentence({ here, edges, counts, along }) {
    const all = counts.reduce((sum, one) => sum + one, 0);
    const [low, high] = [edges[0], edges[edges.length - 1]];
    const is = html`This digit makes unit ${this.unit + 1} answer <strong class="number">${signed(here, 3)}</strong>`;
    if (here > high) return html`${is}: more than any of the ${count(all)} test digits.`;
    if (here < low) return html`${is}: less than any of the ${count(all)} test digits.`;
    const below = counts.reduce((sum, one, bin) => sum + (edges[bin + 1] <= here ? one : 0), 0);
    const same = counts.reduce((sum, one, bin) => sum + (edges[bin] <= here && here < edges[bin + 1] ? one : 0), 0);
    const nearest = along.reduce((best, one) => (Math.abs(one.activation - here) < Math.abs(best.activation - here) ? one : best), along[0]);
    const like = nearest ? ` Of the ${along.length} below, the ${this.#name(nearest.label)} with ${signed(nearest.activation, 3)} comes nearest.` : '';
    return html`${is}: ${percent(below / all)} of the ${count(all)} test digits lie in bins below, ${percent(same / all)} in the same.${like}`;
  }

  /** @param {number} label */
  #name(label) {
    return this.classes[label] ?? String(label);
  }

  /** What is odd about it, in words. */
  #odd() {
    const { flags } = this;
    if (!flags) return nothing;
    const words = [
      flags.dead && 'Dead: no test digit makes it answer, so it learns nothing any more.',
      flags.saturated && 'Saturated: nearly every test digit drives it to the end of its range, where its slope, and so what it learns, is next to nothing.',
      flags.twin >= 0 && `A duplicate: unit ${flags.twin + 1} answers nearly the same, with a likeness of ${flags.likeness.toFixed(3)} of at most 1.`,
    ].filter(Boolean);
    return words.map((text) => html`<p class="flag">${text}</p>`);
  }

  /** @param {Answer[]} all */
  #digits(all) {
    const { rows, columns } = this;
    return html`<ul class="thumbs along">
      ${all.map(
        ({ index, activation, label }) => html`<li>
          <glass-thumb
            .digit=${index}
            .pixels=${this.picture(index)}
            .shape=${{ rows, columns }}
            .words=${`Test digit ${count(index)}, a ${this.#name(label)}`}
            .note=${signed(activation)}
            @choose=${() => this.dispatchEvent(new CustomEvent('pick', { detail: { index } }))}
          ></glass-thumb>
        </li>`,
      )}
    </ul>`;
  }
}

customElements.define('glass-spectrum', GlassSpectrum);
