/**
 * Digits: grey pixels, one alone or many on a wall.
 *
 * @module
 */

import { commit, sheet, stamp } from './image.js';

/** @typedef {import('./colour.js').Ramp} Ramp */

/**
 * One digit, filling the canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} pixels 0..full, row-major, (rows, columns)
 * @param {{width: number, height: number, rows: number, columns: number, full: number}} size
 *   `full` is the value of full ink: 255 for bytes, 1 for what the network sees
 * @param {Ramp} ramp 256 pixels from no ink to full ink
 */
export function drawDigit(context, pixels, { width, height, rows, columns, full }, ramp) {
  const from = sheet(columns, rows);
  const scale = 255 / full;
  for (let i = 0; i < from.pixels.length; i++) from.pixels[i] = ramp[Math.round(pixels[i] * scale)];
  commit(from);
  context.clearRect(0, 0, width, height);
  stamp(context, from, { x: 0, y: 0, width: columns, height: rows }, { x: 0, y: 0, width, height });
}

/**
 * @typedef {object} WallLayout how a wall is laid out, in pixels of its canvas
 * @property {number} across digits in a row
 * @property {number} down rows
 * @property {number} cell edge of one digit
 * @property {number} gap between two digits
 */

/**
 * Consecutive digits of a data set, row by row; cells without a digit stay empty.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} images 0..255, (n, rows, columns)
 * @param {{first: number, count: number, rows: number, columns: number}} which
 * @param {WallLayout} layout
 * @param {Ramp} ramp
 */
export function drawWall(context, images, { first, count, rows, columns }, { across, down, cell, gap }, ramp) {
  const shown = Math.min(count, across * down);
  const from = sheet(across * columns, down * rows);
  from.pixels.fill(0);
  for (let k = 0; k < shown; k++) {
    const corner = Math.floor(k / across) * rows * from.width + (k % across) * columns;
    for (let i = 0; i < rows * columns; i++) {
      const at = corner + Math.floor(i / columns) * from.width + (i % columns);
      from.pixels[at] = ramp[images[(first + k) * rows * columns + i]];
    }
  }
  commit(from);
  const pitch = cell + gap;
  context.clearRect(0, 0, across * pitch, down * pitch);
  for (let k = 0; k < shown; k++) {
    const [column, row] = [k % across, Math.floor(k / across)];
    const part = { x: column * columns, y: row * rows, width: columns, height: rows };
    stamp(context, from, part, { x: column * pitch, y: row * pitch, width: cell, height: cell });
  }
}
