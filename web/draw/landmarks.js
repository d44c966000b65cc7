/**
 * Where on a map each class is at home: the spot around which most of its digits lie, for its name
 * to be written on.
 *
 * @module
 */

/**
 * @typedef {object} Landmark
 * @property {number} label number of the class
 * @property {string} text
 * @property {number} x of the plane
 * @property {number} y
 */

/** Squares along the longer side of the map that digits are counted in. */
const FINE = 48;
/** Squares to each side that count as around a spot. */
const REACH = 2;

/**
 * @param {import('./arrange.js').Arrangement} map
 * @param {Uint8Array} labels by id
 * @param {string[]} names of the classes
 * @returns {Landmark[]} of the classes that have digits on the map
 */
export function landmarks({ ids, x, y, width, height }, labels, names) {
  const edge = Math.max(width, height) / FINE;
  const area = FINE * FINE;
  const counts = new Uint16Array(names.length * area);
  const square = (/** @type {number} */ at) => Math.min(FINE - 1, Math.floor(at / edge));
  for (let k = 0; k < ids.length; k++) counts[labels[ids[k]] * area + square(y[k]) * FINE + square(x[k])] += 1;
  return names.flatMap((text, label) => {
    const { row, column, most } = densest(counts.subarray(label * area, (label + 1) * area));
    return most ? [{ label, text, x: (column + 0.5) * edge, y: (row + 0.5) * edge }] : [];
  });
}

/** @param {Uint16Array} counts (FINE, FINE) @returns {{row: number, column: number, most: number}} of the square with most around it */
function densest(counts) {
  let best = { row: 0, column: 0, most: 0 };
  for (let row = 0; row < FINE; row++) {
    for (let column = 0; column < FINE; column++) {
      if (!counts[row * FINE + column]) continue;
      let most = 0;
      for (let down = Math.max(0, row - REACH); down <= Math.min(FINE - 1, row + REACH); down++) {
        for (let across = Math.max(0, column - REACH); across <= Math.min(FINE - 1, column + REACH); across++) most += counts[down * FINE + across];
      }
      if (most > best.most) best = { row, column, most };
    }
  }
  return best;
}
