/**
 * One run of a sweep in this tab: what it is to be, what is known of it, and what is left of it.
 *
 * @module
 */

import { Thinned } from './thinned.js';
import { flat, merged } from './watched.js';

/**
 * @typedef {import('./lane.js').Work} Work
 * @typedef {import('./watched.js').Curve} Curve
 * @typedef {import('../python/client.js').Seen} Seen
 * @typedef {import('../python/protocol-sweep.js').Files} Files
 */

/** The file of a run that can be gone on with. */
const CHECKPOINT = 'checkpoint.safetensors';

export class SweptRun {
  /** As pages show runs. @type {import('./watched.js').Watched} */
  told;
  /** As they were when it ended, or was saved last. @type {Files|null} */
  files;
  /** Of the results, once it has ended. @type {string|null} */
  line;
  /** Of its steps, how much it has taken, 0..1. */
  share;
  /** Workers that have died under it. */
  deaths = 0;
  #losses = new Thinned();

  /** @param {import('../python/protocol-sweep.js').PlannedRun} planned @param {number} number @param {number} digits of its name */
  constructor(planned, number, digits) {
    const { config, news, files, line = null } = planned;
    this.planned = planned;
    this.number = number;
    this.line = line;
    this.files = files && Object.keys(files).length ? files : null;
    this.share = line === null ? 0 : 1;
    /** @type {import('../data/runs.js').Part} */
    const none = [0, []];
    const blank = { reason: '', step: 0, epoch: 0, losses: none, tested: none, accuracies: none, weights: null };
    this.told = merged(String(number).padStart(digits, '0'), undefined, { ...blank, ...news, state: 'waiting', config });
    this.told.settings = new Map(flat(config));
    if (line !== null) this.end(line);
  }

  /** It is to be trained: from its beginning, or from where it was saved. */
  wait() {
    this.#losses = new Thinned();
    this.share = 0;
    Object.assign(this.told, { state: 'waiting', step: 0, epoch: 0, losses: curve(), tested: curve(), accuracies: curve() });
  }

  /** It is trained from now on. @returns {Work} */
  begin() {
    this.wait();
    this.told.state = 'going';
    const { engine: _, ...config } = this.planned.config; // the page's own, which gives numpy's numbers
    return { number: this.number, config, files: this.files?.[CHECKPOINT] ? this.files : null };
  }

  /** @param {Pick<Seen, 'description'|'losses'|'evaluations'|'step'|'epoch'>} frame */
  hear({ description, losses, evaluations, step, epoch }) {
    const { told } = this;
    for (let i = 0; i < losses.length; i += 3) this.#losses.add(losses[i], losses[i + 1]);
    for (const one of evaluations) {
      if (one.split !== 'test') continue;
      told.tested = extended(told.tested, one.step, one.loss);
      told.accuracies = extended(told.accuracies, one.step, one.accuracy);
    }
    Object.assign(told, { step, epoch, losses: { steps: this.#losses.steps, values: this.#losses.values } });
    this.share = Math.min(1, step / (description.batches * description.config.epochs));
  }

  /** @param {string} line of the results */
  end(line) {
    const { outcome, reason } = JSON.parse(line);
    this.line = line;
    this.share = 1;
    Object.assign(this.told, { state: outcome === 'done' ? 'ended' : 'damaged', reason, weights: this.files ? Date.now() : null });
  }
}

/** @returns {Curve} */
function curve() {
  return { steps: [], values: [] };
}

/** @param {Curve} known @param {number} step @param {number} value @returns {Curve} without what is told twice */
function extended({ steps, values }, step, value) {
  if (step <= (steps.at(-1) ?? -1)) return { steps, values };
  return { steps: [...steps, step], values: [...values, value] };
}
