/**
 * What the page of all digits has Python do: find the digits that an expression is true for, and
 * lay them out by their principal components. Python is fetched when one of these is first wanted.
 * If it dies, it is started again once by itself and asked again; what it owes is always known, so
 * a visitor's "Try again" brings back what was asked for. Once nothing is asked for, it is ended
 * after a minute; what it answered stays, and the next question starts it again.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { PythonClient } from '../python/client.js';
import { DIED } from '../wire/connection.js';
import { Refused } from '../wire/requests.js';

/**
 * @typedef {import('./collection.js').Collection} Collection
 * @typedef {import('../python/protocol.js').Requests} Requests
 * @typedef {import('../python/protocol.js').Failure} Failure
 * @typedef {import('../data/examples.js').About} About
 *
 * @typedef {object} Answer to an expression
 * @property {string} expression
 * @property {Uint32Array|null} ids that it is true for; those of the last good expression, if it is none
 * @property {string|null} fault what is wrong with it
 * @property {number|null} column where in it
 * @property {number} milliseconds
 */

/** Bytes of pixels that are handed over at a time. */
const PART = 3_200_000;
/** Bytes of pixels that Python takes; the bridge's browse.py says the same. */
const MOST_PIXELS = 128 << 20;
/** Whether an expression reads pixels. */
const PIXELS = /\bX\b/;
/** Milliseconds after Python was started again within which it is not: it would die as well. */
const AGAIN_MS = 60_000;
/** Milliseconds after which Python is ended that nobody asks for anything: its memory never shrinks, and with all pixels is 170 MB. */
const REST_MS = 60_000;
const LATE = 'E-TIMEOUT';
const NO_ANSWER = /** @type {Answer} */ ({ expression: '', ids: null, fault: null, column: null, milliseconds: 0 });

export class Questions {
  /** Of the worker. */
  phase = signal(/** @type {import('../python/client.js').State} */ ('off'));
  progress = signal(/** @type {{stage: string, loaded: number, total: number}|null} */ (null));
  versions = signal(/** @type {Record<string, string>|null} */ (null));
  /** What is being computed, in words; null when nothing is. */
  busy = signal(/** @type {string|null} */ (null));
  found = signal(NO_ANSWER);
  /** Principal components of every digit, by id. */
  points = signal(/** @type {Float32Array|null} */ (null));
  /** Seconds that the map took, and how much of the variance it shows. */
  mapped = signal(/** @type {{seconds: number, explained: number[]}|null} */ (null));

  #collection;
  #client;
  /** The columns that Python has. @type {object|null} */
  #columns = null;
  /** Whose pixels Python has: the parts of a set, which stay when its classes get other names. @type {object|null} */
  #pixels = null;
  /** Whose digits the map shows. @type {object|null} */
  #map = null;
  /** What the last expression was answered from. @type {object|null} */
  #from = null;
  /** Whether something is being asked: a newer wish waits for its turn and then is looked at afresh. */
  #working = false;
  #again = false;
  /** Counts the Pythons that have ended: what was begun for one is not handed to the next. */
  #ended = 0;
  /** When Python was last started again by itself. */
  #restarted = -Infinity;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #restarting;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #resting;

