/**
 * Arrangements: where each digit goes on the plane, whose unit is a digit's edge. A lattice has
 * whole coordinates and at most one digit a place; on a map digits may overlap.
 *
 * @module
 */

/**
 * @typedef {object} Heading words beside a group of digits
 * @property {string} text
 * @property {string} short the same where there is little room
 * @property {number} x of the group's left edge
 * @property {number} y of its top
 * @property {number} width of the group
 * @property {'above'|'left'|'title'} side a title stands over the headings above, and says what all of them mean
 *
 * @typedef {object} Cell of a confusion matrix
 * @property {number} x
 * @property {number} y
 * @property {number} edge
 * @property {number} label number of the class
 * @property {number} answer number of the class it was read as
 * @property {number} count how many digits
 * @property {number} share of the fullest cell's that were misread, 0..1
 * @property {boolean} right whether the answer is the label
 *
 * @typedef {object} Arrangement
 * @property {Uint32Array} ids which digits, in order
 * @property {Float32Array} x left edge of each, in the same order
 * @property {Float32Array} y top edge
 * @property {number} width of the plane
 * @property {number} height
 * @property {boolean} lattice
 * @property {Heading[]} headings
 * @property {{x: number[], y: number[]}} [rules] where hairlines part the groups
 * @property {Cell[]} [cells] of a confusion matrix, those that have digits
 * @property {import('./landmarks.js').Landmark[]} [landmarks] where the classes are at home
 */

const GAP = 2; // between two groups

/** @param {number} count @param {number} aspect width by height @returns {number} digits in a row */
export function columnsFor(count, aspect) {
  return Math.max(1, Math.ceil(Math.sqrt(count * aspect)));
}

/**
 * @param {Uint32Array} ids
 * @param {Uint8Array} groups by id
 * @param {number} classes
 * @param {number} aspect that the plane should have
 * @returns {number} digits in a row of each class's column
 */
export function acrossFor(ids, groups, classes, aspect) {
  const counts = new Uint32Array(classes);
  for (const id of ids) counts[groups[id]] += 1;
  return Math.max(1, Math.ceil(Math.sqrt((Math.max(...counts) * aspect) / classes)));
}

/**
 * Row by row.
 *
 * @param {Uint32Array} ids
 * @param {number} columns
 * @returns {Arrangement}
 */
export function asGrid(ids, columns) {
  const [x, y] = [new Float32Array(ids.length), new Float32Array(ids.length)];
  for (let k = 0; k < ids.length; k++) {
    x[k] = k % columns;
    y[k] = Math.floor(k / columns);
  }
  const height = Math.max(1, Math.ceil(ids.length / columns));
  return { ids, x, y, width: Math.max(1, Math.min(columns, ids.length)), height, lattice: true, headings: [] };
}

/**
 * Side by side, one column a class, each as long as it has members: a histogram made of digits.
 *
 * @param {Uint32Array} ids
 * @param {Uint8Array} groups of every digit of the set, by id
 * @param {string[]} names of the groups
 * @param {number} across digits in a row of each
 * @returns {Arrangement}
 */
export function asColumns(ids, groups, names, across) {
  const members = split(ids, names.length, (id) => groups[id]);
  const most = Math.max(1, ...members.map(({ length }) => length));
  const [x, y] = [new Float32Array(ids.length), new Float32Array(ids.length)];
  const headings = members.map((ks, group) => {
    const left = group * (across + GAP);
    fill(x, y, ks, across, left, 0);
    return { text: names[group], short: names[group], x: left, y: 0, width: across, side: /** @type {const} */ ('above') };
  });
  const width = names.length * (across + GAP) - GAP;
  return { ids, x, y, width, height: Math.ceil(most / across), lattice: true, headings };
}

/** Digits along the edge of a cell of a confusion matrix. */
const CELL = 5;

