/**
 * A layer's units as tiles: each shows its incoming weights, or what it finds in the digit, in a
 * frame that glows with its activation. A tile is chosen by pointing at it, or with the arrow keys.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { signedRamp } from '../../draw/colour.js';
import { drawGlow, drawTiles, extent, gridFor, nearSquare, place } from '../../draw/tiles.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { signed } from '../../models/words.js';

/**
 * @fires unit with `detail.unit` when another unit is looked at
 * @fires laid when the tiles have found their places
 */
export class GlassTiles extends LitElement {
  static properties = {
    values: { attribute: false },
    activations: { attribute: false },
    shape: { attribute: false },
    units: { type: Number },
    across: { type: Number },
    noun: { type: String },
    still: { type: Boolean },
    range: { type: Number },
    full: { type: Number },
    chosen: { type: Number },
    grid: { state: true },
  };

  static styles = [
    shared,
    css`
      .grid {
        position: relative;
      }

      canvas {
        aspect-ratio: var(--ratio, 1);
      }

      button {
        position: absolute;
        padding: 0;
        border: 0;
        background: none;
        cursor: pointer;
      }

      button[aria-pressed='true'] {
        outline: 2px solid var(--ink);
        outline-offset: 1px;
      }

      button:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
        z-index: 1;
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#draw(context, size, palette),
    () => this.#arrange(),
  );

  constructor() {
    super();
    /** @type {Float32Array|null} the pictures, (units, rows * columns) */
    this.values = null;
    /** @type {Float32Array|null} (units,) */
    this.activations = null;
    /** Of one picture. */
    this.shape = { rows: 28, columns: 28 };
    this.units = 36;
    /** Tiles in a row; 0: as near to a square as can be. */
    this.across = 0;
    /** What a tile is of. */
    this.noun = 'Hidden unit';
    /** Whether it is only looked at: nothing in it can be chosen. */
    this.still = false;
    /** The value that gets the full colour. */
    this.range = 1;
    /** The activation that gets the full glow. */
    this.full = 1;
    this.chosen = 0;
    /** @type {import('../../draw/tiles.js').Grid|null} in device pixels */
    this.grid = null;
  }

  /** @returns {number} the right edge of all tiles, in the window */
  get right() {
    return this.box(Math.min(this.units, this.#across) - 1).right;
  }

  /** @param {number} unit @returns {DOMRect} where its tile is, in the window */
  box(unit) {
    return this.renderRoot.querySelectorAll('button')[unit]?.getBoundingClientRect() ?? new DOMRect();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('units') || changed.has('shape') || changed.has('across')) this.#arrange();
    this.#surface.invalidate();
    if (changed.has('grid')) this.#lay();
  }

  get #across() {
    return nearSquare(this.units, this.across || undefined).across;
  }

  render() {
    if (this.still) return html`<canvas aria-hidden="true"></canvas>`;
    return html`<div class="grid" role="group" aria-label="${this.noun}s, ${this.units}" @keydown=${this.#onKey}>
      <canvas aria-hidden="true"></canvas>
      ${Array.from({ length: this.units }, (_, unit) => {
        const value = this.activations && unit === this.chosen ? `, activation ${signed(this.activations[unit])}` : '';
        return html`<button
          aria-label="${this.noun} ${unit + 1}${value}"
          aria-pressed=${String(unit === this.chosen)}
          tabindex=${unit === this.chosen ? 0 : -1}
          @pointermove=${(/** @type {PointerEvent} */ event) => this.#onPoint(event, unit)}
          @focus=${() => this.#choose(unit)}
          @click=${() => this.#choose(unit)}
        ></button>`;
      })}
    </div>`;
  }

  #arrange() {
    const { size } = this.#surface;
    if (!size) return;
    const grid = gridFor(this.units, size.width, this.shape.columns, size.scale, this.#across);
    const same = this.grid && Object.entries(grid).every(([name, value]) => this.grid?.[/** @type {keyof typeof grid} */ (name)] === value);
    if (!same) this.grid = grid;
  }

  /** Puts the buttons over their tiles and gives the canvas the tiles' proportions. */
  #lay() {
    const { size } = this.#surface;
    if (!this.grid || !size) return;
    const { height } = extent(this.grid);
    this.renderRoot.querySelector('canvas')?.style.setProperty('--ratio', `${size.width} / ${Math.max(height, 1)}`);
    const { grid } = this;
    this.renderRoot.querySelectorAll('button').forEach((button, unit) => {
      const { x, y, edge } = place(grid, unit);
      Object.assign(button.style, {
        left: `${x / size.scale}px`,
        top: `${y / size.scale}px`,
        width: `${edge / size.scale}px`,
        height: `${edge / size.scale}px`,
      });
    });
    this.dispatchEvent(new CustomEvent('laid'));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../kit/surface.js').Size} size
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #draw(context, size, palette) {
    if (!this.grid) return;
    context.clearRect(0, 0, size.width, size.height);
    const activations = this.activations?.subarray(0, this.units) ?? new Float32Array(this.units);
    drawGlow(context, activations, this.full, this.grid, { zero: palette.zero, one: palette.positive, less: palette.negative });
    const ramp = signedRamp(palette.negative, palette.zero, palette.positive);
    if (this.values) drawTiles(context, this.values, { ...this.shape, range: this.range }, this.grid, ramp);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const across = this.#across;
    const moves = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across });
    const by = event.key === 'Home' ? -this.chosen : event.key === 'End' ? this.units - 1 - this.chosen : moves[event.key];
    if (!by) return;
    event.preventDefault();
    const unit = this.chosen + by;
    if (unit < 0 || unit >= this.units) return;
    this.#choose(unit);
    this.renderRoot.querySelectorAll('button')[unit]?.focus();
  }

  /** A page that scrolls under a resting pointer, as arrow keys make it, is no pointing. @param {PointerEvent} event @param {number} unit */
  #onPoint({ movementX, movementY }, unit) {
    if (movementX || movementY) this.#choose(unit);
  }

  /** @param {number} unit */
  #choose(unit) {
    if (unit === this.chosen) return;
    this.chosen = unit;
    this.dispatchEvent(new CustomEvent('unit', { detail: { unit }, bubbles: true, composed: true }));
  }
}

customElements.define('glass-tiles', GlassTiles);
