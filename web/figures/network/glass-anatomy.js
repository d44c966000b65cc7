/**
 * A whole network at work on one digit: what comes in, a column a layer, what comes out, and the few
 * connections that matter. What is pointed at lights up the numbers that it was made from.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import { strongestEdges } from '../../draw/edges.js';
import { imagePlan } from '../../draw/plan.js';
import { holdRange, roundUp } from '../../draw/range.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { columns, isSlim } from '../../models/parts.js';
import { short } from '../../models/words.js';
import '../forward/glass-outputs.js';
import { look } from './anatomy-look.js';
import { connect } from './connections.js';
import './glass-layer.js';

/** What most networks here are shown: its place is kept until one is there. */
const USUAL = { shape: [28, 28] };

/** Activations that never leave -1..1: their scale is known beforehand. */
const BOUNDED = new Set(['sigmoid', 'softmax', 'tanh']);

/**
 * @slot (default) the means to choose another digit
 * @slot answer what stands above the outputs
 * @fires point with `detail` {name, at}
 * @fires pick with `detail` {name, at}
 */
export class GlassAnatomy extends LitElement {
  static properties = {
    network: { attribute: false },
    known: { attribute: false },
    stop: { type: String },
    input: { attribute: false },
    outputs: { attribute: false },
    classes: { attribute: false },
    label: { type: Number },
    marks: { attribute: false },
    cell: { attribute: false },
    unit: { attribute: false },
    tracked: { attribute: false },
    saliency: { attribute: false },
    edges: { type: Number },
    span: { type: String },
    dim: { type: Boolean },
    less: { attribute: false },
    output: { state: true },
  };

  static styles = [shared, look];

