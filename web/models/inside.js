/**
 * What the network page shows: a network, a digit, one training step on it and the stop at which one
 * stands; and what Python is asked about them. It draws nothing, and knows no element.
 *
 * @module
 */

import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { product } from '../data/architecture.js';
import { fingerprint, forward, seen } from '../data/forward.js';
import { fetchSize } from '../data/size.js';
import { indexOfLargest } from '../draw/bars.js';
import { failureOf } from './failures.js';
import { Inquiries } from './inquiries.js';
import { Interpreter } from './interpreter.js';
import { Latest } from './latest.js';
import { Looked } from './looked.js';
import { giveExamples, nextMistake } from './measured.js';
import { unitsOf } from './parts.js';
import { Pin } from './pin.js';
import { Player } from './player.js';
import { Predict } from './predict.js';
import { known, stepOf, stopOf, wayForward } from './stops.js';
import { Subject } from './subject.js';
import { LOOKED_AT, Supply } from './supply.js';

/**
 * @typedef {import('./stops.js').Step} Step
 * @typedef {import('./edits.js').Edit} Edit
 * @typedef {import('../state/inside-table.js').InsideSettings} InsideSettings
 * @typedef {import('../python/protocol.js').Quantity} Quantity
 * @typedef {{name: string, at: number}} Cell a number of an array
 */

/** The digit of a network that has no recorded step. */
const FIRST = { split: /** @type {const} */ ('test'), index: 0 };
/** What Python calls the network that is looked into. */
const NAME = 'inside';

export class Inside {
  /** What the visitor has changed by hand, always applied to the network as it was opened. */
  edits = signal(/** @type {Edit[]} */ ([]));
  /** Pixels that stand in the digit's place while it is disturbed, 0..255. */
  disturbed = signal(/** @type {Uint8Array|null} */ (null));
  /** Number that is pointed at. */
  pointed = signal(/** @type {Cell|null} */ (null));
  /** Name of the axis that is pointed at; '' for none. */
  axis = signal('');
  /** Number of a formula that is pointed at: its place in the picture lights up. */
  hinted = signal(/** @type {Cell|null} */ (null));
  /** Number that was picked. */
  picked = signal(/** @type {Cell|null} */ (null));
  size = signal(/** @type {{python: number, digits: number}|null} */ (null));
  /** Whether the digits that questions are measured on are in Python: the interpreter's life they are in. */
  examined = signal(0);

  /** The digit as the network is shown it, 0..1; the pinned one, while it is wanted. @type {import('@preact/signals-core').ReadonlySignal<Float32Array|null>} */
  input = computed(() => {
    const pixels = this.#instead.value?.pixels ?? this.disturbed.value ?? this.looked.look.value.pixels;
    return pixels && seen(pixels);
  });

