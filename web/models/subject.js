/**
 * The network that is looked into: one of those that came with the site, a moment of the recorded
 * run, a fresh one, the run of the training page, or a file of the visitor's.
 *
 * @module
 */

import { batch, signal } from '@preact/signals-core';
import { described } from '../data/architecture.js';
import { keptRun } from '../data/kept-run.js';
import { fetchNetwork, readNetwork } from '../data/network.js';
import { fetchRecording } from '../data/recording.js';
import { fetchStep } from '../data/step.js';
import { downloadJSON } from '../wire/download.js';
import { failureOf } from './failures.js';
import { stepOf } from './stops.js';

/**
 * @typedef {import('../data/network.js').Network} Network
 * @typedef {import('./stops.js').Step} Step
 * @typedef {import('../data/recording.js').Recording} Recording
 * @typedef {import('../state/inside-table.js').InsideSettings} InsideSettings
 * @typedef {import('../python/protocol.js').Named} Named
 *
 * @typedef {object} Recorded
 * @property {{split: 'train'|'test', index: number, label: number}} digit that the step is on
 * @property {Step} step
 *
 * @typedef {object} Shown a network with what is known of it
 * @property {Network} network
 * @property {string} name in words
 * @property {Recorded|null} recorded
 */

/** What a fresh network learns with. */
const RATE = 0.1;

export class Subject {
  /** What is looked into; null while it is on its way. @type {import('@preact/signals-core').Signal<Shown|null>} */
  shown = signal(/** @type {Shown|null} */ (null));
  /** The recorded run, once somebody has asked for its moments. @type {import('@preact/signals-core').Signal<Recording|null>} */
  recording = signal(/** @type {Recording|null} */ (null));
  /** The visitor's file. @type {import('@preact/signals-core').Signal<{network: Network, name: string}|null>} */
  file = signal(/** @type {{network: Network, name: string}|null} */ (null));

  #settings;
  #places;
  #interpreter;
  #fail;
  #stop = new AbortController();
  /** Counts what was asked for: what comes late is not shown. */
  #turn = 0;
  #asked = '';
  /** The shipped networks that were fetched. @type {Map<string, Promise<Shown>>} */
  #shipped = new Map();

  /**
   * @param {InsideSettings} settings
   * @param {import('../wire/places.js').Places} places
   * @param {import('./interpreter.js').Interpreter} interpreter
   * @param {(failure: import('../python/protocol.js').Failure) => void} fail tells of what could not be had
   */
  constructor(settings, places, interpreter, fail) {
    this.#settings = settings;
    this.#places = places;
    this.#interpreter = interpreter;
    this.#fail = fail;
  }

  /** Called in an effect: gets what the settings name. */
  follow() {
    const key = this.#key();
    if (key === this.#asked) return;
    this.#asked = key;
    void this.#get(++this.#turn, key);
  }

  /** Tries again what failed. */
  retry() {
    this.#asked = '';
    this.#shipped.clear();
  }

  /**
   * A file of the visitor's: safetensors is read here, .npz by Python.
   *
   * @param {string} name
   * @param {ArrayBuffer} bytes
   */
  async open(name, bytes) {
    try {
      const network = name.endsWith('.npz') ? await this.#readByPython(name, bytes) : readNetwork(new Uint8Array(bytes), name);
      batch(() => {
        this.file.value = { network, name };
        this.#settings.set('model', 'file');
      });
    } catch (error) {
      this.#fail(failureOf(error));
    }
  }

  close() {
    this.#stop.abort();
  }

  /** What the settings name, in full; inside an effect, a subscription. */
  #key() {
    const settings = this.#settings;
    const model = settings.get('model');
    if (model === 'recorded') return `recorded ${settings.get('at')}`;
    if (model === 'file') return `file ${this.file.value?.name ?? ''}`;
    if (model !== 'fresh') return model;
    const ready = this.#interpreter.phase.value === 'ready';
    return `fresh ${ready} ${settings.get('hidden')} ${settings.get('activation')} ${settings.get('seed')}`;
  }

