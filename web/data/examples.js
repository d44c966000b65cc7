/**
 * All digits of a set, both splits: the test digits first, then the training digits. An id counts
 * through both. Smaller copies, made as digits arrive, are for drawing many.
 * Other sets than MNIST have pictures of other sizes, and of other things than digits.
 *
 * @module
 */

import { levelsOf } from './levels.js';
import { picturesOf } from './pictures.js';

/**
 * @typedef {import('./levels.js').Level} Level
 * @typedef {import('./pictures.js').Pictures} Pictures
 * @typedef {{begin: number, end: number}} Span
 *
 * @typedef {object} Part a split of the set
 * @property {string} name `test` or `train`
 * @property {number} start id of its first digit
 * @property {number} count
 * @property {Origin} [files] where its bytes lie, if they are those of IDX files
 *
 * @typedef {object} Origin names of IDX files
 * @property {string} images one byte a pixel after 16 bytes of header
 * @property {string|null} labels one byte a label after 8 bytes of header; null: there are none such
 *
 * @typedef {object} About what a set is, without its bytes
 * @property {string} name such as `mnist`; `own` for the visitor's files
 * @property {string} title
 * @property {'digit'|'image'} noun what one of its pictures is called
 * @property {boolean} sample
 * @property {boolean} facts whether the site has what its network makes of each: it has of its own digits
 * @property {string} source
 * @property {string[]} remarks what else one should know of it, as sentences
 * @property {number} rows of every picture
 * @property {number} columns
 * @property {string[]} classes
 * @property {Part[]} parts
 * @property {number} count of all digits
 */

/** The class of pictures that came without labels: always a set's last. */
export const UNLABELLED = 'unlabelled';

export class Examples {
  /** How each smaller copy is made, the largest first. */
  #smaller;

  /** @param {About} about */
  constructor(about) {
    this.about = about;
    this.levels = levelsOf(about);
    this.labels = new Uint8Array(about.count);
    this.arrived = 0;
    /** By edge. @type {Map<number, Pictures>} */
    this.copies = new Map(this.levels.map(({ edge, rows, columns }) => [edge, picturesOf(about.count, rows * columns)]));
    this.#smaller = this.levels.slice(0, -1).map((level, k) => smallerFrom(this.levels[k + 1], level, about)).reverse();
  }

  /** Those of full size. */
  get images() {
    return this.copy(this.levels[this.levels.length - 1].edge);
  }

  /** Pixels of a picture. */
  get area() {
    return this.about.rows * this.about.columns;
  }

  /** Of memory, for the pictures in all sizes. */
  get bytes() {
    return [...this.copies.values()].reduce((sum, pictures) => sum + pictures.bytes, 0);
  }

  /** @param {number} edge of one of the levels */
  copy(edge) {
    return /** @type {Pictures} */ (this.copies.get(edge));
  }

  /**
   * @param {number} start id of the first
   * @param {Uint8Array} images (count, rows, columns)
   * @param {Uint8Array} labels (count,)
   */
  add(start, images, labels) {
    this.labels.set(labels, start);
    this.arrived += labels.length;
    for (let k = 0; k < labels.length; k++) {
      const whole = images.subarray(k * this.area, (k + 1) * this.area);
      this.images.put(start + k, whole);
      let larger = whole;
      for (const { edge, make } of this.#smaller) this.copy(edge).put(start + k, (larger = make(larger, whole)));
    }
  }

  /** @param {number} id @returns {Uint8Array<ArrayBuffer>} a copy of its pixels */
  pixels(id) {
    return this.gather(Uint32Array.of(id), new Uint8Array(this.area));
  }

  /** @param {Uint32Array} ids @param {Uint8Array<ArrayBuffer>} into (ids, rows, columns) */
  gather(ids, into) {
    const { images, area } = this;
    for (let k = 0; k < ids.length; k++) {
      const from = images.find(ids[k]);
      into.set(images.pixels.subarray(from, from + area), k * area);
    }
    return into;
  }
}

/**
 * @param {Level} large
 * @param {Level} small
 * @param {{rows: number, columns: number}} shape of the whole picture
 * @returns {{edge: number, make: (larger: Uint8Array, whole: Uint8Array) => Uint8Array}} what is made lasts until the next is
 */
function smallerFrom(large, small, { rows, columns }) {
  const made = new Uint8Array(small.rows * small.columns);
  if (large.rows === 2 * small.rows && large.columns === 2 * small.columns) {
    return { edge: small.edge, make: (larger) => halve(larger, small, made) };
  }
  const [down, across] = [spans(rows, small.rows), spans(columns, small.columns)];
  return { edge: small.edge, make: (_, whole) => shrink(whole, columns, down, across, made) };
}

/** The mean of each two by two pixels. @param {Uint8Array} from @param {Level} small @param {Uint8Array} to */
function halve(from, { rows, columns }, to) {
  const wide = 2 * columns;
  for (let row = 0, at = 0, upper = 0; row < rows; row++, upper += wide) {
    for (let column = 0; column < columns; column++, upper += 2, at++) {
      to[at] = (from[upper] + from[upper + 1] + from[upper + wide] + from[upper + wide + 1] + 2) >> 2;
    }
  }
  return to;
}

/**
 * Where halving does not come out even (28 to 4): the root mean square of the pixels of the whole
 * picture that each small one covers; their mean would turn strokes to mist.
 *
 * @param {Uint8Array} from
 * @param {number} wide pixels in a row of it
 * @param {Span[]} down
 * @param {Span[]} across
 * @param {Uint8Array} to
 */
function shrink(from, wide, down, across, to) {
  let at = 0;
  for (const { begin: top, end: bottom } of down) {
    for (const { begin: left, end: right } of across) {
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let i = y * wide + left; i < y * wide + right; i++) sum += from[i] * from[i];
      }
      to[at++] = Math.sqrt(sum / ((bottom - top) * (right - left))) + 0.5;
    }
  }
  return to;
}

/** Which of `many` pixels each of `few` covers, in whole or in part. @param {number} many @param {number} few @returns {Span[]} */
function spans(many, few) {
  return Array.from({ length: few }, (_, k) => ({ begin: Math.floor((k * many) / few), end: Math.ceil(((k + 1) * many) / few) }));
}

/** @param {About} about @param {number} id @returns {{split: string, index: number}} its place in the set */
export function placeOf({ parts }, id) {
  const part = parts.find(({ start, count }) => id >= start && id < start + count) ?? parts[0];
  return { split: part.name, index: id - part.start };
}

/** @param {About} about @param {string} split @param {number} index @returns {number} its id; -1 if there is none */
export function idOf({ parts }, split, index) {
  const part = parts.find(({ name }) => name === split);
  return part && index >= 0 && index < part.count ? part.start + index : -1;
}

/** What pictures of these classes are called. @param {string[]} classes @returns {About['noun']} */
export function nounOf(classes) {
  return classes.join('') === '0123456789' ? 'digit' : 'image';
}
