/**
 * Tiles: a signed picture for each unit (its incoming weights), in a grid that is as near to a
 * square as the number of units allows, each in a frame that shows how strongly the unit answers.
 *
 * @module
 */

import { css, mix, signedIndex } from './colour.js';
import { commit, sheet, stamp } from './image.js';

/**
 * @typedef {import('./colour.js').RGB} RGB
 * @typedef {import('./colour.js').Ramp} Ramp
 *
 * @typedef {object} Grid where the tiles are, in pixels of the canvas
 * @property {number} across tiles in a row
 * @property {number} down rows of tiles
 * @property {number} tile edge of a tile's picture
 * @property {number} frame thickness of the frame around it
 * @property {number} gap between two frames
 */

/**
 * @param {number} units
 * @param {number} [across] tiles in a row, if that is given
 * @returns {{across: number, down: number}} near-square, wider than tall
 */
export function nearSquare(units, across = Math.max(1, Math.ceil(Math.sqrt(units)))) {
  return { across, down: Math.max(1, Math.ceil(units / across)) };
}

/**
 * The largest grid that fits. Tiles of at least twice their pixels' number grow in whole pixels,
 * so that they stay sharp; smaller ones take what room there is.
 *
 * @param {number} units
 * @param {number} width of the canvas, in pixels
 * @param {number} columns pixels in a row of one tile's picture
 * @param {number} scale device pixels in a CSS pixel
 * @param {number} [wanted] tiles in a row
 * @returns {Grid}
 */
export function gridFor(units, width, columns, scale, wanted) {
  const { across, down } = nearSquare(units, wanted);
  const frame = Math.max(1, Math.round(3 * scale));
  const gap = Math.max(1, Math.round(5 * scale));
  const room = (width + gap) / across - gap - 2 * frame;
  const times = Math.floor(room / columns);
  const tile = times >= 2 ? times * columns : Math.max(1, Math.floor(room));
  return { across, down, tile, frame, gap };
}

/** @param {Grid} grid @param {number} unit @returns {{x: number, y: number, edge: number}} its frame */
export function place(grid, unit) {
  const edge = grid.tile + 2 * grid.frame;
  const pitch = edge + grid.gap;
  return { x: (unit % grid.across) * pitch, y: Math.floor(unit / grid.across) * pitch, edge };
}

/** @param {Grid} grid @returns {{width: number, height: number}} */
export function extent({ across, down, tile, frame, gap }) {
  const pitch = tile + 2 * frame + gap;
  return { width: across * pitch - gap, height: down * pitch - gap };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} weights (units, rows * columns)
 * @param {{rows: number, columns: number, range: number}} of `range` is the weight with full colour
 * @param {Grid} grid
 * @param {Ramp} ramp signed
 */
export function drawTiles(context, weights, { rows, columns, range }, grid, ramp) {
  const area = rows * columns;
  const units = Math.floor(weights.length / area);
  const from = sheet(columns, rows * units);
  fill(from.pixels, weights, range, ramp);
  commit(from);
  for (let unit = 0; unit < units; unit++) {
    const { x, y } = place(grid, unit);
    const part = { x: 0, y: unit * rows, width: columns, height: rows };
    stamp(context, from, part, { x: x + grid.frame, y: y + grid.frame, width: grid.tile, height: grid.tile });
  }
}

/**
 * The frames: from the colour of nothing to the colour of one, or of less than nothing.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} activations one a unit
 * @param {number} full the activation that gets the full colour, > 0
 * @param {Grid} grid
 * @param {{zero: RGB, one: RGB, less: RGB}} colours
 */
export function drawGlow(context, activations, full, grid, { zero, one, less }) {
  for (let unit = 0; unit < activations.length; unit++) {
    const { x, y, edge } = place(grid, unit);
    const share = Math.min(1, Math.abs(activations[unit] / full));
    context.lineWidth = grid.frame;
    context.strokeStyle = css(mix(zero, activations[unit] < 0 ? less : one, share));
    context.strokeRect(x + grid.frame / 2, y + grid.frame / 2, edge - grid.frame, edge - grid.frame);
  }
}

/**
 * One signed picture, filling the canvas; a `whole` one only as far as whole pixels go, in its middle.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values (rows, columns)
 * @param {{width: number, height: number, rows: number, columns: number, range: number, whole?: boolean}} size
 * @param {Ramp} ramp
 */
export function drawSigned(context, values, { width, height, rows, columns, range, whole = false }, ramp) {
  const from = sheet(columns, rows);
  fill(from.pixels, values, range, ramp);
  commit(from);
  context.clearRect(0, 0, width, height);
  const times = whole ? Math.max(1, Math.floor(Math.min(width / columns, height / rows))) : 0;
  const box = times ? { width: times * columns, height: times * rows } : { width, height };
  const corner = { x: Math.floor((width - box.width) / 2), y: Math.floor((height - box.height) / 2) };
  stamp(context, from, { x: 0, y: 0, width: columns, height: rows }, { ...corner, ...box });
}

/**
 * @param {Uint32Array} pixels
 * @param {Float32Array} values as many
 * @param {number} range
 * @param {Ramp} ramp
 */
function fill(pixels, values, range, ramp) {
  for (let i = 0; i < pixels.length; i++) pixels[i] = ramp[signedIndex(values[i], range)];
}
