/**
 * An array of any shape as cells on a plane: a vector as a strip or as a square, a matrix as itself,
 * images as tiles side by side; and which cell is where, both ways.
 *
 * @module
 */

import { css, signedIndex } from './colour.js';
import { commit, sheet, stamp } from './image.js';
import { nearSquare } from './tiles.js';

/**
 * @typedef {import('./colour.js').RGB} RGB
 *
 * @typedef {object} Layout
 * @property {number} rows of a tile
 * @property {number} columns
 * @property {number} across tiles in a row
 * @property {number} down rows of tiles
 * @property {number} tiles
 * @property {(tile: number, row: number, column: number) => number} cellAt flat index; -1: there is none
 * @property {(cell: number) => [tile: number, row: number, column: number]} placeOf
 *
 * @typedef {object} Fit a layout on a canvas, in its pixels
 * @property {Layout} layout
 * @property {number} left of the first cell
 * @property {number} top
 * @property {number} wide a cell
 * @property {number} high
 * @property {number} width of all cells
 * @property {number} height
 */

/** A vector up to so long is one strip. */
const STRIP = 16;
/** Cells between two tiles. */
const GAP = 1;
/** CSS pixels: a cell's edge at most, and the height of all cells at most. */
const [LARGEST, HIGHEST] = [28, 360];

/** @param {number[]} shape @returns {number[]} without a batch of one */
export function withoutBatch(shape) {
  return shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape;
}

/**
 * @param {number[]} shape
 * @param {{rows: number, columns: number}|null} [tile] what the last axis of a vector or a matrix is, if it is an image
 * @returns {Layout}
 */
export function layoutOf(shape, tile = null) {
  const lengths = withoutBatch(shape);
  const n = lengths.reduce((all, length) => all * length, 1);
  const [first = 1, second = 1, third = 1, fourth = 1] = lengths;
  const area = tile ? tile.rows * tile.columns : 0;
  if (tile && lengths.length && lengths.length < 3 && lengths[lengths.length - 1] === area) return tiled(n / area, tile, 1);
  if (lengths.length === 2) return tiled(1, { rows: first, columns: second }, 1);
  if (lengths.length === 3) return tiled(third, { rows: first, columns: second }, third);
  if (lengths.length === 4) return tiled(first * fourth, { rows: second, columns: third }, fourth, fourth > 1 ? fourth : undefined);
  const { across, down } = n > STRIP ? nearSquare(n) : { across: n, down: 1 };
  const vector = tiled(1, { rows: down, columns: across }, 1);
  return { ...vector, cellAt: (_, row, column) => (row * across + column < n ? row * across + column : -1) };
}

/** Images, their numbers in the order (…, row, column, channel). @param {number} tiles @param {{rows: number, columns: number}} tile @param {number} channels @param {number} [wanted] tiles in a row @returns {Layout} */
function tiled(tiles, { rows, columns }, channels, wanted) {
  const area = rows * columns;
  return {
    rows, columns, tiles, ...nearSquare(tiles, wanted),
    cellAt: (tile, row, column) => (tile < tiles ? (Math.floor(tile / channels) * area + row * columns + column) * channels + (tile % channels) : -1),
    placeOf(cell) {
      const [pixel, channel] = [Math.floor(cell / channels), cell % channels];
      const [image, at] = [Math.floor(pixel / area), pixel % area];
      return [image * channels + channel, Math.floor(at / columns), at % columns];
    },
  }; // prettier-ignore
}

/** How many cells a layout is wide and high, with what is between its tiles. @param {Layout} layout */
function extent({ rows, columns, across, down }) {
  return { wide: across * (columns + GAP) - GAP, high: down * (rows + GAP) - GAP };
}

/**
 * The largest cells that there is room for: whole pixels, as long as there are some for each.
 *
 * @param {Layout} layout
 * @param {number} width of the canvas, in its pixels
 * @param {number} scale of these in a CSS pixel
 * @param {{left: number, top: number}} margin for labels, in CSS pixels
 * @returns {Fit}
 */