  /** The pinned digit, while it is shown instead of the one looked at. */
  #instead = computed(() => (this.settings.get('compare') === 'pinned' ? this.pin.example.value : null));

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
    return network && input && input.length === product(network.shape) && !this.edits.value.some(({ kind }) => kind === 'off') ? forward(network.layers, network.arrays, input) : null;
  });

  /** The class that the step learns: the digit's own, or what a drawing is meant as. */
  label = computed(() => {
    const own = (this.#instead.value ?? this.looked.look.value).label;
    if (own !== null) return own;
    const meant = this.settings.get('meant');
    const outputs = this.outputs.value;
    return meant >= 0 ? meant : outputs && indexOfLargest(outputs);
  });

  /** The step as far as it is known: Python's, or the recorded one, or the way forward. @type {import('@preact/signals-core').ReadonlySignal<Step|null>} */
  step = computed(() => {
    const [shown, asked] = [this.subject.shown.value, this.steps.of(this.key.value)];
    if (asked && !this.inquiries.training.value) return asked; // while it trains, weights are others by now
    if (!shown) return null;
    const { split, index, drawing } = this.looked.look.value;
    const { recorded } = shown;
    const untouched = !drawing && !this.#instead.value && !this.disturbed.value && !this.edits.value.length && !this.inquiries.arrays.value;
    if (recorded && untouched && recorded.digit.split === split && recorded.digit.index === index) return recorded.step;
    const [answers, network] = [this.answers.value, this.network.value];
    return answers && network && wayForward(network, answers, this.label.value, shown.recorded?.step ?? null);
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
    const told = this.steps.told.value;
    const own = told?.key.startsWith(`${this.about.value} `) ? told.answer.named.get(last) : null; // of another digit it would be a lie
    return this.answers.value?.[last] ?? own?.data ?? null;
  });

  /** The unit looked at: the one that was chosen, or else that of the first layer that answers most. */
  unit = computed(() => {
    const network = this.network.value;
    const [layer, unit] = [this.settings.get('layer'), this.settings.get('unit')];
    if (!network) return null;
    if (network.layers[layer] && unit >= 0 && unit < unitsOf(network.layers[layer])) return { layer, unit };
    const first = network.layers.findIndex(({ parameters }) => 'weight' in parameters);
    const answers = this.answers.value?.[`layers.${first}.a`];
    return first < 0 ? null : { layer: first, unit: answers ? indexOfLargest(answers) % unitsOf(network.layers[first]) : 0 };
  });

  /** The number that is told of: the one pointed at or picked, or else of this stop's that of the unit looked at, or the largest. @type {import('@preact/signals-core').ReadonlySignal<Cell|null>} */
  cell = computed(() => {
    const [step, network, unit] = [this.step.value, this.network.value, this.unit.value];
    const [pointed, picked] = [this.pointed.value, this.picked.value];
    const quantity = step?.quantities[this.stop.value];
    if (pointed ?? picked) return pointed ?? picked;
    if (!quantity || !network) return null;
    const vector = quantity.layer !== null && quantity.data.length === unitsOf(network.layers[quantity.layer]);
    return { name: quantity.name, at: vector && unit?.layer === quantity.layer ? unit.unit : indexOfLargest(quantity.data.map(Math.abs)) };
  });

  /** Arrays that are subtracted from those on the screen: the pinned digit's, or another moment's weights. @type {import('@preact/signals-core').ReadonlySignal<Record<string, Float32Array>|null>} */
  less = computed(() => {
    const [settings, network, pinned] = [this.settings, this.network.value, this.pin.input.value];
    if (!network) return null;
    const against = settings.get('model') === 'recorded' ? settings.get('against') : -1;
    const recording = this.subject.recording.value;
    const moment = against >= 0 && recording && against < recording.snapshots.length ? recording.parameters(against) : null;
    const other = settings.get('compare') === 'difference' && pinned ? forward(network.layers, network.arrays, pinned) : null;
    return moment || other ? { ...moment, ...other } : null;
  });

  /** ∂L/∂x, while one stands on the way back. */
  saliency = computed(() => {
    const phase = this.step.value?.quantities[this.stop.value]?.phase;
    if (phase !== 'backward' && phase !== 'update') return null;
    return this.inquiries.mapOf(this.key.value, this.input.value, this.label.value)?.gradient?.data ?? null;
  });

  /** The network and the digit that Python is asked about. */
  about = computed(() => `${this.inquiries.subject.value} ${this.inquiries.round.value} ${fingerprint(this.input.value)}`);

  /** The same, with the class that is learnt. */
  key = computed(() => `${this.about.value} ${this.label.value}`);

  /** @type {Latest<Step>} */
  steps = new Latest();

  #closed = new AbortController();
  /** @type {(() => void)[]} */
  #ends = [];
  #places;

  /**
   * @param {InsideSettings} settings
   * @param {import('../wire/places.js').Places} places
   * @param {{still: () => boolean, painted: () => Promise<unknown>}} stage whether nothing is to move there; and settles when the next picture has been drawn
   */
  constructor(settings, places, stage) {
    this.settings = settings;
    this.#places = places;
    this.interpreter = new Interpreter(places);
    const fail = (/** @type {import('../python/protocol.js').Failure} */ failure) => this.interpreter.fail(failure);
    this.subject = new Subject(settings, places, this.interpreter, fail);
    this.supply = new Supply(places.mnist, this.#closed.signal, true);
    this.looked = new Looked(/** @type {any} */ (settings), this.supply);
    this.inquiries = new Inquiries(NAME, this, stage.painted);
    this.player = new Player(this, stage);
    this.predict = new Predict(this);
    this.pin = new Pin(settings, this.supply, places.mnist, this.#closed.signal);
  }

  /** Gets the network and the first digits. Python is not touched. */
  async open() {
    this.#ends.push(
      this.interpreter.join({ raise: () => void this.#examine(), lost: () => this.inquiries.lost(), busy: () => this.steps.busy.value }),
      effect(() => this.subject.follow()),
      effect(() => {
        const shown = this.subject.shown.value;
        const { split, index } = shown?.recorded?.digit ?? FIRST;
        if (shown && this.settings.get('digit') < 0 && !this.settings.peek('drawing')) untracked(() => this.looked.choose(split, index));
      }),
      effect(() => this.looked.hold(this.supply.digits.value)),
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
      effect(() => this.pin.follow()),
      effect(() => this.inquiries.follow()),
      effect(() => this.#ask()),
    );
    await this.#attempt(async () => {
      await this.supply.open();
      this.size.value = { python: await fetchSize(this.#places.python, this.#closed.signal), digits: 0 };
    });
  }

  /** Looks at the next test digit that the network misreads, among the first few and those that are here. */
  async findMistake() {
    await this.#attempt(() => this.supply.open(LOOKED_AT));
    const { split, index } = this.looked.chosen.peek();
    const at = await nextMistake(this.network.peek(), this.supply, split === 'test' ? index + 1 : 0);
    if (at >= 0) this.looked.choose('test', at);
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
    if (!quantity) return;
    batch(() => {
      this.picked.value = null;
      this.settings.set('stop', quantity.name);
    });
  }

  /** Forwards by one stop, or backwards; at an end it stays. @param {number} count */
  move(count) {
    this.player.pause();
    const stop = this.stop.peek() + count;
    const asks = count > 0 && this.settings.peek('predict') && stop < (this.step.peek()?.quantities.length ?? 0);
    if (!asks || !this.predict.holds(stop, this.supply.digits.peek()?.classes ?? [])) this.go(stop);
  }

  close() {
    this.player.pause();
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
    this.inquiries.again();
    await this.#attempt(() => this.supply.open());
    if (this.interpreter.phase.peek() === 'ready' && this.examined.peek() !== this.interpreter.life) await this.#examine();
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
      await giveExamples(this.interpreter, this.supply, this.#places.mnist, this.#closed.signal);
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

