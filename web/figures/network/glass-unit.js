/**
 * One hidden unit, larger: its incoming weights beside the same weights times the digit's pixels,
 * on one scale, so that one sees what the unit looks for and what it finds.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { signedRamp } from '../../draw/colour.js';
import { drawSigned } from '../../draw/tiles.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { signed } from '../../models/words.js';

export class GlassUnit extends LitElement {
  static properties = {
    unit: { type: Number },
    units: { type: Number },
    weights: { attribute: false },
    bias: { type: Number },
    input: { attribute: false },
    activation: { type: Number },
    shape: { attribute: false },
    range: { type: Number },
  };

  static styles = [
    shared,
    css`
      .twins {
        display: grid;
        grid-template-columns: 84px 84px;
        gap: 2px;
        font-size: var(--size-small);
        color: var(--muted);
        line-height: 1.2;
      }

      .twins > * {
        display: flex;
        flex-direction: column;
        gap: var(--space-1);
        margin: 0;
      }

      canvas {
        width: 84px;
        height: 84px;
        background: var(--zero);
      }

      p {
        margin: 0 0 var(--space-1);
      }

      @media (max-width: 719px) {
        .card {
          display: flex;
          flex-wrap: wrap;
          gap: var(--space-1) var(--space-4);
        }
      }

      strong {
        font-weight: 600;
      }
    `,
  ];

  #surfaces = [0, 1].map(
    (which) =>
      new Surface(
        this,
        () => this.renderRoot?.querySelectorAll('canvas')[which],
        (context, size, palette) => this.#draw(which, context, size, palette),
      ),
  );

  constructor() {
    super();
    this.unit = 0;
    this.units = 0;
    /** @type {Float32Array|null} incoming weights, (rows * columns,) */
    this.weights = null;
    this.bias = 0;
    /** @type {Float32Array|null} what the network sees, 0..1, (rows * columns,) */
    this.input = null;
    /** @type {number|null} */
    this.activation = null;
    this.shape = { rows: 28, columns: 28 };
    /** The value that gets the full colour, in both pictures. */
    this.range = 1;
  }

  updated() {
    for (const surface of this.#surfaces) surface.invalidate();
  }

  render() {
    const { activation, bias } = this;
    return html`<div class="card">
      <p class="small">
        <strong>Hidden unit ${this.unit + 1}</strong> <span class="muted">of ${this.units}</span><br />
        <span class="muted">activation</span> <strong>${activation === null ? '–' : signed(activation)}</strong><br />
        <span class="muted">bias</span> ${activation === null ? '–' : signed(bias)}
      </p>
      <div class="twins">
        <p><canvas role="img" aria-label="Its incoming weights"></canvas>weights</p>
        <p><canvas role="img" aria-label="Its incoming weights times the digit’s pixels"></canvas>× digit</p>
      </div>
    </div>
    `;
  }

  /**
   * @param {number} which 0 weights, 1 weights times pixels
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(which, context, size, palette) {
    const { weights, input } = this;
    if (!weights || (which === 1 && !input)) return context.clearRect(0, 0, size.width, size.height);
    const values = which === 1 && input ? weights.map((weight, i) => weight * input[i]) : weights;
    const ramp = signedRamp(palette.negative, palette.zero, palette.positive);
    drawSigned(context, values, { ...size, ...this.shape, range: this.range }, ramp);
  }
}

customElements.define('glass-unit', GlassUnit);
