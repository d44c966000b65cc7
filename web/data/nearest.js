/**
 * The digits that are most like one: exact, by the Euclidean distance between their pixels.
 *
 * @module
 */

import { breathing } from './breath.js';

/** @typedef {{ids: Uint32Array, distances: Float32Array}} Nearest nearest first; distances between pixels in 0..1 */

/** Pixels after which a candidate that is already too far is given up. */
const STRIDE = 112;

/**
 * @param {import('./examples.js').Examples} examples
 * @param {number} id of the one whose neighbours are wanted
 * @param {{all: number, unlike: number}} counts how many of all, and how many of those with another label
 * @returns {Promise<{all: Nearest, unlike: Nearest}>}
 */
export async function nearest(examples, id, counts) {
  const { images, area, labels, about: { count: total } } = examples;
  const [own, { pixels }] = [examples.pixels(id), images];
  const [all, unlike] = [new Best(counts.all), new Best(counts.unlike)];
  const breath = breathing();
  for (let other = 0; other < total; other++) {
    if (other % 256 === 0) await breath();
    if (other === id) continue;
    const differs = labels[other] !== labels[id];
    const worst = differs ? Math.max(all.worst, unlike.worst) : all.worst;
    let sum = 0;
    for (let i = 0, at = images.find(other); i < area && sum < worst; ) {
      for (const end = Math.min(area, i + STRIDE); i < end; i++, at++) {
        const difference = own[i] - pixels[at];
        sum += difference * difference;
      }
    }
    all.offer(other, sum);
    if (differs) unlike.offer(other, sum);
  }
  return { all: all.nearest, unlike: unlike.nearest };
}

/** The nearest so far, of which there are at most so many. */
class Best {
  #ids;
  #squares;
  #filled = 0;

  /** @param {number} count */
  constructor(count) {
    this.#ids = new Uint32Array(count);
    this.#squares = new Float64Array(count).fill(Infinity);
  }

  /** From this square of a distance on, none is taken. */
  get worst() {
    return this.#squares[this.#squares.length - 1];
  }

  /** @param {number} id @param {number} square of its distance */
  offer(id, square) {
    const [ids, squares] = [this.#ids, this.#squares];
    if (square >= this.worst) return;
    let place = squares.length - 1;
    for (; place > 0 && squares[place - 1] > square; place--) {
      squares[place] = squares[place - 1];
      ids[place] = ids[place - 1];
    }
    squares[place] = square;
    ids[place] = id;
    this.#filled = Math.min(squares.length, this.#filled + 1);
  }

  /** @returns {Nearest} */
  get nearest() {
    const squares = this.#squares.subarray(0, this.#filled);
    return { ids: this.#ids.slice(0, this.#filled), distances: Float32Array.from(squares, (square) => Math.sqrt(square) / 255) };
  }
}
