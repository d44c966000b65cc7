/**
 * The page's end of the wall's worker. It remembers what the worker was given: the set (the site's
 * by its address, the visitor's by the handles of their files), the arrangement, the marks, the
 * colours. A worker that died is raised again once by itself, with all of that; what was asked of
 * it is asked again. If the next one dies soon, too, that is told, and `open` begins anew.
 *
 * @module
 */

import { Connection } from '../wire/connection.js';
import { openWorker } from '../wire/open-worker.js';
import { Refused } from '../wire/requests.js';

/**
 * @typedef {import('./protocol.js').Requests} Requests
 * @typedef {import('./protocol.js').Places} Places
 * @typedef {import('../data/own-files.js').Given} Given
 * @typedef {import('../wire/requests.js').Failure} Failure
 * @typedef {{index: string}|{files: Given[], names: Given[]}} Source
 *
 * @typedef {object} Hearing what whoever owns the client wants to know
 * @property {(about: import('../data/examples.js').About) => void} set another set is there
 * @property {(start: number, labels: Uint8Array) => void} arrived digits from this id on
 * @property {(arrived: number, count: number) => void} reading how many images of the visitor's files have been read
 * @property {(writers: Uint16Array) => void} written by whom each digit was, where the set tells
 * @property {(failure: Failure) => void} stopped the worker is gone, and another is being started
 * @property {() => void} restored it has all that the last one had
 * @property {(failure: Failure) => void} lost the worker is gone, or could not be given all of that
 */

/** Milliseconds after a worker was raised again within which the next is not: it would die as well. */
const AGAIN_MS = 60_000;

export class WallClient {
  #connection;
  #hearing;
  /** @type {Source|null} */
  #source = null;
  /** @type {Parameters<import('./protocol.js').Tells['arrange']>[0]|null} */
  #arrangement = null;
  /** @type {{ids: Uint32Array}|null} */
  #marks = null;
  /** @type {{inks: import('./protocol.js').Inks}|null} */
  #colours = null;
  /** Settles when the worker that was raised again has all it needs; until then questions wait. @type {Promise<void>|null} */
  #restoring = null;
  /** When that was last begun by itself. */
  #restored = -Infinity;
  /** Whether the worker lacks something that the page has shown. */
  #lacking = false;
  #known = false;

  /** @param {string} url of the worker's module @param {Hearing} hearing */
  constructor(url, hearing) {
    this.#hearing = hearing;
    this.#connection = new Connection({
      start: () => openWorker(url),
      name: 'the worker that draws the digits',
      hear: (news) => this.#hear(news),
      lost: (failure) => this.#lose(failure),
    });
  }

  /** Starts the worker; after a failure it begins anew, with all that the last one had. */
  open() {
    if (this.#lacking) this.#restore('reload');
    else if (this.#connection.state === 'off') void this.#start();
  }

  close() {
    this.#connection.close();
  }

  /**
   * Has the site's set fetched.
   *
   * @param {string} index address of its index
   * @param {RequestCache} cache
   * @returns {Promise<void>} when all of it is here; rejected with a `Refused`
   */
  async fetch(index, cache) {
    this.#source = { index };
    await this.ask('open', { index, cache });
  }

  /** @param {Given[]} files the visitor's own @returns {Promise<string[]|null>} names of the classes, if only those were given; rejected with a `Refused` */
  async take(files) {
    const names = await this.ask('files', { files });
    const own = this.#source && 'files' in this.#source ? this.#source.files : [];
    this.#source = names ? { files: own, names: files } : { files, names: [] };
    return names;
  }

  /** @param {number} version @param {Places} places @param {boolean} before whether digits move there from where they were */
  arrange(version, places, before) {
    this.#arrangement = { version, places, before: false };
    this.#connection.tell('arrange', { version, places, before });
  }

  /** @param {Uint32Array} ids of the selected digits */
  mark(ids) {
    this.#marks = { ids };
    this.#connection.tell('mark', this.#marks);
  }

  /** @param {import('./protocol.js').Inks} inks */
  colour(inks) {
    this.#colours = { inks };
    this.#connection.tell('colours', this.#colours);
  }

  /**
   * One question. What the worker dies of, or with, is asked once more of the one that is raised
   * in its place.
   *
   * @template {keyof Requests} T
   * @param {T} type
   * @param {Parameters<Requests[T]>[0]} what
   * @param {Transferable[]} [transfer]
   * @returns {Promise<ReturnType<Requests[T]>>} rejected with a `Refused`
   */
  async ask(type, what, transfer = []) {
    if (this.#restoring) await this.#restoring;
    try {
      return await this.#connection.ask(type, what, { transfer });
    } catch (error) {
      const restoring = this.#restoring;
      if (!(error instanceof Refused && error.failure.fatal && restoring)) throw error;
      await restoring;
      const { into, ...rest } = /** @type {any} */ (what); // memory that was handed over died with the worker
      return this.#connection.ask(type, rest);
    }
  }

  async #start() {
    await this.#connection.open();
    if (this.#colours) this.#connection.tell('colours', this.#colours);
  }

  /** @param {RequestCache} cache of what has to be fetched again */
  #restore(cache) {
    if (this.#restoring) return;
    const restoring = (this.#restoring = this.#giveAll(cache).finally(() => {
      if (this.#restoring === restoring) this.#restoring = null;
    }));
    restoring.then(
      () => {
        this.#lacking = false;
        this.#hearing.restored();
      },
      (/** @type {Refused} */ { failure }) => failure.fatal || this.#hearing.lost(failure), // a fatal one has been told
    );
  }

  /** @param {RequestCache} cache */
  async #giveAll(cache) {
    await this.#start();
    await this.#connection.ask('ping');
    const source = this.#source;
    if (source && 'index' in source) await this.#connection.ask('open', { ...source, cache });
    if (source && 'files' in source) {
      await this.#connection.ask('files', { files: source.files });
      if (source.names.length) await this.#connection.ask('files', { files: source.names });
    }
    if (this.#arrangement) this.#connection.tell('arrange', this.#arrangement);
    if (this.#marks) this.#connection.tell('mark', this.#marks);
  }

  /** @param {any} news */
  #hear(news) {
    if (news.news === 'reading') this.#hearing.reading(news.arrived, news.count);
    else if (news.news === 'arrived') {
      if (news.writers) this.#hearing.written(news.writers);
      this.#hearing.arrived(news.start, news.labels);
    }
    else if (news.news === 'set' && !(this.#restoring && this.#known)) {
      this.#known = true;
      this.#arrangement = this.#marks = null; // they were of the set before
      this.#hearing.set(news.about);
    }
  }

  /** @param {Failure} failure */
  #lose(failure) {
    this.#lacking = true;
    const now = performance.now();
    const again = now - this.#restored > AGAIN_MS && failure.code !== 'E-WORKER-START';
    if (!again || this.#restoring) return this.#hearing.lost(failure);
    this.#restored = now;
    this.#hearing.stopped(failure);
    this.#restore('default');
  }
}
