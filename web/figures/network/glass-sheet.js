/**
 * An array as a picture in which every number can be pointed at: tiles of cells, signed colours or
 * grey ink, a frame a tile that glows, and outlines around the cells that something else was made
 * from, or will feed. It knows where its numbers lie, and nothing of what they mean.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { css as colour, mix, signedRamp } from '../../draw/colour.js';
import { laidOut } from '../../draw/plan.js';
import { PlanGrid } from '../../draw/plan-grid.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';

/** @typedef {import('../../draw/plan.js').Plan} Plan */

/** Of more cells outlines would be a net over the picture. */
const MOST_OUTLINES = 3000;

/** Rows and columns that an arrow key goes. @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @fires point with `detail.at`, the number that is pointed at; -1: none
 * @fires pick with `detail.at`
 * @fires laid when its tiles have found their places
 */
export class GlassSheet extends LitElement {
  static properties = {
    values: { attribute: false },
    plan: { attribute: false },
    shown: { type: Number },
    across: { type: Number },
    range: { type: Number },
    ink: { type: Boolean },
    glow: { attribute: false },
    full: { type: Number },
    chosen: { type: Number },
    from: { attribute: false },
    feeds: { attribute: false },
    dim: { attribute: false },
    selected: { type: Number },
    label: { type: String },
  };

  static styles = [
    shared,
    css`
      .sheet {
        position: relative;
        cursor: crosshair;
        touch-action: manipulation;
      }

      canvas {
        aspect-ratio: var(--ratio, 1);
      }

      .over {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
    `,
  ];

