/**
 * The digit under the pointer, or the chosen one where it is too small to be read: a picture of it
 * and what it is, in words.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';

/** @typedef {import('../../models/collection.js').Collection} Collection */

export class GlassLens extends LitElement {
  static properties = { collection: { attribute: false }, digit: { type: Number }, large: { type: Boolean }, pixels: { state: true } };

  static styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: 2px var(--space-2);
        background: var(--page);
        border: 1px solid var(--hairline);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
        font-size: var(--size-small);
        line-height: 1.35;
        pointer-events: none;
      }

      :host([large]) {
        padding: var(--space-1) var(--space-3) var(--space-1) var(--space-1);
      }

      canvas {
        width: 84px;
        height: 84px;
        flex: none;
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const about = this.collection?.about.value;
      if (this.pixels && about) drawDigit(context, this.pixels, { ...size, rows: about.rows, columns: about.columns, full: 255 }, plainRamp(palette.pixelZero, palette.pixelOne));
    },
  );

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
    /** Its id. */
    this.digit = -1;
    /** Whether its picture is shown: it is too small on the wall. */
    this.large = false;
    /** @type {Uint8Array|null} */
    this.pixels = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if ((changed.has('digit') || changed.has('large')) && this.large) void this.#fetch(this.digit);
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    const { collection, digit } = this;
    if (!collection || digit < 0) return nothing;
    return html`${this.large ? html`<canvas></canvas>` : nothing}<span>${collection.describe(digit)}</span>`;
  }

  /** @param {number} id */
  async #fetch(id) {
    if (!this.collection?.has(id)) return void (this.pixels = null);
    const pixels = await this.collection.wall.ask('pixels', { id }).catch(() => null);
    if (id === this.digit) this.pixels = pixels;
  }
}

customElements.define('glass-lens', GlassLens);
