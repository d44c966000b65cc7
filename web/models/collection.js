/**
 * What the page of all digits shows, as signals: the set, what is known of each digit, which are
 * found, in which order and arrangement, which is chosen, which are selected. It draws nothing.
 *
 * @module
 */

import { batch, computed, effect, signal } from '@preact/signals-core';
import { idOf, placeOf } from '../data/examples.js';
import { fetchFacts } from '../data/facts.js';
import { fetchLayers } from '../data/network.js';
import { sortBy } from '../data/sorting.js';
import { findWords, kept, readWords } from '../data/words.js';
import { failureOf, withFailure } from './failures.js';
import { acrossOf, arrange } from './layout.js';
import { Pythonist } from './questions.js';
import { WallClient } from '../pictures/client.js';

/**
 * @typedef {import('../data/examples.js').About} About
 * @typedef {import('../data/facts.js').Facts} Facts
 * @typedef {import('../data/words.js').Columns} Columns
 * @typedef {import('../draw/arrange.js').Arrangement} Arrangement
 * @typedef {import('../state/browse-table.js').BrowseSettings} BrowseSettings
 * @typedef {import('../state/browse-table.js').BrowseTable} BrowseTable
 * @typedef {import('../python/protocol.js').Failure} Failure
 * @typedef {{ids: Uint32Array, fault: string|null, milliseconds: number}} Found
 */

/** Milliseconds between two looks at digits that are still arriving. */
const PACE_MS = 400;
/** What a change of these makes of the view: all of the new arrangement is shown. */
const REARRANGES = ['find', 'python', 'sort', 'down', 'shape'];

export class Browser {
  about = signal(/** @type {About|null} */ (null));
  /** How many digits are here. */
  arrived = signal(0);
  /** Ids, from and to, of the digits that came last. */
  news = signal({ start: 0, end: 0 });
  /** Counts the times that newly arrived digits are taken into account. */
  settled = signal(0);
  facts = signal(/** @type {Facts|null} */ (null));
  /** The shipped network's weights. */
  layers = signal(/** @type {import('../data/network.js').Layer[]|null} */ (null));
  columns = signal(/** @type {Columns|null} */ (null));
  /** Selected digits, in rising order. */
  selected = signal(/** @type {Uint32Array} */ (new Uint32Array(0)));
  failures = signal(/** @type {Failure[]} */ ([]));
  /** Why dropped files were refused. */
  refusal = signal(/** @type {string|null} */ (null));
  /** Width by height of the wall, in steps that a small change of the window does not leave. */
  aspect = signal(1.6);
  complete = computed(() => this.about.value !== null && this.arrived.value === this.about.value.count);

