/**
 * What the page of all digits shows, as signals: the set, what is known of each digit, which are
 * found, in which order and arrangement, which is chosen, which are selected. It draws nothing.
 *
 * @module
 */

import { batch, computed, effect, signal } from '@preact/signals-core';
import { idOf, placeOf } from '../data/examples.js';
import { fetchFacts } from '../data/facts.js';
import { fetchNetwork } from '../data/network.js';
import { kept } from '../data/words.js';
import { WallClient } from '../pictures/client.js';
import { CloseUp } from './close-up.js';
import { coloured } from './colouring.js';
import { describe, nameOf } from './describe.js';
import { failureOf } from './failures.js';
import { countClasses, countMistakes, find, order } from './finding.js';
import { acrossOf, arrange } from './layout.js';
import { Mishaps } from './mishaps.js';
import { openFiles } from './own-files.js';
import { Pinned } from './pinned.js';
import { Questions } from './questions.js';
import { Reader } from './reader.js';
import { SetFigures } from './set-figures.js';
import { Sets } from './sets.js';

/**
 * @typedef {import('../data/examples.js').About} About
 * @typedef {import('../data/facts.js').Facts} Facts
 * @typedef {import('../data/words.js').Columns} Columns
 * @typedef {import('../state/browse-table.js').BrowseSettings} BrowseSettings
 * @typedef {import('../state/browse-table.js').BrowseTable} BrowseTable
 */

/** Milliseconds between two looks at digits that are still arriving. */
const PACE_MS = 400;
/** What a change of these makes of the view: all of the new arrangement is shown. */
const REARRANGES = ['find', 'python', 'sort', 'down', 'shape'];

export class Collection {
  about = signal(/** @type {About|null} */ (null));
  /** How many digits are here. */
  arrived = signal(0);
  /** Ids, from and to, of the digits that came last. */
  news = signal({ start: 0, end: 0 });
  /** Counts the times that newly arrived digits are taken into account. */
  settled = signal(0);
  facts = signal(/** @type {Facts|null} */ (null));
  /** The shipped network's weights. */
  network = signal(/** @type {import('../data/network.js').Network|null} */ (null));
  /** What is known without any network of the visitor's. */
  shipped = signal(/** @type {Columns|null} */ (null));
  columns = computed(() => {
    const [shipped, own] = [this.shipped.value, this.reader.isOwn.value ? this.reader.readings.value : null];
    return shipped && own && own.prediction.length === shipped.label.length ? { ...shipped, ...own } : shipped;
  });
  /** Whether files of the visitor's own were opened. */
  opened = false;
  /** Selected digits, of which there may be many, in rising order. */
  selected = signal(/** @type {Uint32Array} */ (new Uint32Array(0)));
  mishaps = new Mishaps();
  /** How much of dropped files has been read; null while none are. */
  reading = signal(/** @type {{arrived: number, count: number}|null} */ (null));
  /** Why dropped files were refused. */
  refusal = signal(/** @type {string|null} */ (null));
  /** Counts the workers of the wall that could be asked: what one owed may be asked of the next. */
  workers = signal(0);
  /** Width by height of the wall, in steps that a small change of the window does not leave. */
  aspect = signal(1.6);
  complete = computed(() => this.about.value !== null && this.arrived.value === this.about.value.count);

