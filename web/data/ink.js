/**
 * Strokes as ink: which part of each small square of the paper a round pen has covered. Computed
 * here rather than by a canvas, whose edges differ between browsers: so the same link is the same
 * digit everywhere.
 *
 * @module
 */

import { SIDE } from './strokes.js';

/** The pen's, in units of the paper: a digit as large as MNIST's gets strokes as thick as theirs. */
export const RADIUS = 5;

/** @param {import('./strokes.js').Stroke[]} strokes @returns {Uint8Array} 0 to 255, (SIDE, SIDE) */
export function inkOf(strokes) {
  const ink = new Uint8Array(SIDE * SIDE);
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i++) cover(ink, stroke[Math.max(0, i - 1)], stroke[i]);
  }
  return ink;
}

/**
 * The pen's way from one point to the next.
 *
 * @param {Uint8Array} ink
 * @param {import('./strokes.js').Point} from
 * @param {import('./strokes.js').Point} to
 */
function cover(ink, from, to) {
  const reach = RADIUS + 1;
  const [across, down] = [to.x - from.x, to.y - from.y];
  const squared = across ** 2 + down ** 2;
  const [top, bottom] = [Math.max(0, Math.min(from.y, to.y) - reach), Math.min(SIDE - 1, Math.max(from.y, to.y) + reach)];
  const [left, right] = [Math.max(0, Math.min(from.x, to.x) - reach), Math.min(SIDE - 1, Math.max(from.x, to.x) + reach)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = squared ? ((x - from.x) * across + (y - from.y) * down) / squared : 0;
      const nearest = Math.min(1, Math.max(0, along));
      const away = Math.sqrt((x - from.x - nearest * across) ** 2 + (y - from.y - nearest * down) ** 2);
      const covered = Math.round(255 * Math.min(1, Math.max(0, RADIUS + 0.5 - away)));
      if (covered > ink[y * SIDE + x]) ink[y * SIDE + x] = covered;
    }
  }
}
