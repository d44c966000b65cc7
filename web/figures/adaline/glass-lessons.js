/**
 * What has been learned: the error of every pass, how many letters are recognised however damaged,
 * and which are taken for which, each with an example to look at.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { errorIn } from '../../models/adaline-words.js';
import { count, percent } from '../../models/words.js';
import './glass-line.js';

/** Powers of ten that the error's axis spans, from the top. */
const [TOP, BOTTOM] = [2, -6];
/** Points of a line: more than there are pixels say nothing. */
const MOST = 300;

/** @fires example with `detail` {label, cells}: a damaged letter to be looked at */
export class GlassLessons extends LitElement {
  static properties = { errors: { attribute: false }, measured: { attribute: false }, flips: { type: Number } };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr));
        gap: var(--space-6) var(--space-8);
        align-items: start;
      }

      h3 {
        margin: 0 0 var(--space-3);
        font-size: var(--size-small);
        font-weight: 600;
      }

      p {
        margin: var(--space-2) 0 0;
      }

      table {
        width: 100%;
      }

      td {
        white-space: nowrap;
      }

      th:first-child {
        text-align: left;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        margin: var(--space-2) 0 0;
        padding: 0;
        list-style: none;
      }

      li button {
        min-height: 28px;
        padding: 0 var(--space-2);
        font-size: var(--size-small);
      }
    `,
  ];

  constructor() {
    super();
    /** Mean squared error of each pass. @type {number[]} */
    this.errors = [];
    /** @type {import('../../python/protocol-adaline.js').Measured|null} */
    this.measured = null;
    /** Cells that were flipped of those that were damaged by chance. */
    this.flips = 6;
  }

  render() {
    return html`<section aria-labelledby="error">
        <h3 id="error">Mean squared error, pass by pass</h3>
        ${this.#error()}
      </section>
      <section aria-labelledby="curve">
        <h3 id="curve">Recognised, by cells flipped</h3>
        ${this.#curve()}
      </section>
      <section aria-labelledby="right">
        <h3 id="right">Recognised</h3>
        ${this.#right()}
      </section>`;
  }

  #error() {
    const { errors } = this;
    const passes = errors.length;
    const stride = Math.max(1, Math.ceil(passes / MOST));
    const chosen = errors.map((error, i) => /** @type {[number, number]} */ ([i, error])).filter(([i]) => i % stride === 0 || i === passes - 1);
    const high = (/** @type {number} */ error) => Math.max(0, Math.min(1, (Math.log10(error) - BOTTOM) / (TOP - BOTTOM)));
    const last = passes ? `After ${count(passes)} ${passes === 1 ? 'pass' : 'passes'}: ${errorIn(errors[passes - 1])}.` : 'No pass has been made yet.';
    return html`<glass-line
        .points=${chosen.map(([i, error]) => /** @type {[number, number]} */ ([passes > 1 ? i / (passes - 1) : 0, high(error)]))}
        .up=${['100', '1', '0.01', '10⁻⁴', '10⁻⁶']}
        .across=${passes > 1 ? ['1', `pass ${count(passes)}`] : []}
        words=${`Mean squared error on a logarithmic scale. ${last}`}
      ></glass-line>
      <p class="small muted">${last} At 10⁻⁶ training ends.</p>`;
  }

  #curve() {
    const { curve, flipped } = this.measured ?? { curve: { cells: [0, 20], right: [] }, flipped: { count: 1 } };
    const most = curve.cells[curve.cells.length - 1];
    const words = curve.right.length
      ? `${percent(curve.right[0] / flipped.count)} of those that are whole, ${percent(curve.right[curve.right.length - 1] / flipped.count)} of those with ${most} of 64 cells flipped.`
      : 'Nothing has been measured yet.';
    return html`<glass-line
        .points=${curve.right.map((right, i) => /** @type {[number, number]} */ ([curve.cells[i] / most, right / flipped.count]))}
        .up=${['100 %', '50 %', '0 %']}
        .across=${['0', `${most / 2}`, `${most} cells`]}
        words=${words}
      ></glass-line>
      <p class="small muted">${words}${curve.right.length ? ` Each letter was damaged ten times.` : ''}</p>`;
  }

  #right() {
    const { measured } = this;
    const flips = measured?.flipped.cells ?? this.flips;
    const row = (/** @type {string} */ name, /** @type {{count: number, right: number}|undefined} */ of) => html`<tr>
      <th scope="row">${name}</th><td>${of ? (of.count ? `${count(of.right)} of ${count(of.count)}` : 'none') : '–'}</td>
    </tr>`;
    const confused = measured?.confused ?? [];
    return html`<table>
        <caption class="unseen">Letters that are recognised</caption>
        ${row('whole', measured?.whole)} ${row('damaged by hand, never learned', measured?.damaged)} ${row(`${flips} ${flips === 1 ? 'cell' : 'cells'} flipped by chance`, measured?.flipped)}
      </table>
      ${confused.length
        ? html`<p class="small">Confused most, with ${flips} flipped. Look at one:</p>
            <ul>
              ${confused.map(
                (one) => html`<li><button @click=${() => this.dispatchEvent(new CustomEvent('example', { detail: one }))} title=${`${one.label} taken for ${one.answer}, ${one.times} times: look at one`}>${one.label} → ${one.answer}${one.times > 1 ? html` <span class="muted">${one.times}×</span>` : nothing}</button></li>`,
              )}
            </ul>`
        : html`<p class="small muted">${measured ? `None is confused with ${flips} flipped.` : ''}</p>`}`;
  }
}

customElements.define('glass-lessons', GlassLessons);