  /** @param {Collection} collection @param {{worker: string, python: string}} places */
  constructor(collection, { worker, python }) {
    this.#collection = collection;
    this.#client = new PythonClient(
      { worker, manifest: python },
      {
        state: (phase) => {
          this.phase.value = phase;
          if (phase === 'ready') collection.mishaps.resume();
        },
        progress: (progress) => void (this.progress.value = progress),
        ready: (versions) => void (this.versions.value = versions),
        lost: (failure) => this.#lose(failure),
      },
    );
  }

  /** Called in an effect: does what the settings want, as soon as the digits it is about are here. */
  follow() {
    const { settings, complete, columns, facts, about, mishaps } = this.#collection;
    // All are read, whatever the first says: each is to call this again.
    const [expression, shape, known, set, all] = [settings.get('python'), settings.get('shape'), columns.value, about.value, complete.value];
    const coming = !mishaps.failures.value.length && facts.value === null;
    const wanted = Boolean(expression) || shape === 'pca';
    this.#rest(!wanted);
    if (!wanted) return;
    if (this.#client.state === 'off') void this.#client.boot();
    if (this.#client.state === 'failed' || !all || !known || !set) return;
    if (set.facts ? coming && !known.loss : !known.ink) return;
    this.#again = true;
    if (!this.#working) void this.#work();
  }

  /** Another set has come: what was found and mapped was of the one before. */
  forget() {
    this.found.value = NO_ANSWER;
    this.points.value = this.mapped.value = null;
    this.#map = this.#from = null;
  }

  /** Starts Python again, and asks for what it owes. */
  retry() {
    if (this.#client.state === 'failed') void this.#client.boot();
    this.follow();
  }

  close() {
    clearTimeout(this.#restarting);
    this.#rest(false);
    this.#client.close();
  }

  /** @param {boolean} rest whether Python is to be ended in a while, unless it is ended or going to be */
  #rest(rest) {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    if (!rest || this.#client.state === 'off' || this.#client.state === 'failed') return;
    this.#resting = setTimeout(() => (this.#working ? this.#rest(true) : this.#end()), REST_MS);
  }

  /** Ends Python, with all that was handed to it. */
  #end() {
    this.#client.close();
    this.#forgetPython();
  }

  #forgetPython() {
    this.#columns = this.#pixels = null;
    this.#ended += 1;
  }

  async #work() {
    this.#working = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#answer().catch((error) => this.#refused(error)); // what was wished for meanwhile is still asked
      }
    } finally {
      this.#working = false;
      this.busy.value = null;
    }
  }

  /** @param {Partial<Refused>} error */
  #refused(error) {
    if (this.#client.state === 'off') return; // the page needs no answer any more
    const { failure } = error;
    if (!failure) throw error;
    if (!failure.fatal) this.#collection.mishaps.tell(failure); // the end of a worker has been told
  }

  async #answer() {
    const { settings, columns, about } = this.#collection;
    const [known, set, expression] = [columns.peek(), about.peek(), settings.get('python')];
    if (!known || !set) return;
    if (this.#columns !== known) {
      this.busy.value = 'Python takes up what is known of the digits';
      await this.#ask('columns', { columns: named(known) });
      this.#pixels = null; // Python forgets them with the columns
      this.#columns = known;
    }
    if (expression && (this.found.peek().expression !== expression || this.#from !== known)) await this.#find(expression, known, set);
    if (settings.get('shape') === 'pca' && this.#map !== set.parts) await this.#project(set);
  }

  /** @param {string} expression @param {object} known @param {About} set */
  async #find(expression, known, set) {
    const { ids: last } = this.found.peek();
    const refusal = PIXELS.test(expression) ? tooLarge(set) : null;
    if (refusal) {
      this.found.value = { expression, ids: last, fault: refusal, column: null, milliseconds: 0 };
      this.#from = known;
      return;
    }
    if (PIXELS.test(expression)) await this.#handPixels(set);
    this.busy.value = 'Python reads the expression';
    try {
      const { ids, milliseconds } = await this.#ask('query', { expression });
      this.found.value = { expression, ids, fault: null, column: null, milliseconds };
    } catch (error) {
      const { failure } = /** @type {Partial<Refused>} */ (error);
      if (!failure || failure.fatal) throw error;
      const { code, message, column = null } = /** @type {Failure} */ (failure);
      const fault = code === LATE ? 'Python took too long over this expression, and was started again.' : message;
      this.found.value = { expression, ids: last, fault, column, milliseconds: 0 };
    }
    this.#from = known;
  }

  /** @param {About} set */
  async #project(set) {
    const refusal = tooLarge(set);
    if (refusal) {
      this.#map = set.parts; // said once
      return this.#collection.mishaps.tell({ code: 'E-PIXELS', message: refusal, fatal: false });
    }
    await this.#handPixels(set);
    this.busy.value = 'Python computes the principal components';
    const { points, explained, milliseconds } = await this.#ask('map', {});
    this.#map = set.parts;
    this.mapped.value = { seconds: milliseconds / 1000, explained };
    this.points.value = points;
  }

  /** @param {About} set */
  async #handPixels(set) {
    if (this.#pixels === set.parts) return;
    const { rows, columns } = set;
    const step = Math.max(1, Math.floor(PART / (rows * columns)));
    /** One buffer goes to and fro: one for each part would stay as garbage as large as the set. @type {Uint8Array<ArrayBuffer>|undefined} */
    let into;
    const ended = this.#ended;
    for (let start = 0; start < set.count; start += step) {
      this.busy.value = `Python takes up the pixels of ${set.noun} ${start.toLocaleString('en')} of ${set.count.toLocaleString('en')}`;
      const ids = Uint32Array.from({ length: Math.min(step, set.count - start) }, (_, k) => start + k);
      const images = await this.#collection.wall.ask('images', { ids, into }, into && [into.buffer]);
      if (ended !== this.#ended) throw new Refused({ code: 'E-ENDED', message: 'Python has ended meanwhile', fatal: true });
      into = (await this.#ask('images_part', { start, images, rows, columns }, [images.buffer])).images;
    }
    this.#pixels = set.parts;
  }

  /**
   * What is not answered in time keeps Python from all that comes after: it is started anew.
   *
   * @template {Exclude<keyof Requests, 'boot'>} T
   * @param {T} type
   * @param {Parameters<Requests[T]>[0]} what
   * @param {Transferable[]} [transfer]
   */
  async #ask(type, what, transfer) {
    try {
      return await this.#client.ask(type, what, transfer);
    } catch (error) {
      if (/** @type {Partial<Refused>} */ (error).failure?.code === LATE) {
        this.#end();
        void this.#client.boot();
      }
      throw error;
    }
  }

  /** @param {Failure} failure */
  #lose(failure) {
    this.#forgetPython();
    const now = performance.now();
    if (!DIED.has(failure.code) || now - this.#restarted < AGAIN_MS) return this.#collection.mishaps.tell(failure);
    this.#restarted = now;
    this.#collection.mishaps.interrupt(failure);
    this.#restarting = setTimeout(() => this.retry()); // once everybody knows that it is gone
  }
}

/** @param {About} set @returns {string|null} why Python cannot have its pixels */
function tooLarge({ count, rows, columns, noun }) {
  const bytes = count * rows * columns;
  if (bytes <= MOST_PIXELS) return null;
  return `Python takes at most ${(MOST_PIXELS / 1e6).toFixed(0)} MB of pixels here, and all ${noun}s of this set are ${(bytes / 1e6).toFixed(0)} MB; what needs no pixels works`;
}

/** The columns under the names that expressions use. @param {import('../data/words.js').Columns} columns */
function named({ label, test, index, prediction, loss, confidence, ink, similarity, writer }) {
  const all = { y: label, test, index, pred: prediction, loss, conf: confidence, ink, sim: similarity, writer };
  const known = Object.entries(all).filter(([, column]) => column);
  return /** @type {Record<string, Uint8Array>} */ (Object.fromEntries(known));
}
