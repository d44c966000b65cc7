/**
 * One array three ways: a picture of its cells, a table of its numbers, a histogram of their spread;
 * with its shape told axis by axis, each in its own hue. Any cell can be pointed at and picked, with
 * the pointer or with the arrow keys, and is then said in words. It can be saved as numpy's `.npy`.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import { formatNpy } from '../../data/npy.js';
import { boxOf, cellBeside, cellUnder, drawCells, fit, layoutOf, outline, withoutBatch } from '../../draw/cells.js';
import { css as colour, plainRamp, signedRamp } from '../../draw/colour.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { label, placeInWords } from '../../models/axes.js';
import { fullColour, summaryInWords, summaryOf } from '../../models/summary.js';
import { precise } from '../../models/words.js';
import { save } from '../browse/take-along.js';
import { histogram } from './array-histogram.js';
import { look } from './array-look.js';
import { axisLook } from './axis-look.js';
import { partAround, table } from './array-table.js';

const VIEWS = /** @type {const} */ ({ picture: 'Picture', table: 'Table', histogram: 'Histogram' });
/** CSS pixels beside a picture, for its labels; pictures of several tiles have none. */
const MARGIN = { left: 30, top: 18 };
const ARROWS = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] });

/**
 * @fires pick with `detail` {at}: a cell was chosen, a flat index
 * @fires point with `detail` {at}: a cell is pointed at; −1: none
 * @fires axis with `detail` {axis}: the name of an axis is pointed at; null: none
 */
export class GlassArray extends LitElement {
  static properties = {
    name: { type: String },
    symbol: { type: String },
    values: { attribute: false },
    shape: { attribute: false },
    axes: { attribute: false },
    range: { attribute: false },
    selected: { type: Number },
    lit: { attribute: false },
    classes: { attribute: false },
    other: { attribute: false },
    tile: { attribute: false },
    axis: { type: String },
    words: { attribute: false },
    view: { type: String },
    compared: { state: true },
    pointed: { state: true },
    piece: { state: true },
  };