export function fit(layout, width, scale, margin) {
  const cells = extent(layout);
  const [left, top] = [Math.round(margin.left * scale), Math.round(margin.top * scale)];
  const whole = (/** @type {number} */ edge) => (edge >= 1 ? Math.floor(edge) : edge);
  let wide = whole(Math.min(LARGEST * scale, (width - left) / cells.wide));
  let high = wide;
  if (high * cells.high > HIGHEST * scale) {
    high = whole((HIGHEST * scale) / cells.high);
    if (layout.tiles > 1 || layout.rows < 8 * layout.columns) wide = high; // a picture keeps its form; what is far longer than wide need not
  } else if (layout.tiles === 1 && layout.columns > 8 * layout.rows) {
    high = Math.min(whole(LARGEST * scale), Math.max(high, whole((120 * scale) / cells.high)));
  }
  return { layout, left, top, wide, high, width: cells.wide * wide, height: cells.high * high };
}

/** @param {Fit} at @param {number} cell flat index @returns {{x: number, y: number, width: number, height: number}} */
export function boxOf({ layout, left, top, wide, high }, cell) {
  const [tile, row, column] = layout.placeOf(cell);
  const [x, y] = [(tile % layout.across) * (layout.columns + GAP) + column, Math.floor(tile / layout.across) * (layout.rows + GAP) + row];
  return { x: left + x * wide, y: top + y * high, width: wide, height: high };
}

/** @param {Fit} at @param {number} x in the canvas @param {number} y @returns {number} the cell there; -1: none */
export function cellUnder({ layout, left, top, wide, high }, x, y) {
  const [column, row] = [Math.floor((x - left) / wide), Math.floor((y - top) / high)];
  const [across, down] = [Math.floor(column / (layout.columns + GAP)), Math.floor(row / (layout.rows + GAP))];
  const [inside, below] = [column - across * (layout.columns + GAP), row - down * (layout.rows + GAP)];
  if (column < 0 || row < 0 || across >= layout.across || down >= layout.down || inside >= layout.columns || below >= layout.rows) return -1;
  return layout.cellAt(down * layout.across + across, below, inside);
}

/** The next cell in a direction, over the edges of tiles. @param {Layout} layout @param {number} cell @param {number} right @param {number} downwards @returns {number} itself at the edge */
export function cellBeside(layout, cell, right, downwards) {
  const { rows, columns, across, down } = layout;
  const [tile, row, column] = layout.placeOf(cell);
  const x = (tile % across) * columns + column + right;
  const y = Math.floor(tile / across) * rows + row + downwards;
  if (x < 0 || y < 0 || x >= across * columns || y >= down * rows) return cell;
  const next = layout.cellAt(Math.floor(y / rows) * across + Math.floor(x / columns), y % rows, x % columns);
  return next < 0 ? cell : next;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Fit} at
 * @param {Float32Array} values
 * @param {{range: number, ramp: Uint32Array, plain?: boolean}} colours `plain`: from 0 to the range, else symmetric
 */
export function drawCells(context, at, values, { range, ramp, plain = false }) {
  const { layout } = at;
  const cells = extent(layout);
  const from = sheet(cells.wide, cells.high);
  from.pixels.fill(0);
  for (let cell = 0; cell < values.length; cell++) {
    const [tile, row, column] = layout.placeOf(cell);
    const [x, y] = [(tile % layout.across) * (layout.columns + GAP) + column, Math.floor(tile / layout.across) * (layout.rows + GAP) + row];
    const shade = plain ? Math.round(255 * Math.min(1, Math.max(0, values[cell] / range || 0))) : signedIndex(values[cell], range);
    from.pixels[y * cells.wide + x] = ramp[shade];
  }
  commit(from);
  stamp(context, from, { x: 0, y: 0, width: cells.wide, height: cells.high }, { x: at.left, y: at.top, width: at.width, height: at.height });
}

/** A line around cells: where one of them ends and none begins. @param {CanvasRenderingContext2D} context @param {Fit} at @param {Iterable<number>} cells @param {RGB} colour @param {number} thick */
export function outline(context, at, cells, colour, thick) {
  const set = new Set(cells);
  context.fillStyle = css(colour);
  for (const cell of set) {
    const { x, y, width, height } = boxOf(at, cell);
    const free = (/** @type {number} */ dx, /** @type {number} */ dy) => {
      const other = cellUnder(at, x + (0.5 + dx) * width, y + (0.5 + dy) * height);
      return other === cell || !set.has(other);
    };
    if (free(-1, 0)) context.fillRect(x - thick, y - thick, thick, height + 2 * thick);
    if (free(1, 0)) context.fillRect(x + width, y - thick, thick, height + 2 * thick);
    if (free(0, -1)) context.fillRect(x - thick, y - thick, width + 2 * thick, thick);
    if (free(0, 1)) context.fillRect(x - thick, y + height, width + 2 * thick, thick);
  }
}