  /** @param {number} turn @param {string} key */
  async #get(turn, key) {
    try {
      const shown = await this.#find(key.split(' ')[0]);
      if (turn !== this.#turn || this.#stop.signal.aborted) return;
      this.shown.value = shown;
    } catch (error) {
      if (turn === this.#turn && !this.#stop.signal.aborted) this.#fail(failureOf(error));
    }
  }

  /** @param {string} model @returns {Promise<Shown|null>} */
  async #find(model) {
    if (model === 'dense' || model === 'conv') return this.#ship(model);
    if (model === 'recorded') return this.#moment();
    if (model === 'fresh') return this.#interpreter.phase.peek() === 'ready' ? this.#fresh() : null;
    const file = this.file.peek();
    if (model === 'file') return file && { ...file, recorded: null };
    const bytes = await keptRun();
    if (bytes) return { network: readNetwork(bytes, 'your run'), name: 'your run', recorded: null };
    const { notes } = this.#settings;
    const nowhere = self.origin === 'null' ? 'This frame keeps no runs without allow-same-origin' : 'No run of yours is kept in this browser';
    notes.value = [...notes.peek(), `${nowhere}, so the shipped network is shown. The training page keeps one when you press Look inside there.`];
    this.#settings.set('model', 'dense');
    return null;
  }

  /** @param {'dense'|'conv'} model */
  #ship(model) {
    const fetched = this.#shipped.get(model) ?? this.#fetch(model);
    this.#shipped.set(model, fetched);
    fetched.catch(() => this.#shipped.delete(model));
    return fetched;
  }

  /** @param {'dense'|'conv'} model @returns {Promise<Shown>} */
  async #fetch(model) {
    const [place, step] = model === 'dense' ? [this.#places.model, this.#places.step] : [this.#places.conv, this.#places.conv_step];
    const { signal } = this.#stop;
    const { weights } = /** @type {any} */ (await downloadJSON(place, signal));
    const network = await fetchNetwork(place, weights, signal);
    const { digit, quantities } = await fetchStep(step, network, signal);
    return { network, name: 'the shipped network', recorded: { digit, step: stepOf(quantities, 'recorded', digit.label) } };
  }

  /** @returns {Promise<Shown>} */
  async #moment() {
    this.recording.value ??= await fetchRecording(this.#places.recording, this.#stop.signal, ['end', 'first', 'between']);
    const recording = this.recording.value;
    const at = Math.min(this.#settings.peek('at'), recording.snapshots.length - 1);
    const { config, shape, layers } = recording;
    return { network: { config, shape, layers, loss: config.loss, arrays: /** @type {import('../data/forward.js').Arrays} */ (recording.parameters(at)) }, name: `the recorded run at step ${recording.snapshots[at]}`, recorded: null };
  }

  /** @returns {Promise<Shown>} */
  async #fresh() {
    const settings = this.#settings;
    const activation = settings.peek('activation');
    const hidden = settings.peek('hidden').split('-').map(Number);
    const layers = [...hidden.map((units) => ({ type: 'dense', units, activation })), { type: 'dense', units: 10, activation: 'softmax' }];
    const initializer = activation.includes('relu') || activation === 'gelu' ? 'he_normal' : 'xavier_uniform';
    const config = { layers, loss: 'cross_entropy', optimizer: { type: 'sgd', lr: RATE }, initializer, batch: 32 };
    const shape = [28, 28];
    const { arrays } = await this.#interpreter.ask('subject_fresh', { config, shape, seed: settings.peek('seed') });
    return { network: networkOf(/** @type {any} */ (config), shape, arrays), name: 'a fresh network', recorded: null };
  }

  /** @param {string} file @param {ArrayBuffer} bytes */
  async #readByPython(file, bytes) {
    this.#interpreter.boot();
    const { config, shape, arrays } = await this.#interpreter.ask('subject_file', { file, bytes }, [bytes]);
    return networkOf(config, shape, arrays);
  }
}

/**
 * @param {import('../python/protocol.js').RunConfig} config complete
 * @param {number[]} shape
 * @param {Record<string, Named>} arrays
 * @returns {Network}
 */
function networkOf(config, shape, arrays) {
  const layers = described(config.layers, shape);
  return { config, shape, layers, loss: config.loss, arrays: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])) };
}
