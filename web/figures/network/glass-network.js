/**
 * A whole network at work on one digit: image, hidden units as tiles of their incoming weights,
 * ten outputs, and between them the few connections that matter most for this digit.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { css as colour } from '../../draw/colour.js';
import { indexOfLargest } from '../../draw/bars.js';
import { drawEdges, strongestEdges } from '../../draw/edges.js';
import { holdRange } from '../../draw/range.js';
import '../digit/glass-digit.js';
import './glass-numbers.js';
import './glass-outputs.js';
import './glass-tiles.js';
import './glass-unit.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { reading, short } from '../../models/words.js';

/** @typedef {import('../../python/protocol.js').Frame} Frame */

/** Connections drawn: more hide each other. */
const EDGES = 16;

export class GlassNetwork extends LitElement {
  static properties = {
    frame: { attribute: false },
    digits: { attribute: false },
    look: { attribute: false },
    looked: { attribute: false },
    unit: { state: true },
    looking: { state: true },
  };

  static styles = [
    shared,
    css`
      .stage {
        position: relative;
        display: grid;
        grid-template-columns: 170px minmax(220px, 397px) minmax(216px, 1fr);
        column-gap: var(--space-8);
        align-items: start;
      }

      .left {
        display: grid;
        gap: var(--space-4);
      }

      glass-outputs {
        margin-left: var(--space-12);
      }

      .edges {
        position: absolute;
        inset: 0;
        height: 100%;
        pointer-events: none;
      }

      .say {
        margin: var(--space-3) 0 0;
        min-height: 3em;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        margin: var(--space-2) 0;
        font-size: var(--size-small);
        color: var(--muted);
      }

      .ramp {
        display: inline-block;
        width: 96px;
        height: 10px;
        margin: 0 var(--space-1);
        vertical-align: -1px;
        background: linear-gradient(to right, var(--negative), var(--zero), var(--positive));
      }

      .glow {
        background: linear-gradient(to right, var(--zero), var(--positive));
        width: 48px;
      }

      @media (max-width: 719px) {
        .stage {
          grid-template-columns: auto minmax(0, 1fr);
          gap: var(--space-4);
        }

        glass-tiles {
          grid-area: 2 / 1 / 3 / 3;
        }

        glass-outputs {
          grid-area: 1 / 2;
          margin-left: 0;
        }

        glass-unit {
          grid-area: 3 / 1 / 4 / 3;
        }

        .left {
          display: contents;
        }

        .edges,
        .lines {
          display: none;
        }
      }

      @media (max-width: 359px) {
        .stage {
          column-gap: var(--space-1);
        }
      }
    `,
  ];

  #range = 0;
  #push = 0;

