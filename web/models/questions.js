/**
 * What the page of all digits has Python do: find the digits that an expression is true for, and
 * lay them out by their principal components. Python is fetched when one of these is first wanted.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { TrainerClient } from '../python/client.js';

/**
 * @typedef {import('./collection.js').Browser} Browser
 * @typedef {import('../python/protocol.js').BrowseRequest} BrowseRequest
 * @typedef {import('../python/protocol.js').BrowseAnswer} BrowseAnswer
 * @typedef {import('../python/protocol.js').Failure} Failure
 */

/** Bytes of pixels that are handed over at a time. */
const PART = 3_200_000;
/** Whether an expression reads pixels. */
const PIXELS = /\bX\b/;

export class Pythonist {
  /** Of the worker. */
  phase = signal(/** @type {import('../python/client.js').State} */ ('off'));
  progress = signal(/** @type {{stage: string, loaded: number, total: number}|null} */ (null));
  versions = signal(/** @type {Record<string, string>|null} */ (null));
  /** What is being computed, in words; null when nothing is. */
  busy = signal(/** @type {string|null} */ (null));
  found = signal(/** @type {{ids: Uint32Array|null, fault: string|null, column: number|null, milliseconds: number}} */ ({ ids: null, fault: null, column: null, milliseconds: 0 }));
  /** Principal components of every digit, by id; of which set, tells `#pointsOf`. @type {import('@preact/signals-core').Signal<Float32Array|null>} */
  points = signal(/** @type {Float32Array|null} */ (null));
  /** Seconds that the map took, and how much of the variance it shows. */
  mapped = signal(/** @type {{seconds: number, explained: number[]}|null} */ (null));

  #browser;
  #places;
  /** @type {TrainerClient|null} */
  #client = null;
  #requests = 0;
  /** @type {Map<number, (answer: BrowseAnswer) => void>} */
  #waiting = new Map();
  /** The columns that Python has. @type {object|null} */
  #columns = null;
  /** Whose pixels Python has: the parts of a set, which stay when its classes get other names. @type {object|null} */
  #pixels = null;
  /** The work in hand: a newer wish waits for its turn and then is looked at afresh. @type {Promise<void>|null} */
  #working = null;
  #again = false;
  /** What was last answered, so that it is not asked again. */
  #done = { expression: '', columns: /** @type {object|null} */ (null), map: /** @type {object|null} */ (null) };

  /** @param {Browser} browser @param {{worker: string, python: string}} places */
  constructor(browser, places) {
    this.#browser = browser;
    this.#places = places;
  }

