/**
 * Which data set of the site the page shows, and which others it could show: MNIST is in every
 * site, and others may have been built into it.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { fetchSets } from '../data/sets.js';

/** @typedef {import('../state/browse-table.js').BrowseSettings} BrowseSettings */

export const MNIST = 'mnist';

export class Sets {
  /** In the order of the list; empty, while it is not here, and where there is none but MNIST. */
  others = signal(/** @type {import('../data/sets.js').BuiltSet[]} */ ([]));

  #settings;
  #places;
  #signal;
  #known = false;

  /** @param {BrowseSettings} settings @param {{sets: string, mnist: string}} places addresses @param {AbortSignal} signal ends what is under way */
  constructor(settings, places, signal) {
    this.#settings = settings;
    this.#places = places;
    this.#signal = signal;
  }

  /**
   * The set that the settings name; MNIST, and a note, if there is none of that name.
   *
   * @param {RequestCache} cache
   * @returns {Promise<string>} address of its index
   * @throws {import('../wire/download.js').LoadError}
   */
  async chosen(cache) {
    const name = this.#settings.peek('set');
    if (name === MNIST) return this.#places.mnist;
    await this.list(cache);
    const others = this.others.peek();
    const found = others.find((one) => one.name === name);
    if (found) return found.index;
    const { notes } = this.#settings;
    const here = ['MNIST', ...others.map(({ title }) => title)].join(', ');
    notes.value = [...notes.peek(), `The address names the data set “${name}”, which was not built into this site; it has ${here}. MNIST is shown.`];
    this.#settings.set('set', MNIST);
    return this.#places.mnist;
  }

  /** Fetches the list of the others, once. @param {RequestCache} cache @throws {import('../wire/download.js').LoadError} */
  async list(cache) {
    if (this.#known) return;
    const others = await fetchSets(this.#places.sets, this.#signal, cache);
    this.#known = true;
    this.others.value = others;
  }
}