/**
 * A confusion matrix of digits: a row a true class, a column an answer. A cell shows its first
 * digits and says how many there are; those on the diagonal, which were read right, are a number.
 *
 * @param {Uint32Array} ids
 * @param {Uint8Array} truth by id
 * @param {Uint8Array} answers by id
 * @param {string[]} names of the classes
 * @returns {Arrangement} of the digits that are shown
 */
export function asConfusion(ids, truth, answers, names) {
  const classes = names.length;
  const members = split(ids, classes * classes, (id) => truth[id] * classes + answers[id]);
  const pitch = CELL + 1;
  const shown = members.map((ks, cell) => (cell % (classes + 1) ? ks.slice(0, CELL ** 2) : []));
  const order = shown.flat().sort((a, b) => a - b);
  const [x, y] = [new Float32Array(order.length), new Float32Array(order.length)];
  const place = new Map(order.map((k, at) => [k, at]));
  const most = Math.max(1, ...members.map(({ length }, cell) => (cell % (classes + 1) ? length : 0)));
  const cells = members.flatMap((ks, cell) => {
    const [answer, label] = [cell % classes, Math.floor(cell / classes)];
    shown[cell].forEach((k, i) => {
      const at = /** @type {number} */ (place.get(k));
      x[at] = answer * pitch + (i % CELL);
      y[at] = label * pitch + Math.floor(i / CELL);
    });
    const right = answer === label;
    return ks.length ? [{ x: answer * pitch, y: label * pitch, edge: CELL, label, answer, count: ks.length, share: right ? 0 : ks.length / most, right }] : [];
  });
  const extent = classes * pitch - 1;
  /** @type {Heading[]} */
  const headings = names.flatMap((name, i) => [
    { text: `read as ${name}`, short: name, x: i * pitch, y: 0, width: CELL, side: /** @type {const} */ ('above') },
    { text: `labelled ${name}`, short: name, x: 0, y: i * pitch, width: CELL, side: /** @type {const} */ ('left') },
  ]);
  const title = { text: 'across: what the network reads · down: the label · a click on a cell shows all of it', short: 'across: read as · down: label', side: /** @type {const} */ ('title') };
  headings.unshift({ ...title, x: 0, y: 0, width: extent });
  const parts = Array.from({ length: classes + 1 }, (_, i) => i * pitch - 0.5);
  const chosen = Uint32Array.from(order, (k) => ids[k]);
  return { ids: chosen, x, y, width: extent, height: extent, lattice: true, headings, rules: { x: parts, y: parts }, cells };
}

/**
 * At given points; the plane grows with the number of digits, so that a map of many is no denser
 * than one of few.
 *
 * @param {Uint32Array} ids
 * @param {ArrayLike<number>} points x, y of every digit of the set, by id, in any unit
 * @returns {Arrangement}
 */
export function asMap(ids, points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  const span = Math.max(right - left, bottom - top) || 1;
  const scale = (1.4 * Math.sqrt(points.length / 2)) / span;
  const [x, y] = [new Float32Array(ids.length), new Float32Array(ids.length)];
  ids.forEach((id, k) => {
    x[k] = (points[2 * id] - left) * scale;
    y[k] = (points[2 * id + 1] - top) * scale;
  });
  const width = (right - left) * scale + 1;
  return { ids, x, y, width, height: (bottom - top) * scale + 1, lattice: false, headings: [] };
}

/**
 * @param {Float32Array} x
 * @param {Float32Array} y
 * @param {number[]} ks which places to set
 * @param {number} across
 * @param {number} left
 * @param {number} top
 */
function fill(x, y, ks, across, left, top) {
  for (let i = 0; i < ks.length; i++) {
    x[ks[i]] = left + (i % across);
    y[ks[i]] = top + Math.floor(i / across);
  }
}

/**
 * @param {Uint32Array} ids
 * @param {number} groups
 * @param {(id: number) => number} groupOf
 * @returns {number[][]} for each group the places in `ids` of its members
 */
function split(ids, groups, groupOf) {
  const members = Array.from({ length: groups }, () => /** @type {number[]} */ ([]));
  ids.forEach((id, k) => members[groupOf(id)]?.push(k));
  return members;
}
