/**
 * The recorded run as something to look at: frames like those of a worker, made from a recording
 * that our Python wrote when the site was built, and a forward pass for the digit looked at. It moves
 * from snapshot to snapshot, and shows nothing between them, for nothing is known there.
 *
 * @module
 */

import { computed, signal } from '@preact/signals-core';
import { forward } from '../data/forward.js';
import { fetchRecording } from '../data/recording.js';
import { History } from './history.js';

/**
 * @typedef {import('../python/client.js').Seen} Seen
 * @typedef {import('../data/recording.js').Recording} Recording
 *
 * @typedef {object} Stage on which it is shown
 * @property {() => boolean} still whether nothing is to move there
 * @property {() => boolean} hidden whether nobody can see it
 * @property {boolean} [curves] whether it shows any; if not said, it does
 * @property {() => boolean} [brief] whether it gets by with little data: the end first, the rest when asked for
 */

/** Milliseconds that a snapshot stays. */
const PACE_MS = 450;

export class Replay {
  /** @type {import('@preact/signals-core').Signal<Recording|null>} */
  recording = signal(/** @type {Recording|null} */ (null));
  /** Which snapshot is shown. */
  at = signal(0);
  playing = signal(false);
  /** Settles when the recording is here, or cannot be had. */
  opened = Promise.resolve();

