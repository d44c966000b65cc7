/**
 * One unit, larger: its incoming weights beside the same weights times what comes in, on one scale,
 * so that one sees what the unit looks for and what it finds; or a kernel, and the map that it makes.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { signedRamp } from '../../draw/colour.js';
import { drawSigned } from '../../draw/tiles.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { signed } from '../../models/words.js';

export class GlassUnit extends LitElement {
  static properties = {
    noun: { type: String },
    unit: { type: Number },
    units: { type: Number },
    weights: { attribute: false },
    bias: { type: Number },
    input: { attribute: false },
    activation: { type: Number },
    shape: { attribute: false },
    range: { type: Number },
    source: { type: String },
    becomes: { type: String },
    large: { type: Boolean, reflect: true },
    wide: { type: Boolean, reflect: true },
    map: { attribute: false },
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

      :host([large]) .twins {
        grid-template-columns: 224px;
      }

      :host([large]) canvas {
        width: 224px;
        height: 224px;
      }

      :host([wide]) .twins {
        grid-template-columns: repeat(2, minmax(84px, 168px));
        gap: var(--space-2);
      }

      :host([wide]) canvas {
        width: 100%;
        height: auto;
        aspect-ratio: 1;
      }

      .sum {
        font-size: var(--size-small);
        margin: var(--space-2) 0 0;
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
    this.noun = 'Hidden unit';
    this.unit = 0;
    this.units = 0;
    /** @type {Float32Array|null} incoming weights, or a kernel's, (rows * columns,) */
    this.weights = null;
    this.bias = 0;
    /** @type {Float32Array|null} what comes in, (rows * columns,) */
    this.input = null;
    /** @type {number|null} of a map: the largest in it */
    this.activation = null;
    this.shape = { rows: 28, columns: 28 };
    /** The value that gets the full colour, in both pictures. */
    this.range = 1;
    /** What comes in, in a word. */
    this.source = 'digit';
    /** What its sum is put through, in a word. */
    this.becomes = 'sigmoid';
    /** Whether it is shown as large as can be, with its sum. */
    this.large = false;
    /** Whether its two pictures are large beside each other, with its sum. */
    this.wide = false;
    /** @type {{values: Float32Array, rows: number, columns: number, range: number}|null} what it makes of the digit, if that is a picture */
    this.map = null;
  }

  updated() {
    for (const surface of this.#surfaces) surface.invalidate();
  }

  render() {
    const { activation, bias, map, source } = this;
    const [first, second] = map ? ['its kernel', 'its map'] : ['weights', `× ${source}`];
    return html`<div class="card">
      <p class="small">
        <strong>${this.noun} ${this.unit + 1}</strong> <span class="muted">of ${this.units}</span><br />
        <span class="muted">${map ? 'at most' : 'activation'}</span> <strong>${activation === null ? '–' : signed(activation)}</strong>,
        <span class="muted">bias</span> ${activation === null ? '–' : signed(bias)}
      </p>
      <div class="twins">
        <p><canvas role="img" aria-label=${map ? 'Its kernel' : 'Its incoming weights'}></canvas>${first}</p>
        <p><canvas role="img" aria-label=${map ? 'What it finds in the digit' : `Its incoming weights times ${source === 'digit' ? 'the digit’s pixels' : 'what comes in'}`}></canvas>${second}</p>
      </div>
      ${this.large || this.wide ? this.#sum() : nothing}
    </div>
    `;
  }

  /** What comes of it, with its numbers. */
  #sum() {
    const { weights, input, bias, activation, map } = this;
    if (!weights || !input || map || activation === null) return nothing;
    const sum = weights.reduce((all, weight, i) => all + weight * (input[i] ?? 0), 0);
    return html`<p class="sum">
      all of these added up: <strong>${signed(sum)}</strong><br />
      ${bias < 0 ? '−' : '+'} bias ${signed(Math.abs(bias))} = <strong>${signed(sum + bias)}</strong><br />
      ${this.becomes} of it: <strong>${signed(activation)}</strong>
    </p>`;
  }

  /**
   * @param {number} which 0 weights, 1 weights times what comes in, or the map
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(which, context, size, palette) {
    const { weights, input, map } = this;
    const ramp = signedRamp(palette.negative, palette.zero, palette.positive);
    if (which === 1 && map) return drawSigned(context, map.values, { ...size, ...map, whole: true }, ramp);
    if (!weights || (which === 1 && !input)) return context.clearRect(0, 0, size.width, size.height);
    const values = which === 1 && input ? weights.map((weight, i) => weight * (input[i] ?? 0)) : weights;
    drawSigned(context, values, { ...size, ...this.shape, range: this.range, whole: map !== null }, ramp);
  }
}

customElements.define('glass-unit', GlassUnit);
