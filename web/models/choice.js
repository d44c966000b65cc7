/**
 * Which digits a run is to train on, and which it is to be tested on, as a link's fragment says:
 * read once the data set is known, and written when a run out of files brings a choice of its own.
 *
 * @module
 */

import { effect, signal } from '@preact/signals-core';
import { narrowed, readSubset, writeSubset } from '../data/subset.js';
import { count } from './words.js';

/**
 * @typedef {import('../data/subset.js').Subset} Subset
 * @typedef {import('../data/subset.js').Whole} Whole
 */

const SPLITS = /** @type {const} */ (['train', 'test']);
const LOST = { train: 'are trained on', test: 'are tested on' };

export class Choice {
  value = signal(/** @type {Subset} */ ({}));
  /** Sentences about what could not be taken. */
  notes = signal(/** @type {string[]} */ ([]));
  /** Whether all that the fragment says has been taken or refused. */
  settled = signal(false);

  #text;
  /** @type {Whole|null} */
  #whole = null;
  /** @type {Promise<void>|null} */
  #opened = null;
  #closed = false;
  /** The fragment that `value` is of. @type {string|null} */
  #read = null;
  /** Counts the readings, so that the last one wins. */
  #reading = 0;
  #stop = () => {};

  /** @param {import('@preact/signals-core').Signal<string>} text the fragment */
  constructor(text) {
    this.#text = text;
    this.settled.value = text.peek() === '';
  }

  /** Reads the fragment, now that the data set is known; from then on, whenever it changes. @param {Whole} whole */
  open(whole) {
    this.#opened ??= this.#begin(whole);
    return this.#opened;
  }

  /** @param {Whole} whole */
  async #begin(whole) {
    this.#whole = whole;
    await this.#take(this.#text.peek(), whole);
    if (!this.#closed) this.#stop = effect(() => void this.#take(this.#text.value, whole));
  }

  /** Takes the choice of a run that was opened. @param {Subset} subset */
  async adopt(subset) {
    if (!this.#whole) return;
    this.#reading += 1;
    this.value.value = subset;
    this.notes.value = [];
    this.#read = await writeSubset(subset, this.#whole);
    this.#text.value = this.#read;
  }

  /** All digits again. */
  clear() {
    this.#text.value = '';
  }

  close() {
    this.#closed = true;
    this.#stop();
  }

  /** @param {string} text @param {Whole} whole */
  async #take(text, whole) {
    if (text === this.#read) return;
    const reading = ++this.#reading;
    const { subset, faults } = await readSubset(text, whole);
    if (reading !== this.#reading) return;
    this.#read = text;
    this.value.value = narrowed(subset, whole);
    this.notes.value = SPLITS.filter((split) => faults[split]).map(
      (split) => `The chosen ${split === 'train' ? 'training' : 'test'} digits of this link cannot be used: ${faults[split]}. All ${count(whole.counts[split])} ${LOST[split]}.`,
    );
    this.settled.value = true;
  }
}
