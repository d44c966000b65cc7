/**
 * An Adaline that learns letters: the letters, the one on the paper, the weights and what they make
 * of it, as signals. Python trains; a score is a sum that is made here, so that it follows a pen.
 * Until the visitor asks for training, Python is not touched.
 *
 * @module
 */

import { batch, computed, signal } from '@preact/signals-core';
import { AREA, asText, learned, scoresOf } from '../data/letters.js';
import { fetchSize } from '../data/size.js';
import { failureOf, withFailure } from './failures.js';
import { Interpreter } from './interpreter.js';
import { Letters } from './letters.js';

/**
 * @typedef {import('../data/letters.js').Letter} Letter
 * @typedef {import('../python/protocol-adaline.js').Measured} Measured
 * @typedef {keyof typeof PACES} Pace
 */

const INPUTS = AREA + 1;
const DIVERGED = 'E-DIVERGED';
export const RATE = 0.01;

/** How training goes on: passes in one request, its milliseconds, and those until the next begins. */
export const PACES = {
  slow: { passes: 1, milliseconds: 1000, rest: 500, words: '2 passes a second' },
  steady: { passes: 1, milliseconds: 1000, rest: 66, words: '15 passes a second' },
  full: { passes: 10_000, milliseconds: 60, rest: 16, words: 'as fast as it goes' },
};
/** Milliseconds between two measurements, while it trains. */
const MEASURE_MS = 400;

let count = 0;

export class Adaline {
  /** What there is to learn, and what is on the paper. */
  letters = new Letters();

  #learned = learned();
  /** Whether what is shown was learned when the site was built. */
  recorded = signal(true);

