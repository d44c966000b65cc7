/** About how many pixels wide a tile is. */
const TILE = 504;

/** @param {number} edge pixels a digit @returns {number} digits along a tile's edge: always whole ones; at 2, 4, 7, 14 and 28 pixels they fill 504 */
export function spanOf(edge) {
  return Math.max(1, Math.floor(TILE / edge));
}
