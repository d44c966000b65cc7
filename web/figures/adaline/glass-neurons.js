/**
 * One neuron a class, each drawn as its 64 weights under its name, in a frame that shows its score.
 * A neuron is looked at by pointing at it, or with the arrow keys.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { AREA, SIDE } from '../../data/letters.js';
import { css as colour, mix, signedRamp } from '../../draw/colour.js';
import { drawSigned } from '../../draw/tiles.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { signed } from '../../models/words.js';

const INPUTS = AREA + 1;

/** @fires look with `detail.label` when another neuron is looked at */
export class GlassNeurons extends LitElement {
  static properties = {
    weights: { attribute: false },
    scores: { attribute: false },
    classes: { attribute: false },
    range: { type: Number },
    chosen: { type: Number },
    winner: { type: Number },
  };

  static styles = [
    shared,
    css`
      .grid {
        position: relative;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(70px, 1fr));
        gap: var(--space-1) var(--space-2);
      }

      canvas {
        position: absolute;
        inset: 0;
        height: 100%;
        border-radius: 0;
        pointer-events: none;
      }

      button {
        display: grid;
        gap: 2px;
        padding: 0 0 2px;
        font: inherit;
        font-size: var(--size-small);
        line-height: 1.3;
        color: var(--muted);
        background: none;
        border: 0;
        cursor: pointer;
        min-width: 0;
      }

      .hole {
        display: block;
        aspect-ratio: 1;
      }

      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .winner .name {
        color: var(--ink);
        font-weight: 600;
      }

      [aria-pressed='true'] .name {
        color: var(--ink);
        text-decoration: underline 2px var(--accent);
        text-underline-offset: 3px;
      }

      @media (max-width: 719px) {
        .grid {
          grid-template-columns: repeat(auto-fill, minmax(44px, 1fr));
        }
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#draw(context, size, palette),
  );

  constructor() {
    super();
    /** (classes, 65), the bias first. @type {ArrayLike<number> & {subarray: (from: number, to: number) => Float64Array}} */
    this.weights = new Float64Array(0);
    /** (classes,) @type {ArrayLike<number>} */
    this.scores = [];
    /** @type {string[]} */
    this.classes = [];
    /** The weight that gets the full colour. */
    this.range = 1;
    this.chosen = 0;
    /** The neuron that answers most; -1: none does. */
    this.winner = -1;
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    return html`<div class="grid" role="group" aria-label=${`${this.classes.length} neurons, each drawn as its weights`} @keydown=${this.#onKey}>
      ${this.classes.map(
        (label, k) => html`<button
          class=${k === this.winner ? 'winner' : ''}
          aria-label=${`Neuron ${label}, score ${signed(this.scores[k] ?? 0)}`}
          aria-pressed=${String(k === this.chosen)}
          tabindex=${k === this.chosen ? 0 : -1}
          @pointermove=${(/** @type {PointerEvent} */ event) => event.pointerType === 'mouse' && this.#look(k)}
          @focus=${() => this.#look(k)}
          @click=${() => this.#look(k)}
        ><span class="hole"></span><span class="name">${label}</span></button>`,
      )}
      <canvas aria-hidden="true"></canvas>
    </div>`;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(context, { width, height, scale }, palette) {
    const ramp = signedRamp(palette.negative, palette.zero, palette.positive);
    const grid = /** @type {Element} */ (this.renderRoot.querySelector('.grid')).getBoundingClientRect();
    context.clearRect(0, 0, width, height);
    const frame = Math.max(1, Math.round(2 * scale));
    for (const [k, hole] of [...this.renderRoot.querySelectorAll('.hole')].entries()) {
      const box = hole.getBoundingClientRect();
      const [x, y] = [box.left - grid.left, box.top - grid.top].map((part) => Math.round(part * scale));
      const edge = Math.floor(box.width * scale);
      const tile = SIDE * Math.floor((edge - 2 * frame) / SIDE);
      const picture = tile + 2 * frame;
      const left = x + Math.floor((edge - picture) / 2);
      const values = Float32Array.from(this.weights.subarray(k * INPUTS + 1, (k + 1) * INPUTS));
      if (values.length < AREA || tile <= 0) continue;
      context.save();
      context.translate(left + frame, y + frame);
      drawSigned(context, values, { width: tile, height: tile, rows: SIDE, columns: SIDE, range: this.range }, ramp);
      context.restore();
      const share = Math.max(-1, Math.min(1, this.scores[k] ?? 0));
      context.lineWidth = frame;
      context.strokeStyle = colour(mix(palette.zero, share < 0 ? palette.negative : palette.positive, Math.abs(share)));
      context.strokeRect(left + frame / 2, y + frame / 2, picture - frame, picture - frame);
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const buttons = [...this.renderRoot.querySelectorAll('button')];
    const across = buttons.findIndex((one) => one.offsetTop !== buttons[0].offsetTop);
    const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -Math.max(1, across), ArrowDown: Math.max(1, across) });
    const to = this.chosen + (steps[event.key] ?? NaN);
    if (!(event.key in steps)) return;
    event.preventDefault();
    buttons[to]?.focus();
  }

  /** @param {number} k */
  #look(k) {
    if (k !== this.chosen) this.dispatchEvent(new CustomEvent('look', { detail: { label: this.classes[k] } }));
  }
}

customElements.define('glass-neurons', GlassNeurons);
