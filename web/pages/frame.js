/**
 * One figure alone, in a frame on somebody else's page. What it shows is said by its address (or, on
 * the page of a canonical figure, by that page). It tells the page around it how high it is and how
 * it does, and shares a Python with the other figures there, if that page has our script.
 *
 * @module
 */

import { effect } from '@preact/signals-core';
import { followHeight, tellHeight } from '../embed/heights.js';
import { LONGEST, ours } from '../embed/messages.js';
import { Entry, share } from '../python/enter.js';
import { readControls } from '../state/controls.js';
import { Settings } from '../state/settings.js';
import { TABLE } from '../state/table.js';
import { showTheme } from '../state/theme.js';
import { pageAt } from '../wire/places.js';

/** Milliseconds in which the page around says where the shared Python is; one without our script never does. */
const ROOM_MS = 4000;

/** @type {Record<string, {tag: string, table: () => Promise<any>, bring: () => Promise<unknown>}>} */
const FIGURES = {
  train: { tag: 'glass-train', table: async () => TABLE, bring: () => import('../figures/train/glass-train.js') },
  network: { tag: 'glass-network', table: async () => (await import('../state/inside-table.js')).INSIDE_TABLE, bring: () => import('../figures/network/glass-network.js') },
  browse: { tag: 'glass-browse', table: async () => (await import('../state/browse-table.js')).BROWSE_TABLE, bring: () => import('../figures/browse/glass-browse.js') },
  race: { tag: 'glass-race', table: async () => ({}), bring: () => import('../figures/race/glass-race.js') },
  home: { tag: 'glass-home', table: async () => TABLE, bring: () => import('../figures/home/glass-home.js') },
};

const { dataset } = document.documentElement;
const query = dataset.query ?? location.search;
const asked = new URLSearchParams(location.search);
const wanted = dataset.figure ?? asked.get('figure') ?? 'train';
const place = /** @type {HTMLElement} */ (document.querySelector('#figure'));
const around = parent === window ? null : parent;

const theme = asked.get('theme');
if (theme === 'light' || theme === 'dark') showTheme(theme);
if (around) share(() => new Entry(findRoom, new URL(pageAt('')).origin));
if (Object.hasOwn(FIGURES, wanted)) void show(FIGURES[wanted]);
else say(`There is no figure “${wanted.slice(0, 40)}”. There are: ${Object.keys(FIGURES).join(', ')}.`);

/** @param {typeof FIGURES[string]} figure */
async function show({ tag, table, bring }) {
  const brought = bring().catch((error) => say(`The figure could not be shown: ${error.message}. Reload the page.`));
  const settings = new Settings(await table());
  settings.fromQuery(query);
  if (wanted === 'browse') (await import('../state/browse-table.js')).openOn(/** @type {any} */ (settings), query);
  await brought;
  const element = document.createElement(tag);
  Object.assign(element, { settings, brief: Boolean(around) }); // in a post, what a reader does not ask for is left out
  if (wanted !== 'home') element.setAttribute('controls', readControls(/** @type {any} */ (wanted), asked.get('controls')).join(' ') || 'none');
  element.addEventListener('glass-status', (event) => tell({ tell: 'status', ...(/** @type {CustomEvent} */ (event)).detail }));
  place.replaceChildren(element);
  if (!around) return;
  followHeight(place, (height) => tellHeight(around, height, location));
  let [known, outside] = [settings.toQuery(), false];
  effect(() => {
    const now = settings.toQuery();
    if (now !== known && !outside) tell({ tell: 'change', query: now });
    known = now;
  });
  addEventListener('message', ({ data, source }) => {
    const message = source === around ? ours(data) : null;
    if (message?.ask) void import('../figures/asked/asked.js').then(({ answer }) => answer(element, message, tell));
    if (message?.tell === 'rights') dataset.sandbox = String(message.sandbox); // for kit/rights.js
    if (message?.tell !== 'set' || typeof message.query !== 'string' || message.query.length > LONGEST) return;
    outside = true; // what came from there is not told back
    settings.fromQuery(message.query);
    outside = false;
  });
}

/** @param {string} words */
function say(words) {
  const alert = Object.assign(document.createElement('p'), { textContent: words, className: 'fault' });
  alert.setAttribute('role', 'alert');
  place.replaceChildren(alert);
  tell({ tell: 'status', status: 'failed', words });
}

/** @param {object} what */
function tell(what) {
  around?.postMessage({ glassnet: 1, ...what }, '*'); // it holds nothing that the reader does not see
}

/** @returns {Promise<Window|null>} the hidden frame that holds Python; only its name comes from outside, and only our origin can read what it is sent */
function findRoom() {
  return new Promise((resolve) => {
    const timer = setTimeout(() => found(null), ROOM_MS);
    const hear = (/** @type {MessageEvent} */ { data, source }) => {
      const message = source === around ? ours(data) : null;
      if (message?.tell === 'room') found(/** @type {any} */ (around)?.frames[String(message.name)] ?? null);
    };
    const found = (/** @type {Window|null} */ room) => {
      clearTimeout(timer);
      removeEventListener('message', hear);
      resolve(room);
    };
    addEventListener('message', hear);
    tell({ ask: 'room' });
  });
}
