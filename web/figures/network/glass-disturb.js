/**
 * A digit to be disturbed: rubbed out, thickened, shifted, turned, so that one sees what the network
 * makes of it; and, on demand, the smallest change that flips the answer.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import './glass-flip.js';
import { AS_IT_WAS, disturbed, origin, roomier, rub } from '../../data/disturb.js';
import { indexOfLargest } from '../../draw/bars.js';
import { css as colour, plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { reading, signed } from '../../models/words.js';
import { Brush } from './brush.js';
import { look } from './disturb-look.js';
import { panel } from './panel-look.js';

/** @typedef {import('../../data/disturb.js').Wishes} Wishes */

/** Of the rubber, in pixels. */
const RADIUS = 1.2;
/** Pixels that put a digit off its centre. */
const OFF = 6;

/** @type {{name: keyof Wishes, words: string, low: number, high: number, step: number, say: (value: number) => string}[]} */
const SLIDERS = [
  { name: 'thick', words: 'Strokes', low: -1, high: 2, step: 0.25, say: (value) => (value ? `${Math.abs(value)} px ${value < 0 ? 'thinner' : 'thicker'}` : 'as drawn') },
  { name: 'across', words: 'Across', low: -10, high: 10, step: 0.5, say: (value) => (value ? `${Math.abs(value)} px ${value < 0 ? 'left' : 'right'}` : 'in place') },
  { name: 'down', words: 'Down', low: -10, high: 10, step: 0.5, say: (value) => (value ? `${Math.abs(value)} px ${value < 0 ? 'up' : 'down'}` : 'in place') },
  { name: 'turn', words: 'Turn', low: -45, high: 45, step: 1, say: (value) => (value ? `${signed(Math.abs(value), 0)}° ${value < 0 ? 'to the left' : 'to the right'}` : 'upright') },
];

/**
 * @fires pixels with `detail.pixels`, the digit as it has become, at most once a frame
 * @fires flip with `detail.to`, the class that it is to be read as; null: any other
 * @fires restore when the digit is itself again
 */
export class GlassDisturb extends LitElement {
  static properties = {
    pixels: { attribute: false },
    rows: { type: Number },
    columns: { type: Number },
    classes: { attribute: false },
    outputs: { attribute: false },
    undisturbed: { attribute: false },
    flip: { attribute: false },
    busy: { type: Boolean },
    wishes: { state: true },
    rubbed: { state: true },
    told: { state: true },
    to: { state: true },
  };

