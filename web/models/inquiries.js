/**
 * What Python is asked about the network that is looked into: it is handed over, with what was
 * changed by hand, and then each part of the page that is open has its question. Only the newest form
 * of each counts.
 *
 * @module
 */

import { batch, signal } from '@preact/signals-core';
import { Latest } from './latest.js';

/**
 * @typedef {import('./inside.js').Inside} Inside
 * @typedef {import('../python/protocol.js').Requests} Requests
 * @typedef {import('../data/network.js').Network} Network
 */

/** @template {keyof Requests} T @typedef {Awaited<ReturnType<Requests[T]>>} Answer */

/** Milliseconds of a slice of training: a picture follows each. */
const SLICE_MS = 40;

export class Inquiries {
  /** Counts the networks that were handed over. */
  subject = signal(0);
  /** Counts what became of it there, from 1: opened, edited, trained; 0: Python does not have it. */
  round = signal(0);
  /** Parameters that differ from those it was opened with. @type {import('@preact/signals-core').Signal<Record<string, Float32Array>|null>} */
  arrays = signal(/** @type {Record<string, Float32Array>|null} */ (null));
  /** What the edits have done. @type {import('@preact/signals-core').Signal<Answer<'subject_edit'>|null>} */
  edited = signal(/** @type {Answer<'subject_edit'>|null} */ (null));
  /** Whether it is being trained. */
  training = signal(false);
  /** How it came along. */
  schooling = signal({ step: 0, losses: /** @type {number[]} */ ([]), rights: /** @type {{step: number, right: number}[]} */ ([]) });

  /** @type {Latest<Answer<'subject_map'>>} */
  map = new Latest();
  /** Of the pinned digit. @type {Latest<Answer<'subject_map'>>} */
  pinnedMap = new Latest();
  /** @type {Latest<Answer<'subject_census'>>} */
  census = new Latest();
  /** @type {Latest<Answer<'subject_unit'>>} */
  unit = new Latest();
  /** @type {Latest<Answer<'subject_flip'>>} */
  flip = new Latest();
  /** @type {Latest<Answer<'subject_active'>>} */
  active = new Latest();

  #name;
  #painted;
  #inside;
  /** The network that all this is about. @type {object|null} */
  #shown = null;
  /** What was handed over last. @type {object|null} */
  #given = null;
  #life = 0;
  #edits = '[]';
  /** What training has made of its parameters: edits are on top of that. @type {Record<string, Float32Array>} */
  #trained = {};
  #closed = false;

  /**
   * @param {string} name of it in Python
   * @param {Inside} inside
   * @param {() => Promise<unknown>} painted settles when the next picture has been drawn
   */
  constructor(name, inside, painted) {
    this.#painted = painted;
    this.#name = name;
    this.#inside = inside;
  }

