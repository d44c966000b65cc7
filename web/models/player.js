/**
 * Goes through the stops of a step by itself, and stays long enough at each to be read.
 *
 * @module
 */

import { signal } from '@preact/signals-core';

/** Milliseconds at a stop. */
const PACE_MS = 1100;

export class Player {
  playing = signal(false);
  #inside;
  #stage;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** @param {import('./inside.js').Inside} inside @param {{still: () => boolean}} stage whether nothing is to move there */
  constructor(inside, stage) {
    this.#inside = inside;
    this.#stage = stage;
  }

  /** To the end of the step; from its end, from the start. Where nothing is to move, by one stop. */
  play() {
    if (this.#stage.still()) return this.#inside.move(1);
    if (this.#inside.stop.peek() >= this.#last) this.#inside.go(0);
    this.playing.value = true;
    this.#wait();
  }

  pause() {
    clearTimeout(this.#timer);
    this.playing.value = false;
  }

  get #last() {
    return (this.#inside.step.peek()?.quantities.length ?? 1) - 1;
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#inside.go(this.#inside.stop.peek() + 1);
      if (this.#inside.stop.peek() < this.#last) this.#wait();
      else this.pause();
    }, PACE_MS);
  }
}