  #base = new Surface(
    this,
    () => /** @type {HTMLCanvasElement|null} */ (this.renderRoot?.querySelector('.base')),
    (context, size, palette) => this.#draw(context, size, palette),
    () => this.#arrange(),
  );

  #over = new Surface(
    this,
    () => /** @type {HTMLCanvasElement|null} */ (this.renderRoot?.querySelector('.over')),
    (context, size, palette) => this.#mark(context, size, palette),
  );

  /** @type {PlanGrid|null} */
  #grid = null;
  /** What was laid out last: as long as the numbers stay, so does it. @type {{values: Float32Array|null, grid: PlanGrid|null, laid: Float32Array}} */
  #laid = { values: null, grid: null, laid: new Float32Array() };

  constructor() {
    super();
    /** @type {Float32Array|null} */
    this.values = null;
    /** @type {Plan|null} */
    this.plan = null;
    /** Tiles drawn; 0: all. */
    this.shown = 0;
    /** Tiles in a row; 0: nearly square. */
    this.across = 0;
    /** The value that gets the full colour. */
    this.range = 1;
    /** Whether the numbers are ink, 0..1, and not signed. */
    this.ink = false;
    /** One number a tile: how strongly its frame glows. @type {Float32Array|null} */
    this.glow = null;
    /** The number that glows fully. */
    this.full = 1;
    /** The tile looked at; -1: none. */
    this.chosen = -1;
    /** Numbers that what is pointed at was made from. @type {Int32Array|null} */
    this.from = null;
    /** Numbers that it will feed. @type {Int32Array|null} */
    this.feeds = null;
    /** Whether what is not among those it was made from is dimmed: a receptive field. */
    this.dim = false;
    /** The number selected; -1: none. */
    this.selected = -1;
    /** What it shows, in words. */
    this.label = '';
  }

  /** @param {number} tile @returns {DOMRect} where it is, with its frame, in the window; of a tile that is not drawn, the whole */
  tile(tile) {
    const own = this.renderRoot.querySelector('.base')?.getBoundingClientRect() ?? new DOMRect();
    const [grid, size] = [this.#grid, this.#base.size];
    if (!grid || !size || tile < 0 || tile >= grid.tiles) return own;
    const { x, y, width, height } = grid.framed(tile);
    return new DOMRect(own.left + x / size.scale, own.top + y / size.scale, width / size.scale, height / size.scale);
  }

  /** Where its tiles end on the right, in the window. */
  get edge() {
    return this.tile(Math.min(this.#grid?.tiles ?? 1, this.#grid?.grid.across ?? 1) - 1).right;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (['plan', 'shown', 'across'].some((name) => changed.has(name))) this.#arrange();
    if (['values', 'plan', 'shown', 'range', 'glow', 'full', 'ink'].some((name) => changed.has(name))) this.#base.invalidate();
    this.#over.invalidate();
  }

  render() {
    const number = this.selected >= 0 ? this.values?.[this.selected] : undefined;
    return html`<div
      class="sheet"
      role="application"
      aria-roledescription="array"
      aria-label="${this.label}${number === undefined ? '' : `; number ${this.selected} is ${number.toPrecision(4)}`}"
      tabindex=${this.plan ? 0 : nothing}
      @pointermove=${(/** @type {PointerEvent} */ event) => (event.movementX || event.movementY) && this.#tell('point', this.#under(event))}
      @pointerleave=${() => this.#tell('point', -1)}
      @click=${(/** @type {PointerEvent} */ event) => this.#tell('pick', this.#under(event))}
      @keydown=${this.#onKey}
    >
      <canvas class="base" aria-hidden="true"></canvas>
      <canvas class="over" aria-hidden="true"></canvas>
    </div>`;
  }

  #arrange() {
    const { size } = this.#base;
    if (!size || !this.plan) return;
    const tiles = Math.min(this.plan.tiles, this.shown || Infinity);
    const { width, scale } = size;
    this.#grid = new PlanGrid(this.plan, { tiles, width, scale, across: this.across, framed: this.glow !== null });
    this.style.setProperty('--ratio', `${width} / ${Math.max(1, this.#grid.height)}`);
    this.dispatchEvent(new CustomEvent('laid', { bubbles: true, composed: true }));
  }

  /** @param {MouseEvent} event @returns {number} the number under the pointer; -1: none */
  #under({ clientX, clientY }) {
    const { size } = this.#base;
    const own = /** @type {Element} */ (this.renderRoot.querySelector('.base')).getBoundingClientRect();
    return this.#grid && size ? this.#grid.under((clientX - own.left) * size.scale, (clientY - own.top) * size.scale) : -1;
  }

  /** @param {'point'|'pick'} what @param {number} at */
  #tell(what, at) {
    if (what === 'pick' && at < 0) return;
    this.dispatchEvent(new CustomEvent(what, { detail: { at }, bubbles: true, composed: true }));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(context, size, palette) {
    context.clearRect(0, 0, size.width, size.height);
    const [grid, values] = [this.#grid, this.values];
    if (!grid) return;
    this.#frame(context, grid, palette);
    if (!values) return;
    if (this.#laid.values !== values || this.#laid.grid !== grid) this.#laid = { values, grid, laid: laidOut(grid.plan, values, grid.tiles) };
    const ends = this.ink ? [palette.pixelZero, palette.pixelZero, palette.pixelOne] : [palette.negative, palette.zero, palette.positive];
    grid.draw(context, this.#laid.laid, this.range, signedRamp(ends[0], ends[1], ends[2]));
  }

  /** Each tile's ground, or a frame that glows. @param {CanvasRenderingContext2D} context @param {PlanGrid} grid @param {import('../../kit/palette.js').Palette} palette */
  #frame(context, grid, palette) {
    for (let tile = 0; tile < grid.tiles; tile++) {
      const glow = this.glow?.[tile] ?? 0;
      const share = Math.min(1, Math.abs(glow) / this.full) || 0;
      context.fillStyle = colour(mix(palette.zero, glow < 0 ? palette.negative : palette.positive, share));
      const { x, y, width, height } = grid.framed(tile);
      context.fillRect(x, y, width, height);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #mark(context, size, palette) {
    context.clearRect(0, 0, size.width, size.height);
    const grid = this.#grid;
    if (!grid) return;
    const line = Math.max(1, size.scale);
    if (this.dim && this.from?.length) this.#veil(context, grid, palette);
    const outline = (/** @type {Int32Array|null} */ numbers, /** @type {string} */ stroke, /** @type {number[]} */ dash) => {
      if (!numbers?.length || numbers.length > MOST_OUTLINES || numbers.length === grid.plan.size) return;
      context.setLineDash(dash);
      grid.outline(context, numbers);
      stroked(context, stroke, line);
    };
    outline(this.feeds, colour(palette.muted), [2 * line, 2 * line]);
    outline(this.from, colour(palette.ink), []);
    context.setLineDash([]);
    if (this.chosen >= 0 && this.chosen < grid.tiles && grid.plan.tiles > 1) boxed(context, grid.framed(this.chosen), colour(palette.ink), 2 * line);
    if (this.selected < 0 || this.selected >= grid.plan.size || grid.plan.cell(this.selected).tile >= grid.tiles) return;
    const box = grid.number(this.selected);
    boxed(context, box, colour(palette.page), 4 * line);
    boxed(context, box, colour(palette.ink), 2 * line);
  }

  /** What is outside the receptive field shows a fifth. @param {CanvasRenderingContext2D} context @param {PlanGrid} grid @param {import('../../kit/palette.js').Palette} palette */
  #veil(context, grid, palette) {
    context.fillStyle = colour(palette.page, 0.8);
    for (let tile = 0; tile < grid.tiles; tile++) {
      const { x, y, width, height } = grid.picture(tile);
      context.fillRect(x, y, width, height);
    }
    for (const at of this.from ?? []) {
      const { x, y, width, height } = grid.number(at);
      context.clearRect(x, y, width, height);
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const [grid, at] = [this.#grid, this.selected];
    if (!grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    if (event.key === 'Enter') return this.#tell('pick', at);
    if (!move) return;
    event.preventDefault();
    this.#tell('pick', at < 0 ? grid.plan.index(Math.max(0, this.chosen), 0, 0) : grid.beside(at, move));
  }
}

/** @param {CanvasRenderingContext2D} context whose path is drawn @param {string} stroke @param {number} width */
function stroked(context, stroke, width) {
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {import('../../draw/plan-grid.js').Box} box @param {string} stroke @param {number} line */
function boxed(context, { x, y, width, height }, stroke, line) {
  context.strokeStyle = stroke;
  context.lineWidth = line;
  context.strokeRect(x, y, width, height);
}

customElements.define('glass-sheet', GlassSheet);
