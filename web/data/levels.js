/**
 * The sizes in which a set's pictures are kept, so that many can be drawn small: their own, and
 * smaller ones, each about half the one above.
 *
 * @module
 */

/**
 * @typedef {object} Level
 * @property {number} edge pixels along the longer side
 * @property {number} rows
 * @property {number} columns
 */

/**
 * Smallest first; the last is the pictures' own. Of 28 × 28: 2, 4, 7, 14 and 28.
 *
 * @param {{rows: number, columns: number}} shape of the set's pictures
 * @returns {Level[]}
 */
export function levelsOf({ rows, columns }) {
  const whole = Math.max(rows, columns);
  /** @type {Level[]} */
  const levels = [];
  for (let edge = whole; ; edge = Math.max(2, Math.round(edge / 2))) {
    const scaled = (/** @type {number} */ side) => Math.max(1, Math.round((side * edge) / whole));
    levels.unshift({ edge, rows: scaled(rows), columns: scaled(columns) });
    if (edge <= 2) return levels;
  }
}

/**
 * A picture lies in the middle of a square cell, on whole pixels of its level.
 *
 * @param {{rows: number, columns: number}} shape
 * @returns {{left: number, top: number}} free pixels beside it and above it
 */
export function insetOf({ rows, columns }) {
  const edge = Math.max(rows, columns);
  return { left: Math.floor((edge - columns) / 2), top: Math.floor((edge - rows) / 2) };
}
