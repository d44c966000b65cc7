/**
 * A sheet of paper to draw a digit on, with a mouse, a finger, a pen or the keyboard; beside it the
 * 28 by 28 pixels that the network sees of it, which is fitted and centred as MNIST's digits were.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { RADIUS } from '../../data/ink.js';
import { EMPTY, inside, reach, read, SIDE, write } from '../../data/strokes.js';
import { css as colour, plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { drawPen, drawStrokes } from '../../draw/strokes.js';
import { TABLE } from '../../state/table.js';
import { look } from './paper-look.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';

/**
 * @typedef {import('../../data/strokes.js').Stroke} Stroke
 * @typedef {import('../../data/strokes.js').Point} Point
 */

/** Units that an arrow key moves the pen: a pixel of a digit as large as the paper. */
const STRIDE = 4;
const MOVES = /** @type {Record<string, [across: number, down: number]>} */ ({
  ArrowLeft: [-STRIDE, 0],
  ArrowRight: [STRIDE, 0],
  ArrowUp: [0, -STRIDE],
  ArrowDown: [0, STRIDE],
});
/** Milliseconds until a finished stroke has surely been read. */
const READ_MS = 300;

/**
 * @fires drawn with `detail.drawing`, at most once a frame, when the strokes have changed
 * @fires away when the visitor has had enough of drawing
 */
export class GlassPaper extends LitElement {
  static properties = {
    drawing: { type: String },
    pixels: { attribute: false },
    reading: { type: String },
    other: { type: String },
    pen: { state: true },
    told: { state: true },
  };

  static styles = [shared, controls, look];

  #paper = new Surface(
    this,
    () => this.renderRoot?.querySelector('.paper canvas'),
    (context, { width, scale }, { pixelZero, pixelOne, positive }) => {
      const size = { width, scale, side: SIDE, radius: RADIUS };
      drawStrokes(context, this.#strokes, size, { paper: colour(pixelZero), ink: colour(pixelOne) });
      if (this.pen) drawPen(context, this.pen, size, { colour: colour(positive), down: this.#down });
    },
  );

  #seen = new Surface(
    this,
    () => this.renderRoot?.querySelector('.below canvas'),
    (context, size, { pixelZero, pixelOne }) => {
      drawDigit(context, this.pixels ?? new Uint8Array(28 * 28), { ...size, rows: 28, columns: 28, full: 255 }, plainRamp(pixelZero, pixelOne));
    },
  );

  /** @type {Stroke[]} */
  #strokes = [];
  /** The drawing as it was before each stroke and each clearing, oldest first. @type {string[]} */
  #past = [];
  /** What was told last; any other drawing comes from elsewhere. */
  #own = '';
  /** Whether the last stroke is still being drawn. */
  #down = false;
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  constructor() {
    super();
    /** The strokes, as an address spells them. */
    this.drawing = EMPTY;
    /** @type {Uint8Array|null} what the network sees; null while nothing is drawn */
    this.pixels = null;
    /** What the network makes of it, in words. */
    this.reading = '';
    /** The digit that there is to go back to. */
    this.other = '';
    /** Where the keyboard's pen is, once there is one. @type {Point|null} */
    this.pen = null;
    /** Said aloud. */
    this.told = '';
  }

  /** Sets the focus on the paper, as soon as there is one. */
  focus() {
    void this.updateComplete.then(() => /** @type {HTMLElement|null} */ (this.renderRoot.querySelector('.paper canvas'))?.focus());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#down = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('drawing') || this.drawing === this.#own || this.#frame) return;
    this.#strokes = read(this.drawing);
    this.#own = this.drawing;
    this.#past = [];
    this.#down = false;
  }

  updated() {
    this.#paper.invalidate();
    this.#seen.invalidate();
  }

  render() {
    const empty = !this.#strokes.length;
    return html`
      <div class="paper">
        <canvas
          role="application"
          tabindex="0"
          aria-label="Paper to draw a digit on"
          aria-describedby="keys"
          @pointerdown=${this.#onDown}
          @pointermove=${this.#onMove}
          @pointerup=${this.#onUp}
          @pointercancel=${this.#onUp}
          @keydown=${this.#onKey}
          @blur=${() => void (this.pen = null)}
        ></canvas>
        <p class="hint small muted screen" ?hidden=${!empty || this.pen !== null}>Draw a digit here: with mouse, finger or pen, or with arrow keys and space.</p>
      </div>
      <p id="keys" class="unseen">Arrow keys move the pen, space or Enter puts it down and lifts it, Backspace takes the last stroke back, Escape goes back to the chosen digit.</p>
      <div class="below">
        <canvas role="img" aria-label=${empty ? 'Nothing yet' : 'Your drawing as the network sees it, 28 by 28 pixels'} title="fitted into 20 × 20 pixels, its centre of mass at the centre, as MNIST’s digits are"></canvas>
        <div class="tools screen">
          <button aria-disabled=${String(empty && !this.#past.length)} @click=${this.#undo}>Undo</button>
          <button aria-disabled=${String(empty)} @click=${this.#clear}>Clear</button>
          <button title=${`to ${this.other}`} @click=${() => this.#tell('away')}>Back</button>
        </div>
        <p class="small muted">what the network sees</p>
      </div>
      <p class="unseen" role="status">${this.told}</p>
    `;
  }

  /** @param {PointerEvent} event @returns {Point} on the paper */
  #at({ clientX, clientY }) {
    const box = /** @type {Element} */ (this.renderRoot.querySelector('.paper canvas')).getBoundingClientRect();
    const unit = (/** @type {number} */ share) => inside(Math.floor(share * SIDE));
    return { x: unit((clientX - box.left) / box.width), y: unit((clientY - box.top) / box.height) };
  }

