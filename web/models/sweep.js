/**
 * A sweep in this tab: many runs that differ in some settings, each trained from its beginning to its
 * end by one of several workers. What the runs are, and what is written of them, is Python's; the
 * same file goes on natively, and one that was begun there goes on here.
 *
 * A run whose worker dies is tried once more; a run that fails is told of, and the others go on.
 *
 * @module
 */

import { computed, signal } from '@preact/signals-core';
import { keepRun } from '../data/kept-run.js';
import { lookOf } from '../data/runs.js';
import { Lane, Lost } from './lane.js';
import { SweptRun } from './swept-run.js';
import { differences } from './watched.js';

/**
 * @typedef {import('./watched.js').Watched} Watched
 * @typedef {import('../python/protocol-sweep.js').Planned} Planned
 * @typedef {import('../python/protocol-sweep.js').Files} Files
 *
 * @typedef {object} Wish what the visitor asks for
 * @property {Partial<import('../python/protocol.js').RunConfig>} config
 * @property {string[]} vary
 * @property {string} seeds
 * @property {number} random
 *
 * @typedef {'none'|'starting'|'running'|'paused'|'done'} State
 */

const WEIGHTS = 'weights.safetensors';
const LOG = 'log.jsonl';
/** Milliseconds between two pictures of all runs. */
const PACE_MS = 150;
const DIED = 'its worker died, twice';

export class Sweep {
  /** Changes some times a second, while anything does. @type {import('@preact/signals-core').Signal<Watched[]>} */
  runs = signal(/** @type {Watched[]} */ ([]));
  contact = signal(/** @type {import('./watched.js').Contact} */ ('here'));
  chosen = signal(/** @type {string|null} */ (null));
  look = signal(/** @type {import('../data/runs.js').Look|null} */ (null));
  blind = signal('');
  differing = computed(() => differences(this.runs.value));

  state = signal(/** @type {State} */ ('none'));
  /** Why it does not begin, or what stopped it. */
  fault = signal('');
  /** What the first worker fetches, while it does. */
  fetching = signal(/** @type {{loaded: number, total: number}|null} */ (null));
  /** How much of all runs is done, 0..1; and seconds that the rest takes, once that can be told. */
  course = signal({ share: 0, left: /** @type {number|null} */ (null) });
  /** Workers that train. */
  working = signal(0);

  #places;
  #plan = '';
  /** @type {SweptRun[]} */
  #entries = [];
  /** Runs that wait for a worker. @type {SweptRun[]} */
  #waiting = [];
  /** The first is the desk: it answers what concerns the sweep. @type {Lane[]} */
  #lanes = [];
  /** Which lane trains which run. @type {Map<SweptRun, Lane>} */
  #under = new Map();
  /** Wakes lanes that have waited for the sweep to go on. @type {(() => void)[]} */
  #sleepers = [];
  /** Whether each lane has its digits. @type {WeakMap<Lane, Promise<void>>} */
  #opened = new WeakMap();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** Milliseconds that it has gone on, before the last pause; and since when it goes on. */
  #spent = 0;
  #since = 0;
  /** How much was done when it began here. */
  #before = 0;
  /** Counts the sweeps: what an older one still does is no business of this one's. */
  #life = 0;

  /** @param {{worker: string, python: string, mnist: string}} places */
  constructor(places) {
    this.#places = places;
  }

  /** How many runs have ended, and how many of them failed. */
  get ended() {
    const ended = this.#entries.filter(({ line }) => line !== null);
    return { count: ended.length, failed: ended.filter(({ told }) => told.state === 'damaged').length };
  }

  /** Begins a sweep, in place of the one that is there. @param {Wish} wish @param {number} workers */
  begin(wish, workers) {
    return this.#start((desk) => desk.ask('sweep_plan', wish), workers);
  }

  /** Goes on with a saved one. @param {Uint8Array<ArrayBuffer>} file @param {number} workers */
  resume(file, workers) {
    return this.#start((desk) => desk.ask('sweep_open', { file }), workers);
  }