  static styles = [shared, controls, panel, look];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#draw(context, size, palette),
  );

  #brush = new Brush({
    shape: () => this,
    begin: (cell) => this.#rub(cell),
    go: (cell) => this.#rub(cell),
    end: () => this.#surface.invalidate(),
    tell: (words) => {
      const { at } = this.#brush;
      this.told = at ? `${words}, ink ${((this.#now?.[at.y * this.columns + at.x] ?? 0) / 255).toFixed(2)}.` : '';
      this.#surface.invalidate();
    },
  });

  /** The digit itself. @type {Uint8Array|null} */
  #whole = null;
  /** What has become of it. @type {Uint8Array|null} */
  #now = null;
  /** All that was told: what comes back, however late, is no other digit. @type {WeakSet<Uint8Array>} */
  #made = new WeakSet();
  #frame = 0;

  constructor() {
    super();
    /** @type {Uint8Array|null} (rows * columns,) */
    this.pixels = null;
    this.rows = 28;
    this.columns = 28;
    /** @type {string[]} */
    this.classes = [];
    /** What the network makes of the digit as it is now. @type {Float32Array|null} */
    this.outputs = null;
    /** What it made of the digit itself. @type {Float32Array|null} */
    this.undisturbed = null;
    /** @type {import('./glass-flip.js').Flip|null} */
    this.flip = null;
    /** Whether a flip is being looked for. */
    this.busy = false;
    /** @type {Wishes} */
    this.wishes = AS_IT_WAS;
    /** Pixels of the digit itself that have been rubbed out. */
    this.rubbed = /** @type {Uint8Array} */ (new Uint8Array(0));
    /** Said aloud. */
    this.told = '';
    /** The class that it is to be read as; -1: any other. */
    this.to = -1;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const { pixels } = this;
    if (!changed.has('pixels') || !pixels || this.#made.has(pixels) || same(pixels, this.#now)) return;
    this.#forget();
    this.#whole = this.#now = pixels;
    this.wishes = AS_IT_WAS;
    this.rubbed = new Uint8Array(pixels.length);
  }

  updated() {
    this.style.setProperty('--ratio', `${this.columns} / ${this.rows}`);
    this.#surface.invalidate();
  }

  /** Whether the digit is itself. */
  get still() {
    return Object.values(this.wishes).every((value) => !value) && !this.rubbed.includes(1);
  }

  render() {
    const off = Math.abs(this.wishes.across) === OFF;
    return html`
      <div class="side">
        <div>
          <canvas
            class="rub"
            role="application"
            tabindex="0"
            aria-label="The digit: rub its ink out"
            aria-describedby="keys read"
            @pointerdown=${this.#brush.onDown}
            @pointermove=${this.#brush.onMove}
            @pointerup=${this.#brush.onUp}
            @pointercancel=${this.#brush.onUp}
            @keydown=${this.#brush.onKey}
            @blur=${this.#brush.onBlur}
          ></canvas>
          <p id="keys" class="small muted">Rub ink out: with mouse, finger or pen, or with arrow keys and space.</p>
        </div>
        <div>
          ${SLIDERS.map((slider) => this.#slider(slider))}
          <div class="bar">
            <button aria-pressed=${String(off)} title=${`Shift it ${OFF} pixels aside`} @click=${() => this.#wish({ across: off ? 0 : OFF * roomier(this.#whole ?? new Uint8Array(0), this) })}>Off centre</button>
            <button aria-disabled=${String(this.still)} @click=${this.#restore}>Restore</button>
          </div>
          <p id="read" role="status">${this.#reading()}</p>
          ${off
            ? html`<p class="small muted">Every digit of MNIST has its centre of mass in the middle. The network knows ink by its place: ${OFF} pixels aside the same strokes meet other weights, trained on other strokes. So a drawing has to be centred first.</p>`
            : nothing}
        </div>
      </div>
      ${this.#smallest()}
      <p class="unseen" role="status">${this.told}</p>
    `;
  }

  /** What the network reads, and what it read before. */
  #reading() {
    const { outputs, undisturbed, classes } = this;
    if (!outputs) return this.still ? 'As it is in the data.' : 'Disturbed.';
    const [now, then] = [indexOfLargest(outputs), undisturbed ? indexOfLargest(undisturbed) : -1];
    const was = this.still || then < 0 ? '' : now === then ? ' It is still read as it was.' : ` As it was: ${classes[then]}.`;
    return `The network ${reading(outputs, classes)}.${was}`;
  }

  /** @param {typeof SLIDERS[number]} slider */
  #slider({ name, words, low, high, step, say }) {
    const value = this.wishes[name];
    const change = (/** @type {Event} */ event) => this.#wish({ [name]: Number(/** @type {HTMLInputElement} */ (event.target).value) });
    return html`<label class="slider">
      <span>${words}</span>
      <input type="range" min=${low} max=${high} step=${step} .value=${String(value)} aria-valuetext=${say(value)} @input=${change} />
      <span class="number">${say(value)}</span>
    </label>`;
  }

  #smallest() {
    const { busy, classes, flip, rows, columns } = this;
    const ask = () => busy || this.#tell('flip', { to: this.to < 0 ? null : this.to });
    return html`<h3>The smallest change that flips the answer</h3>
      <div class="bar">
        <label>to
          <select aria-label="What it is to be read as" @change=${(/** @type {Event} */ event) => (this.to = Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
            <option value="-1" ?selected=${this.to < 0}>any other</option>
            ${classes.map((name, k) => html`<option value=${k} ?selected=${this.to === k}>${name}</option>`)}
          </select></label>
        <button aria-disabled=${String(busy)} @click=${ask}>${busy ? 'Looking…' : 'Find it'}</button>
        <span class="small muted">by real steps along the network’s gradient</span>
      </div>
      ${flip ? html`<glass-flip .flip=${flip} .classes=${classes} .rows=${rows} .columns=${columns}></glass-flip>` : nothing}`;
  }

  /** Where the digit is rubbed is found where it was before it was moved. @param {import('./brush.js').Cell} cell */
  #rub(cell) {
    this.rubbed = rub(this.rubbed, this, origin(cell, this, this.wishes), RADIUS);
    this.#change();
  }

  /** @param {Partial<Wishes>} some */
  #wish(some) {
    this.wishes = { ...this.wishes, ...some };
    this.#change();
  }

  /** Draws at once, tells at the next frame. */
  #change() {
    if (!this.#whole) return;
    this.#now = disturbed(this.#whole, this, this.wishes, this.rubbed);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#now) this.#made.add(this.#now);
      this.#tell('pixels', { pixels: this.#now });
    });
  }

  /** What was to be told is true no more. */
  #forget() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #restore() {
    if (this.still || !this.#whole) return;
    this.#forget();
    this.#now = this.#whole;
    this.wishes = AS_IT_WAS;
    this.rubbed = new Uint8Array(this.#whole.length);
    this.told = 'The digit is itself again.';
    this.#tell('restore', null);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(context, size, { pixelZero, pixelOne, positive }) {
    if (!this.#now) return context.clearRect(0, 0, size.width, size.height);
    drawDigit(context, this.#now, { ...size, rows: this.rows, columns: this.columns, full: 255 }, plainRamp(pixelZero, pixelOne));
    const { at, down } = this.#brush;
    if (!at) return;
    const [wide, high] = [size.width / this.columns, size.height / this.rows];
    context.beginPath();
    context.arc((at.x + 0.5) * wide, (at.y + 0.5) * high, (RADIUS + 0.3) * wide, 0, 2 * Math.PI);
    context.strokeStyle = colour(positive);
    context.lineWidth = (down ? 4 : 2) * size.scale;
    context.stroke();
  }

  /** @param {string} type @param {unknown} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {Uint8Array} one @param {Uint8Array|null} other */
function same(one, other) {
  return other?.length === one.length && one.every((value, i) => value === other[i]);
}

customElements.define('glass-disturb', GlassDisturb);
