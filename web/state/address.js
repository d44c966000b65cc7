/**
 * Keeps the page's address and its settings the same, without ever reloading: what is on the
 * screen can be linked to. Other people's parameters and the fragment stay as they are.
 *
 * @module
 */

import { effect } from '@preact/signals-core';

/** Milliseconds of rest before the address follows: browsers limit how often it may change. */
const REST_MS = 250;

/**
 * Reads the settings from the address, then writes them back whenever they change.
 *
 * @param {import('./settings.js').Settings<any>} settings
 * @param {Window} [page]
 * @returns {() => void} ends the bond
 */
export function bindAddress(settings, page = window) {
  /** @type {number|undefined} */
  let timer;
  const listening = new AbortController();
  settings.fromQuery(page.location.search);
  page.addEventListener('popstate', () => settings.fromQuery(page.location.search), listening);
  const stop = effect(() => {
    const query = settings.toQuery();
    clearTimeout(timer);
    timer = page.setTimeout(() => write(page, settings.names, query), REST_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
    listening.abort();
  };
}

/** @param {Window} page @param {string[]} names @param {string} query */
function write(page, names, query) {
  const address = new URL(page.location.href);
  for (const name of names) address.searchParams.delete(name);
  for (const [name, value] of new URLSearchParams(query)) address.searchParams.append(name, value);
  if (address.href === page.location.href) return;
  try {
    page.history.replaceState(page.history.state, '', address);
  } catch {
    // A browser that finds this too often refuses; the next change brings the address up to date.
  }
}
