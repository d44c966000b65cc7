/**
 * The digits of a page: the first few test digits at once, to look at; the shard around any other
 * digit that somebody looks at; all of them, in checked shards and a few at a time, for a worker to
 * learn from. What came is told by signals.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { Digits } from '../data/digits.js';
import { fetchIndex } from '../data/index.js';
import { fetchOpening } from '../data/opening.js';
import { fetchShard } from '../data/shard.js';

/**
 * @typedef {import('../data/index.js').DataIndex} DataIndex
 * @typedef {import('../data/index.js').SplitName} SplitName
 * @typedef {import('../data/shard.js').Shard & {places?: Uint32Array<ArrayBuffer>}} Shard
 * @typedef {{split: SplitName, number: number}} Part
 * @typedef {{sent: Promise<void>, taken: Promise<void>}} Given a shard on its way, and when the worker has it
 *
 * The digits that a run begins with, and when there is time for the others.
 * @typedef {{place: string, opening: import('../data/recording.js').Opening, leisure: Promise<void>}} Beginning
 */

/** Shards of the test digits that are looked at before there is a run: the first two are small. */
export const LOOKED_AT = 2;

/** Shards fetched at the same time. */
const LANES = 3;

/** In the order in which they are handed over: those to be looked at come first. */
const SPLITS = /** @type {const} */ (['test', 'train']);

export class Supply {
  /** The test digits, for drawing. */
  digits = signal(/** @type {Digits|null} */ (null));
  /** How many of them are here. */
  arrived = signal(0);
  /** Where the digit looked at is, unless it is one of those. */
  near = signal(/** @type {Shard|null} */ (null));
  /** Bytes handed to the worker, and those it needs. */
  fetched = signal({ loaded: 0, total: 0 });

  #place;
  #stop;
  /** Shards of the test digits that come to be looked at. */
  #looks;
  /** @type {DataIndex|null} */
  #index = null;
  /** The worker that digits are handed to: each has a number of its own. */
  #life = 0;
  /** The shard on its way for somebody to look at. */
  #sought = '';
  /** Shards on their way to it, or there. @type {Map<string, Given>} */
  #given = new Map();

  /** @param {string} place address of the index @param {AbortSignal} stop ends all fetching @param {boolean} [brief] whether the very first digits are enough to look at */
  constructor(place, stop, brief = false) {
    this.#place = place;
    this.#stop = stop;
    this.#looks = brief ? 1 : LOOKED_AT;
  }

  /** What the data set is called and how large it is, once that is known. */
  get whole() {
    const index = this.#index;
    return index && { name: index.name, counts: { train: index.splits.train.count, test: index.splits.test.count } };
  }

  /** Bytes of all shards; 0 before the index is here. */
  get bytes() {
    const { train, test } = this.#index?.splits ?? {};
    return [...(train?.shards ?? []), ...(test?.shards ?? [])].reduce((sum, shard) => sum + shard.bytes, 0);
  }