  async pause() {
    if (this.state.peek() !== 'running') return;
    this.#spent += performance.now() - this.#since;
    this.state.value = 'paused';
    await Promise.all(this.#lanes.map((lane) => lane.drive(false).catch(() => {}))); // a lost lane tells by itself
  }

  async goOn() {
    if (this.state.peek() !== 'paused') return;
    this.#since = performance.now();
    this.state.value = 'running';
    await Promise.all(this.#lanes.map((lane) => lane.drive(true).catch(() => {})));
    this.#wake();
  }

  /** The sweep as one file, with what is under way as it stands. @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async save() {
    /** @type {Record<string, Files>} */
    const runs = {};
    await Promise.all([...this.#under].map(async ([entry, lane]) => void (entry.files = (await lane.keep().catch(() => null)) ?? entry.files)));
    for (const { number, files } of this.#entries) if (files) runs[String(number)] = files;
    const lines = this.#entries.flatMap(({ line }) => (line === null ? [] : [line]));
    const desk = this.#lanes[0] ?? this.#lane(false);
    return desk.ask('sweep_pack', { plan: this.#plan, count: this.#entries.length, lines, runs });
  }

  /** @param {string} name */
  choose(name) {
    if (this.chosen.peek() === name) return;
    this.chosen.value = name;
    this.look.value = null;
    void this.#look();
  }

  /** Keeps the chosen run's network where the site's other pages find it. @returns {Promise<boolean>} */
  async keep() {
    const weights = this.#entryOf(this.chosen.peek())?.files?.[WEIGHTS];
    return Boolean(weights) && keepRun(/** @type {Uint8Array<ArrayBuffer>} */ (weights));
  }

  close() {
    this.#life += 1;
    clearTimeout(this.#timer);
    for (const lane of this.#lanes.splice(0)) lane.close();
    this.#under.clear();
  }

  /** @param {(desk: Lane) => Promise<Planned>} ask @param {number} workers */
  async #start(ask, workers) {
    if (this.state.peek() !== 'done') this.close();
    const life = ++this.#life;
    this.fault.value = '';
    this.state.value = 'starting';
    try {
      const desk = this.#lanes[0] ?? this.#lane(true);
      const planned = await ask(desk);
      if (life !== this.#life) return;
      this.#take(planned);
      await this.#opened.get(desk);
      if (life !== this.#life) return;
      this.state.value = 'running';
      this.#since = performance.now();
      const count = Math.max(1, Math.min(workers, this.#waiting.length));
      while (this.#lanes.length < count) this.#lane(false);
      const ends = await Promise.allSettled(this.#lanes.slice(0, count).map((lane) => this.#work(lane, life)));
      const broken = ends.find((end) => end.status === 'rejected');
      if (broken && this.#entries.some(({ line }) => line === null)) throw broken.reason; // else the others have done its part
    } catch (error) {
      if (life === this.#life) this.fault.value = /** @type {Error} */ (error).message;
    }
    if (life === this.#life) this.#finish();
  }

  /** @param {boolean} told whether what it fetches is @returns {Lane} */
  #lane(told) {
    const lane = new Lane(this.#places, told ? (loaded, total) => void (this.fetching.value = { loaded, total }) : undefined);
    const opened = lane.open();
    opened.catch(() => {}); // whoever works with it is told
    this.#opened.set(lane, opened);
    this.#lanes.push(lane);
    return lane;
  }

  /** @param {Planned} planned */
  #take({ plan, runs }) {
    const digits = String(runs.length - 1).length;
    this.#plan = plan;
    this.#entries = runs.map((planned, number) => new SweptRun(planned, number, digits));
    this.#waiting = this.#entries.filter(({ line }) => line === null);
    this.#before = this.#share();
    this.#spent = 0;
    this.chosen.value = this.#entries[0]?.told.name ?? null;
    this.look.value = null;
    this.#show();
    void this.#look();
  }

  /** One lane trains what waits, until nothing does. @param {Lane} lane @param {number} life @throws {Error} it cannot be opened */
  async #work(lane, life) {
    let mine = lane;
    while (life === this.#life) {
      await this.#opened.get(mine);
      while (this.state.peek() === 'paused') await new Promise((wake) => this.#sleepers.push(() => wake(null)));
      const entry = life === this.#life ? this.#waiting.shift() : null;
      if (!entry) return;
      try {
        await this.#train(entry, mine, life);
      } catch (error) {
        if (life !== this.#life) return;
        if (error instanceof Lost) mine = await this.#mourn(entry, mine);
        else await this.#fail(entry, /** @type {Error} */ (error).message);
      } finally {
        if (life === this.#life) this.#under.delete(entry);
        this.working.value = this.#under.size;
      }
    }
  }

  /** A worker has died under a run. @param {SweptRun} entry @param {Lane} lane @returns {Promise<Lane>} another in its place */
  async #mourn(entry, lane) {
    lane.close();
    const other = this.#lane(false);
    this.#lanes.pop();
    this.#lanes.splice(this.#lanes.indexOf(lane), 1, other);
    entry.deaths += 1;
    entry.wait();
    this.#later();
    if (entry.deaths < 2) this.#waiting.unshift(entry);
    else await this.#fail(entry, DIED);
    return other;
  }

  /** @param {SweptRun} entry @param {Lane} lane @param {number} life */
  async #train(entry, lane, life) {
    this.#under.set(entry, lane);
    this.working.value = this.#under.size;
    entry.files = await lane.train(entry.begin(), (frame) => {
      entry.hear(frame);
      this.#later();
    });
    if (life !== this.#life) return;
    entry.end(await lane.ask('sweep_result', { ...this.#about(entry), log: entry.files[LOG].slice() }));
    this.#later();
    if (entry.told.name === this.chosen.peek()) void this.#look();
  }

  /** @param {SweptRun} entry @param {string} reason */
  async #fail(entry, reason) {
    const line = await this.#lanes[0].ask('sweep_result', { ...this.#about(entry), reason });
    entry.end(line);
    this.#later();
  }

  /** @param {SweptRun} entry */
  #about({ number, planned: { settings, config } }) {
    return { number, count: this.#entries.length, settings, config };
  }

  /** Nothing is trained any more: all runs have ended, or there is a fault. */
  #finish() {
    this.fetching.value = null;
    this.state.value = this.#entries.length ? 'done' : 'none';
    for (const lane of this.#lanes.splice(this.#lanes[0]?.sound ? 1 : 0)) lane.close(); // the desk stays, to look and to save
    this.#show();
  }

  #wake() {
    for (const wake of this.#sleepers.splice(0)) wake();
  }

  async #look() {
    const entry = this.#entryOf(this.chosen.peek());
    const weights = entry?.files?.[WEIGHTS];
    this.blind.value = weights || !entry ? '' : 'Its network can be looked at when the run has ended.';
    if (!weights || !this.#lanes.length) return;
    try {
      await this.#opened.get(this.#lanes[0]);
      const look = lookOf(await this.#lanes[0].look(weights.slice()));
      if (entry.told.name === this.chosen.peek()) this.look.value = look;
    } catch (error) {
      if (entry.told.name === this.chosen.peek()) this.blind.value = /** @type {Error} */ (error).message;
    }
  }

  /** @param {string|null} name */
  #entryOf(name) {
    return this.#entries.find(({ told }) => told.name === name);
  }

  #share() {
    return this.#entries.reduce((sum, { share }) => sum + share, 0) / Math.max(1, this.#entries.length);
  }

  /** Soon: what changed meanwhile is one picture. */
  #later() {
    this.#timer ??= setTimeout(() => this.#show(), PACE_MS);
  }

  #show() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const share = this.#share();
    const spent = this.#spent + (this.state.peek() === 'running' ? performance.now() - this.#since : 0);
    const here = share - this.#before;
    this.course.value = { share, left: here > 0.02 && spent > 1000 ? ((1 - share) / here) * (spent / 1000) : null };
    this.runs.value = this.#entries.map(({ told }) => ({ ...told })); // others than before, so that it is seen
  }
}