  static styles = [shared, controls, look, axisLook];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#draw(context, size, palette),
  );
  /** @type {import('../../draw/cells.js').Fit|null} where the cells are */
  #fit = null;
  /** Whether the last move was one of the keyboard: then the words are said aloud. */
  #aloud = false;
  /** What is shown, and what is told of it; made anew when it is another array. */
  #shown = /** @type {Float32Array} */ (new Float32Array(0));
  #summary = summaryOf(this.#shown);

  constructor() {
    super();
    this.name = '';
    this.symbol = '';
    /** @type {Float32Array} */
    this.values = new Float32Array(0);
    /** @type {number[]} */
    this.shape = [0];
    /** @type {string[]} the name of each length of the shape */
    this.axes = ['hidden'];
    /** @type {number|null} the value with full colour; null: the largest there is */
    this.range = null;
    /** Flat index of the cell that is picked; −1: none. */
    this.selected = -1;
    /** @type {Int32Array|null} cells that are marked from outside */
    this.lit = null;
    /** @type {string[]} */
    this.classes = [];
    /** @type {Float32Array|null} the same array for another digit */
    this.other = null;
    /** @type {{rows: number, columns: number}|null} what a vector, or each row of a matrix, is a picture of */
    this.tile = null;
    /** The axis that is pointed at somewhere; '' for none. */
    this.axis = '';
    /** @type {((at: number) => string)|null} what a cell is called, by somebody who knows the network */
    this.words = null;
    /** @type {keyof typeof VIEWS} */
    this.view = 'picture';
    /** @type {'this'|'other'|'difference'} */
    this.compared = 'this';
    this.pointed = -1;
    /** @type {import('./array-table.js').Part|null} */
    this.piece = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('shape') || changed.has('name')) this.pointed = -1;
    if (!this.other) this.compared = 'this';
    const { values, other, compared } = this;
    const shown = !other || compared === 'this' ? values : compared === 'other' ? other : values.map((value, i) => value - other[i]);
    if (shown !== this.#shown && (changed.has('values') || changed.has('other') || changed.has('compared'))) {
      this.#shown = shown;
      this.#summary = summaryOf(shown);
    }
    const kept = changed.has('shape') || changed.has('axes') ? null : this.piece;
    if (this.view === 'table' && (changed.has('selected') || changed.has('pointed') || !kept)) {
      this.piece = partAround(this.shape, this.axes, Math.max(0, this.pointed < 0 ? this.selected : this.pointed), kept);
    }
  }

  updated() {
    this.#measure();
    this.#surface.invalidate();
  }

  render() {
    const { view, other } = this;
    return html`
      <div class="head">
        ${this.symbol ? html`<span class="symbol">${this.symbol}</span>` : nothing}
        <code>${this.name}</code>
        <span>${this.#shape()}</span>
      </div>
      <div class="bar">
        <span class="switch screen" role="group" aria-label="How it is shown">
          ${Object.entries(VIEWS).map(([name, text]) => html`<button aria-pressed=${view === name} @click=${() => void (this.view = /** @type {keyof typeof VIEWS} */ (name))}>${text}</button>`)}
        </span>
        ${other
          ? html`<select class="screen" aria-label="Of which digit" .value=${this.compared} @change=${(/** @type {Event} */ event) => void (this.compared = /** @type {any} */ (event.target).value)}>
              <option value="this">this digit</option>
              <option value="other">the pinned one</option>
              <option value="difference">this − pinned</option>
            </select>`
          : nothing}
        <button class="quiet screen" @click=${this.#save}>Save .npy</button>
      </div>
      ${view === 'picture' ? this.#picture() : view === 'table' ? this.#table() : histogram(this.#summary, this.#shown[this.#at] ?? NaN)}
      <p class="told" aria-live=${this.#aloud ? 'polite' : 'off'}>${this.#told()}</p>
      <p class="legend">${summaryInWords(this.#summary)}</p>
    `;
  }

  /** The cell that the words are about: the one pointed at, or picked. */
  get #at() {
    return this.pointed < 0 ? this.selected : this.pointed;
  }

  /** Pixels of the input are ink, all else is signed. */
  get #plain() {
    return this.name === 'x' && this.compared !== 'difference';
  }

  get #range() {
    return this.#plain ? 1 : this.compared === 'difference' || !this.range ? fullColour(this.#shown) : this.range;
  }

  #shape() {
    const tell = (/** @type {string|null} */ axis) => () => this.dispatchEvent(new CustomEvent('axis', { detail: { axis } }));
    const one = (/** @type {number} */ length, /** @type {number} */ i) => html`${i ? ' × ' : ''}${length} <span
          class="axis" data-axis=${this.axes[i]} ?data-lit=${this.axis === this.axes[i]} @pointerenter=${tell(this.axes[i])} @pointerleave=${tell(null)}
        >${this.axes[i]}</span>`;
    return this.shape.length ? this.shape.map(one) : 'one number';
  }

  #told() {
    const at = this.#at;
    if (at < 0 || at >= this.#shown.length) return this.view === 'histogram' ? '' : 'Point at a cell, or go there with the arrow keys; Enter picks it.';
    const { columns = 0 } = this.tile ?? {};
    const pixel = columns ? (/** @type {number} */ place) => `row ${Math.floor(place / columns)} column ${place % columns}` : undefined;
    const name = this.words?.(at) ?? placeInWords(this.axes, this.shape, at, this.classes, pixel);
    return html`${name ? `${name[0].toUpperCase()}${name.slice(1)}: ` : ''}<strong>${precise(this.#shown[at], 6)}</strong>${at === this.selected ? ', picked' : ''}`;
  }

  #picture() {
    const range = precise(this.#range, 3);
    return html`
      <canvas
        tabindex="0"
        role="img"
        aria-label="${this.name}, a cell a number. ${summaryInWords(this.#summary)} Arrow keys go from cell to cell."
        @pointermove=${this.#onPoint}
        @pointerleave=${() => this.#point(-1)}
        @click=${(/** @type {MouseEvent} */ event) => this.#pick(this.#under(event))}
        @keydown=${this.#onKey}
        @blur=${() => this.#point(-1)}
      ></canvas>
      <p class="legend">${this.#plain ? html`0 <span class="ramp plain"></span> 1` : html`−${range} <span class="ramp"></span> ${range}`}</p>
    `;
  }

  #table() {
    const { shape, axes, classes, selected, name, piece: part } = this;
    if (!part) return nothing;
    const others = shape.flatMap((length, i) => (length > 1 && i !== part.down && i !== part.across ? [i] : []));
    return html`
      ${others.map(
        (i) => html`<label class="bar">${axes[i]} <input type="number" min=${label(axes[i], 0, [])} max=${label(axes[i], shape[i] - 1, [])} .value=${label(axes[i], part.fixed[i], [])}
            @change=${(/** @type {Event} */ event) => this.#turn(i, Number(/** @type {HTMLInputElement} */ (event.target).value) - Number(label(axes[i], 0, [])))} /> of ${shape[i]}</label>`,
      )}
      ${table({ values: this.#shown, shape, axes, classes, selected, name, lit: new Set(this.lit) }, part, ({ pick, point, part: turned }) => {
        if (turned) this.piece = turned;
        else if (pick !== undefined) this.#pick(pick);
        else this.#point(point ?? -1);
      })}
    `;
  }

  /** To another place along an axis that the table has only one of. @param {number} axis @param {number} to */
  #turn(axis, to) {
    if (!this.piece) return;
    const fixed = this.piece.fixed.slice();
    fixed[axis] = Math.max(0, Math.min(this.shape[axis] - 1, Math.round(to) || 0));
    this.piece = { ...this.piece, fixed };
  }

  #save() {
    const file = `${this.name}${{ this: '', other: '.pinned', difference: '.difference' }[this.compared]}.npy`;
    save(file, formatNpy({ type: '<f4', shape: this.shape, values: this.#shown }), 'application/octet-stream');
  }

  /** @param {PointerEvent} event */
  #onPoint(event) {
    this.#aloud = false;
    this.#point(this.#under(event));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const move = ARROWS[event.key];
    const at = this.#at;
    if (event.key === 'Enter' || event.key === ' ') this.#pick(at);
    else if (move && this.#fit) this.#point(at < 0 ? 0 : cellBeside(this.#fit.layout, at, ...move));
    else return;
    this.#aloud = true;
    event.preventDefault();
  }

  /** @param {MouseEvent} event @returns {number} the cell under it; −1: none */
  #under(event) {
    const scale = this.#surface.size?.scale ?? 1;
    return this.#fit ? cellUnder(this.#fit, event.offsetX * scale, event.offsetY * scale) : -1;
  }

  /** @param {number} at */
  #point(at) {
    if (at === this.pointed) return;
    this.pointed = at;
    this.dispatchEvent(new CustomEvent('point', { detail: { at } }));
  }

  /** @param {number} at */
  #pick(at) {
    if (at >= 0) this.dispatchEvent(new CustomEvent('pick', { detail: { at } }));
  }

  /** How high the picture is follows from how wide it may be. */
  #measure() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    const layout = layoutOf(this.shape, this.tile);
    const { top, height } = fit(layout, canvas.clientWidth, 1, marginOf(layout));
    canvas.style.height = `${Math.ceil(top + height + 3)}px`;
  }

  /** @param {CanvasRenderingContext2D} context @param {import('../../kit/surface.js').Size} size @param {import('../../kit/palette.js').Palette} palette */
  #draw(context, size, palette) {
    const layout = layoutOf(this.shape, this.tile);
    const at = fit(layout, size.width, size.scale, marginOf(layout));
    this.#fit = at;
    this.#measure();
    context.clearRect(0, 0, size.width, size.height);
    if (!this.#shown.length) return;
    const ramp = this.#plain ? plainRamp(palette.pixelZero, palette.pixelOne) : signedRamp(palette.negative, palette.zero, palette.positive);
    context.strokeStyle = colour(palette.line);
    if (this.#plain) context.strokeRect(at.left - 0.5, at.top - 0.5, at.width + 1, at.height + 1); // no ink is the page's own colour
    drawCells(context, at, this.#shown, { range: this.#range, ramp, plain: this.#plain });
    if (layout.tiles === 1) this.#labels(context, at, size.scale, colour(palette.muted));
    outline(context, at, this.lit ?? [], palette.ink, Math.max(1, size.scale));
    for (const cell of [this.selected, this.pointed]) {
      if (cell < 0 || cell >= this.#shown.length) continue;
      outline(context, at, [cell], palette.page, 3 * size.scale);
      outline(context, at, [cell], cell === this.pointed ? palette.ink : palette.positive, 2 * size.scale);
    }
  }

  /** Which cell is which, as often as there is room. @param {CanvasRenderingContext2D} context @param {import('../../draw/cells.js').Fit} at @param {number} scale @param {string} ink */
  #labels(context, at, scale, ink) {
    const { layout, left, top, wide, high } = at;
    const lengths = withoutBatch(this.shape);
    const axes = this.axes.slice(-lengths.length);
    const vector = lengths.length < 2 && !this.tile;
    const text = (/** @type {number} */ axis, /** @type {number} */ place) => (vector ? label(axes[0] ?? '', place, this.classes) : this.tile ? String(place) : label(axes[axis], place, this.classes));
    Object.assign(context, { fillStyle: ink, font: `${11 * scale}px system-ui, sans-serif` });
    const every = (/** @type {number} */ room, /** @type {number} */ pitch) => [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((step) => step * pitch >= room * scale) ?? 1000;
    Object.assign(context, { textAlign: 'center', textBaseline: 'bottom' });
    for (let x = 0; x < layout.columns; x += every(26, wide)) context.fillText(text(1, x), left + (x + 0.5) * wide, top - 3 * scale);
    Object.assign(context, { textAlign: 'right', textBaseline: 'middle' });
    if (vector && layout.rows === 1) return;
    for (let y = 0; y < layout.rows; y += every(14, high)) context.fillText(vector ? text(0, y * layout.columns) : text(0, y), left - 4 * scale, top + (y + 0.5) * high);
  }
}

/** @param {import('../../draw/cells.js').Layout} layout */
function marginOf({ tiles }) {
  return tiles === 1 ? MARGIN : { left: 3, top: 3 };
}

customElements.define('glass-array', GlassArray);
