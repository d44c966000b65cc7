/**
 * A question whose newest form alone counts: while one is being answered, the next waits, and those
 * between are never asked.
 *
 * @module
 */

import { signal } from '@preact/signals-core';

/** @template T */
export class Latest {
  /** The newest answer, and what it is an answer to. @type {import('@preact/signals-core').Signal<{key: string, answer: T}|null>} */
  told = signal(/** @type {{key: string, answer: T}|null} */ (null));
  /** Whether one is being waited for. */
  busy = signal(false);
  #wanted = '';
  /** @type {(() => Promise<T>)|null} */
  #next = null;

  /**
   * @param {string} key what is asked, in full: the same is asked once
   * @param {() => Promise<T>} ask rejected if there is no answer, which has been told then
   */
  want(key, ask) {
    if (key === this.#wanted) return;
    this.#wanted = key;
    this.#next = ask;
    if (!this.busy.peek()) void this.#run();
  }

  /** The same is asked again when it is next wanted. */
  forget() {
    this.#wanted = '';
  }

  /** @param {string} key @returns {T|null} the answer to just that, if it is here; inside an effect, a subscription */
  of(key) {
    const told = this.told.value;
    return told?.key === key ? told.answer : null;
  }

  async #run() {
    this.busy.value = true;
    while (this.#next) {
      const [ask, key] = [this.#next, this.#wanted];
      this.#next = null;
      try {
        const answer = await ask();
        if (key) this.told.value = { key, answer };
      } catch {
        // Why has been told. The same is not asked again by itself, or what fails at once would be asked for ever.
      }
    }
    this.busy.value = false;
  }
}
