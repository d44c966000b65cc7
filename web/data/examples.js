/**
 * All digits of a set, both splits, in one row of bytes: the test digits first, then the training
 * digits. An id counts through both. Smaller copies, made as digits arrive, are for drawing many.
 * Other sets than MNIST have pictures of other sizes, and of other things than digits.
 *
 * @module
 */

import { levelsOf } from './levels.js';

/**
 * @typedef {import('./levels.js').Level} Level
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
  /** @param {About} about */
  constructor(about) {
    this.about = about;
    this.levels = levelsOf(about);
    this.labels = new Uint8Array(about.count);
    this.arrived = 0;
    /** By edge: (count, rows, columns) of that level. @type {Map<number, Uint8Array<ArrayBuffer>>} */
    this.copies = new Map(this.levels.map(({ edge, rows, columns }) => [edge, new Uint8Array(about.count * rows * columns)]));
  }

  /** (count, rows, columns) */
  get images() {
    return this.copy(this.levels[this.levels.length - 1].edge);
  }

  /** Pixels of a picture. */
  get area() {
    return this.about.rows * this.about.columns;
  }

  /** @param {number} edge of one of the levels */
  copy(edge) {
    return /** @type {Uint8Array<ArrayBuffer>} */ (this.copies.get(edge));
  }

  /**
   * @param {number} start id of the first
   * @param {Uint8Array} images (count, rows, columns)
   * @param {Uint8Array} labels (count,)
   */
  add(start, images, labels) {
    this.images.set(images, start * this.area);
    this.labels.set(labels, start);
    this.arrived += labels.length;
    for (let k = this.levels.length - 2; k >= 0; k--) {
      const [small, large] = [this.levels[k], this.levels[k + 1]];
      const halves = large.rows === 2 * small.rows && large.columns === 2 * small.columns;
      if (halves) this.#halve(large, small, start, labels.length);
      else this.#shrink(small, start, labels.length);
    }
  }

  /** @param {number} id @returns {Uint8Array<ArrayBuffer>} a copy of its pixels */
  pixels(id) {
    return this.images.slice(id * this.area, (id + 1) * this.area);
  }

  /** The mean of each two by two pixels. @param {Level} large @param {Level} small @param {number} start @param {number} count */
  #halve(large, small, start, count) {
    const [from, to] = [this.copy(large.edge), this.copy(small.edge)];
    const [wide, columns] = [large.columns, small.columns];
    let at = start * small.rows * columns;
    for (let row = start * small.rows; row < (start + count) * small.rows; row++) {
      // Digits lie below one another: row r of the small ones is rows 2r and 2r + 1 of the large.
      let upper = 2 * row * wide;
      for (let column = 0; column < columns; column++, upper += 2, at++) {
        to[at] = (from[upper] + from[upper + 1] + from[upper + wide] + from[upper + wide + 1] + 2) >> 2;
      }
    }
  }

  /**
   * Where halving does not come out even (28 to 4): the root mean square of the pixels of the
   * whole picture that each small one covers; their mean would turn strokes to mist.
   *
   * @param {Level} small
   * @param {number} start
   * @param {number} count
   */
  #shrink(small, start, count) {
    const { rows, columns } = this.about;
    const [from, to] = [this.images, this.copy(small.edge)];
    const across = spans(columns, small.columns);
    const down = spans(rows, small.rows);
    let at = start * small.rows * small.columns;
    for (let id = start; id < start + count; id++) {
      const first = id * rows * columns;
      for (const { begin: top, end: bottom } of down) {
        for (const { begin: left, end: right } of across) {
          let sum = 0;
          for (let y = top; y < bottom; y++) {
            const row = first + y * columns;
            for (let i = row + left; i < row + right; i++) sum += from[i] * from[i];
          }
          to[at++] = Math.sqrt(sum / ((bottom - top) * (right - left))) + 0.5;
        }
      }
    }
  }
}

/** Which of `many` pixels each of `few` covers, in whole or in part. @param {number} many @param {number} few */
function spans(many, few) {
  return Array.from({ length: few }, (_, k) => ({ begin: Math.floor((k * many) / few), end: Math.ceil(((k + 1) * many) / few) }));
}

/** @param {import('./index.js').DataIndex} index @returns {About} */
export function aboutPacked({ name, title, sample, source, rows, columns, classes, splits }) {
  const [test, train] = [splits.test.count, splits.train.count];
  /** @param {string} start of MNIST's files' names; a sample's digits lie elsewhere @returns {{files?: Origin}} */
  const files = (start) => (sample ? {} : { files: { images: `${start}-images-idx3-ubyte`, labels: `${start}-labels-idx1-ubyte` } });
  const parts = [
    { name: 'test', start: 0, count: test, ...files('t10k') },
    { name: 'train', start: test, count: train, ...files('train') },
  ];
  return { name, title, noun: 'digit', sample, source, remarks: [], rows, columns, classes, parts, count: test + train };
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
