/**
 * The page's end of the interpreter. Nothing is downloaded before `boot()`; what is asked earlier
 * waits here, and what is asked while Python starts waits in its worker, in this order. States: off,
 * loading, ready, failed. Each reader's frames go to the one who watches.
 *
 * @module
 */

import { Connection } from '../wire/connection.js';
import { openWorker } from '../wire/open-worker.js';
import { inTurn } from '../wire/turns.js';
import { shared } from './enter.js';
import { PROTOCOL_VERSION } from './protocol.js';

/**
 * @typedef {import('./protocol.js').Requests} Requests
 * @typedef {import('./protocol.js').Frame} Frame
 * @typedef {import('./protocol.js').Watch} Watch
 * @typedef {import('./protocol.js').Description} Description
 * @typedef {import('./protocol.js').Failure} Failure
 * @typedef {import('../wire/connection.js').Opened} Opened
 * @typedef {'off'|'loading'|'ready'|'failed'} State
 * @typedef {Frame & {description: Description}} Seen a frame, its run's description always with it
 *
 * @typedef {object} Hearing what whoever owns the client wants to know
 * @property {(state: State) => void} [state]
 * @property {(progress: {stage: import('./protocol.js').Stage, loaded: number, total: number}) => void} [progress]
 * @property {(versions: Record<string, string>) => void} [ready]
 * @property {(run: string, failure: Failure) => void} [trouble]
 * @property {(failure: Failure) => void} [lost] the interpreter is gone, and every run in it
 */

/** Seconds within which each request has to be answered; those that are not named here: 10. */
const LIMITS = /** @type {Record<string, number|undefined>} */ ({ boot: undefined, map: 120, images_part: 30, query: 30, open: 60, save: 60, create: 30, reset: 30, state: 30, restore: 30, fork: 30, trace: 30, data: 30, subject: 30, subject_step: 30, subject_map: 30, subject_flip: 60, subject_census: 60, subject_unit: 60, subject_edit: 60, subject_active: 60, subject_train: 60, sweep_plan: 30, sweep_open: 120, sweep_result: 30, sweep_pack: 120, sweep_look: 60 });
const LIMIT = 10;

export class PythonClient {
  /** @type {State} */
  state = 'off';
  #manifest;
  #hearing;
  #connection;
  /** Counts the starts: the end of one is no business of the next. */
  #attempt = 0;
  /** Settles when Python has been asked to start. @type {PromiseWithResolvers<void>} */
  #booting = unhandled();
  /** @type {Map<string, {see: (frame: Seen) => void, description: Description|null}>} */
  #readers = new Map();

  /**
   * @param {object} places
   * @param {string} places.manifest absolute address of the list of Python's parts
   * @param {string} [places.worker] absolute address of the worker's script, where the page shares no Python with others
   * @param {() => Promise<Opened|null>} [places.start] instead of it: gives the worker, or a port to one
   * @param {Hearing} [hearing]
   */
  constructor({ manifest, worker = '', start = sharedOrOwn(worker) }, hearing = {}) {
    this.#manifest = manifest;
    this.#hearing = hearing;
    this.#connection = new Connection({
      start,
      name: 'the worker that runs Python',
      hear: (news) => this.#hear(news),
      lost: (failure) => this.#lose(failure),
    });
  }

  /** Starts the worker and Python. Doing so twice is doing it once; after a failure it begins anew, without any run. */
  async boot() {
    if (this.state === 'loading' || this.state === 'ready') return;
    if (this.state === 'failed') this.#booting = unhandled();
    const attempt = ++this.#attempt;
    this.#become('loading');
    void this.#connection.open();
    try {
      const answer = this.#connection.ask('boot', { version: PROTOCOL_VERSION, manifest: this.#manifest });
      this.#booting.resolve();
      const { versions, moments } = await answer;
      note(moments);
      this.#become('ready');
      this.#hearing.ready?.(versions);
    } catch (error) {
      const { failure } = /** @type {import('../wire/requests.js').Refused} */ (error);
      if (attempt === this.#attempt) this.#connection.fail({ ...failure, fatal: true });
    }
  }

  /**
   * One request; it waits until Python is there, however long that takes.
   *
   * @template {Exclude<keyof Requests, 'boot'>} T
   * @param {T} type
   * @param {Parameters<Requests[T]>[0]} what
   * @param {Transferable[]} [transfer]
   * @returns {Promise<ReturnType<Requests[T]>>} rejected with a `Refused`
   */
  async ask(type, what, transfer = []) {
    if (this.state === 'off' || this.state === 'failed') await this.#booting.promise;
    const seconds = this.state === 'loading' ? undefined : type in LIMITS ? LIMITS[type] : LIMIT;
    return this.#connection.ask(type, what, { transfer, seconds });
  }

  /**
   * Watches a run, or changes what is wanted of it.
   *
   * @param {string} reader a name of the watcher's own
   * @param {Watch} watch
   * @param {(frame: Seen) => void} see must be followed by `drawn`
   */
  watch(reader, watch, see) {
    const known = this.#readers.get(reader);
    this.#readers.set(reader, { see, description: known?.description ?? null });
    return this.ask('watch', { reader, ...watch });
  }

  /** @param {string} reader */
  async unwatch(reader) {
    if (this.#readers.delete(reader) && this.state !== 'off' && this.state !== 'failed') await this.ask('unwatch', { reader });
  }

  /** A reader has drawn its frame: the next may come. @param {string} reader @param {number} id */
  drawn(reader, id) {
    this.#connection.tell('ack', { reader, id });
  }

  close() {
    this.#readers.clear();
    this.#connection.close();
    this.#booting.reject(new Error('Python is not needed any more'));
    this.#booting = unhandled();
    this.#become('off');
  }

  /** @param {any} news */
  #hear(news) {
    if (news.news === 'progress') this.#hearing.progress?.(news);
    else if (news.news === 'trouble') this.#hearing.trouble?.(news.run, news.failure);
    else if (news.news === 'frame') this.#show(news.reader, news.frame);
  }

  /** @param {string} reader @param {Frame} frame */
  #show(reader, frame) {
    const known = this.#readers.get(reader);
    if (!known) return; // it was told to stop while this was on its way
    known.description = frame.description ?? known.description;
    if (known.description) known.see({ ...frame, description: known.description });
  }

  /** @param {Failure} failure */
  #lose(failure) {
    this.#readers.clear();
    this.#booting.reject(Object.assign(new Error(failure.message), { failure }));
    this.#become('failed');
    this.#hearing.lost?.(failure);
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#hearing.state?.(state);
  }
}

/** @param {string} worker address of its script @returns {() => Promise<Opened|null>} */
function sharedOrOwn(worker) {
  /** @type {import('./enter.js').Entry|undefined} */
  let entry;
  return async () => {
    entry ??= shared()?.();
    if (!entry) return openWorker(worker);
    return (await entry.start()) ?? inTurn(() => openWorker(worker));
  };
}

/** When the worker was how far, as marks of the page's, for whoever measures. @param {Record<string, number>} moments milliseconds since 1970 */
function note(moments) {
  for (const [name, moment] of Object.entries(moments)) {
    performance.mark(`python: ${name}`, { startTime: Math.max(0, moment - performance.timeOrigin) });
  }
}

/** A promise that nobody need wait for. @returns {PromiseWithResolvers<void>} */
function unhandled() {
  const made = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  made.promise.catch(() => {});
  return made;
}