  /** Whether the settings are those that were recorded, and the digits all: under any others it would be a lie. */
  fits = computed(() => {
    if (!this.#choice.settled.value || Object.keys(this.#choice.value.value).length) return false;
    const config = this.recording.value?.config;
    const { rate, batch, seed } = { rate: this.#settings.get('rate'), batch: this.#settings.get('batch'), seed: this.#settings.get('seed') };
    return Boolean(config && config.optimizer.lr === rate && config.batch === batch && config.seed === seed);
  });

  /** @type {import('@preact/signals-core').ReadonlySignal<Seen|null>} */
  frame = computed(() => {
    const recording = this.recording.value;
    return recording && this.fits.value ? this.#frame(recording) : null;
  });

  /** The curves as far as they are shown. */
  history = computed(() => history(this.recording.value, this.recording.value?.snapshots[this.at.value] ?? 0));

  /** The curves to the end. */
  whole = computed(() => history(this.recording.value, this.recording.value?.steps ?? 0));

  /** One object for all its frames. */
  #description = computed(() => describe(/** @type {Recording} */ (this.recording.value)));
  #settings;
  #looked;
  #choice;
  #place;
  #stage;
  #attempt;
  #stop;
  #looking = true;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {import('../state/settings.js').Settings} settings
   * @param {import('./looked.js').Looked} looked the digit looked at
   * @param {import('./choice.js').Choice} choice of the digits to train and to be tested on
   * @param {object} where
   * @param {string} where.place address of the recording's index
   * @param {Stage} where.stage
   * @param {(act: () => Promise<void>) => Promise<void>} where.attempt tells of what fails
   */
  constructor(settings, looked, choice, { place, stage, attempt }) {
    this.#settings = settings;
    this.#looked = looked;
    this.#choice = choice;
    this.#place = place;
    this.#stage = stage;
    this.#attempt = attempt;
    this.#stop = new AbortController();
  }

  /** Fetches the recording and plays it; who wants no motion, or little data, is shown its end. @throws {import('../wire/download.js').LoadError} */
  async open() {
    const brief = this.#stage.brief?.() ?? false;
    const fetched = fetchRecording(this.#place, this.#stop.signal, [...this.#losses, 'end', ...(brief ? [] : /** @type {const} */ (['first', 'between']))]);
    this.opened = fetched.then(() => {}, () => {});
    const recording = await fetched;
    const rests = brief || this.#stage.still();
    if (rests) this.at.value = recording.snapshots.length - 1;
    this.recording.value = recording;
    if (!rests) void this.play();
  }

  /** Goes on from here, or from the start when it is at its end. */
  async play() {
    this.playing.value = true;
    await this.#bring();
    if (!this.playing.peek()) return;
    if (this.at.peek() >= this.#last) this.at.value = 0;
    this.#wait();
  }

  pause() {
    clearTimeout(this.#timer);
    this.playing.value = false;
  }

  /** @param {number} snapshot its number */
  async go(snapshot) {
    this.pause();
    const at = Math.min(this.#last, Math.max(0, snapshot));
    if (!this.recording.peek()?.parameters(at)) await (at ? this.#bring() : this.bringFirst());
    if (this.recording.peek()?.parameters(at)) this.at.value = at;
  }

  /** Gets the first snapshot, unless it is here. @returns {Promise<import('../data/forward.js').Arrays|null>} null: it does not come */
  async bringFirst() {
    const recording = this.recording.peek();
    if (!recording?.parameters(0)) await this.#attempt(async () => recording?.load(['first'], this.#stop.signal));
    return recording?.parameters(0) ?? null;
  }

  /** Gets what is not here yet; nothing plays without. */
  async #bring() {
    const recording = this.recording.peek();
    if (recording?.parameters(1)) return;
    await this.#attempt(async () => recording?.load(['between'], this.#stop.signal));
    if (!recording?.parameters(1)) this.pause();
  }

  /** Whether it can be seen: it stands still while it cannot. @param {boolean} visible */
  look(visible) {
    this.#looking = visible;
  }

  close() {
    this.pause();
    this.#stop.abort();
  }

  /** @returns {'losses'[]} */
  get #losses() {
    return this.#stage.curves === false ? [] : ['losses'];
  }

  get #last() {
    return (this.recording.peek()?.snapshots.length ?? 1) - 1;
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#looking && !this.#stage.hidden()) this.at.value += 1;
      if (this.at.peek() < this.#last) this.#wait();
      else this.pause();
    }, PACE_MS);
  }

  /** @param {Recording} recording @returns {Seen} */
  #frame(recording) {
    const { batches, snapshots, train, layers } = recording;
    const step = snapshots[this.at.value];
    const parameters = recording.parameters(this.at.value) ?? {};
    const input = this.#looked.input.value;
    return {
      id: 0,
      run: 'recorded',
      generation: 0,
      state: 'paused',
      step,
      epoch: Math.floor(step / batches),
      batch: step % batches,
      seconds: 0,
      measuring: 0,
      samplesPerSecond: 0,
      arrived: { train, test: recording.evaluations[0].count },
      losses: new Float64Array(),
      evaluations: [],
      log: [],
      stopped: null,
      label: this.#looked.look.value.label,
      arrays: named({ ...parameters, ...(input ? forward(layers, parameters, input) : {}) }, layers),
      description: this.#description.value,
    };
  }
}

/** @param {Recording} recording @returns {import('../python/protocol.js').Description} */
function describe({ config, shape, layers, batches, train, evaluations }) {
  const counts = { train, test: evaluations[0].count };
  return { run: 'recorded', generation: 0, config, engine: 'numpy', shape, classes: [], batches, layers, data: { name: '', counts, chosen: {} } };
}

/**
 * @param {import('../data/forward.js').Arrays} arrays
 * @param {import('../python/protocol.js').LayerDescription[]} layers
 * @returns {Record<string, import('../python/protocol.js').Named>}
 */
function named(arrays, layers) {
  const shapes = Object.fromEntries(
    layers.flatMap(({ name, output, parameters }) => [
      [`${name}.a`, output],
      ...Object.entries(parameters).map(([key, shape]) => [`${name}.${key}`, shape]),
    ]),
  );
  return Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, { shape: shapes[name] ?? layers[0].input, data }]));
}

/** @param {Recording|null} recording @param {number} step @returns {History} of the run until then */
function history(recording, step) {
  const past = new History();
  if (!recording) return past;
  const losses = new Float64Array(3 * step);
  for (let i = 0; i < Math.min(step, recording.losses.length); i++) {
    losses[3 * i] = i + 1;
    losses[3 * i + 1] = recording.losses[i];
  }
  past.take({ losses, evaluations: recording.evaluations.filter((one) => one.step <= step) });
  return past;
}