  /** Called in an effect: does what the settings want, as soon as the digits it is about are here. */
  follow() {
    const { settings, complete, columns, facts, about } = this.#browser;
    // All are read, whatever the first says: each is to call this again.
    const [expression, shape] = [settings.get('python'), settings.get('shape')];
    const wanted = expression !== '' || shape === 'pca';
    facts.value;
    const known = columns.value;
    if (!wanted) return;
    this.boot();
    if (!complete.value || !known || !about.value) return;
    if (about.value.name === 'own' ? !known.ink : !known.loss && !this.#browser.failures.value.length) return;
    this.#again = true;
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Starts Python; doing so twice is doing it once. */
  boot() {
    if (this.#client && this.phase.peek() !== 'failed') return;
    this.#client?.dispose();
    const client = (this.#client = new TrainerClient({ worker: this.#places.worker, manifest: this.#places.python }));
    this.#columns = this.#pixels = null;
    /** @param {string} type @param {(detail: any) => void} hear */
    const on = (type, hear) => client.addEventListener(type, (event) => hear(/** @type {CustomEvent} */ (event).detail));
    on('state', (phase) => void (this.phase.value = phase));
    on('progress', (progress) => void (this.progress.value = progress));
    on('ready', ({ versions }) => void (this.versions.value = versions));
    on('failure', (failure) => this.#fail(failure));
    on('answer', (answer) => {
      this.#waiting.get(answer.request)?.(answer);
      this.#waiting.delete(answer.request);
    });
    void client.boot();
  }

  /** Another set has come: what was found and mapped was of the one before. */
  forget() {
    this.found.value = { ids: null, fault: null, column: null, milliseconds: 0 };
    this.points.value = this.mapped.value = null;
    this.#done = { expression: '', columns: null, map: null };
  }

  retry() {
    if (this.phase.value === 'failed') this.boot();
    this.follow();
  }

  close() {
    this.#client?.dispose();
    this.#client = null;
  }

  async #work() {
    while (this.#again) {
      this.#again = false;
      const { settings, columns, about } = this.#browser;
      const [known, set] = [columns.value, about.value];
      const expression = settings.get('python');
      if (!known || !set) return;
      if (this.#columns !== known) {
        this.busy.value = 'Python takes up what is known of the digits';
        await this.#ask({ what: 'columns', columns: named(known) });
        if (this.#pixels) this.#pixels = null; // Python forgets them with the columns
        this.#columns = known;
      }
      if (expression && (this.#done.expression !== expression || this.#done.columns !== known)) await this.#find(expression, known);
      if (settings.get('shape') === 'pca' && this.#done.map !== set.parts) await this.#map(set);
    }
    this.busy.value = null;
  }

  /** @param {string} expression @param {object} known */
  async #find(expression, known) {
    if (PIXELS.test(expression)) await this.#handPixels();
    this.busy.value = 'Python reads the expression';
    const { ids, fault, column, milliseconds } = await this.#ask({ what: 'query', expression });
    this.#done = { ...this.#done, expression, columns: known };
    const last = this.found.peek().ids;
    this.found.value = { ids: ids ?? last, fault: fault ?? null, column: column ?? null, milliseconds };
  }

  /** @param {import('../data/examples.js').About} set */
  async #map(set) {
    await this.#handPixels();
    this.busy.value = 'Python computes the principal components';
    const { points, explained, milliseconds, fault } = await this.#ask({ what: 'map' });
    if (!points) return this.#fail({ code: 'E-PYTHON', message: fault ?? 'there is no map', fatal: false });
    this.#done.map = set.parts;
    this.mapped.value = { seconds: milliseconds / 1000, explained: explained ?? [] };
    this.points.value = points;
  }

  async #handPixels() {
    const { about, wall } = this.#browser;
    const set = about.value;
    if (!set || this.#pixels === set.parts) return;
    const { rows, columns } = set;
    const step = Math.max(1, Math.floor(PART / (rows * columns)));
    /** One buffer goes to and fro: one for each part would stay as garbage as large as the set. @type {Uint8Array<ArrayBuffer>|undefined} */
    let into;
    for (let start = 0; start < set.count; start += step) {
      this.busy.value = `Python takes up the pixels of ${set.noun} ${start.toLocaleString('en')} of ${set.count.toLocaleString('en')}`;
      const ids = Uint32Array.from({ length: Math.min(step, set.count - start) }, (_, k) => start + k);
      const images = await wall.ask({ type: 'images', ids, into }, into && [into.buffer]);
      into = (await this.#ask({ what: 'images_part', start, images, rows, columns })).images;
    }
    this.#pixels = set.parts;
  }

  /** @param {BrowseRequest} what @returns {Promise<BrowseAnswer>} */
  #ask(what) {
    const request = ++this.#requests;
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#client?.browse(request, what);
    });
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.busy.value = null;
    this.#browser.failures.value = [failure, ...this.#browser.failures.value];
  }
}

/** Copies of the columns under the names that expressions use. @param {import('../data/words.js').Columns} columns */
function named({ label, test, index, prediction, loss, confidence, ink, similarity }) {
  const all = { y: label, test, index, pred: prediction, loss, conf: confidence, ink, sim: similarity };
  const known = Object.entries(all).filter(([, column]) => column);
  return Object.fromEntries(known.map(([name, column]) => [name, /** @type {Uint8Array} */ (column).slice()]));
}
