/**
 * One page's run: the data set as it arrives, the worker that trains, and what both have said so
 * far, as signals. It draws nothing, and knows no element; any number of figures may follow one.
 *
 * @module
 */

import { batch, computed, effect, signal } from '@preact/signals-core';
import { Digits } from '../data/digits.js';
import { fetchIndex } from '../data/index.js';
import { fetchShard } from '../data/shard.js';
import { fetchSize } from '../data/size.js';
import { TrainerClient } from '../worker/client.js';
import { History } from './history.js';

/**
 * @typedef {import('../worker/protocol.js').Frame} Frame
 * @typedef {import('../worker/protocol.js').Failure} Failure
 * @typedef {import('../worker/protocol.js').RunConfig} RunConfig
 * @typedef {import('../worker/protocol.js').Stage} Stage
 * @typedef {import('../worker/client.js').State} Phase
 * @typedef {import('../data/index.js').DataIndex} DataIndex
 * @typedef {import('../data/index.js').SplitName} SplitName
 * @typedef {import('../state/settings.js').Settings} Settings
 *
 * @typedef {{worker: string, python: string, mnist: string}} Places addresses, absolute
 * @typedef {{split: SplitName, number: number}} Part
 */

/** Shards fetched at the same time. */
const LANES = 3;

export class Session {
  /** Of the worker. */
  phase = signal(/** @type {Phase} */ ('off'));
  /** How far Python's start is. */
  progress = signal(/** @type {{stage: Stage, loaded: number, total: number}|null} */ (null));
  /** Bytes that Python and the training digits still cost, once known. */
  size = signal(/** @type {{python: number, digits: number}|null} */ (null));
  versions = signal(/** @type {Record<string, string>|null} */ (null));
  digits = signal(/** @type {Digits|null} */ (null));
  /** Test digits that are here. */
  arrived = signal(0);
  frame = signal(/** @type {Frame|null} */ (null));
  history = signal(new History());
  /** What is wrong, newest first; a retry clears the list. */
  failures = signal(/** @type {Failure[]} */ ([]));
  /** Bytes of the digits to learn from: those that came, those that have to. */
  fetched = signal({ loaded: 0, total: 0 });
  /** Whether training was asked for and has not begun yet. */
  wanted = signal(false);

  /** Whether the fields say something else than the run on the screen does. */
  staged = computed(() => {
    const frame = this.frame.value;
    if (!frame) return false;
    const { seed, batch: size, optimizer } = this.#config();
    return frame.config.seed !== seed || frame.config.batch !== size || frame.config.optimizer.lr !== optimizer.lr;
  });

