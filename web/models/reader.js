/**
 * Whose readings of the digits are shown: the shipped network's, or those of the visitor's own run,
 * which another page has kept, or whose file was dropped here. Reading all digits takes a few
 * seconds, in the wall's worker.
 *
 * @module
 */

import { computed, signal } from '@preact/signals-core';
import { product } from '../data/architecture.js';
import { keptRun } from '../data/kept-run.js';
import { readNetwork } from '../data/network.js';

/**
 * @typedef {import('./collection.js').Collection} Collection
 * @typedef {import('../data/network.js').Network} Network
 * @typedef {import('../data/readings.js').Readings} Readings
 */

export class Reader {
  /** The visitor's network. */
  own = signal(/** @type {Network|null} */ (null));
  /** Its readings, by id. */
  readings = signal(/** @type {Readings|null} */ (null));
  /** Whether it reads just now. */
  busy = signal(false);
  /** Whether what the visitor's has read is what is shown. */
  isOwn = computed(() => this.#wanted && this.readings.value !== null);
  /** Whose readings are shown, in words. */
  name = computed(() => (this.isOwn.value ? 'your network' : 'the shipped network'));

  #settings;
  #collection;
  /** What has been asked for: a network, of a set. @type {unknown[]} */
  #asked = [];
  #sought = false;

  /** @param {import('../state/browse-table.js').BrowseSettings} settings @param {Collection} collection */
  constructor(settings, collection) {
    this.#settings = settings;
    this.#collection = collection;
  }

  /** Looks for one that was kept. */
  async open() {
    if (this.#sought) return;
    this.#sought = true;
    const bytes = await keptRun();
    const asked = this.#settings.peek('network') === 'run';
    if (!bytes) {
      if (asked) this.#note('No run of yours is kept in this browser: what is shown is the shipped network’s. “See all” on the training page keeps one, or drop its weights here.');
      return;
    }
    try {
      this.take(bytes, 'The kept run');
    } catch (error) {
      if (asked) this.#note(`${/** @type {Error} */ (error).message}. What is shown is the shipped network’s.`);
    }
  }

  get #wanted() {
    return this.#settings.get('network') === 'run' && this.own.value !== null;
  }

  /** @param {string} text */
  #note(text) {
    const { notes } = this.#settings;
    notes.value = [...notes.peek(), text];
  }

  /** @param {Uint8Array} bytes a safetensors file @param {string} name of it @throws {Error} it is none, or of no network that can be read here */
  take(bytes, name) {
    const network = readNetwork(bytes, name);
    if (!network.layers.length) throw new Error(`${name} holds no network`);
    this.own.value = network;
  }

  /** Called in an effect: has the digits read, once they are all here. */
  follow() {
    const { about, complete, mishaps, workers, wall } = this.#collection;
    const [network, set, all, wanted] = [this.own.value, about.value, complete.value, this.#wanted];
    const asked = [network, set?.parts, workers.value];
    if (!wanted || !network || !set || !all || asked.every((one, k) => one === this.#asked[k])) return;
    this.#asked = asked;
    this.readings.value = null;
    const [pixels, classes] = [product(network.layers[0].input), product(network.layers[network.layers.length - 1].output)];
    if (pixels !== set.rows * set.columns || classes !== set.classes.length) {
      return this.#note(`Your network tells ${classes} classes of images of ${pixels} pixels; this set has ${set.classes.length}, of ${set.rows} × ${set.columns}.`);
    }
    this.busy.value = true;
    wall
      .ask('read', { network })
      .then(
        (readings) => {
          if (asked === this.#asked) this.readings.value = readings;
        },
        ({ failure }) => failure.fatal || mishaps.tell(failure), // the end of a worker has been told
      )
      .finally(() => {
        if (asked === this.#asked) this.busy.value = false;
      });
  }
}