  /**
   * Fetches the index and the first digits, unless they are here.
   *
   * @param {number} [looks] shards of the test digits, if more are to be looked at by now
   * @throws {import('../wire/download.js').LoadError}
   */
  async open(looks = this.#looks) {
    this.#looks = looks;
    this.#index ??= await fetchIndex(this.#place, this.#stop);
    this.digits.value ??= new Digits(this.#index);
    const index = this.#index;
    const wanted = Array.from(index.splits.test.shards.slice(0, looks).entries()).filter(([, { start }]) => start >= this.arrived.value);
    const shards = await Promise.all(wanted.map(([number]) => fetchShard(this.#place, index, 'test', number, { signal: this.#stop })));
    for (const shard of shards) this.keep(shard); // all at once, or what is shown would move
  }

  /** Takes a shard of the test digits that was fetched for something else. @param {Shard} shard */
  keep(shard) {
    const digits = this.digits.value;
    if (shard.split !== 'test' || !digits) return;
    digits.add(shard);
    this.arrived.value = digits.arrived;
  }

  /**
   * @param {SplitName} split
   * @param {number} index
   * @returns {{pixels: Uint8Array, label: number}|null} null if it is not here
   */
  example(split, index) {
    const digits = this.digits.value;
    if (split === 'test' && digits && index < this.arrived.value) return { pixels: digits.pixels(index), label: digits.labels[index] };
    const shard = this.near.value;
    if (shard?.split !== split || index < shard.start || index >= shard.start + shard.count) return null;
    const [at, area] = [index - shard.start, shard.rows * shard.columns];
    return { pixels: shard.images.subarray(at * area, (at + 1) * area), label: shard.labels[at] };
  }

  /**
   * Fetches the one shard that a digit is in, unless it is here or on its way.
   *
   * @param {SplitName} split
   * @param {number} index
   * @throws {import('../wire/download.js').LoadError}
   */
  async seek(split, index) {
    const number = this.#index?.splits[split].shards.findIndex(({ start, count }) => index < start + count) ?? -1;
    const key = keyOf({ split, number });
    if (!this.#index || number < 0 || key === this.#sought || this.example(split, index)) return;
    if (split === 'test' && number < this.#looks) return; // `open` brings it
    this.#sought = key;
    try {
      const shard = await fetchShard(this.#place, this.#index, split, number, { signal: this.#stop });
      if (key === this.#sought) this.near.value = shard; // else somebody looks elsewhere by now
    } finally {
      if (key === this.#sought) this.#sought = '';
    }
  }

  /**
   * Hands every shard that a worker does not have yet to it; all of them to another worker. It takes
   * them when it can: none is held back until Python is there.
   *
   * @param {number} life of the worker
   * @param {(shard: Shard) => Promise<unknown>} give
   * @param {() => void} known called when a shard of each split is on its way: once they are there, a run can be made
   * @param {Beginning|null} beginning
   * @throws {import('../wire/download.js').LoadError}
   */
  async deliver(life, give, known, beginning = null) {
    if (life !== this.#life) {
      this.#life = life;
      this.#given.clear();
      this.fetched.value = { loaded: 0, total: 0 };
    }
    if (!this.#index) return;
    this.fetched.value = { ...this.fetched.value, total: this.bytes };
    const parts = SPLITS.flatMap((split) => this.#index?.splits[split].shards.map((_, number) => ({ split, number })) ?? []);
    const [first, rest] = [parts.filter(({ number }) => !number), parts.filter(({ number }) => number)];
    const fresh = first.some((part) => !this.#given.has(keyOf(part)));
    if (fresh && beginning) {
      const [test, train] = first;
      const opening = fetchOpening(beginning.place, beginning.opening, this.#index, this.#stop);
      await Promise.all([this.#hand(test, life, give).sent, opening.then((shard) => void give(shard).catch(() => {}))]);
      rest.push(train);
    } else await Promise.all(first.map((part) => this.#hand(part, life, give).sent));
    if (life !== this.#life) return;
    if (fresh) known();
    if (fresh && beginning) await beginning.leisure;
    const lane = async () => {
      for (let part = rest.shift(); part && life === this.#life; part = rest.shift()) await this.#hand(part, life, give).sent;
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await Promise.all(Array.from(this.#given.values(), ({ taken }) => taken));
  }

  /** Whether the worker has all digits. */
  get complete() {
    const { loaded, total } = this.fetched.value;
    return total > 0 && loaded >= total;
  }

  /** @param {Part} part @param {number} life @param {(shard: Shard) => Promise<unknown>} give @returns {Given} */
  #hand(part, life, give) {
    const key = keyOf(part);
    const known = this.#given.get(key);
    if (known) return known;
    const fetched = this.#fetch(part);
    const asked = fetched.then((shard) => (shard && life === this.#life ? { answer: give(shard) } : null));
    const given = { sent: asked.then(() => {}), taken: asked.then((sent) => sent?.answer).then(() => this.#count(part, life)) };
    this.#given.set(key, given);
    given.taken.catch(() => this.#given.get(key) === given && this.#given.delete(key));
    return given;
  }

  /** A part is in Python. @param {Part} part @param {number} life */
  #count({ split, number }, life) {
    if (life !== this.#life) return;
    const { loaded, total } = this.fetched.value;
    this.fetched.value = { loaded: loaded + (this.#index?.splits[split].shards[number].bytes ?? 0), total };
  }

  /** @param {Part} part */
  async #fetch({ split, number }) {
    if (!this.#index) return null;
    const shard = await fetchShard(this.#place, this.#index, split, number, { signal: this.#stop });
    this.keep(shard);
    return shard;
  }
}

/**
 * One digit: one that is here, or else out of its shard.
 *
 * @param {Supply} supply
 * @param {string} place address of the index
 * @param {SplitName} split
 * @param {number} index
 * @param {AbortSignal} signal
 * @returns {Promise<{pixels: Uint8Array, label: number}|null>} null: there is no such digit
 * @throws {import('../wire/download.js').LoadError}
 */
export async function exampleOf(supply, place, split, index, signal) {
  const here = supply.example(split, index);
  if (here) return { ...here, pixels: here.pixels.slice() };
  const data = await fetchIndex(place, signal);
  const number = data.splits[split].shards.findIndex(({ start, count }) => index < start + count);
  if (number < 0) return null;
  const { images, labels, start } = await fetchShard(place, data, split, number, { signal });
  const area = data.rows * data.columns;
  const at = index - start;
  return { pixels: images.slice(at * area, (at + 1) * area), label: labels[at] };
}

/** @param {Part} part */
function keyOf({ split, number }) {
  return `${split} ${number}`;
}
