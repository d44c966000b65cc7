/**
 * Letters: eight rows of eight cells, as text files of `#` and `.`, whose class is the name up to the
 * first dot. Read as the package reads them (glassnet.data.glyphs), and refused with the same words.
 *
 * @module
 */

/**
 * @typedef {object} Letter
 * @property {string} file its name
 * @property {string} label its class
 * @property {Uint8Array<ArrayBuffer>} cells (64,): 1 where there is ink
 */

export const SIDE = 8;
export const AREA = SIDE * SIDE;
const [FILLED, EMPTY] = ['#', '.'];
/** Bytes of one file: 64 symbols and generous white space. */
const MOST_BYTES = 4096;
/** Files that are taken at once. */
const MOST_FILES = 200;

/** @returns {Letters} */
const told = () => JSON.parse(__LETTERS__);

/** @returns {{whole: Letter[], damaged: Letter[]}} those that come with the package */
export function ours() {
  const all = (/** @type {Record<string, string>} */ texts) => Object.entries(texts).map(([file, text]) => parse(text, file));
  const { whole, damaged } = told();
  return { whole: all(whole), damaged: all(damaged) };
}

/** @returns {{weights: Float64Array, errors: number[], measured: import('../python/protocol-adaline.js').Measured}} what was learned of those when the site was built */
export function learned() {
  const { weights, errors, measured } = told().learned;
  const { buffer } = Uint8Array.from(atob(weights), (byte) => byte.charCodeAt(0));
  const confused = measured.confused.map((/** @type {{cells: string}} */ one) => ({ ...one, cells: Uint8Array.from(one.cells, Number) }));
  return { weights: Float64Array.from(new Float32Array(buffer)), errors, measured: { ...measured, confused } };
}

/**
 * @param {string} text
 * @param {string} file what it is called, which says its class
 * @returns {Letter}
 * @throws {Error} that names the file, and the place in it
 */
export function parse(text, file) {
  const lines = text.split(/\r\n|\r|\n/);
  for (const [line, symbols] of lines.entries()) {
    for (const [column, symbol] of Array.from(symbols).entries()) {
      if (symbol === FILLED || symbol === EMPTY || /\s/.test(symbol)) continue;
      throw new Error(`${file}, line ${line + 1}, column ${column + 1}: expected # or ., got ${JSON.stringify(symbol)}`);
    }
  }
  const rows = lines.map((line) => line.replaceAll(/\s/g, '')).filter(Boolean);
  if (rows.length !== SIDE || rows.some((row) => row.length !== SIDE)) {
    const got = rows.slice(0, 20).map((row) => row.length).join(', ') || 'nothing';
    throw new Error(`${file}: expected ${SIDE} rows of ${SIDE} symbols, got rows of ${got}`);
  }
  const label = file.split('.')[0];
  if (!label) throw new Error(`${file}: the class is the name before the first dot, and here is none`);
  return { file, label, cells: Uint8Array.from(rows.join(''), (symbol) => Number(symbol === FILLED)) };
}

/** @param {ArrayLike<number>} cells @returns {string} as a file has them */
export function asText(cells) {
  const row = (/** @type {number} */ y) => Array.from({ length: SIDE }, (_, x) => (cells[y * SIDE + x] ? FILLED : EMPTY)).join('');
  return `${Array.from({ length: SIDE }, (_, y) => row(y)).join('\n')}\n`;
}

/**
 * Files of a visitor's: either all are letters, or none is taken.
 *
 * @param {File[]} files
 * @returns {Promise<{letters: Letter[], faults: string[]}>} one fault a file
 */
export async function readLetters(files) {
  const shown = files.filter(({ name }) => !name.startsWith('.'));
  if (!shown.length) return { letters: [], faults: ['There is no file in it.'] };
  if (shown.length > MOST_FILES) return { letters: [], faults: [`${shown.length} files; at most ${MOST_FILES} are taken at once`] };
  const read = await Promise.allSettled(shown.map(readLetter));
  const faults = read.flatMap((one) => (one.status === 'rejected' ? [/** @type {Error} */ (one.reason).message] : []));
  const letters = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return faults.length ? { letters: [], faults } : { letters, faults };
}

/** @param {File} file */
async function readLetter(file) {
  if (file.size > MOST_BYTES) throw new Error(`${file.name}: ${file.size} bytes; a letter has at most ${MOST_BYTES}`);
  const bytes = await file.arrayBuffer();
  /** @type {string} */
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${file.name}: not a text file`);
  }
  return parse(text, file.name);
}

/**
 * The letters by the names of their files: of two that are called the same the later one counts.
 *
 * @param {Letter[][]} lists
 */
export function merged(...lists) {
  const all = new Map(lists.flat().map((letter) => [letter.file, letter]));
  return [...all.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** @param {Letter[]} letters @returns {string[]} their classes in the order in which they first appear */
export function classesOf(letters) {
  return [...new Set(letters.map(({ label }) => label))];
}

/**
 * @param {Uint8Array<ArrayBuffer>} cells
 * @param {number} flips how many change: as many different ones
 * @param {number} seed the same seed changes the same cells
 * @returns {Uint8Array<ArrayBuffer>} a copy
 */
export function damaged(cells, flips, seed) {
  const next = random(seed);
  const places = Array.from(cells, (_, at) => at);
  const copy = cells.slice();
  for (let k = 0; k < Math.min(flips, places.length); k++) {
    const other = k + Math.floor(next() * (places.length - k));
    [places[k], places[other]] = [places[other], places[k]];
    copy[places[k]] ^= 1;
  }
  return copy;
}

/** @param {number} seed @returns {() => number} 0 to 1, the same each time (Mulberry32) */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Every neuron's sum: the bias, and each weight times +1 where there is ink and −1 where there is none.
 *
 * @param {Float64Array} weights (classes, 65)
 * @param {ArrayLike<number>} cells
 * @returns {Float64Array} (classes,)
 */
export function scoresOf(weights, cells) {
  return Float64Array.from({ length: weights.length / (AREA + 1) }, (_, k) => {
    let sum = weights[k * (AREA + 1)];
    for (let i = 0; i < AREA; i++) sum += weights[k * (AREA + 1) + 1 + i] * (cells[i] ? 1 : -1);
    return sum;
  });
}
