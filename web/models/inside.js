/**
 * What the network page shows: a network, a digit, one training step on it and the stop at which one
 * stands; and what Python is asked about them. It draws nothing, and knows no element.
 *
 * @module
 */

import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { forward } from '../data/forward.js';
import { fetchIndex } from '../data/index.js';
import { fetchShard } from '../data/shard.js';
import { fetchSize } from '../data/size.js';
import { indexOfLargest } from '../draw/bars.js';
import { failureOf } from './failures.js';
import { Interpreter } from './interpreter.js';
import { Latest } from './latest.js';
import { Looked } from './looked.js';
import { Inquiries } from './inquiries.js';
import { known, stepOf, stopOf } from './stops.js';
import { Subject } from './subject.js';
import { Supply } from './supply.js';

/**
 * @typedef {import('./stops.js').Step} Step
 * @typedef {import('./edits.js').Edit} Edit
 * @typedef {import('../state/inside-table.js').InsideSettings} InsideSettings
 * @typedef {import('../python/protocol.js').Quantity} Quantity
 * @typedef {{name: string, at: number}} Cell a number of an array
 */

/** What Python calls the network that is looked into. */
const NAME = 'inside';
/** Digits of a shard that questions are measured on, at most. */
const MEASURED = 1000;
/** Milliseconds that playing stays at a stop. */
const PACE_MS = 1100;

export class Inside {
  /** What the visitor has changed by hand, always applied to the network as it was opened. */
  edits = signal(/** @type {Edit[]} */ ([]));
  /** Pixels that stand in the digit's place while it is disturbed, 0..255. */
  disturbed = signal(/** @type {Uint8Array|null} */ (null));
  /** Number that is pointed at. */
  pointed = signal(/** @type {Cell|null} */ (null));
  /** Number that was picked. */
  picked = signal(/** @type {Cell|null} */ (null));
  playing = signal(false);
  size = signal(/** @type {{python: number, digits: number}|null} */ (null));
  /** Whether the digits that questions are measured on are in Python: the interpreter's life they are in. */
  examined = signal(0);

  /** The digit as the network is shown it, 0..1. @type {import('@preact/signals-core').ReadonlySignal<Float32Array|null>} */
  input = computed(() => {
    const pixels = this.disturbed.value ?? this.looked.look.value.pixels;
    return pixels && Float32Array.from(pixels, (value) => value / 255);
  });

  /** The network with what was changed by hand, as far as Python has told. */
  network = computed(() => {
    const shown = this.subject.shown.value;
    if (!shown) return null;
    const arrays = this.inquiries.arrays.value;
    return arrays ? { ...shown.network, arrays: { ...shown.network.arrays, ...arrays } } : shown.network;
  });

  /** What every layer answers, without Python. */
  answers = computed(() => {
    const [network, input] = [this.network.value, this.input.value];
    return network && input && input.length === area(network.shape) && !this.edits.value.some(({ kind }) => kind === 'off') ? forward(network.layers, network.arrays, input) : null;
  });

  /** The class that the step learns: the digit's own, or what a drawing is meant as. */
  label = computed(() => {
    const own = this.looked.look.value.label;
    if (own !== null) return own;
    const meant = this.settings.get('meant');
    const outputs = this.outputs.value;
    return meant >= 0 ? meant : outputs && indexOfLargest(outputs);
  });

  /** The step as far as it is known: Python's, or the recorded one, or the way forward. @type {import('@preact/signals-core').ReadonlySignal<Step|null>} */
  step = computed(() => {
    const [shown, asked] = [this.subject.shown.value, this.steps.of(this.key.value)];
    if (asked) return asked;
    if (!shown) return null;
    const { split, index, drawing } = this.looked.look.value;
    const { recorded } = shown;
    const untouched = !drawing && !this.disturbed.value && !this.edits.value.length && !this.inquiries.arrays.value;
    if (recorded && untouched && recorded.digit.split === split && recorded.digit.index === index) return recorded.step;
    return this.#forward(shown.recorded?.step ?? null);
  });

