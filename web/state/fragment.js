/**
 * The fragment of the page's address as a signal: what is too long for a query, and what no server
 * is told.
 *
 * @module
 */

import { effect, signal } from '@preact/signals-core';

/** Milliseconds of rest before the address follows: browsers limit how often it may change. */
const REST_MS = 100;

/**
 * @param {RegExp} ours what our fragments look like, without `#`; others (a heading's name, say) are
 *   no business of ours, but they do not wipe ours out
 * @param {'push'|'replace'} [how] whether a change of ours is an entry of the history, so that Back
 *   takes it back; or not, because there are many
 * @param {Window} [page]
 * @returns {{text: import('@preact/signals-core').Signal<string>, stop: () => void}} empty, if the
 *   address has none of ours; and what ends the bond
 */
export function bindFragment(ours, how = 'push', page = window) {
  const read = () => page.location.hash.slice(1);
  const text = signal(ours.test(read()) ? read() : '');
  const listening = new AbortController();
  const follow = () => {
    const now = read();
    if (!now || ours.test(now)) text.value = now;
    else if (text.peek()) page.history.replaceState(page.history.state, '', `#${text.peek()}`);
  };
  page.addEventListener('hashchange', follow, listening);
  /** @type {number|undefined} */
  let timer;
  const release = effect(() => {
    const wanted = text.value;
    clearTimeout(timer);
    timer = page.setTimeout(() => write(wanted), REST_MS);
  });
  const stop = () => {
    release();
    clearTimeout(timer);
    listening.abort();
  };
  return { text, stop };

  /** @param {string} wanted */
  function write(wanted) {
    if (wanted === (ours.test(read()) ? read() : '')) return;
    const { pathname, search } = page.location;
    const address = `${pathname}${search}${wanted && `#${wanted}`}`;
    try {
      if (how === 'push') page.history.pushState(page.history.state, '', address);
      else page.history.replaceState(page.history.state, '', address);
    } catch {
      // A browser that finds this too often refuses; the next change brings the address up to date.
    }
  }
}
