/**
 * One page's run: the digits as they arrive, the worker that trains, and what both have said so
 * far, as signals. It draws nothing, and knows no element; any number of figures may follow one.
 *
 * @module
 */

import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { fetchSize } from '../data/size.js';
import { TrainerClient } from '../python/client.js';
import { Choice, isOf } from './choice.js';
import { failureOf, withFailure } from './failures.js';
import { History } from './history.js';
import { Looked } from './looked.js';
import { Replay } from './recorded.js';
import { Supply } from './supply.js';
import { count } from './words.js';

/**
 * @typedef {import('../python/protocol.js').Frame} Frame
 * @typedef {import('../python/protocol.js').Failure} Failure
 * @typedef {import('../python/protocol.js').RunConfig} RunConfig
 * @typedef {import('../python/protocol.js').Stage} Stage
 * @typedef {import('../python/client.js').State} Phase
 * @typedef {import('../state/settings.js').Settings} Settings
 *
 * @typedef {{worker: string, python: string, mnist: string, recording: string}} Places addresses, absolute
 */

/** What a run on chosen digits takes at least: one pass over all of MNIST, ten at a time. */
const LEAST_STEPS = 6000;
const MOST_EPOCHS = 1000;

export class Session {
  /** Of the worker. */
  phase = signal(/** @type {Phase} */ ('off'));
  /** How far Python's start is. */
  progress = signal(/** @type {{stage: Stage, loaded: number, total: number}|null} */ (null));
  /** Bytes that Python and the digits cost, once known. */
  size = signal(/** @type {{python: number, digits: number}|null} */ (null));
  versions = signal(/** @type {Record<string, string>|null} */ (null));
  frame = signal(/** @type {Frame|null} */ (null));
  history = signal(new History());
  /** What is wrong, newest first; a retry clears the list. */
  failures = signal(/** @type {Failure[]} */ ([]));
  /** Whether training was asked for and has not begun yet. */
  wanted = signal(false);
  /** The run as files, as it was saved last. */
  files = signal(/** @type {{step: number, files: Record<string, Uint8Array<ArrayBuffer>>}|null} */ (null));
  /** Whether the visitor has taken the run in hand; until then a recorded one may be shown. */
  begun = signal(false);

  /** Whether the fields say something else than the run on the screen does. */
  staged = computed(() => {
    const frame = this.frame.value;
    if (!frame) return false;
    const { seed, batch: size, optimizer } = this.#config();
    const same = frame.config.seed === seed && frame.config.batch === size && frame.config.optimizer.lr === optimizer.lr;
    return !same || !isOf(this.choice.value.value, frame);
  });

  /** The recorded run, while it is what there is to see: before Python is there, and until a run is begun. */
  recorded = computed(() => (this.begun.value && this.frame.value ? null : this.replay.frame.value));

  #settings;
  #places;
  #closed = new AbortController();
  /** @type {TrainerClient|null} */
  #client = null;
  /** Whether the client has been told what a run starts from. */
  #configured = false;
  #looking = true;
  #opening = false;
  /** What the run that is being opened has chosen. @type {import('../data/subset.js').Subset} */
  #brought = {};
  /** @type {(() => void)[]} */
  #effects = [];

