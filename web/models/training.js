/**
 * A page's training: one run that follows the page's fields, the digits as they arrive, the digit
 * looked at, and the recorded run until then. It draws nothing, and knows no element; any number of
 * figures may follow one.
 *
 * @module
 */

import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { keepRun } from '../data/kept-run.js';
import { fetchSize } from '../data/size.js';
import { sameSubset } from '../data/subset.js';
import { Choice } from './choice.js';
import { failureOf } from './failures.js';
import { First } from './first.js';
import { History } from './history.js';
import { Interpreter } from './interpreter.js';
import { leisure } from './leisure.js';
import { Looked } from './looked.js';
import { Opening } from './opening.js';
import { Pacer } from './pacer.js';
import { recipe } from './recipe.js';
import { Replay } from './recorded.js';
import { Run } from './run.js';
import { Score } from './score.js';
import { arraysFor } from './shown.js';
import { Supply } from './supply.js';

/**
 * @typedef {import('../python/protocol.js').RunConfig} RunConfig
 * @typedef {import('../state/settings.js').Settings} Settings
 *
 * @typedef {{worker: string, python: string, mnist: string, recording: string, model: string}} Places addresses, absolute
 * @typedef {import('./recorded.js').Stage} Stage
 */

const SET = 'mnist';
/** The file of a run that holds the network alone. */
const WEIGHTS = 'weights.safetensors';

export class Training {
  interpreter;
  run;
  /** Bytes that Python and the digits cost, once known. */
  size = signal(/** @type {{python: number, digits: number}|null} */ (null));
  /** The run as files, as it was saved last. */
  files = signal(/** @type {{step: number, files: Record<string, Uint8Array>}|null} */ (null));
  /** Whether the visitor has taken the run in hand; until then a recorded one may be shown. */
  begun = signal(false);
  /** Which of the first test digits the network that is shown gets wrong. */
  score = new Score();
  /** Whether files of the visitor's own were opened. */
  opened = false;
  /** The layer whose tiles are looked at; null: the first that learns. */
  layer = signal(/** @type {number|null} */ (null));

  /** Whether the fields say something else than the run on the screen does. */
  staged = computed(() => {
    const origin = this.run.origin.value;
    const config = this.run.description.value?.config;
    if (!origin || !config) return false;
    const { seed, batch: size, epochs, optimizer } = this.#config();
    const same = config.seed === seed && config.batch === size && config.optimizer.lr === optimizer.lr;
    const length = this.choice.value.value.train || config.epochs === epochs; // of a run on few digits it follows from them
    return !same || !length || !sameSubset(origin.chosen, this.choice.value.value);
  });

  /** Whether there is a run that has taken no step. */
  untouched = computed(() => {
    const frame = this.run.frame.value;
    return frame?.step === 0 && frame.generation === this.run.description.value?.generation;
  });

  /** The recorded run, while it is what there is to see: before Python is there, and until a run is begun. */
  recorded = computed(() => (this.begun.value && this.run.frame.value ? null : this.replay.frame.value));

