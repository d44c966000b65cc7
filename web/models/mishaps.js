/**
 * What went wrong on the page of all digits: what the visitor has to try again, and what is being
 * mended by itself.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { withFailure } from './failures.js';

/** @typedef {import('../wire/requests.js').Failure} Failure */

/** Milliseconds for which it is told that a worker was started again. */
const TOLD_MS = 8000;

export class Mishaps {
  /** Newest first. */
  failures = signal(/** @type {Failure[]} */ ([]));
  /** That a worker stopped and another is started, in a sentence. */
  interruption = signal('');

  /** Why the worker stopped, until another has taken its place. */
  #cause = '';
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #telling;

  /** Each thing is told once: that there are no workers is the same for all of them. @param {Failure} failure */
  tell(failure) {
    const known = this.failures.peek();
    this.interruption.value = this.#cause = '';
    if (failure.code === 'E-WORKER-START' && known.some(({ code }) => code === failure.code)) return;
    this.failures.value = withFailure(known, failure);
  }

  /** A worker has stopped, and another is being started. @param {Failure} failure */
  interrupt({ message }) {
    clearTimeout(this.#telling);
    this.#cause = `${message[0].toUpperCase()}${message.slice(1)}.`;
    this.interruption.value = `${this.#cause} It is being started again.`;
  }

  /** The other one has taken its place. */
  resume() {
    if (!this.#cause) return;
    this.interruption.value = `${this.#cause} It was started again.`;
    this.#cause = '';
    this.#telling = setTimeout(() => (this.interruption.value = ''), TOLD_MS);
  }

  /** Begins anew. */
  clear() {
    clearTimeout(this.#telling);
    this.interruption.value = this.#cause = '';
    this.failures.value = [];
  }
}
