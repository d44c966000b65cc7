/**
 * A whole network at work on one digit: image, one layer's units as tiles of their incoming weights
 * or of what they find in the digit, the outputs, and between them, where the outputs follow upon
 * these units, the few connections that matter most for this digit.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import { css as colour } from '../../draw/colour.js';
import { indexOfLargest } from '../../draw/bars.js';
import { drawEdges, strongestEdges } from '../../draw/edges.js';
import { holdRange } from '../../draw/range.js';
import '../digit/glass-digit.js';
import './glass-legend.js';
import './glass-numbers.js';
import './glass-outputs.js';
import './glass-tiles.js';
import './glass-unit.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { answerBefore, edgesAfter, MOST, pictureOf, pictures } from '../../models/shown.js';
import { reading } from '../../models/words.js';
import { layerPictures } from './layer-pictures.js';
import { look } from './forward-look.js';

/** @typedef {import('../../python/client.js').Seen} Frame */
/** @typedef {import('../../models/shown.js').Picture} Picture */

/** Connections drawn: more hide each other. */
const EDGES = 16;

/** Activations that never leave -1..1: their scale is known beforehand. */
const BOUNDED = new Set(['sigmoid', 'softmax', 'tanh']);

export class GlassForward extends LitElement {
  static properties = {
    frame: { attribute: false },
    layer: { type: Number },
    digits: { attribute: false },
    look: { attribute: false },
    looked: { attribute: false },
    first: { attribute: false },
    view: { type: String },
    bare: { type: Boolean },
    fixed: { type: Boolean },
    output: { state: true },
    unit: { state: true },
    looking: { state: true },
  };

  static styles = [shared, look];

  /** What the scales span, by what they are of: they hold still while training goes on. @type {Record<string, number>} */
  #ranges = {};
  /** What they belong to. */
  #of = '';