  /** Which digits the search leaves. */
  found = computed(() => this.#find());
  /** The same in the chosen order. */
  ordered = computed(() => this.#order());
  /** Digits in a row. */
  across = computed(() => acrossOf(this));
  arrangement = computed(() => arrange(this));
  /** How many of each class are found. */
  counts = computed(() => this.#count(this.found.value.ids));

  /** The chosen digit's id; -1 if there is none. */
  chosen = computed(() => {
    const [split, index] = this.settings.get('digit').split('-');
    return this.about.value && split ? idOf(this.about.value, split, Number(index)) : -1;
  });

  /** Every id. @type {Uint32Array} */
  #all = new Uint32Array(0);
  /** Here already, by id. */
  #here = new Uint8Array(0);
  #places;
  /** @type {number|undefined} */
  #timer;
  #closed = new AbortController();
  #stop = () => {};

  /**
   * @param {BrowseSettings} settings
   * @param {{wall: string, mnist: string, model: string, worker: string, python: string}} places addresses, absolute
   */
  constructor(settings, places) {
    this.settings = settings;
    this.#places = places;
    this.wall = new WallClient();
    this.python = new Pythonist(this, places);
    this.wall.addEventListener('set', (event) => this.#begin(/** @type {CustomEvent} */ (event).detail.about));
    this.wall.addEventListener('arrived', (event) => this.#take(/** @type {CustomEvent} */ (event).detail));
    this.wall.addEventListener('failure', (event) => this.#fail({ ...(/** @type {CustomEvent} */ (event).detail), fatal: false }));
  }

  open() {
    this.wall.send({ type: 'open', index: this.#places.mnist, cache: 'default' });
    void this.wall.open(this.#places.wall);
    void this.#learn('default');
    this.#stop = effect(() => this.python.follow());
  }

  close() {
    this.#stop();
    this.#closed.abort();
    clearTimeout(this.#timer);
    this.wall.close();
    this.python.close();
  }

  /** Tries again what failed, past the browser's cache. */
  retry() {
    this.failures.value = [];
    if (!this.complete.value) this.wall.send({ type: 'open', index: this.#places.mnist, cache: 'reload' });
    if (!this.facts.value) void this.#learn('reload');
    this.python.retry();
  }

  /**
   * Sets a property; what rearranges the wall also brings all of it into view.
   *
   * @param {keyof BrowseTable & string} name
   * @param {string} text
   * @returns {string|null} why it was refused
   */
  set(name, text) {
    return batch(() => {
      if (REARRANGES.includes(name)) this.home();
      return this.settings.set(name, text);
    });
  }

  /** Shows everything. */
  home() {
    batch(() => ['x', 'y', 'size', 'columns'].forEach((name) => this.settings.set(/** @type {'x'} */ (name), '0')));
  }

  /** @param {number} id -1 chooses none */
  choose(id) {
    const about = this.about.value;
    if (!about || id < 0) return void this.settings.set('digit', '');
    const { split, index } = placeOf(about, id);
    this.settings.set('digit', `${split}-${index}`);
  }

  /** Whether digits are laid out in the order of their ids, with room for those still to come. */
  get inOrder() {
    return this.arrangement.value.ids === this.#all && this.settings.get('shape') === 'grid';
  }

  /** @param {number} id @returns {boolean} whether its pixels and label are here */
  has(id) {
    return this.#here[id] === 1;
  }

  /** @param {Iterable<number>} ids @param {'only'|'add'|'toggle'} [how] */
  select(ids, how = 'only') {
    const mask = new Uint8Array(this.about.value?.count ?? 0);
    if (how !== 'only') for (const id of this.selected.value) mask[id] = 1;
    for (const id of ids) mask[id] = how === 'toggle' ? 1 - mask[id] : 1;
    this.selected.value = kept(mask);
    this.wall.send({ type: 'mark', ids: this.selected.value });
  }

  /** @param {Promise<import('../data/own-files.js').Given[]>} files the visitor's own */
  async openFiles(files) {
    this.refusal.value = null;
    try {
      const classes = await this.wall.ask({ type: 'files', files: await files });
      if (classes && this.about.value) this.about.value = { ...this.about.value, classes };
    } catch (error) {
      this.refusal.value = /** @type {Error} */ (error).message;
    }
  }

  /** @param {About} about */
  #begin(about) {
    const own = this.about.value !== null;
    this.#here = new Uint8Array(about.count);
    this.#all = Uint32Array.from({ length: about.count }, (_, id) => id);
    const [label, test, index] = [new Uint8Array(about.count), new Uint8Array(about.count), new Uint32Array(about.count)];
    for (const { name, start, count } of about.parts) {
      test.fill(Number(name === 'test'), start, start + count);
      for (let i = 0; i < count; i++) index[start + i] = i;
    }
    batch(() => {
      if (own) for (const name of this.settings.names) this.settings.set(name, String(this.settings.table[name].default === false ? 'off' : this.settings.table[name].default));
      this.selected.value = new Uint32Array(0);
      this.python.forget();
      this.facts.value = own ? null : this.facts.value;
      this.columns.value = { label, test, index };
      this.#join();
      this.arrived.value = 0;
      this.about.value = about;
    });
  }

  /** @param {{start: number, labels: Uint8Array, arrived: number}} news */
  #take({ start, labels, arrived }) {
    this.columns.value?.label.set(labels, start);
    this.#here.fill(1, start, start + labels.length);
    batch(() => {
      this.news.value = { start, end: start + labels.length };
      this.arrived.value = arrived;
    });
    if (this.complete.value) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.settled.value += 1;
      if (this.about.value?.name === 'own') void this.#measure();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.settled.value += 1;
      }, PACE_MS);
    }
  }

  /** Fetches what the shipped network makes of the digits. @param {RequestCache} cache */
  async #learn(cache) {
    try {
      const facts = await fetchFacts(this.#places.model, this.#closed.signal, cache);
      if (this.about.value?.name === 'own') return;
      this.facts.value = facts;
      this.#join();
      this.layers.value = await fetchLayers(this.#places.model, facts.weights, this.#closed.signal);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.#fail(failureOf(error));
    }
  }

  /** Puts the facts beside the labels, once both are here. */
  #join() {
    const [columns, facts] = [this.columns.value, this.facts.value];
    if (!columns || !facts || facts.columns.prediction.length !== columns.label.length) return;
    const { prediction, loss, confidence, ink, similarity } = /** @type {any} */ (facts.columns);
    this.columns.value = { ...columns, prediction, loss, confidence, ink, similarity };
  }

  /** Of a set that no facts came with: what its pixels tell. */
  async #measure() {
    const about = this.about.value;
    const { ink, similarity } = await this.wall.ask({ type: 'measures' });
    const columns = this.columns.value;
    if (columns && about?.parts === this.about.value?.parts) this.columns.value = { ...columns, ink, similarity };
  }

  /** @returns {Found} */
  #find() {
    const [about, columns] = [this.about.value, this.columns.value];
    if (!about || !columns) return { ids: new Uint32Array(0), fault: null, milliseconds: 0 };
    const [words, expression] = [this.settings.get('find'), this.settings.get('python')];
    const begin = performance.now();
    const all = this.#all;
    const { ids, fault } = this.#findWords(words, about, columns, all);
    if (!expression) return { ids, fault, milliseconds: performance.now() - begin };
    const python = this.python.found.value;
    if (!python.ids) return { ids, fault: python.fault ?? fault, milliseconds: python.milliseconds };
    const both = new Uint8Array(about.count);
    for (const id of python.ids) both[id] = 1;
    return { ids: ids.filter((id) => both[id]), fault: python.fault ?? fault, milliseconds: python.milliseconds };
  }

  /** @param {string} words @param {About} about @param {Columns} columns @param {Uint32Array} all */
  #findWords(words, about, columns, all) {
    if (!words.trim()) return { ids: this.#steady() ? all : this.#arrivedOf(all), fault: null };
    const reading = readWords(words, about.classes);
    if ('fault' in reading) return { ids: this.#arrivedOf(all), fault: reading.fault };
    const ids = findWords(reading, columns, about.count);
    if (typeof ids !== 'string') return { ids: this.#arrivedOf(ids), fault: null };
    const coming = !this.facts.value && about.name !== 'own';
    return { ids: this.#arrivedOf(all), fault: coming ? null : ids };
  }

  /** Whether the wall keeps its places while digits arrive: labels are not asked for. */
  #steady() {
    return this.settings.get('sort') === 'file' && this.settings.get('shape') === 'grid' && !this.settings.get('python');
  }

  /** @param {Uint32Array} ids */
  #arrivedOf(ids) {
    if (this.complete.value) return ids;
    this.settled.value;
    return ids.filter((id) => this.#here[id]);
  }

  /** @returns {Uint32Array} */
  #order() {
    const { ids } = this.found.value;
    const [sort, down] = [this.settings.get('sort'), this.settings.get('down')];
    if (sort === 'file') return down ? ids.slice().reverse() : ids;
    const keys = this.columns.value?.[/** @type {keyof Columns} */ (sort)];
    return keys ? sortBy(ids, /** @type {ArrayLike<number>} */ (keys), down) : ids;
  }

  /** @param {Uint32Array} ids @returns {Uint32Array} how many there are of each class */
  #count(ids) {
    const [about, columns] = [this.about.value, this.columns.value];
    const counts = new Uint32Array(about?.classes.length ?? 0);
    this.settled.value;
    if (columns) for (const id of ids) if (this.#here[id]) counts[columns.label[id]] += 1;
    return counts;
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.failures.value = withFailure(this.failures.value, failure);
  }
}
