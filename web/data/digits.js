/**
 * The test digits that this page has so far, kept for drawing: one array for the whole split,
 * filled as shards arrive.
 *
 * @module
 */

/** @typedef {import('./index.js').DataIndex} DataIndex */
/** @typedef {import('./shard.js').Shard} Shard */

export class Digits {
  /** Where a shard ends, by where it starts: of those that came before their turn. @type {Map<number, number>} */
  #ends = new Map();

  /** @param {DataIndex} index */
  constructor({ title, sample, rows, columns, classes, splits }) {
    this.title = title;
    this.sample = sample;
    this.rows = rows;
    this.columns = columns;
    this.classes = classes;
    /** How many there will be. */
    this.total = splits.test.count;
    /** Of either split. */
    this.totals = { test: splits.test.count, train: splits.train.count };
    /** How many of the first are here. */
    this.arrived = 0;
    /** (total, rows, columns), 0..255; blank where not arrived. */
    this.images = new Uint8Array(this.total * rows * columns);
    /** (total,) */
    this.labels = new Uint8Array(this.total);
  }

  /** Keeps a copy of a shard of the test split, in whatever order they come. @param {Shard} shard */
  add(shard) {
    this.images.set(shard.images, shard.start * this.rows * this.columns);
    this.labels.set(shard.labels, shard.start);
    this.#ends.set(shard.start, shard.start + shard.count);
    for (let end = this.#ends.get(this.arrived); end; end = this.#ends.get(end)) this.arrived = end;
  }

  /** @param {number} index @returns {Uint8Array} (rows, columns), or empty if it is not here yet */
  pixels(index) {
    const area = this.rows * this.columns;
    return index < this.arrived ? this.images.subarray(index * area, (index + 1) * area) : new Uint8Array();
  }
}