  /**
   * @param {Settings} settings
   * @param {Places} places
   * @param {import('@preact/signals-core').Signal<string>} chosen digits to train and to be tested on, as a link has them
   */
  constructor(settings, places, chosen) {
    this.#settings = settings;
    this.#places = places;
    this.supply = new Supply(places.mnist, this.#closed.signal);
    this.looked = new Looked(settings, this.supply);
    this.choice = new Choice(chosen);
    this.replay = new Replay(settings, this.looked, this.choice, places.recording);
  }

  /** Gets the first digits and the recorded run, so that there is something to see. Python is not touched. */
  async open() {
    this.#effects.push(
      effect(() => {
        if (!this.recorded.value) this.replay.pause();
      }),
      effect(() => this.#watch()),
      effect(() => {
        // The digit looked at may be in the shard that has just been handed over.
        if (this.supply.fetched.value.loaded && !this.frame.peek()?.activity) this.#watch();
      }),
      effect(() => {
        // Before the first step nothing is lost by a new start: settings take effect at once.
        if (this.staged.value && this.frame.peek()?.step === 0) this.#configure();
      }),
      effect(() => {
        const { split } = this.looked.chosen.value;
        const digits = this.supply.digits.value;
        const kind = split === 'test' ? 'test' : 'training';
        if (digits) this.#settings.bound('digit', digits.totals[split] - 1, `${digits.title} has ${count(digits.totals[split])} ${kind} digits`);
      }),
      effect(() => {
        if (this.supply.digits.value && this.looked.chosen.value) untracked(() => void this.#seek());
      }),
    );
    await this.#begin();
  }

  /** Starts Python, and fetches the digits to learn from. Doing so twice is doing it once. */
  async boot() {
    if (this.phase.value === 'loading' || this.phase.value === 'ready') return;
    this.#client?.dispose();
    this.frame.value = null; // another worker knows nothing of the run before
    this.#client = this.#connect();
    this.#configured = false;
    this.#watch();
    void this.#client.boot();
    await this.#deliver();
  }

  start() {
    this.begun.value = true;
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
    this.begun.value = true;
    this.wanted.value = true;
    void this.boot();
    this.#client?.step(steps);
  }

  /** Back to step 0, with what the fields say now. */
  reset() {
    this.wanted.value = false;
    if (this.staged.value) this.#configure();
    else this.#client?.reset();
  }

  save() {
    this.#client?.save();
  }

  /** Goes on with a run out of files. @param {Record<string, ArrayBuffer>} files */
  restore(files) {
    this.#opening = true;
    this.#client?.open(files);
  }

  /** Tries again what failed. */
  async retry() {
    this.failures.value = [];
    const again = this.phase.value === 'failed';
    await this.#begin();
    if (again) await this.boot();
  }

  /** Whether the network can be seen: its weights are asked for only then. @param {boolean} visible */
  look(visible) {
    if (visible === this.#looking) return;
    this.#looking = visible;
    this.replay.look(visible);
    this.#watch();
  }

  /** The frame has been drawn. @param {Frame} frame */
  drawn(frame) {
    this.#client?.ack(frame.id);
  }

  close() {
    this.#closed.abort();
    this.replay.close();
    this.choice.close();
    for (const stop of this.#effects.splice(0)) stop();
    this.#client?.dispose();
    this.#client = null;
  }

  async #begin() {
    if (!this.replay.recording.value) void this.#attempt(() => this.replay.open());
    await this.#attempt(async () => {
      await this.supply.open();
      this.size.value ??= {
        python: await fetchSize(this.#places.python, this.#closed.signal),
        digits: this.supply.bytes,
      };
    });
    void this.#seek();
    await this.#deliver();
  }

  /** Gets the digit looked at, wherever in the data set it is. */
  async #seek() {
    const { split, index } = this.looked.chosen.peek();
    await this.#attempt(() => this.supply.seek(split, index));
  }

  async #deliver() {
    const { whole } = this.supply;
    if (whole) await this.choice.open(whole);
    const client = this.#client;
    if (!client || !whole) return;
    // Of what a run starts from, before the first digit: with that the first network is made.
    if (!this.#configured) this.#configure();
    await this.#attempt(() => this.supply.deliver(client));
  }

  /** Lets Python begin anew with what the fields and the link say. */
  #configure() {
    this.#configured = true;
    this.#client?.configure(this.#config(), this.choice.value.peek());
  }

  /** @returns {Pick<RunConfig, 'seed'|'batch'|'optimizer'> & {epochs?: number}} */
  #config() {
    const few = this.choice.value.value.train?.length ?? Infinity;
    const batch = Math.min(this.#settings.get('batch'), few);
    return {
      seed: this.#settings.get('seed'),
      batch,
      optimizer: { type: 'sgd', lr: this.#settings.get('rate') },
      // Thirty passes over a handful are over before anything is learned.
      ...(few < Infinity ? { epochs: Math.min(MOST_EPOCHS, Math.max(30, Math.ceil((LEAST_STEPS * batch) / few))) } : {}),
    };
  }

  #watch() {
    const digit = this.looked.watch.value; // read even while there is no worker: an effect follows it
    this.#client?.watch({ digit, weights: this.#looking });
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
    on('opened', ({ chosen }) => void (this.#brought = chosen));
    on('files', (saved) => void (this.files.value = saved));
    return client;
  }

  /** @param {Frame} frame */
  #take(frame) {
    batch(() => {
      if (frame.run !== this.frame.value?.run) {
        this.history.value = new History();
        if (this.#opening) this.#adopt(frame.config);
      }
      this.history.value.take(frame);
      if (frame.state !== 'idle') this.wanted.value = false;
      this.frame.value = frame;
    });
  }

  /** The fields say what the opened run was begun with; else they would count as changed. @param {RunConfig} config */
  #adopt({ optimizer, batch: size, seed }) {
    this.#opening = false;
    this.begun.value = true;
    void this.choice.adopt(this.#brought);
    for (const [name, value] of /** @type {const} */ ([['rate', optimizer.lr], ['batch', size], ['seed', seed]])) {
      this.#settings.set(name, String(value));
    }
  }

  /** @param {() => Promise<unknown>} work whose failure belongs on the page */
  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.#fail(failureOf(error));
    }
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.failures.value = withFailure(this.failures.value, failure);
    if (failure.fatal) this.wanted.value = false;
  }
}