  #edges = new Surface(
    this,
    () => /** @type {HTMLCanvasElement|null} */ (this.renderRoot?.querySelector('.edges')),
    (context, size, palette) => this.#draw(context, size, palette),
  );

  constructor() {
    super();
    /** @type {Frame|null} */
    this.frame = null;
    /** @type {number|null} number of the layer whose units are shown; null: the first that learns */
    this.layer = null;
    /** @type {import('../../data/digits.js').Digits|null} */
    this.digits = null;
    /** @type {import('../../models/looked.js').Look|null} the digit it is at work on */
    this.look = null;
    /** @type {import('../../models/looked.js').Looked|null} takes the wish for another one */
    this.looked = null;
    /** The weights it began with, by name, once they are known. @type {Record<string, Float32Array>|null} */
    this.first = null;
    /** What the tiles show. @type {'weights'|'changed'} */
    this.view = 'weights';
    /** Without the unit looked at, the legend and the numbers. */
    this.bare = false;
    /** Whether it is of this one digit, and there are no weights to compare with. */
    this.fixed = false;
    /** The output whose lines are drawn; -1: the strongest of all outputs' are. */
    this.output = -1;
    /** The unit looked at. */
    this.unit = 0;
    /** Whether the pointer or the focus is on it just now: its own connections are drawn then. */
    this.looking = false;
  }

  willUpdate() {
    const { frame } = this;
    const picture = this.#picture;
    const of = `${frame?.run} ${frame?.generation} ${picture?.layer}`;
    if (of !== this.#of) this.#ranges = {};
    this.#of = of;
    this.unit = Math.min(this.unit, this.#drawn(picture) - 1);
  }

  updated() {
    this.#edges.invalidate();
  }

  /** Of the layer that is shown. */
  get #picture() {
    return this.frame && pictureOf(pictures(this.frame.description.layers), this.layer);
  }

  /** @param {Picture|null} picture @returns {number} units drawn; before there is a network, the classic one's */
  #drawn(picture) {
    return picture ? Math.min(picture.units, MOST) : 36;
  }

  /** @param {string} name @returns {Float32Array|null} an array of the frame, if it has it */
  #array(name) {
    return this.frame?.arrays[name]?.data ?? null;
  }

  /** @param {string} of what it is a scale of @param {Float32Array|null} values @returns {number} the value that gets the full colour */
  #range(of, values) {
    if (values) this.#ranges[of] = holdRange(values, this.#ranges[of] ?? 0);
    return this.#ranges[of] || 1;
  }

  /** @param {number} layer @param {Float32Array|null} values its answers */
  #full(layer, values) {
    const { activation = 'sigmoid' } = this.frame?.description.layers[layer] ?? {};
    return BOUNDED.has(activation) ? 1 : this.#range(`answers ${layer}`, values);
  }

  render() {
    const { frame, digits } = this;
    const picture = this.#picture;
    const shape = picture?.shape ?? { rows: digits?.rows ?? 28, columns: digits?.columns ?? 28 };
    const drawn = this.#drawn(picture);
    const { values: all, kernels, answers } = layerPictures(frame, picture, drawn);
    const maps = picture?.kind === 'maps';
    const weight = `layers.${picture?.layer}.weight`;
    const range = this.#range(maps ? 'maps' : 'weights', maps ? all : (frame?.arrays[weight]?.data ?? null));
    const values = maps || this.view === 'weights' ? all : changed(all, this.first?.[weight] ?? null);
    const noun = maps ? 'Map' : picture && picture.layer === (frame?.description.layers.length ?? 0) - 1 ? 'Output' : 'Hidden unit';
    const last = (frame?.description.layers.length ?? 1) - 1;
    return html`
      <div class="stage">
        <div class="left">
          <glass-digit .digits=${digits} .look=${this.look} .looked=${this.looked} .reading=${this.#reading} ?fixed=${this.fixed}></glass-digit>
          ${this.bare ? nothing : this.#unit(picture, { values: all, kernels, answers, range, noun, shape })}
        </div>
        <div class="tiles">
          <glass-tiles
            .values=${values}
            .activations=${maps ? null : answers}
            .units=${drawn}
            .noun=${noun}
            .shape=${shape}
            .range=${range}
            .full=${this.#full(picture?.layer ?? 0, answers)}
            .chosen=${this.unit}
            @unit=${(/** @type {CustomEvent} */ event) => void (this.unit = event.detail.unit)}
            @pointerover=${() => void (this.looking = true)}
            @pointerleave=${() => void (this.looking = false)}
            @focusin=${() => void (this.looking = true)}
            @focusout=${() => void (this.looking = false)}
            @laid=${() => this.#edges.invalidate()}
          ></glass-tiles>
          ${picture?.kernel
            ? html`<glass-tiles
                class="kernels"
                still
                .values=${kernels}
                .units=${drawn}
                .across=${drawn <= 12 ? Math.max(8, drawn) : 2 * Math.ceil(Math.sqrt(drawn))}
                .shape=${picture.kernel}
                .range=${this.#range('kernels', kernels)}
              ></glass-tiles>`
            : nothing}
        </div>
        <div class="answer">
          <p class="say">${this.#sentence()}</p>
          <glass-outputs
            .values=${this.#outputs}
            .classes=${digits?.classes ?? []}
            .label=${frame?.label ?? null}
            .full=${this.#full(last, this.#outputs)}
            .chosen=${this.output}
            @choose=${(/** @type {CustomEvent<number>} */ { detail }) => void (this.output = detail)}
          ></glass-outputs>
        </div>
        <canvas class="edges" aria-hidden="true"></canvas>
        ${this.looking && !this.bare ? this.#unit(picture, { values: all, kernels, answers, range, noun, shape }, true) : nothing}
      </div>
      ${this.bare
        ? nothing
        : html`<div class="below">
            ${this.#legend(picture, range)}
            <glass-numbers .frame=${frame} .picture=${picture} .classes=${digits?.classes ?? []}></glass-numbers>
          </div>`}
    `;
  }

  /**
   * The unit looked at, larger.
   *
   * @param {Picture|null} picture
   * @param {import('./layer-pictures.js').Pictures & {range: number, noun: string, shape: {rows: number, columns: number}}} shown
   * @param {boolean} [large] beside the network, over what stands there, while one points at it
   */
  #unit(picture, { values, kernels, answers, range, noun, shape }, large = false) {
    const { unit } = this;
    const one = (/** @type {Float32Array|null} */ all, /** @type {{rows: number, columns: number}} */ { rows, columns }) =>
      all?.subarray(unit * rows * columns, (unit + 1) * rows * columns) ?? null;
    const own = one(values, shape);
    const kernel = picture?.kernel ?? null;
    const maps = picture?.kind === 'maps';
    const activation = maps ? (own && Math.max(...own)) : (answers?.[unit] ?? null);
    return html`<glass-unit
      .noun=${noun}
      .unit=${unit}
      .units=${picture?.units ?? 36}
      .weights=${maps ? (kernel && one(kernels, kernel)) : own}
      .bias=${this.#array(`layers.${picture?.layer}.bias`)?.[unit] ?? 0}
      .input=${this.#array(answerBefore(picture?.layer ?? 0))}
      .source=${picture?.layer ? 'input' : 'digit'}
      .activation=${activation}
      .shape=${kernel ?? shape}
      .range=${kernel ? this.#range('kernels', kernels) : range}
      .map=${maps && own ? { values: own, ...shape, range } : null}
      .becomes=${this.frame?.description.layers[picture?.layer ?? 0]?.activation ?? ''}
      ?large=${large}
      aria-hidden=${large ? 'true' : nothing}
    ></glass-unit>`;
  }

  /** What the colours mean, and which layer it is. @param {Picture|null} picture @param {number} range */
  #legend(picture, range) {
    const layers = this.frame?.description.layers ?? [];
    return html`<glass-legend
      .picture=${picture}
      .layers=${layers}
      .range=${range}
      .full=${this.#full(picture?.layer ?? 0, null)}
      .kernels=${picture?.kernel ? this.#ranges.kernels || 1 : 0}
      .lines=${!picture || edgesAfter(layers, picture) ? this.#lines : ''}
      .view=${this.view}
      ?fixed=${this.fixed}
      @layer=${() => void (this.unit = 0)}
    ></glass-legend>`;
  }

  /** Which lines are drawn, in words. */
  get #lines() {
    const name = this.digits?.classes[this.output] ?? '';
    if (this.looking) return `what unit ${this.unit + 1} adds to each output`;
    return this.output < 0 ? `the ${EDGES} largest weight × activation` : `what speaks most for output ${name} and against it`;
  }

  /** @returns {Float32Array|null} */
  get #outputs() {
    return this.#array(`layers.${(this.frame?.description.layers.length ?? 1) - 1}.a`);
  }

  #sentence() {
    const [outputs, label] = [this.#outputs, this.frame?.label ?? null];
    if (this.look?.drawing && !this.look.pixels) return 'The paper is empty: what you draw on it is read at once.';
    if (this.frame && !outputs) return 'This digit has not arrived yet.';
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
    const picture = this.#picture;
    const after = picture && edgesAfter(this.frame?.description.layers ?? [], picture);
    const weights = after && this.#array(`layers.${after.layer}.weight`);
    const activations = after && this.#array(`layers.${after.senders}.a`);
    if (!weights || !activations) return;
    const last = this.#drawn(picture) - 1;
    const strongest = strongestEdges(weights, activations, EDGES, this.output < 0 ? { last } : { last, to: this.output });
    const full = this.#range('pushes', Float32Array.from(strongest, (edge) => edge.push));
    const edges = this.looking ? strongestEdges(weights, activations, EDGES, { first: this.unit, last: this.unit }) : strongest;
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
    drawEdges(context, edges, ends, { full, thickest: 6 * size.scale, lane: 2 * size.scale }, colours);
  }
}

/** What training has made of some weights: those now less those at first. @param {Float32Array|null} now @param {Float32Array|null} first */
function changed(now, first) {
  return now && first && now.map((weight, i) => weight - first[i]);
}

customElements.define('glass-forward', GlassForward);