  #settings;
  #places;
  /** @type {TrainerClient|null} */
  #client = null;
  /** @type {DataIndex|null} */
  #index = null;
  /** Shards that the present worker has been given. @type {Set<string>} */
  #given = new Set();
  #closed = new AbortController();
  /** How files are fetched: past the browser's cache after something went wrong. @type {RequestCache} */
  #cache = 'default';
  #looking = true;
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Settings} settings @param {Places} places */
  constructor(settings, places) {
    this.#settings = settings;
    this.#places = places;
  }

  /** Gets the first digits, so that there is something to see. Python is not touched. */
  async open() {
    this.#effects.push(
      effect(() => {
        this.#settings.get('digit');
        this.#watch();
      }),
      effect(() => {
        // Before the first step nothing is lost by a new start: settings take effect at once.
        if (this.staged.value && this.frame.peek()?.step === 0) this.#client?.configure(this.#config());
      }),
    );
    await this.#begin();
  }

  async #begin() {
    await this.#attempt(async () => {
      const stop = this.#closed.signal;
      this.#index ??= await fetchIndex(this.#places.mnist, stop, this.#cache);
      this.digits.value ??= new Digits(this.#index);
      if (!this.arrived.value) await this.#fetch({ split: 'test', number: 0 });
      this.size.value ??= {
        python: await fetchSize(this.#places.python, stop, this.#cache),
        digits: this.#digitBytes(this.#index),
      };
    });
    if (this.#client) await this.#deliver();
  }

  /** @param {DataIndex} index */
  #digitBytes({ splits }) {
    return [...splits.train.shards, ...splits.test.shards].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Starts Python, and fetches the digits to learn from. Doing so twice is doing it once. */
  async boot() {
    if (this.phase.value === 'loading' || this.phase.value === 'ready') return;
    this.#client?.dispose();
    this.#given.clear();
    this.fetched.value = { loaded: 0, total: 0 };
    this.#client = this.#connect();
    this.#client.configure(this.#config());
    this.#watch();
    void this.#client.boot();
    await this.#deliver();
  }

  start() {
    this.wanted.value = true;
    void this.boot();
    this.#client?.start();
  }

  pause() {
    this.wanted.value = false;
    this.#client?.pause();
  }

  /** @param {number} steps */
  step(steps) {
    this.wanted.value = true;
    void this.boot();
    this.#client?.step(steps);
  }

  /** Back to step 0, with what the fields say now. */
  reset() {
    this.wanted.value = false;
    if (this.staged.value) this.#client?.configure(this.#config());
    else this.#client?.reset();
  }

  /** Tries again what failed, past the browser's cache. */
  async retry() {
    this.#cache = 'reload';
    this.failures.value = [];
    const again = this.phase.value === 'failed';
    await this.#begin();
    if (again) await this.boot();
  }

  /** Whether the network can be seen: its weights are asked for only then. @param {boolean} visible */
  look(visible) {
    if (visible === this.#looking) return;
    this.#looking = visible;
    this.#watch();
  }

  /** The frame has been drawn. @param {Frame} frame */
  drawn(frame) {
    this.#client?.ack(frame.id);
  }

  close() {
    this.#closed.abort();
    for (const stop of this.#effects.splice(0)) stop();
    this.#client?.dispose();
    this.#client = null;
  }

  /** @returns {Pick<RunConfig, 'seed'|'batch'|'optimizer'>} */
  #config() {
    return {
      seed: this.#settings.get('seed'),
      batch: this.#settings.get('batch'),
      optimizer: { type: 'sgd', lr: this.#settings.get('rate') },
    };
  }

  #watch() {
    this.#client?.watch({ digit: { split: 'test', index: this.#settings.get('digit') }, weights: this.#looking });
  }

  #connect() {
    const client = new TrainerClient({ worker: this.#places.worker, manifest: this.#places.python });
    /** @param {string} type @param {(detail: any) => void} hear */
    const on = (type, hear) => client.addEventListener(type, (event) => hear(/** @type {CustomEvent} */ (event).detail));
    on('state', (phase) => void (this.phase.value = phase));
    on('progress', (progress) => void (this.progress.value = progress));
    on('ready', ({ versions }) => void (this.versions.value = versions));
    on('failure', (failure) => this.#fail(failure));
    on('frame', (frame) => this.#take(frame));
    return client;
  }

  /** @param {Frame} frame */
  #take(frame) {
    batch(() => {
      if (frame.run !== this.frame.value?.run) this.history.value = new History();
      this.history.value.take(frame);
      if (frame.state !== 'idle') this.wanted.value = false;
      this.frame.value = frame;
    });
  }

  /** Hands every shard that the worker does not have yet to it, in order, a few at a time. */
  async #deliver() {
    if (!this.#index) return;
    const { test, train } = this.#index.splits;
    this.fetched.value = { ...this.fetched.value, total: this.#digitBytes(this.#index) };
    /** @type {Part[]} */
    const parts = [
      { split: 'train', number: 0 }, // with the size of both splits known, the first network can be made
      ...test.shards.map((_, number) => /** @type {Part} */ ({ split: 'test', number })),
      ...train.shards.slice(1).map((_, number) => /** @type {Part} */ ({ split: 'train', number: number + 1 })),
    ];
    const client = this.#client;
    const lane = async () => {
      for (let part = parts.shift(); part && client === this.#client; part = parts.shift()) await this.#fetch(part);
    };
    await this.#attempt(() => Promise.all(Array.from({ length: LANES }, lane)));
  }

  /** @param {Part} part */
  async #fetch({ split, number }) {
    const key = `${split} ${number}`;
    const client = this.#client;
    if (!this.#index || this.#given.has(key)) return;
    const shard = await fetchShard(this.#places.mnist, this.#index, split, number, {
      signal: this.#closed.signal,
      cache: this.#cache,
    });
    const digits = this.digits.value;
    if (split === 'test' && digits) {
      digits.add(shard);
      this.arrived.value = digits.arrived;
    }
    if (!client || client !== this.#client || this.#given.has(key)) return;
    this.#given.add(key);
    client.data(shard);
    const { loaded, total } = this.fetched.value;
    this.fetched.value = { loaded: loaded + this.#index.splits[split].shards[number].bytes, total };
  }

  /** @param {() => Promise<unknown>} work whose failure belongs on the page */
  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      const { code = 'E-PAGE', message, advice } = /** @type {import('../worker/download.js').LoadError} */ (error);
      this.#fail({ code, message, advice, fatal: false });
    }
  }

  /** @param {Failure} failure */
  #fail(failure) {
    const others = this.failures.value.filter(({ code, message }) => code !== failure.code || message !== failure.message);
    this.failures.value = [failure, ...others];
    if (failure.fatal || failure.code.startsWith('E-DIVERGED')) this.wanted.value = false;
  }
}