  #edges = new Surface(
    this,
    () => /** @type {HTMLCanvasElement|null} */ (this.renderRoot?.querySelector('.edges')),
    (context, size, palette) => this.#draw(context, size, palette),
  );

  constructor() {
    super();
    /** @type {Frame|null} */
    this.frame = null;
    /** @type {import('../../data/digits.js').Digits|null} */
    this.digits = null;
    /** @type {import('../../models/looked.js').Look|null} the digit it is at work on */
    this.look = null;
    /** @type {import('../../models/looked.js').Looked|null} takes the wish for another one */
    this.looked = null;
    /** The hidden unit looked at. */
    this.unit = 0;
    /** Whether the pointer or the focus is on it just now: its own connections are drawn then. */
    this.looking = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('frame') || !this.frame) return;
    const before = /** @type {Frame|null} */ (changed.get('frame'));
    if (before?.run !== this.frame.run) this.#range = this.#push = 0;
    if (this.frame.weights) this.#range = holdRange(this.frame.weights[0].weight, this.#range);
    this.unit = Math.min(this.unit, this.#units - 1);
  }

  updated() {
    this.#edges.invalidate();
  }

  get #units() {
    return this.frame?.config.layers[0].units ?? 36;
  }

  render() {
    const { frame, digits } = this;
    const hidden = frame?.weights?.[0];
    const activity = frame?.activity;
    const shape = { rows: digits?.rows ?? 28, columns: digits?.columns ?? 28 };
    const area = shape.rows * shape.columns;
    const range = this.#range || 1;
    const activations = activity?.activations[0] ?? null;
    return html`
      <div class="stage">
        <div class="left">
          <glass-digit .digits=${digits} .look=${this.look} .looked=${this.looked} .reading=${this.#reading}></glass-digit>
          <glass-unit
            .unit=${this.unit}
            .units=${this.#units}
            .weights=${hidden?.weight.subarray(this.unit * area, (this.unit + 1) * area) ?? null}
            .bias=${hidden?.bias[this.unit] ?? 0}
            .input=${activity?.input ?? null}
            .activation=${activations?.[this.unit] ?? null}
            .shape=${shape}
            .range=${range}
          ></glass-unit>
        </div>
        <glass-tiles
          .weights=${hidden?.weight ?? null}
          .activations=${activations}
          .units=${this.#units}
          .shape=${shape}
          .range=${range}
          .chosen=${this.unit}
          @unit=${(/** @type {CustomEvent} */ event) => void (this.unit = event.detail.unit)}
          @pointerover=${() => void (this.looking = true)}
          @pointerleave=${() => void (this.looking = false)}
          @focusin=${() => void (this.looking = true)}
          @focusout=${() => void (this.looking = false)}
          @laid=${() => this.#edges.invalidate()}
        ></glass-tiles>
        <glass-outputs .values=${this.#outputs} .classes=${digits?.classes ?? []} .label=${activity?.label ?? null}></glass-outputs>
        <canvas class="edges" aria-hidden="true"></canvas>
      </div>
      <p class="say">${this.#sentence()}</p>
      <p class="legend">
        <span>weights −${short(range)}<i class="ramp"></i>+${short(range)}, linear, this layer</span>
        <span>frame: activation 0<i class="ramp glow"></i>1</span>
        <span class="lines">lines: ${this.looking ? `what unit ${this.unit + 1} adds to each output` : `the ${EDGES} largest weight × activation`}</span>
      </p>
      <glass-numbers .frame=${frame} .classes=${digits?.classes ?? []}></glass-numbers>
    `;
  }

  /** @returns {Float32Array|null} */
  get #outputs() {
    return this.frame?.activity?.activations.at(-1) ?? null;
  }

  #sentence() {
    const [outputs, label] = [this.#outputs, this.frame?.activity?.label ?? null];
    if (this.look?.drawing && !this.look.pixels) return 'The paper is empty: what you draw on it is read at once.';
    if (this.frame?.weights && !outputs) return 'This digit has not arrived yet.';
    if (!outputs || !this.digits) return 'The network appears here when Python has made it; the digits are real already.';
    const right = indexOfLargest(outputs) === label;
    const verdict = label === null ? '' : right ? html`. <strong>✓ right</strong>` : html`. <strong>✕ it is a ${this.digits.classes[label]}</strong>`;
    return html`The network ${this.#reading}${verdict}`;
  }

  /** What it makes of the digit, in words; '' if it has not been asked. */
  get #reading() {
    const outputs = this.#outputs;
    return outputs && this.digits ? reading(outputs, this.digits.classes) : '';
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(context, size, palette) {
    context.clearRect(0, 0, size.width, size.height);
    const tiles = /** @type {import('./glass-tiles.js').GlassTiles} */ (this.renderRoot.querySelector('glass-tiles'));
    const outputs = /** @type {import('./glass-outputs.js').GlassOutputs} */ (this.renderRoot.querySelector('glass-outputs'));
    const layers = this.frame?.weights;
    const activations = this.frame?.activity?.activations[0];
    if (!layers || layers.length !== 2 || !activations) return;
    const strongest = strongestEdges(layers[1].weight, activations, EDGES);
    this.#push = holdRange(Float32Array.from(strongest, (edge) => edge.push), this.#push);
    const edges = this.looking ? strongestEdges(layers[1].weight, activations, EDGES, (from) => from === this.unit) : strongest;
    const stage = /** @type {Element} */ (this.renderRoot.querySelector('.edges')).getBoundingClientRect();
    /** @param {{x: number, y: number}} at in the window */
    const point = ({ x, y }) => ({ x: (x - stage.left) * size.scale, y: (y - stage.top) * size.scale });
    const lane = (/** @type {DOMRect} */ box) => ({ x: box.right - 6, y: box.bottom + 2.5 });
    const ends = {
      from: (/** @type {number} */ unit) => point(lane(tiles.box(unit))),
      exit: point({ x: tiles.right, y: 0 }).x,
      to: (/** @type {number} */ output) => point(outputs.anchor(output)),
    };
    const colours = { positive: colour(palette.positive, 0.8), negative: colour(palette.negative, 0.8) };
    drawEdges(context, edges, ends, { full: this.#push, thickest: 6 * size.scale, lane: 2 * size.scale }, colours);
  }
}

customElements.define('glass-network', GlassNetwork);
