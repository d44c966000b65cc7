/**
 * One picture of numbers: signed, from orange over nothing to blue, or ink. What it shows is said in
 * words, beside it or to those who do not see it.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { plainRamp, signedRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { drawSigned } from '../../draw/tiles.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';

export class GlassPicture extends LitElement {
  static properties = {
    values: { attribute: false },
    shape: { attribute: false },
    range: { type: Number },
    ink: { type: Boolean },
    words: { type: String },
  };

  static styles = [
    shared,
    css`
      canvas {
        aspect-ratio: var(--ratio, 1);
        outline: 1px solid var(--hairline);
        outline-offset: -1px; /* a border would take a pixel of the picture's */
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, { negative, zero, positive, pixelZero, pixelOne }) => {
      const { values, shape, range } = this;
      if (!values) context.clearRect(0, 0, size.width, size.height);
      else if (this.ink) drawDigit(context, values, { ...size, ...shape, full: range }, plainRamp(pixelZero, pixelOne));
      else drawSigned(context, Float32Array.from(values), { ...size, ...shape, range }, signedRamp(negative, zero, positive));
    },
  );

  constructor() {
    super();
    /** @type {Float32Array|Uint8Array|null} (rows * columns,) */
    this.values = null;
    this.shape = { rows: 28, columns: 28 };
    /** The value with full colour. */
    this.range = 1;
    /** Whether the values are ink, from none at 0. */
    this.ink = false;
    /** What it is of; '' if what is around it says that. */
    this.words = '';
  }

  updated() {
    this.style.setProperty('--ratio', `${this.shape.columns} / ${this.shape.rows}`);
    this.#surface.invalidate();
  }

  render() {
    const { words } = this;
    return words ? html`<canvas role="img" aria-label=${words}></canvas>` : html`<canvas aria-hidden="true"></canvas>`;
  }
}

customElements.define('glass-picture', GlassPicture);