  /** (classes, 65), the bias first. */
  weights = signal(this.#learned.weights);
  scores = computed(() => scoresOf(this.weights.value, this.letters.cells.value));
  untrained = computed(() => this.weights.value.every((weight) => weight === 0));
  /** Neurons, the strongest first. */
  order = computed(() => Array.from(this.scores.value, (_, k) => k).sort((a, b) => this.scores.value[b] - this.scores.value[a]));

  /** The neuron that is looked at. */
  neuron = computed(() => Math.max(0, this.letters.classes.value.indexOf(this.letters.looked.value)));

  rate = signal(RATE);
  pace = signal(/** @type {Pace} */ ('steady'));
  /** Mean squared error of each pass. */
  errors = signal(this.#learned.errors);
  /** The letter that was learned last, if that was by itself. */
  single = signal(/** @type {{label: string, error: number}|null} */ (null));
  /** Whether it is to be trained until the error is small enough. */
  wanted = signal(false);
  reached = signal(false);
  /** Whether the error grew beyond all numbers. */
  diverged = signal(false);
  measured = signal(/** @type {Measured|null} */ (this.#learned.measured));
  /** Bytes of Python; 0: not known. */
  size = signal(0);
  /** What was refused to the letters; on a page with another figure, that is told here alone. */
  #refused = signal(/** @type {import('./failures.js').Failure[]} */ ([]));
  failures = computed(() => [...this.#refused.value, ...this.interpreter.failures.value]);

  #name = `letters ${++count}`;
  #own;
  #places;
  /** The start of Python, and the letters, that it was opened in and with. */
  #opened = '';
  /** Counts what was trained, reset or replaced: an answer from before is late. */
  #version = 0;
  /** The loop that is at work. @type {object|null} */
  #loop = null;
  #measured = -Infinity;
  #closed = new AbortController();
  #leave;

  /**
   * @param {{worker: string, python: string}} places
   * @param {Interpreter|null} [interpreter] one that the page has already
   */
  constructor(places, interpreter = null) {
    this.#places = places;
    this.#own = interpreter === null;
    this.interpreter = interpreter ?? new Interpreter(places);
    this.#leave = this.interpreter.join({
      raise: () => this.wanted.peek() && void this.#train(),
      lost: () => void (this.#loop = null),
      busy: () => this.#loop !== null,
    });
  }

  /** Learns what Python will cost. */
  async open() {
    try {
      this.size.value = await fetchSize(this.#places.python, this.#closed.signal);
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#refused.value = withFailure(this.#refused.peek(), failureOf(error));
    }
  }

  close() {
    this.#closed.abort();
    this.wanted.value = false;
    this.#loop = null;
    this.#leave();
    if (this.#own) this.interpreter.close();
    else if (this.#opened && this.interpreter.phase.peek() === 'ready') this.interpreter.ask('adaline_close', { adaline: this.#name }).catch(() => {});
  }

  // Letters of the visitor's --------------------------------------------------------------------

  /** @param {Letter[]} letters that are learned from now on, too */
  take(letters) {
    this.#change(() => this.letters.take(letters));
  }

  /** What is on the paper is one more letter to learn. */
  takeDrawn() {
    this.take([this.letters.drawn()]);
  }

  /** The visitor's letters go. */
  forget() {
    this.#change(() => this.letters.forget());
  }

  /** @param {boolean} alone whether only the visitor's letters are learned */
  setAlone(alone) {
    this.#change(() => this.letters.setAlone(alone));
  }

  /** Other letters: a class that stays keeps its neuron. @param {() => void} act */
  #change(act) {
    const kept = this.#byClass();
    batch(() => {
      act();
      const classes = this.letters.classes.value;
      const weights = new Float64Array(classes.length * INPUTS);
      classes.forEach((label, k) => kept[label] && weights.set(kept[label], k * INPUTS));
      this.#put(weights);
      this.measured.value = null;
    });
    this.#renew();
  }

  /** @returns {Record<string, Float64Array>} */
  #byClass() {
    const weights = this.weights.peek();
    return Object.fromEntries(this.letters.classes.peek().map((label, k) => [label, weights.slice(k * INPUTS, (k + 1) * INPUTS)]));
  }

  // Training ------------------------------------------------------------------------------------

  /** What was recorded makes room for training from the beginning. */
  start() {
    if (this.recorded.peek()) this.reset();
    this.wanted.value = true;
    this.#boot();
    void this.#train();
  }

  pause() {
    this.wanted.value = false;
  }

  /** One pass over all letters. */
  async pass() {
    if (this.recorded.peek()) this.reset();
    this.wanted.value = false;
    this.#boot();
    if (await this.#advance(1, 1000)) await this.#measure();
  }

  /** The delta rule once, on what is on the paper. */
  async learn() {
    this.wanted.value = false;
    this.#boot();
    const { label } = this.letters.letter.peek();
    const version = this.#version;
    const told = await this.#ask('adaline_letter', { rate: this.rate.peek(), label, cells: this.letters.cells.peek().slice() });
    if (!told || version !== this.#version) return;
    batch(() => {
      this.recorded.value = false;
      this.#put(told.weights);
      this.single.value = { label, error: told.error };
    });
    await this.#measure();
  }

  /** All weights are zero again. */
  reset() {
    batch(() => {
      this.wanted.value = false;
      this.recorded.value = false;
      this.#put(new Float64Array(this.weights.peek().length));
      this.errors.value = [];
      this.single.value = null;
      this.measured.value = null;
      this.#refused.value = this.#refused.peek().filter(({ code }) => code !== DIVERGED);
    });
    this.#renew();
  }

  /** Python is given letters and weights anew; at once, if it is there. */
  #renew() {
    this.#opened = '';
    if (this.interpreter.phase.peek() === 'ready' && !this.wanted.peek()) void this.#measure();
  }

  retry() {
    this.#refused.value = [];
    this.interpreter.retry();
    if (!this.size.peek()) void this.open();
  }

  #boot() {
    if (this.interpreter.phase.peek() === 'failed') this.interpreter.retry();
    else this.interpreter.boot();
  }

  /** One slice after another, for as long as it is wanted. */
  async #train() {
    if (this.#loop) return;
    const loop = (this.#loop = {});
    const mine = () => this.#loop === loop;
    while (mine() && this.wanted.peek()) {
      const { passes, milliseconds, rest } = PACES[this.pace.peek()];
      const begun = performance.now();
      if (!(await this.#advance(passes, milliseconds)) || !mine()) break;
      if (this.reached.peek()) this.wanted.value = false;
      if (!this.wanted.peek() || begun - this.#measured > MEASURE_MS) await this.#measure();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + rest - performance.now())));
    }
    if (mine()) this.#loop = null;
  }

  /** @param {number} passes @param {number} milliseconds @returns {Promise<boolean>} whether they were made */
  async #advance(passes, milliseconds) {
    const version = this.#version;
    const told = await this.#ask('adaline_train', { rate: this.rate.peek(), passes, milliseconds });
    if (!told) return false;
    if (version !== this.#version) return true; // the letters are others by now, or it was reset
    batch(() => {
      this.#put(told.weights);
      this.errors.value = [...this.errors.peek(), ...told.errors];
      this.single.value = null;
      this.reached.value = told.reached;
    });
    return true;
  }

  /** How well it does now. */
  async #measure() {
    const version = this.#version;
    this.#measured = performance.now();
    const told = await this.#ask('adaline_measure', { flips: this.letters.flips.peek(), seed: 0 });
    if (told && version === this.#version) this.measured.value = told;
  }

  /** Measures anew, with so many cells flipped. @param {number} flips */
  setFlips(flips) {
    this.letters.flips.value = flips;
    if (this.interpreter.phase.peek() === 'ready') void this.#measure();
  }

  /** @param {Float64Array} weights */
  #put(weights) {
    this.#version += 1;
    this.weights.value = weights;
    this.reached.value = false;
    this.diverged.value = false;
  }

  /**
   * Asks, after Python has been given the letters and weights of the page, unless it has them.
   *
   * @template {'adaline_train'|'adaline_letter'|'adaline_measure'} T
   * @param {T} type
   * @param {Omit<Parameters<import('../python/protocol.js').Requests[T]>[0], 'adaline'>} what
   * @returns {Promise<ReturnType<import('../python/protocol.js').Requests[T]>|null>} null if it is refused; the page is told why
   */
  async #ask(type, what) {
    const adaline = this.#name;
    try {
      const key = `in life ${this.interpreter.life}`;
      if (this.#opened !== key) {
        this.#opened = key;
        const texts = (/** @type {Letter[]} */ letters) => Object.fromEntries(letters.map(({ file, cells }) => [file, asText(cells)]));
        const [letters, trials] = [texts(this.letters.learned.peek()), texts(this.letters.trials)];
        await this.interpreter.ask('adaline_open', { adaline, letters, trials, weights: this.#byClass() }, [], this.#refused);
      }
      return await this.interpreter.ask(type, /** @type {any} */ ({ adaline, ...what }), [], this.#refused);
    } catch (error) {
      if (failureOf(error).fatal) return null; // it is told by the interpreter, and begins again by itself
      this.#opened = '';
      this.wanted.value = false;
      this.diverged.value = failureOf(error).code === DIVERGED;
      return null;
    }
  }
}
