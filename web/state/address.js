/**
 * Keeps the page's address and its settings the same, without ever reloading: what is on the
 * screen can be linked to, and Back undoes a step. Other people's parameters and the fragment stay
 * as they are.
 *
 * @module
 */

import { effect } from '@preact/signals-core';

/** @typedef {import('./settings.js').Settings<any>} AnySettings */

/** Milliseconds of rest before the address follows: browsers limit how often it may change. */
const REST_MS = 250;
/** Milliseconds within which changes of the same setting are one step: somebody is typing. */
const ONE_STEP_MS = 2500;

/**
 * Reads the settings from the address, then writes them back whenever they change.
 *
 * @param {AnySettings} settings
 * @param {object} [how]
 * @param {Window} [how.page]
 * @param {string[]} [how.steps] names of settings whose changes are entries of the history
 * @param {(settings: AnySettings, query: string) => void} [how.open] completes what was read
 * @returns {() => void} ends the bond
 */
export function bindAddress(settings, { page = window, steps = [], open = () => {} } = {}) {
  /** @type {number|undefined} */
  let timer;
  let last = { steps: '', at: -Infinity };
  /** What one has just come to, in full; null once something was made of it. @type {string|null} */
  let come = null;
  const listening = new AbortController();
  const read = () => {
    settings.fromQuery(page.location.search);
    open(settings, page.location.search);
    come = settings.toQuery();
  };
  read();
  page.addEventListener('popstate', read, listening);
  const stop = effect(() => {
    const query = settings.toQuery();
    clearTimeout(timer);
    timer = page.setTimeout(() => write(query), REST_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
    listening.abort();
  };

  /** @param {string} query */
  function write(query) {
    const [address, given] = [new URL(page.location.href), new URLSearchParams(query)];
    const before = new URLSearchParams(address.search);
    for (const name of settings.names) address.searchParams.delete(name);
    for (const [name, value] of given) address.searchParams.append(name, value);
    const first = query === come || !settings.names.some((name) => before.has(name)); // what one has come to is no step
    come = null;
    if (address.href === page.location.href) return;
    const taken = first ? '' : steps.filter((name) => before.get(name) !== given.get(name)).join();
    const on = taken === last.steps && performance.now() - last.at < ONE_STEP_MS;
    try {
      if (taken && !on) page.history.pushState(page.history.state, '', address);
      else page.history.replaceState(page.history.state, '', address);
    } catch {
      // A browser that finds this too often refuses; the next change brings the address up to date.
    }
    if (taken) last = { steps: taken, at: performance.now() };
  }
}
