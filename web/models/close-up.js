/**
 * What one looks at closely: the chosen digit's pixels, what the shipped network makes of them, and
 * the digits that are most like it.
 *
 * @module
 */

import { batch, computed, signal } from '@preact/signals-core';
import { answer } from '../data/network.js';

/**
 * @typedef {import('./collection.js').Collection} Collection
 * @typedef {{ids: Uint32Array, distances: Float32Array, images: Uint8Array}} Near nearest first
 */

/** How many are shown of those most like it; and of those that have another label. */
const COUNTS = { all: 12, unlike: 6 };

export class CloseUp {
  pixels = signal(/** @type {Uint8Array<ArrayBuffer>|null} */ (null));
  near = signal(/** @type {Near|null} */ (null));
  /** Of those with another label. */
  unlike = signal(/** @type {Near|null} */ (null));
  /** Of the shipped network, 0..1, one a class; null if it is not here, or never learned such digits. */
  outputs = computed(() => {
    const { network: shipped, facts, reader } = this.#collection;
    const [own, pixels] = [reader.isOwn.value ? reader.own.value : null, this.pixels.value];
    const network = own ?? (facts.value && shipped.value);
    return network && pixels ? answer(network, pixels) : null;
  });

  #collection;
  /** Which digit of which set it is about. */
  #digit = { id: -1, parts: /** @type {object|null} */ (null) };
  /** What has been asked about it. @type {Set<'pixels'|'near'>} */
  #asked = new Set();

  /** @param {Collection} collection */
  constructor(collection) {
    this.#collection = collection;
  }

  /** Called in an effect: asks for what is missing, while somebody looks. */
  follow() {
    const { settings, chosen, about, settled, complete, workers, wall } = this.#collection;
    const [id, looking, parts, all] = [chosen.value, settings.get('panel') === 'digit', about.value?.parts ?? null, complete.value];
    settled.value;
    workers.value; // what the last worker could not say is asked of the next
    if (id !== this.#digit.id || parts !== this.#digit.parts) this.#forget({ id, parts });
    if (!looking || !this.#collection.has(id)) return;
    void this.#ask('pixels', async () => void (this.pixels.value = await this.#current(wall.ask('pixels', { id }))));
    if (all) void this.#ask('near', () => this.#compare(id));
  }

  /** @param {{id: number, parts: object|null}} digit the next */
  #forget(digit) {
    this.#digit = digit;
    this.#asked.clear();
    batch(() => (this.pixels.value = this.near.value = this.unlike.value = null));
  }

  /** @param {'pixels'|'near'} what @param {() => Promise<void>} answer */
  async #ask(what, answer) {
    const digit = this.#digit;
    if (this.#asked.has(what)) return;
    this.#asked.add(what);
    try {
      await answer();
    } catch {
      if (digit === this.#digit) this.#asked.delete(what); // the wall's worker is gone, which has been told
    }
  }

  /**
   * What is answered about another digit than the one looked at by then never comes.
   *
   * @template T
   * @param {Promise<T>} answer
   * @returns {Promise<T>}
   */
  async #current(answer) {
    const digit = this.#digit;
    const value = await answer;
    return digit === this.#digit ? value : new Promise(() => {}); // nobody waits for it any more
  }

  /** @param {number} id */
  async #compare(id) {
    const { wall } = this.#collection;
    const { all, unlike } = await this.#current(wall.ask('near', { id, counts: COUNTS }));
    const ids = Uint32Array.of(...all.ids, ...unlike.ids);
    const images = await this.#current(wall.ask('images', { ids }));
    const split = (images.length / ids.length) * all.ids.length;
    batch(() => {
      this.near.value = { ...all, images: images.subarray(0, split) };
      this.unlike.value = { ...unlike, images: images.subarray(split) };
    });
  }
}