  /** Which digits the search leaves. */
  found = computed(() => {
    const found = find(this, this.#valid);
    if (!found.fault) this.#valid = found.ids;
    return found;
  });
  /** The same in the chosen order. */
  ordered = computed(() => order(this));
  /** Digits in a row. */
  across = computed(() => acrossOf(this));
  arrangement = computed(() => arrange(this));
  coloured = computed(() => coloured(this));
  /** How many of all digits the network misreads; null while it is not known. */
  mistakes = computed(() => countMistakes(this));
  /** The class that is pointed at in the legend: all others are grey; -1. */
  lit = signal(-1);
  /** How many of each class are found. */
  counts = computed(() => countClasses(this));

  /** The id of the chosen digit, which one looks at closely; -1 if there is none. */
  chosen = computed(() => {
    const [split, index] = this.settings.get('digit').split('-');
    return this.about.value && split ? idOf(this.about.value, split, Number(index)) : -1;
  });

  /** Every id. @type {Uint32Array} */
  all = new Uint32Array(0);
  /** What the last search found that could be read. @type {Uint32Array|null} */
  #valid = null;
  /** Here already, by id. */
  #here = new Uint8Array(0);
  #places;
  /** @type {number|undefined} */
  #timer;
  #closed = new AbortController();
  /** @type {(() => void)[]} */
  #stops = [];

  /**
   * @param {BrowseSettings} settings
   * @param {{wall: string, mnist: string, sets: string, model: string, worker: string, python: string}} places addresses, absolute
   */
  constructor(settings, places) {
    this.settings = settings;
    this.#places = places;
    this.sets = new Sets(settings, places, this.#closed.signal);
    this.wall = new WallClient(places.wall, {
      set: (about) => this.#begin(about),
      arrived: (start, labels) => this.#take(start, labels),
      reading: (arrived, count) => void (this.reading.value = { arrived, count }),
      written: (writer) => void (this.shipped.value = this.shipped.value && { ...this.shipped.value, writer }),
      stopped: (failure) => this.mishaps.interrupt(failure),
      restored: () => this.#restored(),
      lost: (failure) => this.mishaps.tell(failure),
    });
    this.python = new Questions(this, places);
    this.closeUp = new CloseUp(this);
    this.pinned = new Pinned(this);
    this.reader = new Reader(settings, this);
    this.figures = new SetFigures(this);
  }

  open() {
    this.wall.open();
    void this.#fetch('default');
    void this.reader.open();
    this.#stops = [this.python, this.closeUp, this.pinned, this.figures, this.reader].map((one) => effect(() => one.follow()));
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#closed.abort();
    clearTimeout(this.#timer);
    this.mishaps.clear();
    this.wall.close();
    this.python.close();
  }

  /** Tries again what failed, past the browser's cache. */
  retry() {
    this.mishaps.clear();
    this.wall.open();
    void this.#fetch('reload');
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

  /** Sets several at once, as one change. @param {Partial<Record<keyof BrowseTable & string, string>>} values */
  setAll(values) {
    batch(() => Object.entries(values).forEach(([name, text]) => this.set(/** @type {'find'} */ (name), text)));
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
    const { ids, lattice, headings } = this.arrangement.value;
    return ids === this.all && lattice && !headings.length;
  }

  /** @param {number} id @returns {string} a digit in words */
  describe(id) {
    const [about, columns] = [this.about.value, this.columns.value];
    if (!about || !columns || id < 0) return '';
    return this.has(id) ? describe(about, columns, id) : `${nameOf(about, id)}: on its way`;
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
    this.wall.mark(this.selected.value);
  }

  openFiles = (/** @type {Promise<import('../data/own-files.js').Given[]>} */ files) => openFiles(this, files);

  /** @param {About} about */
  #begin(about) {
    const own = this.about.value !== null;
    this.#here = new Uint8Array(about.count);
    this.#valid = null;
    this.all = new Uint32Array(about.count).map((_, id) => id);
    const [label, test, index] = [new Uint8Array(about.count), new Uint8Array(about.count), new Uint32Array(about.count)];
    for (const { name, start, count } of about.parts) {
      test.fill(Number(name === 'test'), start, start + count);
      for (let i = 0; i < count; i++) index[start + i] = i;
    }
    batch(() => {
      if (own) for (const name of this.settings.names) if (name !== 'set') this.settings.set(name, String(this.settings.table[name].default === false ? 'off' : this.settings.table[name].default));
      this.selected.value = new Uint32Array(0);
      this.python.forget();
      this.figures.forget();
      this.facts.value = own ? null : this.facts.value;
      this.shipped.value = { label, test, index };
      this.#join();
      this.arrived.value = 0;
      this.about.value = about;
    });
  }

  /** Fetches what is not here yet: the set, what is known of it, which others there are. @param {RequestCache} cache */
  async #fetch(cache) {
    try {
      const index = await this.sets.chosen(cache);
      if (!this.facts.value && index === this.#places.mnist) void this.#learn(cache);
      await Promise.all([this.complete.value || this.wall.fetch(index, cache), this.sets.list(cache)]);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      const failure = failureOf(error);
      if (!failure.fatal) this.mishaps.tell(failure); // a dead worker tells of itself
    }
  }

  /** The wall's worker has again all that the last one had. */
  #restored() {
    const about = this.about.peek();
    if (about) this.news.value = { start: 0, end: about.count };
    this.workers.value += 1;
    if (about && !about.facts && !this.columns.peek()?.ink) void this.#measure();
    this.mishaps.resume();
  }

  /** @param {number} start id of the first @param {Uint8Array} labels */
  #take(start, labels) {
    const end = start + labels.length;
    const known = this.#here.subarray(start, end).reduce((sum, one) => sum + one, 0); // a worker that was started again fetches them again
    this.shipped.value?.label.set(labels, start);
    this.#here.fill(1, start, end);
    batch(() => {
      this.news.value = { start, end };
      this.arrived.value += labels.length - known;
    });
    if (known) return;
    if (this.complete.value) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.settled.value += 1;
      if (!this.about.value?.facts) void this.#measure();
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
      if (this.about.value?.facts === false) return;
      this.facts.value = facts;
      this.#join();
      this.network.value = await fetchNetwork(this.#places.model, facts.weights, this.#closed.signal);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.mishaps.tell(failureOf(error));
    }
  }

  /** Puts the facts beside the labels, once both are here. */
  #join() {
    const [columns, facts] = [this.shipped.value, this.facts.value];
    if (!columns || !facts || facts.columns.prediction.length !== columns.label.length) return;
    const { prediction, loss, confidence, ink, similarity } = /** @type {any} */ (facts.columns);
    this.shipped.value = { ...columns, prediction, loss, confidence, ink, similarity };
  }

  /** Of a set that no facts came with: what its pixels tell. */
  async #measure() {
    const about = this.about.value;
    const measures = await this.wall.ask('measures', {}).catch(() => null); // why not has been told
    const columns = this.shipped.value;
    if (measures && columns && about?.parts === this.about.value?.parts) this.shipped.value = { ...columns, ...measures };
  }
}
