/**
 * One engine race: the worker in which it is run, the few digits that the engines learn from, and
 * what each has done so far, as signals. It draws nothing.
 *
 * @module
 */

import { batch, signal } from '@preact/signals-core';
import { fetchIndex } from '../data/index.js';
import { fetchShard } from '../data/shard.js';
import { fetchSize } from '../data/size.js';
import { TrainerClient } from '../python/client.js';
import { failureOf } from './failures.js';

/**
 * @typedef {import('../python/protocol.js').RaceFrame} RaceFrame
 * @typedef {import('../python/protocol.js').Failure} Failure
 * @typedef {import('../python/protocol.js').Stage} Stage
 * @typedef {import('./session.js').Places} Places
 */

/** Weight of the past in the moving average: it looks back about 1 / (1 - 0.95) = 20 steps. */
const PAST = 0.95;

/** Two points of a curve are at least so many times as far along as each other. */
const RATIO = 1.03;

/** What one engine has done: every loss, and a curve that is as smooth at its end as at its start. */
export class Track {
  /** Of every step, from the first. @type {number[]} */
  losses = [];
  /** The curve: steps, seconds of its own until then, moving average of the loss. */
  steps = /** @type {number[]} */ ([]);
  seconds = /** @type {number[]} */ ([]);
  averages = /** @type {number[]} */ ([]);
  #sum = 0;
  #next = 1;

  /** @param {Float64Array} told triples step, loss, seconds */
  take(told) {
    for (let i = 0; i < told.length; i += 3) {
      this.losses.push(told[i + 1]);
      this.#sum = PAST * this.#sum + (1 - PAST) * told[i + 1];
      if (told[i] < this.#next) continue;
      this.#next = Math.max(told[i] + 1, Math.ceil(told[i] * RATIO));
      this.steps.push(told[i]);
      this.seconds.push(told[i + 2]);
      this.averages.push(this.#sum / (1 - PAST ** told[i]));
    }
  }
}

/** @param {Track[]} tracks @returns {{steps: number, largest: number}} how far the losses of the steps that all took are apart, relative */
export function apart(tracks) {
  const racing = tracks.filter(({ losses }) => losses.length);
  const steps = racing.length > 1 ? Math.min(...racing.map(({ losses }) => losses.length)) : 0;
  let largest = 0;
  for (let i = 0; i < steps; i++) {
    const at = racing.map(({ losses }) => losses[i]);
    largest = Math.max(largest, (Math.max(...at) - Math.min(...at)) / Math.max(...at));
  }
  return { steps, largest };
}

export class Race {
  phase = signal(/** @type {import('../python/client.js').State} */ ('off'));
  progress = signal(/** @type {{stage: Stage, loaded: number, total: number}|null} */ (null));
  size = signal(/** @type {{python: number, digits: number}|null} */ (null));
  frame = signal(/** @type {RaceFrame|null} */ (null));
  /** One for each lane. @type {import('@preact/signals-core').Signal<Track[]>} */
  tracks = signal(/** @type {Track[]} */ ([]));
  failures = signal(/** @type {Failure[]} */ ([]));
  /** Whether the race was started and has not begun yet. */
  wanted = signal(false);

  #places;
  #closed = new AbortController();
  /** @type {TrainerClient|null} */
  #client = null;

  /** @param {Places} places */
  constructor(places) {
    this.#places = places;
  }

  /** Learns what a start will cost. Python is not touched. */
  async open() {
    await this.#attempt(async () => {
      const { signal: stop } = this.#closed;
      const [python, index] = await Promise.all([fetchSize(this.#places.python, stop), fetchIndex(this.#places.mnist, stop)]);
      this.size.value = { python, digits: index.splits.train.shards[0].bytes + index.splits.test.shards[0].bytes };
    });
  }

  start() {
    this.wanted.value = true;
    void this.#boot();
    this.#client?.start();
  }

  pause() {
    this.wanted.value = false;
    this.#client?.pause();
  }

  reset() {
    this.wanted.value = false;
    this.#client?.reset();
  }

  /** Tries again what failed. */
  async retry() {
    this.failures.value = [];
    if (!this.size.value) await this.open();
  }

  /** The frame has been drawn. @param {RaceFrame} frame */
  drawn(frame) {
    this.#client?.ack(frame.id);
  }

  close() {
    this.#closed.abort();
    this.#client?.dispose();
    this.#client = null;
  }

  async #boot() {
    if (this.phase.value === 'loading' || this.phase.value === 'ready') return;
    this.#client?.dispose();
    this.frame.value = null;
    const client = (this.#client = this.#connect());
    void client.boot();
    await this.#attempt(() => this.#deliver(client));
  }

  /** The first shard of each split is all that they learn from. @param {TrainerClient} client */
  async #deliver(client) {
    const { mnist } = this.#places;
    const index = await fetchIndex(mnist, this.#closed.signal);
    const shards = await Promise.all(
      /** @type {const} */ (['train', 'test']).map((split) => fetchShard(mnist, index, split, 0, { signal: this.#closed.signal })),
    );
    for (const shard of shards) client.data({ ...shard, total: shard.count });
  }

  #connect() {
    const client = new TrainerClient({ worker: this.#places.worker, manifest: this.#places.python }, 'race');
    /** @param {string} type @param {(detail: any) => void} hear */
    const on = (type, hear) => client.addEventListener(type, (event) => hear(/** @type {CustomEvent} */ (event).detail));
    on('state', (phase) => void (this.phase.value = phase));
    on('progress', (progress) => void (this.progress.value = progress));
    on('failure', (failure) => this.#fail(failure));
    on('frame', (frame) => this.#take(frame));
    return client;
  }

  /** @param {RaceFrame} frame */
  #take(frame) {
    batch(() => {
      const fresh = frame.race !== this.frame.value?.race;
      const tracks = fresh ? frame.lanes.map(() => new Track()) : this.tracks.value;
      frame.lanes.forEach(({ losses }, i) => tracks[i].take(losses));
      this.tracks.value = tracks;
      if (frame.state !== 'idle') this.wanted.value = false;
      this.frame.value = frame;
    });
  }

  /** @param {() => Promise<unknown>} work whose failure belongs on the page */
  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.#fail(failureOf(error, true));
    }
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.failures.value = [failure, ...this.failures.value];
    if (failure.fatal) {
      this.wanted.value = false;
      this.#client?.dispose(); // the next start begins anew
    }
  }
}