  /** What is on the screen: a run that is driven stands still between two steps, and is training. @type {import('@preact/signals-core').ReadonlySignal<import('../python/client.js').Seen|null>} */
  shown = computed(() => {
    const frame = this.recorded.value ?? this.run.frame.value;
    if (frame?.state !== 'paused' || !this.pacer.on.value) return frame;
    return { ...frame, state: 'running', samplesPerSecond: this.#settings.get('speed') * frame.description.config.batch };
  });

  /** Whether it trains, or is about to. */
  running = computed(() => this.interpreter.phase.value !== 'failed' && (this.run.wanted.value || this.pacer.on.value || this.run.frame.value?.state === 'running'));

  /** How it does, for a page that knows nothing of training. With other settings than the recorded run's there is nothing to see before Python. */
  status = computed(() => {
    if (this.interpreter.failures.value.length) return 'failed';
    if (this.running.value) return 'running';
    return this.shown.value || (this.replay.recording.value && !this.replay.fits.value) ? 'ready' : 'loading';
  });

  /** Whether the digits to train and be tested on are all in Python. */
  complete = computed(() => this.supply.fetched.value.total > 0 && this.supply.complete);

  #settings;
  #places;
  #closed = new AbortController();
  #looking = signal(true);
  /** What the fields do not say: of a run that was opened, its own network. @type {import('@preact/signals-core').Signal<Partial<RunConfig>>} */
  #base = signal({});
  /** @type {(() => void)[]} */
  #ends = [];

  /**
   * @param {Settings} settings
   * @param {Places} places
   * @param {import('@preact/signals-core').Signal<string>} chosen digits to train and to be tested on, as a link has them
   * @param {Stage} stage on which it is shown
   */
  constructor(settings, places, chosen, stage) {
    this.#settings = settings;
    this.#places = places;
    this.interpreter = new Interpreter(places);
    this.run = new Run('training', this.interpreter, { set: SET, curve: () => new History(), wish: (description) => this.#wish(description) });
    this.supply = new Supply(places.mnist, this.#closed.signal, stage.brief?.());
    this.looked = new Looked(settings, this.supply);
    this.choice = new Choice(chosen);
    this.pacer = new Pacer(this.run, () => settings.get('speed'));
    this.first = new First(settings, this, SET);
    this.opening = new Opening(settings, this, places.model);
    this.replay = new Replay(settings, this.looked, this.choice, { place: places.recording, stage, attempt: (act) => this.#attempt(act) });
  }

  /** Gets the first digits and the recorded run, so that there is something to see. Python is not touched. */
  async open() {
    this.#ends.push(
      this.interpreter.join({
        raise: () => void this.#deliver(),
        lost: () => this.run.lost(),
        busy: () => this.run.busy,
      }),
      effect(() => {
        if (!this.recorded.value) this.replay.pause();
      }),
      effect(() => {
        this.#config(); // each change of a field counts, though it was staged before
        // Before the first step nothing is lost by a new start: settings take effect at once.
        if (this.staged.value && this.untouched.value) untracked(() => this.#begin(true));
      }),
      effect(() => this.looked.hold(this.supply.digits.value)),
      effect(() => {
        this.#settings.get('speed');
        untracked(() => this.pacer.turn());
      }),
      effect(() => this.score.follow(this.shown.value, this.supply.digits.value, this.supply.arrived.value)),
      effect(() => this.first.follow()),
      effect(() => this.opening.follow()),
      effect(() => {
        if (this.supply.digits.value && this.looked.chosen.value) untracked(() => void this.#seek());
      }),
    );
    await this.#fetch();
  }

  /** Starts Python, and fetches the digits to learn from. Doing so twice is doing it once; after a failure it is trying again. */
  boot() {
    if (this.interpreter.phase.peek() === 'failed') this.interpreter.retry();
    else this.interpreter.boot();
  }

  start() {
    this.begun.value = true;
    this.pacer.start();
    this.boot();
  }

  pause() {
    this.pacer.pause();
  }

  /** @param {number} steps */
  step(steps) {
    this.begun.value = true;
    this.run.step(steps);
    this.boot();
  }

  /** Back to step 0, with what the fields say now. */
  reset() {
    this.pacer.close();
    this.#begin();
  }

  async save() {
    this.files.value = (await this.run.save()) ?? this.files.peek();
  }

  /** Keeps the network as it stands for the page of all digits. @returns {Promise<boolean>} whether that has worked */
  async keep() {
    const saved = await this.run.save();
    return saved ? keepRun(/** @type {Uint8Array<ArrayBuffer>} */ (saved.files[WEIGHTS])) : false;
  }

  /** Goes on with a run out of files; the fields then say what it was begun with. @param {Record<string, ArrayBuffer>} files */
  async restore(files) {
    this.pacer.close();
    this.opened = true;
    const opened = await this.run.open(files, this.choice.value.peek());
    if (!opened) return;
    const { config } = opened.description;
    batch(() => {
      this.begun.value = true;
      this.layer.value = null;
      this.#base.value = config;
      void this.choice.adopt(opened.chosen);
      for (const [name, value] of /** @type {const} */ ([['rate', config.optimizer.lr], ['batch', config.batch], ['seed', config.seed], ['epochs', config.epochs]])) {
        this.#settings.set(name, String(value));
      }
    });
  }

  /** Tries again what failed. */
  async retry() {
    this.interpreter.retry();
    await this.#fetch();
  }

  /** Whether the network can be seen: its arrays are asked for only then. @param {boolean} visible */
  look(visible) {
    this.#looking.value = visible;
    this.replay.look(visible);
  }

  close() {
    this.#closed.abort();
    this.opening.close();
    this.pacer.close();
    this.score.close();
    this.replay.close();
    this.choice.close();
    for (const end of this.#ends.splice(0)) end();
    this.run.close();
    this.interpreter.close();
  }

  async #fetch() {
    if (!this.replay.recording.value) void this.#attempt(() => this.replay.open());
    await this.#attempt(async () => {
      await this.supply.open();
      this.size.value ??= {
        python: await fetchSize(this.#places.python, this.#closed.signal),
        digits: this.supply.bytes,
      };
    });
    void this.#seek();
    await this.#deliver();
  }

  /** Gets the digit looked at, wherever in the data set it is. */
  async #seek() {
    const { split, index } = this.looked.chosen.peek();
    await this.#attempt(() => this.supply.seek(split, index));
  }

  /** Hands Python the digits that it does not have, and brings the run into it. */
  async #deliver() {
    const { whole } = this.supply;
    if (whole) await this.choice.open(whole);
    const { life, phase } = this.interpreter;
    if (!whole || phase.peek() === 'off' || phase.peek() === 'failed') return;
    const late = this.run.checkpoint !== null; // to be raised from there, a run needs all digits at once
    const give = (/** @type {import('./supply.js').Shard} */ shard) =>
      this.interpreter.ask('data', { set: SET, ...shard }, [shard.images.buffer, shard.labels.buffer]);
    const known = () => {
      if (!late) void this.#raise(life);
    };
    const beginning = late ? null : await this.#beginning();
    await this.#attempt(() => this.supply.deliver(life, give, known, beginning));
    if (!this.run.there && this.complete.peek()) await this.#raise(life);
  }

  /** The digits that the run begins with, if it is the recorded one's twin. @returns {Promise<import('./supply.js').Beginning|null>} */
  async #beginning() {
    await this.replay.opened;
    const opening = this.replay.recording.peek()?.opening;
    if (!opening || !this.replay.fits.peek()) return null;
    return { place: this.#places.recording, opening, leisure: leisure(this.interpreter, this.run) };
  }

  /** @param {number} life of the interpreter that it is meant for */
  async #raise(life) {
    if (life !== this.interpreter.life) return;
    if (!this.run.origin.peek()) this.run.plan(this.#fields()); // else it is to be what it was
    await this.run.raise();
  }

  /** Lets Python begin anew with what the fields and the link say. @param {boolean} [going] with what was asked for, too */
  #begin(going = false) {
    void this.run.begin(this.#fields(), going);
  }

  /** @returns {import('./run.js').Origin} */
  #fields() {
    return { config: untracked(() => this.#config()), chosen: this.choice.value.peek() };
  }

  #config() {
    return recipe(this.#settings, this.#base.value, this.choice.value.value.train?.length ?? Infinity);
  }

  /** @param {import('../python/protocol.js').Description} description */
  #wish(description) {
    return { digit: this.looked.watch.value, arrays: this.#looking.value ? arraysFor(description, this.layer.value) : [] };
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
