/**
 * A wall of digits: how many fit, where each is, and which one is under a point. Digits keep their
 * pixels sharp: one pixel of theirs is a whole number of the screen's.
 *
 * @module
 */

import { commit, sheet, stamp } from './image.js';

/**
 * @typedef {import('./colour.js').Ramp} Ramp
 *
 * @typedef {object} WallLayout in device pixels
 * @property {number} across digits in a row
 * @property {number} down rows
 * @property {number} cell edge of one digit
 * @property {number} gap between two digits
 */

/** Smallest space between two digits, in CSS pixels. */
const GAP = 2;

/**
 * As many digits in a row as the width holds, spread over all of it.
 *
 * @param {number} width in device pixels
 * @param {number} rows
 * @param {number} scale device pixels in a CSS pixel
 * @param {number} pixels in a row of one digit
 * @returns {WallLayout}
 */
export function fitWall(width, rows, scale, pixels) {
  const cell = pixels * Math.max(1, Math.round(scale));
  const least = GAP * scale;
  const across = Math.max(1, Math.floor((width + least) / (cell + least)));
  const gap = across > 1 ? Math.floor((width - across * cell) / (across - 1)) : Math.round(least);
  return { across, down: rows, cell, gap };
}

/** @param {number} rows @returns {number} CSS pixels that so many rows of MNIST's digits need, before the width is known */
export function leastHeight(rows) {
  return rows * (28 + GAP) - GAP;
}

/** @param {WallLayout} layout @param {number} k place in reading order @returns {{x: number, y: number}} its corner */
export function cornerOf({ across, cell, gap }, k) {
  return { x: (k % across) * (cell + gap), y: Math.floor(k / across) * (cell + gap) };
}

/** @param {WallLayout} layout @param {number} x @param {number} y @returns {number} the place there; -1 if there is none */
export function placeAt({ across, down, cell, gap }, x, y) {
  const [column, row] = [Math.floor(x / (cell + gap)), Math.floor(y / (cell + gap))];
  return column >= 0 && row >= 0 && column < across && row < down ? row * across + column : -1;
}

/**
 * Consecutive digits of a data set, row by row; cells without a digit stay empty.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} images 0..255, (n, rows, columns)
 * @param {{first: number, count: number, rows: number, columns: number}} which
 * @param {WallLayout} layout
 * @param {Ramp} ramp
 */
export function drawWall(context, images, { first, count, rows, columns }, layout, ramp) {
  const { across, down, cell } = layout;
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
  context.clearRect(0, 0, across * (cell + layout.gap), down * (cell + layout.gap));
  for (let k = 0; k < shown; k++) {
    const part = { x: (k % across) * columns, y: Math.floor(k / across) * rows, width: columns, height: rows };
    stamp(context, from, part, { ...cornerOf(layout, k), width: cell, height: cell });
  }
}
