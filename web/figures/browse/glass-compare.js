/**
 * Two digits beside each other, one of them pinned, and their difference pixel by pixel.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { drawDigit } from '../../draw/digits.js';
import { plainRamp, signedIndex, signedRamp } from '../../draw/colour.js';
import { commit, sheet, stamp } from '../../draw/image.js';
import { paletteAt, scheme } from '../../kit/palette.js';
import { controls, shared } from '../../kit/styles.js';
import { nameOf } from '../../models/describe.js';

/** @typedef {import('../../models/collection.js').Collection} Collection */

/** Pixels of a picture's canvas: twice what it takes on the page. */
const EDGE = 224;

export class GlassCompare extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      button {
        min-height: 32px;
        font-size: var(--size-small);
        padding: 2px var(--space-2);
      }

      h3 {
        margin: var(--space-4) 0 var(--space-1);
        font-size: var(--size-text);
      }

      .three {
        display: flex;
        gap: var(--space-2);
        margin: var(--space-2) 0;
      }

      figure {
        margin: 0;
        flex: 0 1 112px;
        min-width: 0;
      }

      canvas {
        aspect-ratio: 1;
        border: 1px solid var(--hairline);
      }

      figcaption,
      p {
        font-size: var(--size-small);
        line-height: 1.35;
        margin: var(--space-1) 0;
      }

      .less {
        color: var(--negative);
      }

      .more {
        color: var(--positive);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
  }

  /** The pixels of both, once both are here. */
  get #both() {
    const [pinned, chosen] = [this.collection?.pinned.pixels.value, this.collection?.closeUp.pixels.value];
    return pinned && chosen ? { pinned, chosen } : null;
  }

  updated() {
    scheme.value;
    const [both, about] = [this.#both, this.collection?.about.value];
    if (!both || !about) return;
    const palette = paletteAt(this);
    const shape = { width: EDGE, height: EDGE, rows: about.rows, columns: about.columns };
    const ramp = plainRamp(palette.pixelZero, palette.pixelOne);
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      const context = canvas.getContext('2d');
      if (!context) continue;
      if (canvas.dataset.what === 'difference') drawDifference(context, both.chosen, both.pinned, shape, signedRamp(palette.negative, palette.zero, palette.positive));
      else drawDigit(context, both[/** @type {'pinned'} */ (canvas.dataset.what)], { ...shape, full: 255 }, ramp);
    }
  }

  render() {
    const { collection } = this;
    const about = collection?.about.value;
    if (!collection || !about) return nothing;
    const [pinned, chosen] = [collection.pinned.digit.value, collection.chosen.value];
    const pin = (/** @type {string} */ words) => html`<button @click=${() => collection.pinned.pin(chosen)}>${words}</button>`;
    const unpin = html`<button @click=${() => collection.pinned.pin(-1)}>Unpin</button>`;
    if (pinned < 0) return pin('Pin, to compare');
    if (pinned === chosen) return html`<p role="status">Pinned: choose another to compare it with. ${unpin}</p>`;
    const both = this.#both;
    if (!both) return html`<p role="status">Its pixels are on their way.</p>`;
    return html`
      <h3>Compared with the pinned one</h3>
      <div class="three">
        ${this.#picture('pinned', collection.describe(pinned), nameOf(about, pinned))}
        ${this.#picture('chosen', collection.describe(chosen), 'this one')}
        ${this.#picture('difference', 'This one’s pixels less the pinned one’s', html`<span class="more">only this</span>, <span class="less">only the pinned</span>`)}
      </div>
      <p>Their distance is ${distance(both.chosen, both.pinned).toFixed(2)}: the root of the summed squares of these differences, each −1 to 1.</p>
      <p>${pin('Pin this one instead')} ${unpin}</p>
    `;
  }

  /** @param {string} what @param {string} words @param {unknown} caption */
  #picture(what, words, caption) {
    return html`<figure><canvas width=${EDGE} height=${EDGE} data-what=${what} role="img" aria-label=${words}></canvas><figcaption>${caption}</figcaption></figure>`;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @param {{width: number, height: number, rows: number, columns: number}} shape
 * @param {import('../../draw/colour.js').Ramp} ramp signed
 */
function drawDifference(context, one, other, { width, height, rows, columns }, ramp) {
  const from = sheet(columns, rows);
  for (let i = 0; i < from.pixels.length; i++) from.pixels[i] = ramp[signedIndex(one[i] - other[i], 255)];
  commit(from);
  context.clearRect(0, 0, width, height);
  const pixel = Math.floor(Math.min(width / columns, height / rows)) || 1;
  const to = { width: columns * pixel, height: rows * pixel };
  stamp(context, from, { x: 0, y: 0, width: columns, height: rows }, { ...to, x: (width - to.width) >> 1, y: (height - to.height) >> 1 });
}

/** @param {Uint8Array} one @param {Uint8Array} other @returns {number} Euclidean, of pixels in 0..1 */
function distance(one, other) {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] - other[i]) ** 2;
  return Math.sqrt(sum) / 255;
}

customElements.define('glass-compare', GlassCompare);
