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

/** Digits read. */
const DIGITS = 1000;
/** Milliseconds of a piece, between two pieces, and between two readings. */
const [PIECE_MS, BREATH_MS, REST_MS] = [3, 4, 700];
/** Weights of a network that is read here at most: with more a reading would take too long. */
const MOST = 250_000;

export class Score {
  /** Nothing is read while nobody follows it. */
  told = signal(/** @type {Told|null} */ (null), {
    watched: () => {
      this.#watched = true;
      this.#go();
    },
    unwatched: () => void (this.#watched = false),
  });

  #watched = false;
  /** @type {Seen|null} */
  #frame = null;
  /** @type {Digits|null} */
  #digits = null;
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
    [this.#frame, this.#digits] = [usable, digits];
    if (arrived) this.#go();
  }

  /** Reads what is on the screen, unless it is read already. */
  #go() {
    const [frame, digits] = [this.#frame, this.#digits];
    if (frame && digits?.arrived && this.#watched && !this.#reading && nameOf(frame, digits.arrived) !== this.#of) this.#read(frame, digits);
  }

  close() {
    clearTimeout(this.#timer);
    this.#reading = true;
  }

  /** @param {Seen} frame @param {Digits} digits */
  #read(frame, digits) {
    const count = Math.min(DIGITS, digits.arrived);
    const arrays = Object.fromEntries(Object.entries(frame.arrays).map(([name, { data }]) => [name, data]));
    const { layers } = frame.description;
    const last = `layers.${layers.length - 1}.a`;
    /** @type {Map<number, number>} */
    const wrong = new Map();
    this.#reading = true;
    this.#of = nameOf(frame, digits.arrived);
    const piece = (/** @type {number} */ begin) => {
      let index = begin;
      for (const end = performance.now() + PIECE_MS; index < count && performance.now() < end; index++) {
        const answer = indexOfLargest(forward(layers, arrays, seen(digits.pixels(index)))[last]);
        if (answer !== digits.labels[index]) wrong.set(index, answer);
      }
      if (index < count) this.#timer = setTimeout(piece, BREATH_MS, index);
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
      this.#go();
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
