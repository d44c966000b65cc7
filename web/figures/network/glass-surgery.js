/**
 * Surgery on one unit: it is switched off, one of its weights is set, or many are brushed over; every
 * edit can be taken back. What comes of it is told beside it.
 *
 * @module
 */

import { html, LitElement } from 'lit';
import { live } from 'lit/directives/live.js';
import './glass-consequences.js';
import { css as colour, signedRamp } from '../../draw/colour.js';
import { drawSigned } from '../../draw/tiles.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { applied, inWords, isOff, switched, touched } from '../../models/edits.js';
import { short, signed } from '../../models/words.js';
import { Brush } from './brush.js';
import { panel } from './panel-look.js';
import { look } from './surgery-look.js';

/**
 * @typedef {import('../../models/edits.js').Edit} Edit
 * @typedef {import('./brush.js').Cell} Cell
 */

/** Edits named at most, the newest. */
const MOST = 8;

/**
 * @fires edits with `detail.edits`, all that are to be applied to the network as it was opened
 * @fires pick with `detail.index` of a digit that is to be looked at
 */
export class GlassSurgery extends LitElement {
  static properties = {
    edits: { attribute: false },
    told: { attribute: false },
    weights: { attribute: false },
    shape: { attribute: false },
    array: { type: String },
    at: { type: Number },
    layer: { type: Number },
    unit: { type: Number },
    range: { type: Number },
    classes: { attribute: false },
    picture: { attribute: false },
    rows: { type: Number },
    columns: { type: Number },
    tool: { state: true },
    ink: { state: true },
    cell: { state: true },
    said: { state: true },
  };

