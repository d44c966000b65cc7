/**
 * One run in an interpreter: what it was begun with, how far it is, and what it has told so far. It
 * outlives the worker: its last checkpoint is kept here, and raised again when there is a new one.
 *
 * @module
 */

import { batch, effect, signal, untracked } from '@preact/signals-core';
import { Checkpoints } from './checkpoints.js';
import { Past } from './past.js';
import { count } from './words.js';

/**
 * @typedef {import('../python/protocol.js').Description} Description
 * @typedef {import('../python/protocol.js').Digit} Digit
 * @typedef {import('../python/protocol.js').RunConfig} RunConfig
 * @typedef {import('../python/protocol.js').Subset} Subset
 * @typedef {import('../python/client.js').Seen} Seen
 *
 * @typedef {{config: Partial<RunConfig>, chosen: Subset}} Origin what a run begins with
 * @typedef {(description: Description) => {digit: Digit, arrays: string[]}} Wish what is to be seen of a run; followed by its signals
 */

/** @template {import('./past.js').Curve<C>} C */
export class Run {
  /** The run as it describes itself; of the one on the screen. */
  description = signal(/** @type {Description|null} */ (null));
  frame = signal(/** @type {Seen|null} */ (null));
  /** @type {import('@preact/signals-core').Signal<Past<C>>} */
  past;
  /** Whether training was asked for and has not begun yet. */
  wanted = signal(false);
  /** What the run on the screen was begun with. */
  origin = signal(/** @type {Origin|null} */ (null));
  /** What became of it when Python died, in a sentence, until something else is asked of it. */
  told = signal('');

  #interpreter;
  #set;
  /** What it is to be raised from, unless there is a checkpoint. @type {Origin|null} */
  #plan = null;
  /** What has been asked for and not been answered. @type {Origin|null} */
  #pending = null;
  #checkpoints = new Checkpoints();
  /** The step until which it is to train; null if it is not to. @type {number|null} */
  #goal = null;
  /** Whether Python has what is needed to make it. */
  #ready = false;
  /** Whether it is in Python. */
  #there = false;
  /** Where it was when Python died. @type {number|null} */
  #died = null;
  /** Runs of this name before this one of this worker. */
  #generation = 0;
  #blank;
  #unfollow;

  /**
   * @param {string} name
   * @param {import('./interpreter.js').Interpreter} interpreter
   * @param {object} of
   * @param {string} of.set that it learns from
   * @param {() => C} of.curve makes what its curves are drawn by
   * @param {Wish} [of.wish]
   */
  constructor(name, interpreter, { set, curve, wish = () => ({ digit: null, arrays: [] }) }) {
    this.name = name;
    this.#blank = () => new Past(curve);
    this.past = signal(this.#blank());
    this.#interpreter = interpreter;
    this.#set = set;
    this.#unfollow = effect(() => {
      const description = this.description.value;
      if (!description) return;
      const what = { run: name, ...wish(description) };
      if (this.#there) untracked(() => void interpreter.watch(name, what, (frame) => this.#take(frame)));
    });
  }

  /** Whether Python computes for it, or is to. */
  get busy() {
    return this.#goal !== null;
  }

  /** The step that it can be raised again from; null if that is the beginning. */
  get checkpoint() {
    return this.#checkpoints.last && this.#checkpoints.last.step;
  }

  /** Steps that it was asked for and has not taken. */
  get owed() {
    return this.#goal === null || this.#goal === Infinity ? 0 : this.#goal - this.#step;
  }

  /** Whether Python has it. */
  get there() {
    return this.#there;
  }

  /** What it is to begin with, once Python is ready for it. @param {Origin} origin */
  plan(origin) {
    this.#plan = origin;
  }

