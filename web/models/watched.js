/**
 * Many runs that other processes train, as a page shows them: what is known of each, and which of
 * them is looked at. It asks for news until it is closed, and goes on asking when the server is
 * gone for a while.
 *
 * @module
 */

import { batch, computed, signal } from '@preact/signals-core';
import { keepRun } from '../data/kept-run.js';
import { RunsServer, Unwatched } from '../data/runs.js';

/**
 * @typedef {import('../data/runs.js').Look} Look
 * @typedef {import('../data/runs.js').News} News
 *
 * @typedef {object} Curve
 * @property {number[]} steps
 * @property {number[]} values
 *
 * @typedef {object} Watched
 * @property {string} name
 * @property {News['state']} state
 * @property {string} reason
 * @property {number} step
 * @property {number} epoch
 * @property {number} silent seconds
 * @property {number|null} weights
 * @property {Curve} losses
 * @property {Curve} tested
 * @property {Curve} accuracies
 * @property {Map<string, string>} settings its configuration, each value by its path
 *
 * @typedef {'asking'|'here'|'none'|'refused'|'gone'} Contact with the server
 */

/** Milliseconds between two questions, at least, and more for each run: what came is drawn meanwhile. */
const PACE_MS = 250;
const EACH_MS = 1;
/** Milliseconds until a server that is gone is asked again. */
const AGAIN_MS = 2000;

export class WatchedRuns {
  /** Changes with every news. @type {import('@preact/signals-core').Signal<Watched[]>} */
  runs = signal(/** @type {Watched[]} */ ([]));
  contact = signal(/** @type {Contact} */ ('asking'));
  /** The run that is looked at. */
  chosen = signal(/** @type {string|null} */ (null));
  look = signal(/** @type {Look|null} */ (null));
  /** Why there is nothing to look at. */
  blind = signal('');
  /** Paths of the settings in which runs differ. */
  differing = computed(() => differences(this.runs.value));

  #server;
  #stop = new AbortController();
  #version = 0;
  /** @type {Map<string, Watched>} */
  #known = new Map();
  /** Of what network the look is: its run, and when it was kept. */
  #seen = '';

  /** @param {string} token */
  constructor(token) {
    this.#server = new RunsServer(token);
  }

  async open() {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const pause = (await this.#ask(signal)) ? PACE_MS + EACH_MS * this.#known.size : AGAIN_MS;
      if (['none', 'refused'].includes(this.contact.peek())) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  close() {
    this.#stop.abort();
  }

  /** @param {string} name */
  choose(name) {
    if (this.chosen.peek() === name) return;
    batch(() => {
      this.chosen.value = name;
      this.look.value = null;
      this.blind.value = '';
    });
    void this.#look();
  }

  /** Keeps the chosen run's network where the site's other pages find it. @returns {Promise<boolean>} whether it is kept */
  async keep() {
    const name = this.chosen.peek();
    return name !== null && keepRun(await this.#server.weights(name));
  }

  /** @param {AbortSignal} signal @returns {Promise<boolean>} whether there was an answer */
  async #ask(signal) {
    try {
      this.#hear(await this.#server.news(this.#version, signal));
      void this.#look();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const status = error instanceof Unwatched ? error.status : null;
      this.contact.value = status === 403 ? 'refused' : status === 0 && this.#version === 0 ? 'none' : 'gone';
      this.#version = 0; // whoever answers next may be another
      return false;
    }
  }

  /** @param {import('../data/runs.js').Answer} answer */
  #hear({ version, runs, silent }) {
    if (this.#version === 0) this.#known.clear();
    this.#version = version;
    for (const [name, news] of Object.entries(runs)) this.#known.set(name, merged(name, this.#known.get(name), news));
    for (const run of this.#known.values()) run.silent = silent[run.name] ?? 0;
    batch(() => {
      this.contact.value = 'here';
      this.runs.value = [...this.#known.values()];
      if (this.chosen.peek() === null && this.#known.size) this.chosen.value = this.runs.peek()[0].name;
    });
  }

  /** Looks at the chosen run's network, if it has been kept since. */
  async #look() {
    const name = this.chosen.peek();
    const run = name === null ? null : this.#known.get(name);
    const wanted = run ? `${name} ${run.weights}` : '';
    if (!run || wanted === this.#seen) return;
    this.#seen = wanted;
    if (run.weights === null) return void (this.blind.value = 'Its network is kept with its first checkpoint.');
    try {
      const look = await this.#server.look(run.name, this.#stop.signal);
      if (this.#seen !== wanted) return;
      batch(() => {
        this.look.value = look;
        this.blind.value = '';
      });
    } catch (error) {
      if (this.#seen !== wanted || this.#stop.signal.aborted) return;
      if (error instanceof TypeError) this.#seen = ''; // the server is gone; when it is back it is asked again
      this.blind.value = /** @type {Error} */ (error).message;
    }
  }
}

/** @param {string} name @param {Watched|undefined} known @param {News} news @returns {Watched} */
export function merged(name, known, news) {
  const { state, reason, step, epoch, weights, config } = news;
  const before = config ? undefined : known;
  return {
    name,
    state,
    reason,
    step,
    epoch,
    weights,
    silent: 0,
    losses: joined(before?.losses, news.losses),
    tested: joined(before?.tested, news.tested),
    accuracies: joined(before?.accuracies, news.accuracies),
    settings: config ? new Map(flat(config)) : (before?.settings ?? new Map()),
  };
}

/** @param {Curve|undefined} known @param {import('../data/runs.js').Part} part @returns {Curve} */
function joined(known, [from, points]) {
  if (known && !points.length && from === known.steps.length) return known;
  const { steps, values } = known ?? { steps: [], values: [] }; // another object, the same arrays: they may be long
  steps.length = values.length = from;
  for (const [step, value] of points) {
    steps.push(step);
    values.push(value);
  }
  return { steps, values };
}

/** A configuration's values by their paths: `optimizer.lr`. @param {any} value @param {string} [path] @returns {Generator<[string, string]>} */
export function* flat(value, path = '') {
  if (value === null || typeof value !== 'object') return void (yield [path, String(value)]);
  if (path === 'layers') return void (yield ['layers', value.map((/** @type {any} */ layer) => layer.units ?? layer.type).join('-')]);
  for (const [name, part] of Object.entries(value)) yield* flat(part, path ? `${path}.${name}` : name);
}

/** @param {Watched[]} runs @returns {string[]} paths of the settings in which they differ */
export function differences(runs) {
  const known = runs.filter(({ settings }) => settings.size);
  const paths = new Set(known.flatMap(({ settings }) => [...settings.keys()]));
  return [...paths].filter((path) => new Set(known.map(({ settings }) => settings.get(path))).size > 1);
}
