/**
 * A brush on a grid of cells that a canvas shows: pointer, finger and keyboard move it, and whoever
 * has the canvas is told of every cell that it comes over. It draws nothing.
 *
 * @module
 */

/**
 * @typedef {{x: number, y: number}} Cell column and row
 *
 * @typedef {object} Acts
 * @property {() => {rows: number, columns: number}} shape
 * @property {(cell: Cell) => void} begin a stroke, or choose a cell
 * @property {(cell: Cell) => void} go on with it
 * @property {() => void} end
 * @property {(words: string) => void} tell where the keyboard's brush is
 */

const MOVES = /** @type {Record<string, [across: number, down: number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

export class Brush {
  /** The cell that the keyboard is at; null while a pointer has it. @type {Cell|null} */
  at = null;
  /** Whether it is on the picture. */
  down = false;

  /** @param {Acts} acts */
  constructor(acts) {
    this.acts = acts;
  }

  /** @param {PointerEvent} event */
  onDown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    const canvas = /** @type {Element} */ (event.currentTarget);
    canvas.setPointerCapture(event.pointerId);
    this.lift();
    this.at = null;
    this.#last = this.#cell(canvas, event);
    this.#put(this.#last);
  };

  /** @param {PointerEvent} event */
  onMove = (event) => {
    if (!this.down || !event.isPrimary || this.at) return;
    const canvas = /** @type {Element} */ (event.currentTarget);
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) this.#reach(this.#cell(canvas, one));
  };

  /** @param {PointerEvent} event */
  onUp = (event) => {
    if (event.isPrimary && !this.at) this.lift();
  };

  /** @param {KeyboardEvent} event */
  onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    if (move) this.#step(move);
    else if (event.key === ' ' || event.key === 'Enter') this.#press(event.repeat);
    else if (event.key === 'Escape' && this.down) this.lift();
    else return;
    event.preventDefault();
  };

  onBlur = () => {
    this.lift();
    if (!this.at) return;
    this.at = null;
    this.acts.tell('');
  };

  /** Takes it off the picture. */
  lift() {
    if (!this.down) return;
    this.down = false;
    this.acts.end();
  }

  /** Where the pointer was last. @type {Cell} */
  #last = { x: 0, y: 0 };

  /** @param {Element} canvas @param {PointerEvent} event @returns {Cell} */
  #cell(canvas, { clientX, clientY }) {
    const box = canvas.getBoundingClientRect();
    const { rows, columns } = this.acts.shape();
    const inside = (/** @type {number} */ share, /** @type {number} */ cells) => Math.min(cells - 1, Math.max(0, Math.floor(share * cells)));
    return { x: inside((clientX - box.left) / box.width, columns), y: inside((clientY - box.top) / box.height, rows) };
  }

  /** Over every cell on the way: a fast hand leaves no gap. @param {Cell} to */
  #reach(to) {
    const from = this.#last;
    const [across, down] = [to.x - from.x, to.y - from.y];
    const steps = Math.max(Math.abs(across), Math.abs(down));
    for (let i = 1; i <= steps; i++) this.acts.go({ x: Math.round(from.x + (across * i) / steps), y: Math.round(from.y + (down * i) / steps) });
    this.#last = to;
  }

  /** @param {[number, number]} by */
  #step([across, down]) {
    const { rows, columns } = this.acts.shape();
    const { x, y } = this.at ?? { x: Math.floor(columns / 2), y: Math.floor(rows / 2) };
    this.at = { x: Math.min(columns - 1, Math.max(0, x + across)), y: Math.min(rows - 1, Math.max(0, y + down)) };
    if (this.down) this.acts.go(this.at);
    this.#tell();
  }

  /** @param {boolean} again */
  #press(again) {
    if (again) return;
    if (this.down) this.lift();
    else {
      const { rows, columns } = this.acts.shape();
      this.at ??= { x: Math.floor(columns / 2), y: Math.floor(rows / 2) };
      this.#put(this.at);
    }
    this.#tell();
  }

  /** @param {Cell} at */
  #put(at) {
    this.down = true;
    this.acts.begin(at);
  }

  #tell() {
    if (this.at) this.acts.tell(`Row ${this.at.y + 1}, column ${this.at.x + 1}${this.down ? ', brush down' : ''}`);
  }
}
