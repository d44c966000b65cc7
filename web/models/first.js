/**
 * The weights that the run on the screen began with: of the recorded run its first snapshot's, else
 * those that Python makes again from the same seed, when somebody wants to see what training has
 * changed.
 *
 * @module
 */

import { signal } from '@preact/signals-core';

/** @typedef {import('./training.js').Training} Training */
/** @typedef {Record<string, Float32Array>} Weights by name: `layers.0.weight` */

/** Name of the run that is made to be asked for its weights, and given back. */
const RUN = 'first weights';

export class First {
  weights = signal(/** @type {Weights|null} */ (null));

  #settings;
  #set;
  #training;
  /** The run that the weights are of. */
  #of = '';
  #turn = Promise.resolve();

  /** @param {import('../state/settings.js').Settings} settings @param {Training} training @param {string} set that it learns from */
  constructor(settings, training, set) {
    this.#settings = settings;
    this.#set = set;
    this.#training = training;
  }

  /** Called in an effect: gets them once they are wanted. */
  follow() {
    const { recorded, replay, run, interpreter } = this.#training;
    const wanted = this.#settings.get('view') === 'changed';
    const [recording, frame] = [recorded.value && replay.recording.value, run.frame.value];
    const [generation, ready] = [run.description.value?.generation, interpreter.phase.value === 'ready'];
    if (!wanted) return;
    if (recording) {
      this.#of = 'recorded';
      if (this.weights.peek() === null) void this.#read(replay);
      return;
    }
    const of = `run ${generation} ${interpreter.life}`;
    if (!frame || !ready || of === this.#of) return;
    this.#of = of;
    this.weights.value = null;
    this.#turn = this.#turn.then(() => this.#ask(of)); // two at once would give back each other's run
  }

  /** Of the recorded run. @param {import('./recorded.js').Replay} replay */
  async #read(replay) {
    const weights = await replay.bringFirst();
    if (this.#of === 'recorded') this.weights.value = weights;
  }

  /** @param {string} of */
  async #ask(of) {
    const { interpreter, run } = this.#training;
    const origin = run.origin.peek();
    if (!origin || of !== this.#of) return;
    try {
      await interpreter.ask('create', { run: RUN, set: this.#set, ...origin });
      const arrays = await interpreter.ask('arrays', { run: RUN, digit: null, arrays: ['layers.*.weight'] });
      await interpreter.ask('dispose', { run: RUN });
      if (of === this.#of) this.weights.value = Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
    } catch {
      if (of === this.#of) this.#of = ''; // why has been told; asked for again when Python is back
    }
  }
}
