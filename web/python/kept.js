/**
 * A started Python, kept by the browser from one visit to the next: starting it again takes a third
 * of the time, and costs no download. It is checked before it is used, belongs to one version of the
 * site's Python parts and one browser, and is thrown away with them. Where nothing may be stored (a
 * frame without an origin), and on other people's pages, nothing is.
 *
 * @module
 */

import { Snapshot, Subject } from './snapshot.js';

/** @typedef {import('./snapshot.js').Options} Options */

const browser = globalThis.navigator.userAgent; // by its whole name: the bundle has a `navigator` of its own
const PLACE = 'glassnet-python';
const SUM = 'X-SHA256';
const BROWSER = 'X-Browser';

/** Milliseconds until it is stored: what the visitor has asked for goes first. */
const LATER_MS = 3_000;

export class Kept {
  #key;
  #subject = new Subject();
  #possible;
  /** What has been kept; null if nothing has, or nothing that is whole. @type {Promise<Snapshot|null>} */
  found = Promise.resolve(null);

  /** @param {string} key */
  constructor(key) {
    this.#key = key;
    const ours = new URL(key).origin === self.origin; // on other people's pages it would fill their storage
    this.#possible = Boolean(ours && globalThis.caches && globalThis.crypto?.subtle);
  }

  /** Looks whether there is one for these parts. @param {string} manifest its address; its name carries a hash of them all */
  static find(manifest) {
    const kept = new Kept(manifest.split('#')[0]);
    kept.found = kept.#find();
    return kept;
  }

  /** How to start a Python that can be kept. @returns {Options} */
  options() {
    return this.#possible ? this.#subject.options() : {};
  }

  /** Keeps it as it stands, for the next visit. @param {import('pyodide').PyodideAPI} pyodide everything is imported, and nothing else in it */
  take(pyodide) {
    if (!this.#possible) return;
    try {
      const pack = this.#subject.take(pyodide);
      setTimeout(() => Promise.resolve().then(pack).then((bytes) => this.#store(bytes)).catch(told), LATER_MS);
    } catch (error) {
      told(error);
    }
  }

  /** It is of no use. */
  async forget() {
    await caches.delete(PLACE).catch(() => {});
  }

  async #find() {
    if (!this.#possible) return null;
    try {
      const store = await caches.open(PLACE);
      const response = await store.match(this.#key);
      if (!response) return null;
      const bytes = response.headers.get(BROWSER) === browser ? new Uint8Array(await response.arrayBuffer()) : null;
      if (bytes && (await sumOf(bytes)) === response.headers.get(SUM)) return new Snapshot(bytes);
      await this.forget();
    } catch (error) {
      this.#possible = false; // nothing may be stored here
      told(error);
    }
    return null;
  }

  /** @param {import('./parts.js').Bytes} bytes */
  async #store(bytes) {
    const store = await caches.open(PLACE);
    const old = await store.keys();
    await Promise.all(old.map((request) => store.delete(request)));
    await store.put(this.#key, new Response(bytes, { headers: { [SUM]: await sumOf(bytes), [BROWSER]: browser } }));
  }
}

/** @param {import('./parts.js').Bytes} bytes @returns {Promise<string>} */
async function sumOf(bytes) {
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Not being able to keep it costs time at the next visit, and nothing else. @param {unknown} error */
function told(error) {
  console.info('glassnet: Python could not be kept for the next visit.', error);
}
