/**
 * One setting's curve, small, over those of all others: the same axes for each, so that they compare
 * at a glance. What it shows, the words around it say.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { drawLines } from '../../draw/lines.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { percent } from '../../models/words.js';

/** @typedef {import('../watch/bands.js').Banded} Banded */

const MARGIN = { left: 46, right: 12, top: 6, bottom: 18 };

export class GlassMultiple extends LitElement {
  static properties = { curve: { attribute: false }, others: { attribute: false }, scales: { attribute: false } };

  static styles = [
    shared,
    css`
      canvas {
        height: 130px;
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const { curve, others, scales } = this;
      if (!scales) return;
      const ghosts = others.filter((one) => one !== curve).map((one) => ({ steps: one.steps, values: one.values, colour: palette.muted, alpha: 0.25, width: 1 }));
      const own = curve ? [{ ...curve, colour: palette.positive, alpha: 1, width: 2 }] : [];
      drawLines(context, [...ghosts, ...own], scales, { ...size, margin: MARGIN }, { ...palette, font: getComputedStyle(this).fontFamily, words: (value) => percent(value) });
    },
  );

  constructor() {
    super();
    /** @type {Banded|null} */
    this.curve = null;
    /** Of all settings. @type {Banded[]} */
    this.others = [];
    /** @type {import('../../draw/lines.js').Scales|null} */
    this.scales = null;
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    return html`<canvas aria-hidden="true"></canvas>`;
  }
}

customElements.define('glass-multiple', GlassMultiple);