  static styles = [shared, controls, panel, look];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#draw(context, size, palette),
  );

  #brush = new Brush({
    shape: () => this.shape,
    begin: (cell) => this.#begin(cell),
    go: (cell) => this.#go(cell),
    end: () => this.#end(),
    tell: (words) => this.#say(words),
  });

  /** The weights while a stroke goes on. @type {Float32Array|null} */
  #stroke = null;
  /** Lists there were before, oldest first, and those taken back. @type {Edit[][]} */
  #past = [];
  /** @type {Edit[][]} */
  #ahead = [];
  /** The list told last: any other comes from elsewhere. @type {Edit[]|null} */
  #own = null;

  constructor() {
    super();
    /** @type {Edit[]} */
    this.edits = [];
    /** @type {import('./glass-consequences.js').Told|null} */
    this.told = null;
    /** Of the unit looked at, as they were opened or with the edits. @type {Float32Array|null} */
    this.weights = null;
    /** Of the unit's weights as a picture. */
    this.shape = { rows: 28, columns: 28 };
    /** Whose weights: `layers.0.weight`. */
    this.array = '';
    /** Where the unit's begin in it. */
    this.at = 0;
    this.layer = 0;
    this.unit = 0;
    /** The weight with full colour. */
    this.range = 1;
    /** @type {string[]} */
    this.classes = [];
    /** The pixels of a digit of the data set. @type {(index: number) => Uint8Array|null} */
    this.picture = () => null;
    /** Of a digit. */
    this.rows = 28;
    this.columns = 28;
    /** @type {'one'|'brush'} */
    this.tool = 'brush';
    /** What the brush paints with. */
    this.ink = 0;
    /** The weight looked at. @type {Cell} */
    this.cell = { x: 14, y: 14 };
    /** Said aloud. */
    this.said = '';
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('edits') && this.edits !== this.#own && this.#own) {
      this.#past = [];
      this.#ahead = [];
      this.#own = null;
    }
    if (changed.has('unit') || changed.has('array')) this.#stroke = null;
    const { rows, columns } = this.shape;
    if (this.cell.x >= columns || this.cell.y >= rows) this.cell = { x: Math.floor(columns / 2), y: Math.floor(rows / 2) };
  }

  updated() {
    this.style.setProperty('--ratio', `${this.shape.columns} / ${this.shape.rows}`);
    this.#surface.invalidate();
  }

  get #part() {
    return this.weights && { array: this.array, at: this.at, weights: this.weights };
  }

  /** The weights as they are now, before any answer. */
  get #now() {
    const part = this.#part;
    return this.#stroke ?? (part && applied(part, this.edits));
  }

  render() {
    const { edits, tool } = this;
    const off = isOff(edits, this.layer, this.unit);
    const use = (/** @type {'one'|'brush'} */ which, /** @type {string} */ words) => html`<button aria-pressed=${String(tool === which)} @click=${() => (this.tool = which)}>${words}</button>`;
    return html`
      <div class="bar">
        <button aria-pressed=${String(off)} @click=${() => this.#change(switched(edits, this.layer, this.unit))}>Switch unit ${this.unit + 1} off</button>
        <button aria-disabled=${String(!edits.length && !this.#past.length)} @click=${this.#undo}>Undo</button>
        <button aria-disabled=${String(!this.#ahead.length)} @click=${this.#redo}>Redo</button>
        <button aria-disabled=${String(!edits.length)} @click=${() => edits.length && this.#change([])}>Restore all</button>
      </div>
      <div class="side">
        <div>
          <canvas
            class="weights ${off ? 'off' : ''}"
            role="application"
            tabindex="0"
            aria-label="Weights of unit ${this.unit + 1}"
            aria-describedby="keys cell"
            @pointerdown=${this.#brush.onDown}
            @pointermove=${this.#brush.onMove}
            @pointerup=${this.#brush.onUp}
            @pointercancel=${this.#brush.onUp}
            @keydown=${this.#brush.onKey}
            @blur=${this.#brush.onBlur}
          ></canvas>
          <p class="small muted">−${short(this.range)}<i class="ramp"></i>+${short(this.range)}</p>
          <div class="bar" role="group" aria-label="A press on the picture"><span class="small muted">A press</span>${use('brush', 'brushes')}${use('one', 'chooses a weight')}</div>
          ${tool === 'brush' ? this.#brushed() : ''} ${this.#chosen()}
          <p id="keys" class="small muted">${tool === 'brush' ? 'Arrow keys move the brush, space puts it down and lifts it.' : 'Arrow keys move to another weight.'}</p>
        </div>
        <div>
          ${this.#list()}
          <glass-consequences .told=${this.told} .edited=${edits.length > 0} .classes=${this.classes} .picture=${this.picture} .rows=${this.rows} .columns=${this.columns}></glass-consequences>
        </div>
      </div>
      <p class="unseen" role="status">${this.said}</p>
    `;
  }

  #brushed() {
    const set = (/** @type {number} */ value, /** @type {string} */ words) => html`<button aria-pressed=${String(this.ink === value)} @click=${() => (this.ink = value)}>${words}</button>`;
    return html`<div class="bar" role="group" aria-label="The brush makes weights">
      <span class="small muted">to</span>${set(-this.range, signed(-this.range))}${set(0, '0')}${set(this.range, `+${signed(this.range)}`)}
      <label>or <input type="number" step="any" aria-label="The brush’s weight" .value=${live(short(this.ink))} @change=${(/** @type {Event} */ event) => this.#typed(event, (value) => (this.ink = value))} /></label>
    </div>`;
  }

  /** The weight looked at, to be set by number. */
  #chosen() {
    const weight = this.#now?.[this.#index(this.cell)] ?? 0;
    const { x, y } = this.cell;
    return html`<label class="cell" id="cell"><span>row ${y + 1}, column ${x + 1}</span>
      <input type="number" step="any" aria-label="Weight at row ${y + 1}, column ${x + 1}" .value=${live(weight.toFixed(4))} @change=${(/** @type {Event} */ event) => this.#typed(event, (value) => this.#set(value))} />
    </label>`;
  }

  /** All edits in words, newest first. */
  #list() {
    const { edits } = this;
    if (!edits.length) return html`<p class="muted">No edit yet: the network is as it was opened.</p>`;
    const area = this.weights?.length ?? 1;
    const counts = this.#part ? touched(this.#part, edits) : [];
    const words = edits.map((edit, k) => inWords(edit, area, this.shape.columns, counts[k])).reverse();
    return html`<ol reversed aria-label="Edits, newest first">
      ${words.slice(0, MOST).map((text) => html`<li>${text}</li>`)} ${words.length > MOST ? html`<li>and ${words.length - MOST} before.</li>` : ''}
    </ol>`;
  }

  /** @param {Cell} cell */
  #index({ x, y }) {
    return y * this.shape.columns + x;
  }

  /** A number that is none changes nothing, and goes. @param {Event} event @param {(value: number) => void} take */
  #typed(event, take) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const value = field.value.trim() === '' ? NaN : Number(field.value);
    if (Number.isFinite(Math.fround(value))) take(value);
    this.requestUpdate();
  }

  /** @param {number} value */
  #set(value) {
    if (!this.weights) return;
    this.#change([...this.edits, { kind: 'set', array: this.array, at: this.at + this.#index(this.cell), value }]);
  }

  /** @param {Cell} cell */
  #begin(cell) {
    const now = this.#now;
    if (this.tool === 'brush' && now) this.#stroke = now.slice();
    this.#go(cell);
  }

  /** @param {Cell} cell */
  #go(cell) {
    this.cell = cell;
    if (this.#stroke) this.#stroke[this.#index(cell)] = this.ink;
    this.#surface.invalidate();
  }

  /** A stroke is one edit; one that changes nothing is none. */
  #end() {
    const values = this.#stroke;
    this.#stroke = null;
    const before = this.#now;
    if (values && before && values.some((value, i) => value !== before[i])) this.#change([...this.edits, { kind: 'paint', array: this.array, at: this.at, values }]);
    else this.requestUpdate();
  }

  /** @param {string} words of where the brush is */
  #say(words) {
    if (this.#brush.at) this.cell = this.#brush.at;
    this.said = words ? `${words}: ${signed(this.#now?.[this.#index(this.cell)] ?? 0, 3)}.` : '';
    this.#surface.invalidate();
  }

  /** @param {Edit[]} edits */
  #change(edits) {
    this.#past.push(this.edits);
    this.#ahead = [];
    this.#tell(edits);
  }

  #undo() {
    if (!this.edits.length && !this.#past.length) return;
    this.#ahead.push(this.edits);
    this.#tell(this.#past.pop() ?? this.edits.slice(0, -1));
  }

  #redo() {
    const next = this.#ahead.pop();
    if (!next) return;
    this.#past.push(this.edits);
    this.#tell(next);
  }

  /** @param {Edit[]} edits */
  #tell(edits) {
    this.#own = this.edits = edits;
    this.dispatchEvent(new CustomEvent('edits', { detail: { edits } }));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(context, size, { negative, zero, positive, ink }) {
    const now = this.#now;
    const { rows, columns } = this.shape;
    if (!now) return context.clearRect(0, 0, size.width, size.height);
    drawSigned(context, now, { ...size, rows, columns, range: this.range }, signedRamp(negative, zero, positive));
    const [wide, high] = [size.width / columns, size.height / rows];
    const line = (this.#brush.down ? 3 : 2) * size.scale;
    context.lineWidth = line;
    context.strokeStyle = colour(ink);
    context.strokeRect(this.cell.x * wide - line / 2, this.cell.y * high - line / 2, wide + line, high + line);
  }
}

customElements.define('glass-surgery', GlassSurgery);
