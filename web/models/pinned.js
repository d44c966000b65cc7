/**
 * A digit that is kept beside the one that is looked at, to be compared with it.
 *
 * @module
 */

import { computed, signal } from '@preact/signals-core';
import { idOf, placeOf } from '../data/examples.js';

/** @typedef {import('./collection.js').Collection} Collection */

export class Pinned {
  #collection;
  #asked = -1;
  pixels = signal(/** @type {Uint8Array<ArrayBuffer>|null} */ (null));
  /** Its id; -1 if none is pinned. */
  digit = computed(() => {
    const { about, settings } = this.#collection;
    const [split, index] = settings.get('pin').split('-');
    return about.value && split ? idOf(about.value, split, Number(index)) : -1;
  });

  /** @param {Collection} collection */
  constructor(collection) {
    this.#collection = collection;
  }

  /** Called in an effect: asks for its pixels once they are here. */
  follow() {
    const { settled, workers, wall } = this.#collection;
    const id = this.digit.value;
    settled.value;
    workers.value;
    if (id !== this.#asked) [this.#asked, this.pixels.value] = [-1, null];
    if (id < 0 || id === this.#asked || !this.#collection.has(id)) return;
    this.#asked = id;
    wall.ask('pixels', { id }).then(
      (pixels) => id === this.#asked && (this.pixels.value = pixels),
      () => (this.#asked = -1), // the wall's worker is gone, which has been told
    );
  }

  /** @param {number} id -1 pins none */
  pin(id) {
    const { about, settings } = this.#collection;
    if (!about.value || id < 0) return void settings.set('pin', '');
    const { split, index } = placeOf(about.value, id);
    settings.set('pin', `${split}-${index}`);
  }
}