  /** The place in the step at which one stands. */
  stop = computed(() => {
    const [step, network] = [this.step.value, this.network.value];
    return step && network ? stopOf(step, this.settings.get('stop'), network.layers) : 0;
  });

  /** The arrays that are there by then. */
  known = computed(() => {
    const step = this.step.value;
    return step ? known(step, this.stop.value) : new Map();
  });

  /** @type {import('@preact/signals-core').ReadonlySignal<Float32Array|null>} */
  outputs = computed(() => {
    const network = this.network.value;
    const last = `layers.${(network?.layers.length ?? 0) - 1}.a`;
    return this.answers.value?.[last] ?? this.steps.told.value?.answer.named.get(last)?.data ?? null;
  });

  /** What Python is asked about, in full. */
  key = computed(() => `${this.inquiries.subject.value} ${this.inquiries.round.value} ${fingerprint(this.input.value)} ${this.label.value}`);

  /** @type {Latest<Step>} */
  steps = new Latest();

  #closed = new AbortController();
  /** @type {(() => void)[]} */
  #ends = [];
  #places;
  #stage;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {InsideSettings} settings
   * @param {import('../wire/places.js').Places} places
   * @param {{still: () => boolean}} stage whether nothing is to move there
   */
  constructor(settings, places, stage) {
    this.settings = settings;
    this.#places = places;
    this.#stage = stage;
    this.interpreter = new Interpreter(places);
    const fail = (/** @type {import('../python/protocol.js').Failure} */ failure) => this.interpreter.fail(failure);
    this.subject = new Subject(settings, places, this.interpreter, fail);
    this.supply = new Supply(places.mnist, this.#closed.signal);
    this.looked = new Looked(/** @type {any} */ (settings), this.supply);
    this.inquiries = new Inquiries(NAME, this);
  }

  /** Gets the network and the first digits. Python is not touched. */
  async open() {
    this.#ends.push(
      this.interpreter.join({ raise: () => void this.#examine(), lost: () => this.inquiries.lost(), busy: () => this.steps.busy.value }),
      effect(() => this.subject.follow()),
      effect(() => {
        const recorded = this.subject.shown.value?.recorded;
        if (recorded && this.settings.peek('digit') < 0) untracked(() => this.looked.choose(recorded.digit.split, recorded.digit.index));
      }),
      effect(() => {
        const { split, index } = this.looked.chosen.value;
        if (this.supply.digits.value && index >= 0) untracked(() => void this.#attempt(() => this.supply.seek(split, index)));
      }),
      effect(() => {
        this.looked.look.value; // another digit is undisturbed
        untracked(() => (this.disturbed.value = null));
      }),
      effect(() => {
        this.subject.shown.value; // another network has no edits, and other numbers
        untracked(() => batch(() => ((this.edits.value = []), (this.picked.value = null), (this.pointed.value = null))));
      }),
      effect(() => this.inquiries.follow()),
      effect(() => this.#ask()),
    );
    await this.#attempt(async () => {
      await this.supply.open();
      this.size.value = { python: await fetchSize(this.#places.python, this.#closed.signal), digits: 0 };
    });
  }

  /** Starts Python; after a failure it is trying again. */
  boot() {
    if (this.interpreter.phase.peek() === 'failed') this.interpreter.retry();
    else this.interpreter.boot();
  }

  /** @param {number} stop its place in the step */
  go(stop) {
    const step = this.step.peek();
    const quantity = step?.quantities[Math.max(0, Math.min(stop, step.quantities.length - 1))];
    if (quantity) this.settings.set('stop', quantity.name);
  }

  /** Forwards by one stop, or backwards; at an end it stays. @param {number} count */
  move(count) {
    this.pause();
    this.go(this.stop.peek() + count);
  }

  /** Goes on by itself to the end of the step; from its end, from the start. Where nothing is to move, by one stop. */
  play() {
    const last = (this.step.peek()?.quantities.length ?? 1) - 1;
    if (this.#stage.still()) return this.move(1);
    if (this.stop.peek() >= last) this.go(0);
    this.playing.value = true;
    this.#wait();
  }

  pause() {
    clearTimeout(this.#timer);
    this.playing.value = false;
  }

  close() {
    this.pause();
    this.#closed.abort();
    this.subject.close();
    this.inquiries.close();
    for (const end of this.#ends.splice(0)) end();
    this.interpreter.close();
  }

  async retry() {
    this.interpreter.retry();
    this.subject.retry();
    this.subject.follow();
    await this.#attempt(() => this.supply.open());
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const last = (this.step.peek()?.quantities.length ?? 1) - 1;
      if (!this.playing.peek()) return;
      this.go(this.stop.peek() + 1);
      if (this.stop.peek() < last) this.#wait();
      else this.pause();
    }, PACE_MS);
  }

  /** The way forward, as this page computes it; formulas and lines are those of the recorded step. @param {Step|null} told */
  #forward(told) {
    const answers = this.answers.value;
    const network = this.network.value;
    if (!answers || !network) return null;
    const shapes = new Map([['x', network.shape], ...network.layers.map(({ name, output }) => /** @type {[string, number[]]} */ ([`${name}.a`, output]))]);
    const quantities = Array.from(shapes, ([name, shape]) => {
      const { symbol = name.endsWith('.a') ? 'a' : 'x', formula = '', tree = null, details = [], sources = [] } = told?.named.get(name) ?? {};
      const layer = name === 'x' ? null : Number(name.split('.')[1]);
      return /** @type {Quantity} */ ({ name, symbol, phase: 'forward', layer, shape: [1, ...shape], data: answers[name], formula, tree, details, sources });
    });
    return stepOf(quantities, 'forward', this.label.value);
  }

  /** Called in an effect: asks Python for the step, once it has the network. */
  #ask() {
    const [key, input, label, round] = [this.key.value, this.input.value, this.label.value, this.inquiries.round.value];
    if (!input || label === null || !round || this.inquiries.training.value) return;
    this.steps.want(key, async () => {
      const { quantities, verdict } = await this.interpreter.ask('subject_step', { subject: NAME, pixels: input.slice(), label });
      return stepOf(quantities, 'python', label, verdict);
    });
  }

  /** Hands Python the digits that questions are measured on. */
  async #examine() {
    const { life } = this.interpreter;
    await this.#attempt(async () => {
      const index = await fetchIndex(this.#places.mnist, this.#closed.signal);
      for (const part of /** @type {const} */ (['test', 'train'])) {
        const { images, labels, rows, columns, start, count } = await fetchShard(this.#places.mnist, index, part, 0, { signal: this.#closed.signal });
        const number = part === 'test' ? Math.min(count, MEASURED) : count;
        const given = { images: images.slice(0, number * rows * columns), labels: labels.slice(0, number) };
        await this.interpreter.ask('examples', { part, ...given, rows, columns, first: start }, [given.images.buffer, given.labels.buffer]);
      }
      if (life === this.interpreter.life) this.examined.value = life;
    });
  }

  /** @param {() => Promise<unknown>} work whose failure belongs on the page */
  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      const failure = failureOf(error);
      if (failure.code !== 'E-CLOSED' && !failure.fatal) this.interpreter.fail(failure);
    }
  }
}

/** @param {number[]} shape */
function area(shape) {
  return shape.reduce((all, length) => all * length, 1);
}

/** Enough to tell one digit from another. @param {Float32Array|null} pixels @returns {string} */
function fingerprint(pixels) {
  if (!pixels) return 'none';
  let hash = 2166136261;
  for (const value of pixels) hash = Math.imul(hash ^ Math.round(value * 65535), 16777619);
  return String(hash >>> 0);
}
