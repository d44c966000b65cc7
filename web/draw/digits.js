/**
 * One digit: grey pixels, never signed.
 *
 * @module
 */

import { commit, sheet, stamp } from './image.js';

/** @typedef {import('./colour.js').Ramp} Ramp */

/**
 * As large as the canvas holds it, in the middle: a picture that is no square keeps its shape.
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
  const times = Math.min(width / columns, height / rows);
  const [wide, high] = [Math.round(columns * times), Math.round(rows * times)];
  const to = { x: Math.round((width - wide) / 2), y: Math.round((height - high) / 2), width: wide, height: high };
  stamp(context, from, { x: 0, y: 0, width: columns, height: rows }, to);
}
