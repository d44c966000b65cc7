/**
 * The Python of a page: started once, told of as signals, and started again by itself when it has
 * died, but only once: what dies again soon would go on dying. Whoever has something in it joins:
 * what was in there is gone then, and each puts back its own.
 *
 * @module
 */

import { batch, signal } from '@preact/signals-core';
import { PythonClient } from '../python/client.js';
import { DIED } from '../wire/connection.js';
import { failureOf, withFailure } from './failures.js';

/**
 * @typedef {import('../python/protocol.js').Failure} Failure
 * @typedef {import('../python/protocol.js').Requests} Requests
 * @typedef {import('../python/protocol.js').Stage} Stage
 * @typedef {import('../python/client.js').State} Phase
 *
 * @typedef {object} Member
 * @property {() => void} raise puts back what the member has in Python, which has just been begun anew
 * @property {() => void} lost it is gone
 * @property {() => boolean} busy whether Python computes for it
 */

/** Milliseconds that an idle Python has to live for its death to be forgotten. */
const CALM_MS = 10_000;

export class Interpreter {
  phase = signal(/** @type {Phase} */ ('off'));
  /** How far its start is. */
  progress = signal(/** @type {{stage: Stage, loaded: number, total: number}|null} */ (null));
  versions = signal(/** @type {Record<string, string>|null} */ (null));
  /** What is wrong, newest first; a retry clears the list. */
  failures = signal(/** @type {Failure[]} */ ([]));
  /** Why it stopped after it had been there, until it is there again. */
  mishap = signal(/** @type {Failure|null} */ (null));

  /** Counts the starts: what was handed to one is unknown to the next. */
  life = 0;

  #client;
  /** @type {Set<Member>} */
  #members = new Set();
  /** Whether it has just been started again by itself. */
  #restarted = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #calm;

  /** @param {{worker: string, python: string}} places addresses of the worker's script and of the list of Python's parts */
  constructor({ worker, python }) {
    this.#client = new PythonClient(
      { worker, manifest: python },
      {
        state: (state) => {
          if (state !== 'failed') this.phase.value = state; // `lost` decides what becomes of a failure
        },
        progress: (progress) => void (this.progress.value = progress),
        ready: (versions) => this.#greet(versions),
        trouble: (_, failure) => this.fail(failure),
        lost: (failure) => this.#lose(failure),
      },
    );
  }

  /** @param {Member} member @returns {() => void} lets it go */
  join(member) {
    this.#members.add(member);
    return () => void this.#members.delete(member);
  }

  /** Starts Python. Doing so twice is doing it once. */
  boot() {
    if (this.phase.peek() === 'loading' || this.phase.peek() === 'ready') return;
    this.life += 1;
    this.progress.value = null;
    void this.#client.boot();
    for (const member of this.#members) member.raise();
  }

  /** Tries again what failed; its members bring back what was asked for. */
  retry() {
    this.failures.value = [];
    if (this.phase.peek() === 'failed') this.boot();
  }

  /**
   * As `PythonClient.ask`; what is refused is told on the page as well, unless Python itself is lost.
   * Where two figures share this Python, what one of them is refused is no business of the other's.
   *
   * @template {Exclude<keyof Requests, 'boot'>} T
   * @param {T} type
   * @param {Parameters<Requests[T]>[0]} what
   * @param {Transferable[]} [transfer]
   * @param {import('@preact/signals-core').Signal<Failure[]>} [failures] where a refusal is told
   * @returns {Promise<ReturnType<Requests[T]>>}
   */
  async ask(type, what, transfer, failures = this.failures) {
    try {
      return await this.#client.ask(type, what, transfer);
    } catch (error) {
      this.#tell(error, failures);
      throw error;
    }
  }

  /**
   * Watches a run, or changes what is wanted of it.
   *
   * @param {string} reader
   * @param {import('../python/protocol.js').Watch} watch
   * @param {(frame: import('../python/client.js').Seen) => void} see
   */
  async watch(reader, watch, see) {
    await this.#client.watch(reader, watch, see).catch((error) => this.#tell(error));
  }

  /** @param {string} reader @param {number} id of the frame that has been drawn */
  drawn(reader, id) {
    this.#client.drawn(reader, id);
  }

  /** What was computing when Python died has got beyond that: another death begins a new count. */
  forgive() {
    this.#restarted = false;
  }

  /** Tells of a failure. @param {Failure} failure */
  fail(failure) {
    this.failures.value = withFailure(this.failures.peek(), failure);
  }

  close() {
    clearTimeout(this.#calm);
    this.#members.clear();
    this.#client.close();
  }

  /** A refusal; that Python is gone is told by `lost`. @param {unknown} error */
  #tell(error, failures = this.failures) {
    const failure = failureOf(error);
    if (!failure.fatal) failures.value = withFailure(failures.peek(), failure);
  }

  /** @param {Record<string, string>} versions */
  #greet(versions) {
    this.versions.value = versions;
    this.mishap.value = null;
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => {
      if (![...this.#members].some((member) => member.busy())) this.forgive();
    }, CALM_MS);
  }

  /** @param {Failure} failure */
  #lose(failure) {
    clearTimeout(this.#calm);
    const ran = this.phase.peek() === 'ready';
    const again = !this.#restarted && (ran || DIED.has(failure.code));
    batch(() => {
      this.phase.value = 'failed';
      this.mishap.value = ran || this.#restarted ? failure : null;
      for (const member of this.#members) member.lost();
      this.#restarted = true;
      if (again) this.boot();
      else this.fail(failure);
    });
  }
}