  /**
   * Begins anew, from step 0; waits for Python.
   *
   * @param {Origin} origin @param {boolean} [going] whether it is to do what was asked for; else it stands still
   */
  async begin(origin, going = false) {
    if (!going) this.#halt();
    this.#pending = origin;
    if (this.#ready) await this.#create(); // else `raise` does it
  }

  /** Brings it into a Python that does not know it, but has its digits: from its checkpoint, or from its configuration. */
  async raise() {
    this.#ready = true;
    const checkpoint = this.#pending ? null : this.#checkpoints.last;
    if (!checkpoint) {
      this.#pending ??= this.#plan;
      if (this.#pending) await this.#create();
      return;
    }
    const { step, state } = checkpoint;
    const description = await this.#ask('restore', { run: this.name, set: this.#set, state });
    if (!description || this.#pending) return;
    const past = this.past.peek().back();
    this.#tell(`the run goes on from step ${count(step)}`);
    this.#checkpoints.begin(checkpoint);
    this.#adopt(description, this.origin.peek(), past);
    this.#resume(step);
  }

  /** Trains until it is paused. */
  start() {
    this.#go(Infinity);
    if (this.#there && !this.#pending) void this.#ask('start', { run: this.name });
  }

  /** @param {number} steps more */
  step(steps) {
    const asked = this.#goal !== null && this.#goal < Infinity ? this.#goal : this.#step;
    this.#go(asked + steps);
    if (this.#there && !this.#pending) void this.#ask('step', { run: this.name, steps });
  }

  /** Trains until it has taken so many steps in all. @param {number} step */
  until(step) {
    if (step > this.#step) this.step(step - this.#step);
  }

  pause() {
    this.#halt();
    if (this.#there) void this.#ask('pause', { run: this.name });
  }

  /** Back to step 0. */
  reset() {
    if (this.origin.peek()) return this.begin(/** @type {Origin} */ (this.origin.peek()));
  }

  /** @returns {Promise<{step: number, files: Record<string, Uint8Array>}|undefined>} the run as files of the command line */
  save() {
    return this.#ask('save', { run: this.name, log: this.past.peek().log });
  }

  /**
   * Goes on with the run in some files.
   *
   * @param {Record<string, ArrayBuffer>} files
   * @param {Subset} chosen digits for weights alone, which tell nothing of the kind
   */
  async open(files, chosen) {
    const opened = await this.#ask('open', { run: this.name, set: this.#set, files, chosen });
    if (!opened) return undefined;
    this.#halt();
    const past = this.#blank();
    past.open(opened);
    this.#pending = null;
    this.#checkpoints.begin();
    this.#plan = { config: opened.description.config, chosen: opened.chosen };
    this.#adopt(opened.description, this.#plan, past);
    void this.#keep();
    return opened;
  }

  /** @param {Seen} frame that has been drawn */
  drawn = (frame) => this.#interpreter.drawn(this.name, frame.id);

  /** Where it stands, as far as is known. */
  get #step() {
    if (this.#pending) return 0;
    return this.#there ? (this.frame.peek()?.step ?? 0) : (this.checkpoint ?? 0);
  }

  close() {
    this.#unfollow();
  }

  /** Python is gone. */
  lost() {
    const { step = 0, state = 'idle' } = this.frame.peek() ?? {};
    if (this.#there) {
      this.#died = step;
      // One that stood still further on than its checkpoint takes the same steps again.
      if (step > (this.checkpoint ?? 0)) this.#goal ??= state === 'finished' ? Infinity : step;
    }
    this.#ready = this.#there = false;
    this.#checkpoints.begin(this.#checkpoints.last);
    if (this.#goal !== null) this.wanted.value = true;
  }

  async #create() {
    const origin = /** @type {Origin} */ (this.#pending);
    const going = this.#goal === Infinity; // then it need not wait for another word
    const description = await this.#ask('create', { run: this.name, set: this.#set, ...origin, start: going });
    if (origin !== this.#pending || !this.#ready) return; // something else has been asked for since; or `raise` tries again
    this.#pending = null;
    if (!description) return this.#refuse();
    this.#plan = origin;
    this.#checkpoints.begin();
    this.#tell(this.#died ? 'no checkpoint had been taken, so the run begins anew' : 'nothing of the run is lost');
    this.#adopt(description, origin, this.#blank());
    if (going && this.#goal !== Infinity) void this.#ask('pause', { run: this.name }); // something else has been asked for since
    this.#resume(0, going);
  }

  /** There is no such run; the one before goes on, if there was one. */
  #refuse() {
    if (!this.#there) this.#halt();
    else if (this.frame.peek()?.state === 'running') this.#goal ??= Infinity;
  }

  /** @param {Description} description @param {Origin|null} origin @param {Past<C>} past */
  #adopt(description, origin, past) {
    this.#there = true;
    this.#generation = description.generation;
    batch(() => {
      this.description.value = description;
      this.origin.value = origin;
      this.past.value = past;
    });
  }

  /** Goes on with what was asked for. @param {number} step at which it is @param {boolean} [going] whether it goes already */
  #resume(step, going = false) {
    this.#died = null;
    if (this.#goal === null) return;
    if (this.#goal === Infinity) void (going || this.#ask('start', { run: this.name }));
    else if (this.#goal > step) void this.#ask('step', { run: this.name, steps: this.#goal - step });
  }

  /** @param {string} what became of the run */
  #tell(what) {
    if (this.#died !== null) this.told.value = `Python stopped${this.#died ? ` at step ${count(this.#died)}` : ''} and was started again; ${what}.`;
  }

  /** @param {number} goal */
  #go(goal) {
    this.#goal = goal;
    this.wanted.value = true;
    this.told.value = '';
  }

  #halt() {
    this.#goal = null;
    this.wanted.value = false;
    this.told.value = '';
  }

  /** @param {Seen} frame */
  #take(frame) {
    if (frame.generation < this.#generation) return this.drawn(frame); // of a run that is over
    if (frame.generation > this.#generation) this.#renew(frame); // it waited for its chosen digits, and is made of them now
    batch(() => {
      this.past.peek().take(frame);
      if (frame.state !== 'idle') this.wanted.value = false;
      this.frame.value = frame;
    });
    if (frame.state === 'finished' || (this.#goal !== null && frame.step >= this.#goal)) this.#goal = null;
    this.#settle();
    if (this.#checkpoints.due(frame)) void this.#keep();
  }

  /** @param {Seen} frame the first of another generation */
  #renew({ generation, description }) {
    this.#generation = generation;
    this.past.value = this.#blank();
    this.description.value = description;
  }

  async #keep() {
    await this.#checkpoints.take(() => this.#ask('state', { run: this.name }));
    this.#settle();
  }

  #settle() {
    const before = this.checkpoint ?? 0;
    const past = this.past.peek();
    const settled = this.#checkpoints.settle(past.history.step, past.lines);
    if (!settled) return;
    past.mark(settled);
    if (settled.step > before) this.#interpreter.forgive();
  }

  /** A request about this run. What was refused has been told on the page.
   * @template {Exclude<keyof import('../python/protocol.js').Requests, 'boot'>} T
   * @param {T} type
   * @param {Parameters<import('../python/protocol.js').Requests[T]>[0]} what
   * @returns {Promise<ReturnType<import('../python/protocol.js').Requests[T]>|undefined>}
   */
  async #ask(type, what) {
    try {
      return await this.#interpreter.ask(type, what);
    } catch {
      return undefined;
    }
  }
}