  #lines = new Surface(
    this,
    () => /** @type {HTMLCanvasElement|null} */ (this.renderRoot?.querySelector('.edges')),
    (context, size, palette) => this.#draw(context, size, palette),
  );

  /** What the scales span: they hold still while the same network changes. @type {Record<string, number>} */
  #held = {};
  #of = '';

  constructor() {
    super();
    /** @type {import('../../data/network.js').Network|null} */
    this.network = null;
    /** The arrays that are there at the stop. @type {Map<string, import('../../python/protocol.js').Quantity>} */
    this.known = new Map();
    /** Name of the one that has just come into being. */
    this.stop = '';
    /** The digit as the network is shown it. @type {Float32Array|null} */
    this.input = null;
    /** What it answers, if that is there yet. @type {Float32Array|null} */
    this.outputs = null;
    /** @type {string[]} */
    this.classes = [];
    /** @type {number|null} */
    this.label = null;
    /** Cells to be outlined, by array. @type {{from: Map<string, Int32Array>, feeds: Map<string, Int32Array>}} */
    this.marks = { from: new Map(), feeds: new Map() };
    /** The number that is picked. @type {{name: string, at: number}|null} */
    this.cell = null;
    /** The unit looked at. @type {{layer: number, unit: number}|null} */
    this.unit = null;
    /** The unit all of whose connections are drawn. @type {{layer: number, unit: number}|null} */
    this.tracked = null;
    /** ∂L/∂x, on the way back. @type {Float32Array|null} */
    this.saliency = null;
    /** Connections drawn. */
    this.edges = 16;
    /** What a range is the largest of. @type {'unit'|'layer'|'network'} */
    this.span = 'layer';
    /** Whether what is not outlined is dimmed. */
    this.dim = false;
    /** The same arrays of another digit, or of another moment, to be subtracted: by name. @type {Record<string, Float32Array>|null} */
    this.less = null;
    /** The output whose lines are drawn; -1: the strongest of all. */
    this.output = -1;
  }

  /** @returns {import('../../models/parts.js').Column[]} */
  get #columns() {
    const { network, less } = this;
    if (!network) return [];
    const found = columns(network.layers, network.arrays, this.known);
    return less ? found.map((column) => ({ ...column, weights: lessened(column.weights, less), values: lessened(column.values, less) })) : found;
  }

  updated() {
    this.#lines.invalidate();
  }

  render() {
    const { network, input } = this;
    const shown = this.#columns;
    this.#renew();
    this.style.setProperty('--columns', shown.map((column) => (isSlim(column) ? '84px' : 'minmax(110px, 412px)')).join(' ') || 'minmax(110px, 412px) 84px'); // or those of the usual one
    const whole = this.span === 'network' ? this.#ranges(shown) : null;
    return html`<div class="stage" @laid=${() => this.#lines.invalidate()}>
      <div class="input">
        <div>
              <p>x: the digit as numbers, 0 to 1${this.cell?.name === 'x' ? html`: <strong>${input?.[this.cell.at]?.toFixed(3)}</strong>` : nothing}</p>
              <glass-sheet
                .values=${input}
                .plan=${planOf(network ?? USUAL)}
                ink
                .range=${1}
                .from=${this.marks.from.get('x') ?? null}
                .feeds=${this.marks.feeds.get('x') ?? null}
                .dim=${this.dim}
                .selected=${this.cell?.name === 'x' ? this.cell.at : -1}
                label="The digit’s pixels"
                @point=${(/** @type {CustomEvent} */ event) => this.#tell(event, 'x')}
                @pick=${(/** @type {CustomEvent} */ event) => this.#tell(event, 'x')}
              ></glass-sheet>
        </div>
        ${network && this.saliency
          ? saliencyOf(this.saliency, planOf(network))
          : nothing}
        <slot></slot>
      </div>
      ${shown.map(
        (column) => html`<glass-layer
          .column=${column}
          .stop=${this.stop}
          .ranges=${whole ?? this.#ranges([column], this.span === 'unit' && this.unit?.layer === column.layer ? this.unit.unit : -1)}
          .marks=${this.marks}
          .unit=${this.unit?.layer === column.layer ? this.unit.unit : -1}
          .selected=${this.cell}
          ?slim=${isSlim(column)}
          ?dim=${this.dim}
        ></glass-layer>`,
      )}
      <div class="answer">
        <slot name="answer"></slot>
        <glass-outputs
          .values=${this.outputs}
          .classes=${this.classes}
          .label=${this.label}
          .full=${this.#full}
          .chosen=${this.output}
          @choose=${(/** @type {CustomEvent<number>} */ { detail }) => void (this.output = detail)}
        ></glass-outputs>
      </div>
      <canvas class="edges" aria-hidden="true"></canvas>
    </div>`;
  }

  /** Another network has scales of its own. */
  #renew() {
    const of = this.network?.layers.map(({ kind, output }) => `${kind}${output}`).join() ?? '';
    if (of !== this.#of) this.#held = {};
    this.#of = of;
  }

  /** The output whose bar spans the width. */
  get #full() {
    const last = this.network?.layers.at(-1);
    if (!this.outputs || !last || BOUNDED.has(last.activation)) return 1;
    return Math.max(...Array.from(this.outputs, Math.abs)) || 1;
  }

  /**
   * What the full colour means, by scale: of one layer, or of all that are given; of one unit's weights.
   *
   * @param {import('../../models/parts.js').Column[]} some
   * @param {number} [unit]
   * @returns {Record<string, number>}
   */
  #ranges(some, unit = -1) {
    const of = some.length === 1 ? some[0].layer : 'network';
    /** @type {Record<string, number>} */
    const ranges = {};
    for (const column of some) {
      for (const part of [column.weights, column.values]) {
        if (!part?.values) continue;
        const own = part.values.length / part.plan.tiles;
        const one = unit >= 0 && part.role === 'weights';
        const values = one ? part.values.subarray(unit * own, (unit + 1) * own) : part.values;
        const key = `${of} ${part.scale} ${one ? unit : ''} ${this.less ? 'less' : ''}`;
        const bounded = part.scale === 'activation' && BOUNDED.has(column.description.activation) && !this.less;
        this.#held[key] = bounded ? 1 : holdRange(values, this.#held[key] ?? 0);
        ranges[part.scale] = Math.max(ranges[part.scale] ?? 0, this.#held[key]);
      }
    }
    return ranges;
  }

  /** @param {CustomEvent<{at: number}>} event @param {string} name */
  #tell(event, name) {
    event.stopPropagation();
    this.dispatchEvent(new CustomEvent(event.type, { detail: { name, at: event.detail.at }, bubbles: true, composed: true }));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(context, size, palette) {
    context.clearRect(0, 0, size.width, size.height);
    const { network, tracked } = this;
    const last = (network?.layers.length ?? 0) - 1;
    const activations = this.known.get(`layers.${last - 1}.a`)?.data;
    if (!network || network.layers[last - 1]?.kind !== 'dense' || !activations || !this.edges) return;
    const layers = /** @type {import('./glass-layer.js').GlassLayer[]} */ ([...this.renderRoot.querySelectorAll('glass-layer')]);
    const [from, to] = [last - 1, last].map((number) => layers.find(({ column }) => column?.layer === number));
    if (!from || !to) return;
    const output = tracked?.layer === last ? tracked.unit : this.output;
    const all = tracked?.layer === last - 1;
    const which = all ? { first: tracked.unit, last: tracked.unit } : { last: from.shown - 1, ...(output >= 0 ? { to: output } : {}) };
    const edges = strongestEdges(network.arrays[`layers.${last}.weight`], activations, all ? this.classes.length : this.edges, which);
    const stage = /** @type {Element} */ (this.renderRoot.querySelector('.edges')).getBoundingClientRect();
    connect(context, edges, { from, to, stage }, size, palette);
  }
}

/** A part with the same array of another subtracted. @template {import('../../models/parts.js').Part|null} P @param {P} part @param {Record<string, Float32Array>} less @returns {P} */
function lessened(part, less) {
  const other = part && less[part.name];
  if (!part || !part.values || other?.length !== part.values.length) return part;
  return { ...part, values: part.values.map((value, i) => value - other[i]), says: `${part.says}, less the other’s` };
}

/** The gradient of the loss by each pixel. @param {Float32Array} values @param {import('../../draw/plan.js').Plan} plan */
function saliencyOf(values, plan) {
  const range = roundUp(Math.max(...values.map(Math.abs))) || 1;
  return html`<div>
    <p>∂L/∂x, saliency: blue where more ink would make it worse, ±${short(range)}</p>
    <glass-sheet .values=${values} .plan=${plan} .range=${range} label="Saliency: the gradient of the loss by each pixel"></glass-sheet>
  </div>`;
}

/** @type {WeakMap<object, import('../../draw/plan.js').Plan>} */
const inputs = new WeakMap();

/** @param {{shape: number[]}} network */
function planOf({ shape }) {
  const plan = inputs.get(shape) ?? imagePlan(shape);
  inputs.set(shape, plan);
  return plan;
}

customElements.define('glass-anatomy', GlassAnatomy);