  /** Called in an effect: hands over what Python does not have yet. */
  follow() {
    const { subject, interpreter, examined, edits } = this.#inside;
    const [shown, phase, life, round] = [subject.shown.value, interpreter.phase.value, examined.value, this.round.value];
    const wanted = JSON.stringify(edits.value, (_, value) => (ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value));
    if (shown !== this.#shown) this.#begin(shown);
    if (!shown || phase !== 'ready' || life !== interpreter.life) return;
    if (shown !== this.#given || life !== this.#life) {
      [this.#given, this.#life, this.#edits] = [shown, life, '[]'];
      void this.#hand(shown.network);
    } else if (wanted !== this.#edits && round) {
      this.#edits = wanted;
      void this.#edit();
    }
  }

  /** Another network: what was found out about the last one is not about it. @param {object|null} shown */
  #begin(shown) {
    this.#shown = shown;
    this.#given = null; // it may be one that was here before
    this.#trained = {};
    batch(() => {
      this.round.value = 0;
      this.arrays.value = null;
      this.edited.value = null;
      this.training.value = false;
      this.schooling.value = { step: 0, losses: [], rights: [] };
    });
  }

  /** Asks anew what could not be answered. */
  again() {
    this.#forget();
    if (this.round.peek()) this.round.value += 1;
  }

  #forget() {
    for (const latest of [this.#inside.steps, this.map, this.pinnedMap, this.census, this.unit, this.flip, this.active]) latest.forget();
  }

  /** Python is gone, and what was in it. */
  lost() {
    batch(() => {
      this.round.value = 0;
      this.training.value = false;
    });
    this.#life = 0;
    this.#forget();
  }

  /**
   * A question about the network as it stands, asked once for each digit and each state of it.
   *
   * @template {'map'|'pinnedMap'|'census'|'unit'|'flip'|'active'} W
   * @param {W} which
   * @param {string} about what else the answer depends on
   * @param {() => Promise<any>} ask
   * @returns {any} the answer, if it is here
   */
  want(which, about, ask) {
    const round = this.round.value;
    const key = `${this.subject.value} ${round} ${about}`;
    if (round && !this.training.value) queueMicrotask(() => this[which].want(key, ask)); // not while signals are being computed
    return this[which].of(key);
  }

  /**
   * The map from the digit to the logits, and the gradient of the loss.
   *
   * @param {string} about the digit and the network
   * @param {Float32Array|null} input
   * @param {number|null} label
   * @returns {Answer<'subject_map'>|null}
   */
  mapOf(about, input, label) {
    if (!input) return null;
    return this.want('map', about, () => this.#inside.interpreter.ask('subject_map', { subject: this.#name, pixels: input.slice(), label }));
  }

  /** Trains the network on the screen, slice by slice, until `rest`. */
  async train() {
    const { interpreter, input } = this.#inside;
    if (this.training.peek() || !this.round.peek()) return;
    batch(() => {
      this.training.value = true;
      this.edited.value = null;
      this.#edits = '[]'; // what was changed by hand is learnt with: from now on it is the network's own
      this.#inside.edits.value = [];
    });
    const names = this.#inside.network.peek()?.layers.flatMap(({ name, parameters, memory }) => [...Object.keys(parameters), ...Object.keys(memory)].map((key) => `${name}.${key}`)) ?? [];
    try {
      while (this.training.peek() && !this.#closed) {
        const pixels = input.peek()?.slice();
        if (!pixels) break;
        const told = await interpreter.ask('subject_train', { subject: this.#name, milliseconds: SLICE_MS, pixels, arrays: names });
        this.#learn(told);
        await this.#painted();
      }
    } catch {
      // why has been told
    }
    batch(() => {
      this.training.value = false;
      if (this.round.peek()) this.round.value += 1;
    });
  }

  rest() {
    this.training.value = false;
  }

  close() {
    this.#closed = true;
    this.training.value = false;
  }

  /** @param {Answer<'subject_train'>} told */
  #learn({ step, losses, right, arrays }) {
    const { losses: before, rights } = this.schooling.peek();
    batch(() => {
      before.push(...losses); // a copy of them all would take longer with every slice
      this.schooling.value = { step, losses: before, rights: right === null ? rights : [...rights, { step, right }] };
      this.arrays.value = this.#trained = plain(arrays);
    });
  }

  /** With what training has made of it: that outlives a Python that has died. @param {Network} network */
  async #hand({ config, shape, arrays, layers }) {
    const { interpreter } = this.#inside;
    const shapes = Object.fromEntries(layers.flatMap(({ name, parameters, memory }) => Object.entries({ ...parameters, ...memory }).map(([key, lengths]) => [`${name}.${key}`, lengths])));
    const named = Object.fromEntries(Object.entries({ ...arrays, ...this.#trained }).map(([name, data]) => [name, { shape: shapes[name], data: data.slice() }]));
    this.round.value = 0;
    const given = this.#given;
    try {
      await interpreter.ask('subject', { subject: this.#name, config, shape, arrays: named });
    } catch {
      if (given === this.#given) this.#given = null; // why has been told
      return;
    }
    if (given !== this.#given) return;
    batch(() => {
      this.subject.value += 1;
      this.round.value = 1;
    });
  }

  async #edit() {
    const { interpreter, edits, input } = this.#inside;
    const wanted = this.#edits;
    const pixels = input.peek()?.slice() ?? new Float32Array();
    try {
      const told = await interpreter.ask('subject_edit', { subject: this.#name, edits: edits.peek(), pixels });
      if (wanted !== this.#edits) return;
      batch(() => {
        this.edited.value = edits.peek().length ? told : null;
        const differing = { ...this.#trained, ...plain(told.arrays) };
        this.arrays.value = Object.keys(differing).length ? differing : null;
        this.round.value += 1;
      });
    } catch {
      this.#edits = ''; // why has been told
    }
  }
}

/** @param {Record<string, import('../python/protocol.js').Named>} arrays @returns {Record<string, Float32Array>} */
function plain(arrays) {
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
}
