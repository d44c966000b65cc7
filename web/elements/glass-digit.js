/**
 * The digit that the network is shown: its pixels, large, and the means to go to another.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { plainRamp } from '../draw/colour.js';
import { drawDigit } from '../draw/digits.js';
import './glass-field.js';
import { controls, shared } from './styles.js';
import { Surface } from './surface.js';
import { count } from './words.js';

/** @typedef {import('../data/digits.js').Digits} Digits */

export class GlassDigit extends LitElement {
  static properties = {
    digits: { attribute: false },
    arrived: { type: Number },
    index: { type: Number },
    settings: { attribute: false },
  };

  static styles = [
    shared,
    controls,
    css`
      canvas {
        width: 168px;
        height: 168px;
        border: 1px solid var(--hairline);
        box-sizing: content-box;
      }

      .go {
        display: flex;
        align-items: end;
        gap: var(--space-1);
        width: 170px;
        margin-top: var(--space-2);
      }

      glass-field {
        flex: 1;
      }

      .go button {
        padding-inline: var(--space-3);
      }

      @media (max-width: 719px) {
        canvas {
          width: 140px;
          height: 140px;
        }

        .go {
          width: 142px;
        }

        .go button {
          padding-inline: var(--space-2);
        }
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const pixels = this.digits?.pixels(this.index);
      if (!this.digits || !pixels?.length) return;
      const { rows, columns } = this.digits;
      drawDigit(context, pixels, { ...size, rows, columns, full: 255 }, plainRamp(palette.pixelZero, palette.pixelOne));
    },
  );

  constructor() {
    super();
    /** @type {Digits|null} */
    this.digits = null;
    this.arrived = 0;
    this.index = 0;
    /** @type {import('../state/settings.js').Settings|null} */
    this.settings = null;
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    const here = this.digits && this.index < this.arrived;
    const name = here ? this.digits?.classes[this.digits.labels[this.index]] : '';
    return html`
      <canvas role="img" aria-label=${here ? `Test digit ${count(this.index)}, a ${name}` : 'A digit, on its way'}></canvas>
      <div class="go">
        <button aria-label="The digit before" @click=${() => this.#go(-1)}>‹</button>
        <glass-field name="digit" .settings=${this.settings}></glass-field>
        <button aria-label="The digit after" @click=${() => this.#go(1)}>›</button>
      </div>
    `;
  }

  /** @param {number} by */
  #go(by) {
    const index = this.index + by;
    if (index < 0 || index >= this.arrived) return;
    this.settings?.set('digit', String(index));
  }
}

customElements.define('glass-digit', GlassDigit);
