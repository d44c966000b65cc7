/**
 * A network that a link wants to be looked into: the shipped one, whose readings the page of all
 * digits shows, or the visitor's own run that was kept for it. It is opened like a file, once Python
 * and the digits are here.
 *
 * @module
 */

import { keptRun } from '../data/kept-run.js';
import { fetchWeights } from '../data/network.js';
import { failureOf } from './failures.js';

/** @typedef {import('./training.js').Training} Training */

const FILE = 'weights.safetensors';

export class Opening {
  #settings;
  #training;
  #model;
  #stop = new AbortController();
  #begun = false;

  /** @param {import('../state/settings.js').Settings} settings @param {Training} training @param {string} model address of the shipped network's index */
  constructor(settings, training, model) {
    this.#settings = settings;
    this.#training = training;
    this.#model = model;
  }

  /** Called in an effect: opens it, once. */
  follow() {
    const { complete, interpreter, run } = this.#training;
    const [which, all, phase, frame] = [this.#settings.get('open'), complete.value, interpreter.phase.value, run.frame.value];
    if (which === 'none' || !all || phase !== 'ready' || !frame || this.#begun) return;
    this.#begun = true;
    void this.#open(which === 'run');
  }

  close() {
    this.#stop.abort();
  }

  /** @param {boolean} own */
  async #open(own) {
    try {
      const bytes = await (own ? keptRun() : fetchWeights(this.#model, this.#stop.signal));
      if (this.#stop.signal.aborted) return;
      if (bytes) return await this.#training.restore({ [FILE]: bytes.buffer });
      const { notes } = this.#settings;
      notes.value = [...notes.peek(), 'No run of yours is kept in this browser, so there is none to open.'];
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#training.interpreter.fail(failureOf(error));
    }
  }
}
