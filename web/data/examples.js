/**
 * All digits of a set, both splits, in one row of bytes: the test digits first, then the training
 * digits. An id counts through both. Smaller copies, made as digits arrive, are for drawing many.
 *
 * @module
 */

/**
 * @typedef {object} Part a split of the set
 * @property {string} name `test` or `train`
 * @property {number} start id of its first digit
 * @property {number} count
 *
 * @typedef {object} About what a set is, without its bytes
 * @property {string} name such as `mnist`
 * @property {string} title
 * @property {boolean} sample
 * @property {string} source
 * @property {string[]} classes
 * @property {Part[]} parts
 * @property {number} count of all digits
 */

/** Height and width of every picture. */
export const EDGE = 28;
export const AREA = EDGE * EDGE;
/** Edges of the copies, smallest first; the last are the digits themselves. */
export const EDGES = /** @type {const} */ ([2, 4, 7, 14, 28]);

export class Examples {
  /** @param {About} about */
  constructor(about) {
    this.about = about;
    this.labels = new Uint8Array(about.count);
    /** By edge: (count, edge, edge). */
    this.copies = new Map(EDGES.map((edge) => [edge, new Uint8Array(about.count * edge * edge)]));
    this.arrived = 0;
  }

  /** (count, 28, 28) */
  get images() {
    return this.copy(EDGE);
  }

  /** @param {number} edge one of EDGES */
  copy(edge) {
    return /** @type {Uint8Array<ArrayBuffer>} */ (this.copies.get(/** @type {28} */ (edge)));
  }

  /**
   * @param {number} start id of the first
   * @param {Uint8Array} images (count, 28, 28)
   * @param {Uint8Array} labels (count,)
   */
  add(start, images, labels) {
    this.images.set(images, start * AREA);
    this.labels.set(labels, start);
    this.arrived += labels.length;
    this.#halve(28, 14, start, labels.length);
    this.#halve(14, 7, start, labels.length);
    this.#quarter(start, labels.length);
    this.#halve(4, 2, start, labels.length);
  }

  /** @param {number} id @returns {Uint8Array<ArrayBuffer>} a copy of its pixels */
  pixels(id) {
    return this.images.slice(id * AREA, (id + 1) * AREA);
  }

  /** The mean of each two by two pixels. @param {number} large @param {number} small @param {number} start @param {number} count */
  #halve(large, small, start, count) {
    const [from, to] = [this.copy(large), this.copy(small)];
    let at = start * small * small;
    for (let row = start * small; row < (start + count) * small; row++) {
      // Digits lie below one another: row r of the small ones is rows 2r and 2r + 1 of the large.
      let upper = 2 * row * large;
      for (let column = 0; column < small; column++, upper += 2, at++) {
        to[at] = (from[upper] + from[upper + 1] + from[upper + large] + from[upper + large + 1] + 2) >> 2;
      }
    }
  }

  /** 28 to 4: the root mean square of each seven by seven pixels; their mean would turn strokes to mist. @param {number} start @param {number} count */
  #quarter(start, count) {
    const [from, to] = [this.images, this.copy(4)];
    let at = start * 16;
    for (let row = start * 4; row < (start + count) * 4; row++) {
      for (let column = 0; column < 4; column++, at++) {
        let sum = 0;
        for (let y = 0; y < 7; y++) {
          const first = (row * 7 + y) * EDGE + column * 7;
          for (let x = first; x < first + 7; x++) sum += from[x] * from[x];
        }
        to[at] = Math.sqrt(sum / 49) + 0.5;
      }
    }
  }
}

/** @param {import('./index.js').DataIndex} index @returns {About} */
export function aboutPacked({ name, title, sample, source, classes, splits }) {
  const [test, train] = [splits.test.count, splits.train.count];
  const parts = [
    { name: 'test', start: 0, count: test },
    { name: 'train', start: test, count: train },
  ];
  return { name, title, sample, source, classes, parts, count: test + train };
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
