/**
 * One neuron, larger: its weights beside the same weights times what is on the paper, on one scale;
 * their sum, and what the delta rule would do about it, with this letter's numbers.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { AREA, SIDE } from '../../data/letters.js';
import { css as colour, signedRamp } from '../../draw/colour.js';
import { drawSigned } from '../../draw/tiles.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { signed } from '../../models/words.js';
import { sourceAt } from '../../wire/places.js';

/** @fires point with `detail.cell` when another cell is pointed at; -1: none is */
export class GlassNeuron extends LitElement {
  static properties = {
    label: { type: String },
    meant: { type: String },
    weights: { attribute: false },
    cells: { attribute: false },
    range: { type: Number },
    rate: { type: Number },
    cell: { type: Number },
  };

  static styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
        align-content: start;
      }

      .twins {
        display: grid;
        grid-template-columns: repeat(2, 160px); /* whole pixels a cell: none is blurred */
        gap: var(--space-4);
        font-size: var(--size-small);
        color: var(--muted);
      }

      figure {
        margin: 0;
      }

      canvas {
        aspect-ratio: 1;
        background: var(--zero);
      }

      p {
        margin: 0;
      }

      .pointed {
        min-height: 3em;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-1) var(--space-4);
        margin: 0;
        align-items: baseline;
      }

      dd {
        margin: 0;
      }

      math {
        font-size: var(--size-large);
      }

      @media (max-width: 379px) {
        .twins {
          grid-template-columns: repeat(2, 136px);
        }
      }

      @media (max-width: 479px) {
        dl {
          grid-template-columns: 1fr;
        }

        dd {
          margin-bottom: var(--space-2);
        }
      }
    `,
  ];

  #surfaces = [0, 1].map(
    (which) =>
      new Surface(
        this,
        () => this.renderRoot?.querySelectorAll('canvas')[which],
        (context, size, palette) => {
          const { range } = this;
          const values = which ? this.#products : this.#pictured;
          if (!values) return context.clearRect(0, 0, size.width, size.height);
          drawSigned(context, Float32Array.from(values), { ...size, rows: SIDE, columns: SIDE, range }, signedRamp(palette.negative, palette.zero, palette.positive));
          if (this.cell < 0) return;
          const edge = size.width / SIDE;
          context.strokeStyle = colour(palette.ink);
          context.lineWidth = Math.round(2 * size.scale);
          context.strokeRect((this.cell % SIDE) * edge + context.lineWidth / 2, Math.floor(this.cell / SIDE) * edge + context.lineWidth / 2, edge - context.lineWidth, edge - context.lineWidth);
        },
      ),
  );

  constructor() {
    super();
    /** Its class. */
    this.label = '';
    /** The class that the letter on the paper is meant to be. */
    this.meant = '';
    /** (65,), the bias first. @type {Float64Array|null} */
    this.weights = null;
    /** (64,): 1 where there is ink. @type {Uint8Array} */
    this.cells = new Uint8Array(AREA);
    /** The value that gets the full colour, in both pictures. */
    this.range = 1;
    this.rate = 0.01;
    /** The cell that is pointed at; -1: none is. */
    this.cell = -1;
  }

  get #pictured() {
    return this.weights?.subarray(1) ?? null;
  }

  get #products() {
    return this.weights?.subarray(1).map((weight, i) => weight * (this.cells[i] ? 1 : -1)) ?? null;
  }

  updated() {
    for (const surface of this.#surfaces) surface.invalidate();
  }

  render() {
    const { label, weights, meant, rate } = this;
    const products = this.#products;
    if (!weights || !products) return nothing;
    const sum = products.reduce((all, product) => all + product, 0);
    const score = sum + weights[0];
    const target = label === meant ? 1 : -1;
    const error = target - score;
    const step = 2 * rate * error;
    return html`
      <div class="twins" @pointermove=${this.#onPoint} @pointerdown=${this.#onPoint} @pointerleave=${() => this.#point(-1)}>
        <figure><canvas role="img" aria-label=${`The 64 weights of neuron ${label}`}></canvas><figcaption>weights w</figcaption></figure>
        <figure><canvas role="img" aria-label=${`The same weights, with the sign of each cell: they add up to ${signed(sum)}`}></canvas><figcaption>w × cell</figcaption></figure>
      </div>
      <p class="small pointed">${this.#pointed(weights)}</p>
      <dl class="small">
        <dt><math><mi>y</mi><mo>=</mo><mi>b</mi><mo>+</mo><mo>∑</mo><msub><mi>w</mi><mi>i</mi></msub><msub><mi>x</mi><mi>i</mi></msub></math></dt>
        <dd>= ${signed(weights[0], 3)} ${sum < 0 ? '−' : '+'} ${signed(Math.abs(sum), 3)} = <strong data-number="score">${signed(score, 3)}</strong>, its score</dd>
        <dt><math><mi>e</mi><mo>=</mo><mi>t</mi><mo>−</mo><mi>y</mi></math></dt>
        <dd>= ${target > 0 ? '+1' : '−1'} ${score < 0 ? '+' : '−'} ${signed(Math.abs(score), 3)} = <strong data-number="error">${signed(error, 3)}</strong>; t is ${target > 0 ? `+1, for ${meant} is meant` : `−1, for ${meant} is meant, not ${label}`}</dd>
        <dt><math><mi>w</mi><mo>←</mo><mi>w</mi><mo>+</mo><mn>2</mn><mi>η</mi><mi>e</mi><mi>x</mi></math></dt>
        <dd>${Math.abs(step) < 5e-5 ? 'next to nothing is left to learn here: ' : ''}each weight would ${step < 0 ? 'fall' : 'rise'} by <strong data-number="step">${signed(Math.abs(step), 4)}</strong> where there is ink, ${step < 0 ? 'rise' : 'fall'} as much where there is none</dd>
      </dl>
      <p class="small"><a href=${sourceAt('glassnet.adaline:Adaline.train')}>The lines of Python that do it</a></p>
    `;
  }

  /** @param {Float64Array} weights */
  #pointed(weights) {
    const { cell, cells } = this;
    if (cell < 0) return 'x is +1 where there is ink, −1 where there is none. Point at a cell for its numbers.';
    const x = cells[cell] ? 1 : -1;
    const weight = weights[cell + 1];
    return `Row ${Math.floor(cell / SIDE) + 1}, column ${(cell % SIDE) + 1} is ${x > 0 ? 'ink' : 'empty'}: x = ${x > 0 ? '+1' : '−1'}, w = ${signed(weight, 3)}, so it adds ${signed(weight * x, 3)}.`;
  }

  /** @param {PointerEvent} event */
  #onPoint(event) {
    const canvas = /** @type {Element} */ (event.target);
    if (!(canvas instanceof HTMLCanvasElement)) return this.#point(-1);
    const box = canvas.getBoundingClientRect();
    const place = (/** @type {number} */ share) => Math.max(0, Math.min(SIDE - 1, Math.floor(share * SIDE)));
    this.#point(place((event.clientX - box.left) / box.width) + SIDE * place((event.clientY - box.top) / box.height));
  }

  /** @param {number} cell */
  #point(cell) {
    if (cell !== this.cell) this.dispatchEvent(new CustomEvent('point', { detail: { cell } }));
  }
}

customElements.define('glass-neuron', GlassNeuron);
