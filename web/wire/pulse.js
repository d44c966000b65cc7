/**
 * Whether the other side is still there. A worker that was killed, that loops or that fell silent
 * gives no sign by itself; so it is asked, twice a second, and is taken for lost when several
 * questions in a row stay open. Unanswered questions are counted, not seconds: a page that the
 * browser slows down asks less often, and a computer that slept has asked nothing meanwhile.
 *
 * That it has ended is known at once where there are locks (life.js). The lock's name is asked for
 * first of all: once it is busy, the other side tells nothing.
 *
 * Before something that keeps it busy for long, the other side says for how long: `{news: 'busy',
 * seconds}`, and `seconds: 0` when it is done.
 *
 * @module
 */

import { whenGone } from './life.js';

/** Milliseconds between two questions. */
const BEAT_MS = 500;

/** As many questions in a row may stay open as a rule. */
export const PATIENCE = 4;

export class Pulse {
  #requests;
  #lost;
  #patience;
  #open = 0;
  #busyUntil = 0;
  /** Waits no longer for the other side's end; null until its lock is known. @type {(() => void)|null} */
  #unwatch = null;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #timer;

  /**
   * @param {import('./requests.js').Requests} requests
   * @param {(seconds: number) => void} lost called once, with how long there was no sign of life; 0 if it has ended
   * @param {number} [patience] questions in a row that may stay open
   */
  constructor(requests, lost, patience = PATIENCE) {
    this.#patience = patience;
    this.#requests = requests;
    this.#lost = lost;
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    requests.ask('life').then(
      (lock) => {
        if (lock) this.#unwatch = whenGone(lock, () => this.#end(0));
      },
      () => {}, // lost before it could tell
    );
  }

  /** The other side has said for how long it will give no sign. @param {number} seconds */
  busy(seconds) {
    this.#busyUntil = performance.now() + 1000 * seconds;
    this.#open = 0;
  }

  stop() {
    clearInterval(this.#timer);
    this.#unwatch?.();
  }

  /** @param {number} seconds */
  #end(seconds) {
    this.stop();
    this.#lost(seconds);
  }

  #beat() {
    if (performance.now() < this.#busyUntil) return;
    if (this.#open >= this.#patience) {
      this.#end((this.#open * BEAT_MS) / 1000);
      return;
    }
    this.#open += 1;
    this.#requests.ask('ping').then(
      () => {
        this.#open = 0;
      },
      () => {}, // whoever closes the wire has said why
    );
  }
}
