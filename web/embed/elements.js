/**
 * Our elements, before they live: each waits as its `loading` says, with a picture in its place. Their
 * modules know none of this but one name, under which they find who makes them wait.
 *
 * @module
 */

import { isEmpty, loadingOf } from './waiting.js';

/** Milliseconds after which what still waits is far from the screen, and not about to come. */
const FAR_MS = 300;
/** Under this name an element's module finds what makes it wait (kit/first-task.js), and what wakes it (figures/living.js). */
const WAITS = Symbol.for('glassnet: waits');

export class Elements {
  #waiting;
  #bring;
  #poster;
  /** @type {WeakMap<HTMLElement, Promise<void>>} */
  #seen = new WeakMap();

  /**
   * @param {import('./waiting.js').Waiting} waiting
   * @param {(tag: string) => void} bring defines them
   * @param {(element: HTMLElement, kind: string) => void} poster puts a picture in
   */
  constructor(waiting, bring, poster) {
    this.#waiting = waiting;
    this.#bring = bring;
    this.#poster = poster;
    Object.assign(globalThis, { [WAITS]: { until: (/** @type {HTMLElement} */ one) => this.until(one), wake: (/** @type {HTMLElement} */ one) => this.wake(one) } });
  }

  /** @param {HTMLElement} element @returns {Promise<void>} settled when it is to come to life */
  until(element) {
    const known = this.#seen.get(element);
    if (known) return known;
    const kind = element.localName.replace('glass-', '');
    const loading = loadingOf(element, false); // who writes a wall of all digits into a page by hand wants one
    const come = this.#waiting.until(element, kind, loading);
    this.#seen.set(element, come);
    element.setAttribute('status', 'idle');
    const said = element.dataset.poster ?? element.getAttribute('poster');
    const put = () => this.#poster(element, kind);
    let waits = true;
    if (said ? !element.querySelector('img') : isEmpty(element)) said || loading === 'touch' ? put() : setTimeout(() => waits && put(), FAR_MS);
    const hide = shown(element);
    void come.then(() => {
      waits = false;
      element.setAttribute('status', 'loading');
      hide();
      this.#bring(element.localName);
    });
    return come;
  }

  /** @param {HTMLElement} element */
  wake(element) {
    void this.until(element);
    this.#waiting.wake(element);
  }
}

/** What an element holds is seen although it is defined and draws nothing yet. @param {HTMLElement} element @returns {() => void} ends it */
function shown(element) {
  const slots = ['', 'controls', 'caption'].map((name) => Object.assign(document.createElement('slot'), { name }));
  let over = false;
  void customElements.whenDefined(element.localName).then(() => over || element.shadowRoot?.prepend(...slots));
  return () => ((over = true), slots.forEach((slot) => slot.remove()));
}
