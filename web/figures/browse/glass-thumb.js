/**
 * One digit, small, as a button that chooses it.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { describe } from '../../models/describe.js';

/** @typedef {import('../../models/collection.js').Browser} Browser */

export class GlassThumb extends LitElement {
  static properties = { browser: { attribute: false }, digit: { type: Number }, note: { type: String }, pixels: { state: true } };

  static styles = [
    shared,
    css`
      :host {
        flex: none;
      }

      button {
        display: block;
        padding: 0;
        border: 1px solid var(--hairline);
        border-radius: var(--radius-picture);
        background: none;
        color: var(--muted);
        font: inherit;
        font-size: 12px;
        line-height: 1.3;
        cursor: pointer;
        width: 58px;
      }

      button:hover {
        border-color: var(--accent);
        color: var(--accent);
      }

      canvas {
        width: 56px;
        height: 56px;
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const about = this.browser?.about.value;
      if (this.pixels && about) drawDigit(context, this.pixels, { ...size, rows: about.rows, columns: about.columns, full: 255 }, plainRamp(palette.pixelZero, palette.pixelOne));
    },
  );

  constructor() {
    super();
    /** @type {Browser|null} */
    this.browser = null;
    this.digit = -1;
    /** A word below it. */
    this.note = '';
    /** @type {Uint8Array|null} */
    this.pixels = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('digit') || changed.has('browser')) void this.#fetch();
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    const words = this.browser ? describe(this.browser, this.digit) : '';
    return html`<button aria-label=${this.note ? `${words}; ${this.note}` : words} title=${words} @click=${() => this.browser?.choose(this.digit)}>
      <canvas aria-hidden="true"></canvas>${this.note}
    </button>`;
  }

  async #fetch() {
    const { browser, digit } = this;
    if (!browser || digit < 0) return;
    const pixels = await browser.wall.ask({ type: 'pixels', id: digit });
    if (digit === this.digit) this.pixels = pixels;
  }
}

customElements.define('glass-thumb', GlassThumb);
