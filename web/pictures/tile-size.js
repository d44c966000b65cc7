/** About how many pixels wide a tile is. */
const TILE = 504;

/** @param {number} edge pixels a digit @returns {number} digits along a tile's edge: always whole ones; at 2, 4, 7, 14 and 28 pixels they fill 504 */
export function spanOf(edge) {
  return Math.max(1, Math.floor(TILE / edge));
}

/** Steps between plain ink and a digit's colour. */
export const TINTS = 3;
/** Pixels of the window up to which a digit has its colour in full, and from which it is plain ink: it can be read. */
const [FULL, PLAIN] = [12, 40];

/** @param {number} edge of a digit, in pixels of the window @returns {number} 0..TINTS */
export function tintOf(edge) {
  if (edge >= PLAIN) return 0;
  return Math.max(1, Math.min(TINTS, Math.ceil((TINTS * (PLAIN - edge)) / (PLAIN - FULL))));
}
