/**
 * Has the site kept for when there is no network, where the browser can (service-worker.js), and
 * says how far that is. Pages of ours alone call it: a figure on somebody's page keeps nothing there.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { pageAt } from '../wire/places.js';

/**
 * @typedef {object} Keeping
 * @property {'no'|'pages'|'fetching'|'all'|'failed'} state what can be seen without a network: nothing;
 *   the pages visited; more of them are coming; all
 * @property {number} kept bytes
 * @property {number} total bytes
 * @property {string} words why it failed
 */

/** Where one works at the site: what is kept there would hide what has just been built. */
const WORKSHOP = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** Milliseconds after which a page that was visited has fetched what it needs itself. */
const SETTLED_MS = 15_000;

/** @type {Keeping} */
const NOTHING = { state: 'no', kept: 0, total: 0, words: '' };

export const keeping = signal(NOTHING);
/** Whether a newer version of the site is here, all of it, and waits to be shown. */
export const newer = signal(false);

/** Bytes of all that can be kept. */
export const everything = signal(0);

/** @type {ServiceWorkerRegistration|null} */
let registration = null;

/**
 * Called once by a page that has been loaded.
 *
 * @param {string[]} groups what the page itself needs, kept after a while (web/make/offline.py)
 */
export async function openOffline(groups) {
  if (WORKSHOP.test(location.hostname) || window !== window.top || thrifty()) return;
  const serviceWorker = workers();
  if (!serviceWorker) return;
  try {
    registration = await serviceWorker.register(pageAt('service-worker.js'), { updateViaCache: 'none' });
  } catch {
    return; // storage is denied, or a host changes our files: all works but offline
  }
  follow(registration);
  await serviceWorker.ready;
  everything.value = await new Promise((resolve) => ask({ tell: 'size' }, ({ total }) => resolve(total)));
  keeping.value = { ...NOTHING, state: 'pages' };
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  if (keeping.value.state === 'pages') keep(groups); // else the visitor has asked for more, or for none
}

/** Keeps all. */
export function keepAll() {
  keep(['all']);
}

/** What is kept stays; the rest does not come. */
export function stopKeeping() {
  registration?.active?.postMessage({ tell: 'stop' });
}

/** Nothing is kept any longer; a later visit keeps the pages again. */
export function forget() {
  ask({ tell: 'forget' }, () => {
    keeping.value = NOTHING;
  });
}

/** Shows the newer version: the page is loaded anew. */
export function showNewer() {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  registration?.waiting?.postMessage({ tell: 'replace' });
}

/** @param {string[]} groups */
function keep(groups) {
  keeping.value = { ...keeping.value, state: 'fetching', words: '' };
  ask({ tell: 'keep', groups }, ({ kept = 0, total = 0, done = false, whole = false, failed = '' }) => {
    const state = failed ? 'failed' : !done ? 'fetching' : whole ? 'all' : 'pages';
    keeping.value = { state, kept, total, words: failed };
  });
}

/** @param {object} message @param {(news: any) => void} hear */
function ask(message, hear) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => hear(data);
  registration?.active?.postMessage(message, [port2]);
}

/** @param {ServiceWorkerRegistration} found */
function follow(found) {
  const look = () => {
    // The first that comes replaces none.
    newer.value = Boolean(found.waiting && navigator.serviceWorker.controller);
  };
  look();
  found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look));
}

/** What a sandboxed page may not even ask for. */
function workers() {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/** Whether the visitor has asked for little data, or has a slow line. */
function thrifty() {
  const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean, effectiveType?: string}}} */ (navigator);
  return Boolean(connection?.saveData) || /^(slow-)?[23]g$/.test(connection?.effectiveType ?? '');
}
