/**
 * A plan's tiles laid on a canvas: where each tile and each cell is, in device pixels, and which
 * number is under a point.
 *
 * @module
 */

import { signedIndex } from './colour.js';
import { commit, sheet, stamp } from './image.js';
import { gridFor } from './tiles.js';

/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {{tile: number, row: number, column: number}} Cell */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

export class PlanGrid {
  /**
   * @param {Plan} plan
   * @param {object} room
   * @param {number} room.tiles drawn
   * @param {number} room.width of the canvas, in device pixels
   * @param {number} room.scale device pixels in a CSS pixel
   * @param {number} room.across tiles in a row; 0: nearly square
   * @param {boolean} room.framed whether tiles have frames that can glow
   */
  constructor(plan, { tiles, width, scale, across, framed }) {
    this.plan = plan;
    this.tiles = tiles;
    this.grid = gridFor(tiles, width, plan.columns, scale, across || (tiles === 1 ? 1 : undefined));
    if (!framed) this.grid.frame = Math.max(1, Math.round(scale));
    /** A tile's picture. */
    this.inner = { width: this.grid.tile, height: Math.max(1, Math.round((this.grid.tile * plan.rows) / plan.columns)) };
    const { frame, gap, down } = this.grid;
    this.pitch = { x: this.inner.width + 2 * frame + gap, y: this.inner.height + 2 * frame + gap };
    this.height = down * this.pitch.y - gap;
  }

  /** @param {number} tile @returns {Box} its picture, without its frame */
  picture(tile) {
    const { across, frame } = this.grid;
    return { x: (tile % across) * this.pitch.x + frame, y: Math.floor(tile / across) * this.pitch.y + frame, ...this.inner };
  }

  /** @param {number} tile @returns {Box} with its frame */
  framed(tile) {
    const { x, y, width, height } = this.picture(tile);
    const { frame } = this.grid;
    return { x: x - frame, y: y - frame, width: width + 2 * frame, height: height + 2 * frame };
  }

  /** @param {Cell} cell @returns {Box} */
  cell({ tile, row, column }) {
    const { x, y } = this.picture(tile);
    const side = this.inner.width / this.plan.columns;
    return { x: x + column * side, y: y + row * side, width: side, height: side };
  }

  /** @param {number} at @returns {Box} where a number is */
  number(at) {
    return this.cell(this.plan.cell(at));
  }

  /** @param {number} x @param {number} y @returns {number} the number there; -1: none */
  under(x, y) {
    const { across } = this.grid;
    const [column, row] = [Math.floor(x / this.pitch.x), Math.floor(y / this.pitch.y)];
    const tile = row * across + column;
    if (x < 0 || y < 0 || column >= across || tile >= this.tiles) return -1;
    const corner = this.picture(tile);
    const side = this.inner.width / this.plan.columns;
    const held = (/** @type {number} */ value, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, Math.floor(value / side)));
    return this.plan.index(tile, held(y - corner.y, this.plan.rows), held(x - corner.x, this.plan.columns));
  }

  /** The number beside another, at a tile's edge in the tile beside it. @param {number} at @param {[number, number]} by rows and columns, one of them 0 @returns {number} -1: none */
  beside(at, [down, right]) {
    const { plan } = this;
    const { tile, row, column } = plan.cell(at);
    let [r, c, t] = [row + down, column + right, tile];
    if (c < 0) [c, t] = [plan.columns - 1, t - 1];
    if (c >= plan.columns) [c, t] = [0, t + 1];
    if (r < 0) [r, t] = [plan.rows - 1, t - this.grid.across];
    if (r >= plan.rows) [r, t] = [0, t + this.grid.across];
    return t < 0 || t >= this.tiles ? -1 : plan.index(t, r, c);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Float32Array} laid as `laidOut` gives it
   * @param {number} range the number that gets the full colour
   * @param {import('./colour.js').Ramp} ramp signed
   */
  draw(context, laid, range, ramp) {
    const { rows, columns } = this.plan;
    const from = sheet(columns, rows * this.tiles);
    for (let i = 0; i < from.pixels.length; i++) from.pixels[i] = ramp[signedIndex(laid[i], range)];
    commit(from);
    for (let tile = 0; tile < this.tiles; tile++) stamp(context, from, { x: 0, y: tile * rows, width: columns, height: rows }, this.picture(tile));
  }

  /**
   * The outline of some cells, without the lines between two of them, as a path.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Int32Array} numbers
   */
  outline(context, numbers) {
    const inside = new Set(numbers);
    const { plan } = this;
    const has = (/** @type {Cell} */ { tile, row, column }) =>
      row >= 0 && column >= 0 && row < plan.rows && column < plan.columns && inside.has(plan.index(tile, row, column));
    context.beginPath();
    for (const at of numbers) {
      const cell = plan.cell(at);
      if (cell.tile >= this.tiles) continue;
      const { x, y, width, height } = this.cell(cell);
      const line = (/** @type {number} */ x1, /** @type {number} */ y1, /** @type {number} */ x2, /** @type {number} */ y2) => {
        context.moveTo(x1, y1);
        context.lineTo(x2, y2);
      };
      if (!has({ ...cell, row: cell.row - 1 })) line(x, y, x + width, y);
      if (!has({ ...cell, row: cell.row + 1 })) line(x, y + height, x + width, y + height);
      if (!has({ ...cell, column: cell.column - 1 })) line(x, y, x, y + height);
      if (!has({ ...cell, column: cell.column + 1 })) line(x + width, y, x + width, y + height);
    }
  }
}