  /** @param {PointerEvent} event */
  #onDown(event) {
    if (!event.isPrimary || event.button !== 0) return;
    /** @type {Element} */ (event.target).setPointerCapture(event.pointerId);
    this.#lift();
    this.pen = null;
    this.#put(this.#at(event));
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    if (!this.#down || !event.isPrimary || this.pen) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) {
      const [at, last] = [this.#at(one), /** @type {Point} */ (this.#strokes.at(-1)?.at(-1))];
      if (Math.max(Math.abs(at.x - last.x), Math.abs(at.y - last.y)) > 1) this.#draw(at); // less is a trembling hand
    }
  }

  /** @param {PointerEvent} event */
  #onUp(event) {
    if (event.isPrimary && !this.pen) this.#lift();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || (event.ctrlKey || event.metaKey) !== (event.key === 'z')) return;
    const move = MOVES[event.key];
    if (move) this.#move(move);
    else if (event.key === ' ' || event.key === 'Enter') this.#press(event);
    else if (event.key === 'Backspace' || event.key === 'z') this.#undo();
    else if (event.key === 'Delete') this.#clear();
    else if (event.key === 'Escape' && this.#down) this.#lift();
    else if (event.key === 'Escape') this.#tell('away');
    else return;
    event.preventDefault();
  }

  /** @param {[number, number]} by */
  #move([across, down]) {
    const { x, y } = this.pen ?? { x: SIDE / 2, y: SIDE / 2 };
    this.pen = { x: inside(x + across), y: inside(y + down) };
    if (this.#down) this.#draw(this.pen);
    const place = (/** @type {number} */ unit) => Math.floor(unit / STRIDE) + 1;
    this.told = `Column ${place(this.pen.x)}, row ${place(this.pen.y)} of ${place(SIDE - 1)}${this.#down ? ', drawing' : ''}.`;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.repeat) return;
    if (this.#down) return this.#lift();
    this.pen ??= { x: SIDE / 2, y: SIDE / 2 };
    this.#put(this.pen);
    this.told = 'Pen down.';
  }

  /** Begins a stroke. @param {Point} at */
  #put(at) {
    const before = this.#own;
    this.#strokes = [...this.#strokes, [at]];
    this.#down = true;
    this.#fit();
    if (this.#down) this.#past.push(before);
  }

  /** Goes on with it. @param {Point} to */
  #draw(to) {
    reach(/** @type {Stroke} */ (this.#strokes.at(-1)), to);
    this.#fit();
  }

  /** Ends it. */
  #lift() {
    if (!this.#down) return;
    this.#down = false;
    this.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void (this.told = this.reading && `Pen up. The network ${this.reading}.`), READ_MS);
  }

  /** Takes the stroke on the paper, unless there is more ink than a link can hold. */
  #fit() {
    if (write(this.#strokes).length <= TABLE.drawing.longest) return this.#change();
    this.#strokes = read(this.#own);
    this.#down = false;
    this.told = 'The paper is full. Undo or clear makes room.';
    this.requestUpdate();
  }

  #undo() {
    if (!this.#strokes.length && !this.#past.length) return;
    this.#down = false;
    const before = this.#past.pop();
    this.#strokes = before === undefined ? this.#strokes.slice(0, -1) : read(before);
    this.#change();
    this.told = this.#strokes.length ? 'Taken back.' : 'Taken back. The paper is empty.';
  }

  #clear() {
    if (!this.#strokes.length) return;
    this.#down = false;
    this.#past.push(this.#own);
    this.#strokes = [];
    this.#change();
    this.told = 'The paper is empty.';
  }

  /** Draws at the next frame, and tells. */
  #change() {
    this.#own = write(this.#strokes);
    this.requestUpdate();
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#tell('drawn', { drawing: this.#own });
    });
  }

  /** @param {'drawn'|'away'} type @param {{drawing: string}} [detail] */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define('glass-paper', GlassPaper);
