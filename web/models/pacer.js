/**
 * Training at a pace that one can follow: instead of being told to go on until it is paused, the
 * run is asked for a few steps at a time, so many a second. One that cannot keep up is not driven.
 *
 * @module
 */

import { signal } from '@preact/signals-core';

/** Milliseconds between two requests. */
const BEAT_MS = 50;
/** Seconds of steps that may be asked for and not be taken yet. */
const AHEAD = 0.5;

export class Pacer {
  /** Whether it drives the run. */
  on = signal(false);

  #run;
  #pace;
  /** Steps asked for, and since when. */
  #asked = 0;
  #begun = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {import('./run.js').Run<any>} run
   * @param {() => number} pace steps a second; 0: as fast as it can
   */
  constructor(run, pace) {
    this.#run = run;
    this.#pace = pace;
  }

  /** Has the run train until it is paused. */
  start() {
    clearTimeout(this.#timer);
    this.on.value = this.#pace() > 0;
    if (!this.on.value) return this.#run.start();
    this.#begun = performance.now();
    this.#asked = 0;
    this.#beat();
  }

  pause() {
    this.#rest();
    this.#run.pause();
  }

  /** The pace has changed: what is going on goes on with it. */
  turn() {
    const going = this.on.peek() || this.#run.frame.peek()?.state === 'running';
    if (!going) return;
    if (!this.on.peek()) this.#run.pause();
    this.start();
  }

  close() {
    this.#rest();
  }

  #rest() {
    clearTimeout(this.#timer);
    this.on.value = false;
  }

  #beat() {
    if (this.#run.frame.peek()?.state === 'finished') return this.#rest();
    const pace = this.#pace();
    const due = Math.floor(((performance.now() - this.#begun) / 1000) * pace) + 1 - this.#asked;
    const late = this.#run.owed > Math.max(1, AHEAD * pace);
    if (late) [this.#begun, this.#asked] = [performance.now(), 0]; // what it could not keep up with is not made up for
    else if (due > 0) {
      this.#asked += due;
      this.#run.step(due);
    }
    this.#timer = setTimeout(() => this.#beat(), BEAT_MS);
  }
}
