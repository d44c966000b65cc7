/**
 * How the network on the screen reads the first test digits, and which it gets wrong: read here, in
 * small pieces between frames, by the same arithmetic as Python's. Only networks whose weights all
 * come with their frames can be read so.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { indexOfLargest } from '../draw/bars.js';
import { forward, seen } from '../data/forward.js';

/**
 * @typedef {import('../python/client.js').Seen} Seen
 * @typedef {import('../data/digits.js').Digits} Digits
 * @typedef {{index: number, label: number, answer: number}} Mistake
 *
 * @typedef {object} Told
 * @property {number} count digits that were read
 * @property {Mistake[]} wrong in the order in which they went wrong, the newest last
 * @property {number} step at which
 */

/** Digits read, and at a time: a piece takes a millisecond or two. */
const [DIGITS, PIECE] = [1000, 40];
/** Milliseconds between two pieces, and between two readings. */
const [BREATH_MS, REST_MS] = [4, 700];
/** Weights of a network that is read here at most: with more a reading would take too long. */
const MOST = 250_000;

export class Score {
  told = signal(/** @type {Told|null} */ (null));

  /** @type {Seen|null} */
  #frame = null;
  /** What the last reading was of. */
  #of = '';
  #reading = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** Takes a frame; it is read when there is time. @param {Seen|null} frame @param {Digits|null} digits @param {number} arrived of them are here */
  follow(frame, digits, arrived) {
    const usable = frame && digits && isWhole(frame) ? frame : null;
    const run = usable && `${usable.run} ${usable.generation}`;
    if (run !== (this.#frame && `${this.#frame.run} ${this.#frame.generation}`)) this.told.value = null;
    this.#frame = usable;
    if (usable && digits && arrived && !this.#reading && nameOf(usable, arrived) !== this.#of) this.#read(digits);
  }

  close() {
    clearTimeout(this.#timer);
    this.#reading = true;
  }

  /** @param {Digits} digits */
  #read(digits) {
    const frame = /** @type {Seen} */ (this.#frame);
    const count = Math.min(DIGITS, digits.arrived);
    const arrays = Object.fromEntries(Object.entries(frame.arrays).map(([name, { data }]) => [name, data]));
    const { layers } = frame.description;
    const last = `layers.${layers.length - 1}.a`;
    /** @type {Map<number, number>} */
    const wrong = new Map();
    this.#reading = true;
    this.#of = nameOf(frame, digits.arrived);
    const piece = (/** @type {number} */ begin) => {
      const end = Math.min(count, begin + PIECE);
      for (let index = begin; index < end; index++) {
        const answer = indexOfLargest(forward(layers, arrays, seen(digits.pixels(index)))[last]);
        if (answer !== digits.labels[index]) wrong.set(index, answer);
      }
      if (end < count) this.#timer = setTimeout(piece, BREATH_MS, end);
      else this.#finish(frame, digits, count, wrong);
    };
    piece(0);
  }

  /** @param {Seen} frame @param {Digits} digits @param {number} count @param {Map<number, number>} wrong answers by index */
  #finish(frame, digits, count, wrong) {
    const now = this.#frame;
    if (now?.run === frame.run && now.generation === frame.generation) {
      const before = (this.told.peek()?.wrong ?? []).filter(({ index }) => wrong.has(index)).map(({ index }) => index);
      const order = [...before, ...[...wrong.keys()].filter((index) => !before.includes(index))];
      this.told.value = {
        count,
        step: frame.step,
        wrong: order.map((index) => ({ index, label: digits.labels[index], answer: /** @type {number} */ (wrong.get(index)) })),
      };
    }
    this.#timer = setTimeout(() => {
      this.#reading = false;
      this.follow(this.#frame, digits, digits.arrived);
    }, REST_MS);
  }
}

/** What is read. @param {Seen} frame @param {number} arrived */
function nameOf({ run, generation, step }, arrived) {
  return `${run} ${generation} ${step} ${Math.min(DIGITS, arrived)}`;
}

/** Whether all that the network is made of came with the frame. @param {Seen} frame */
function isWhole({ arrays, description: { layers } }) {
  let numbers = 0;
  const all = layers.every(({ name, parameters, memory }) =>
    [...Object.keys(parameters), ...Object.keys(memory)].every((key) => {
      const array = arrays[`${name}.${key}`];
      numbers += array?.data.length ?? 0;
      return array;
    }),
  );
  return all && numbers > 0 && numbers <= MOST;
}
