/**
 * One digit, small, as a button that chooses it.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { plainRamp } from '../draw/colour.js';
import { drawDigit } from '../draw/digits.js';
import { shared } from './styles.js';
import { Surface } from './surface.js';

/** @fires choose with `detail` its id */
export class GlassThumb extends LitElement {
  static properties = {
    digit: { type: Number },
    pixels: { attribute: false },
    shape: { attribute: false },
    words: { type: String },
    note: { type: String },
  };

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
        color: var(--thumb-note, var(--muted));
        font: inherit;
        font-size: 12px;
        line-height: 1.3;
        cursor: pointer;
        width: calc(var(--thumb, 56px) + 2px);
      }

      button:hover {
        border-color: var(--accent);
        color: var(--accent);
      }

      canvas {
        width: var(--thumb, 56px);
        height: var(--thumb, 56px);
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      if (this.pixels) drawDigit(context, this.pixels, { ...size, ...this.shape, full: 255 }, plainRamp(palette.pixelZero, palette.pixelOne));
    },
  );

  constructor() {
    super();
    /** Its id. */
    this.digit = -1;
    /** @type {Uint8Array|null} */
    this.pixels = null;
    this.shape = { rows: 28, columns: 28 };
    /** What it is. */
    this.words = '';
    /** A word below it. */
    this.note = '';
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    const { words, note } = this;
    return html`<button aria-label=${note ? `${words}; ${note}` : words} title=${words} @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: this.digit }))}>
      <canvas aria-hidden="true"></canvas>${note}
    </button>`;
  }
}

customElements.define('glass-thumb', GlassThumb);
