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
import { fetchShard } from '../data/shard.js';

/**
 * @typedef {import('../data/index.js').DataIndex} DataIndex
 * @typedef {import('../data/index.js').SplitName} SplitName
 * @typedef {import('../python/client.js').TrainerClient} TrainerClient
 * @typedef {import('../data/shard.js').Shard} Shard
 * @typedef {{split: SplitName, number: number}} Part
 */

/** Shards fetched at the same time. */
const LANES = 3;

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
  /** @type {DataIndex|null} */
  #index = null;
  /** @type {TrainerClient|null} */
  #client = null;
  /** The shard on its way for somebody to look at. */
  #sought = '';
  /** Shards that this client has been given. @type {Set<string>} */
  #given = new Set();

  /** @param {string} place address of the index @param {AbortSignal} stop ends all fetching */
  constructor(place, stop) {
    this.#place = place;
    this.#stop = stop;
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
   * @throws {import('../wire/download.js').LoadError}
   */
  async open() {
    this.#index ??= await fetchIndex(this.#place, this.#stop);
    this.digits.value ??= new Digits(this.#index);
    if (!this.arrived.value) await this.#fetch({ split: 'test', number: 0 });
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
    const key = `${split} ${number}`;
    if (!this.#index || number < 0 || key === this.#sought || this.example(split, index)) return;
    if (key === 'test 0') return; // `open` brings it
    this.#sought = key;
    try {
      const shard = await fetchShard(this.#place, this.#index, split, number, { signal: this.#stop });
      if (key === this.#sought) this.near.value = shard; // else somebody looks elsewhere by now
    } finally {
      if (key === this.#sought) this.#sought = '';
    }
  }

  /**
   * Hands every shard that a worker does not have yet to it. Another client begins anew.
   *
   * @param {TrainerClient} client
   * @throws {import('../wire/download.js').LoadError}
   */
  async deliver(client) {
    if (client !== this.#client) {
      this.#client = client;
      this.#given.clear();
      this.fetched.value = { loaded: 0, total: 0 };
    }
    if (!this.#index) return;
    this.fetched.value = { ...this.fetched.value, total: this.bytes };
    const { test, train } = this.#index.splits;
    /** @type {Part[]} */
    const parts = [
      { split: 'train', number: 0 }, // with the sizes of both splits known, the first network can be made
      ...test.shards.map((_, number) => /** @type {Part} */ ({ split: 'test', number })),
      ...train.shards.slice(1).map((_, number) => /** @type {Part} */ ({ split: 'train', number: number + 1 })),
    ];
    const lane = async () => {
      for (let part = parts.shift(); part && client === this.#client; part = parts.shift()) await this.#fetch(part);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  /** @param {Part} part */
  async #fetch({ split, number }) {
    const key = `${split} ${number}`;
    const client = this.#client;
    if (!this.#index || this.#given.has(key)) return;
    const shard = await fetchShard(this.#place, this.#index, split, number, { signal: this.#stop });
    const digits = this.digits.value;
    if (split === 'test' && digits) {
      digits.add(shard);
      this.arrived.value = digits.arrived;
    }
    if (!client || client !== this.#client || this.#given.has(key)) return;
    this.#given.add(key);
    client.data(shard);
    const { loaded, total } = this.fetched.value;
    this.fetched.value = { loaded: loaded + this.#index.splits[split].shards[number].bytes, total };
  }
}
