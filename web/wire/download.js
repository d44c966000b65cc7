/**
 * One place where a file is fetched and checked: byte by byte counted, its length and its sha256
 * compared with what the build wrote down. Every way this can fail has a code, a cause in plain
 * words and a way out. Knows nothing of Python, workers or pages.
 *
 * @module
 */

import { release } from './release.js';

/** A file that could not be had, or that is not the file that was meant. */
export class LoadError extends Error {
  /**
   * @param {string} code stable, such as `E-NET-404`
   * @param {string} message what failed, naming the file
   * @param {string} advice what the visitor can do
   */
  constructor(code, message, advice) {
    super(message);
    this.name = 'LoadError';
    this.code = code;
    this.advice = advice;
  }
}

/** What a copy that the browser kept can be the cause of; a second try then goes past its cache. */
const KEPT = /^E-(SIZE|CHECKSUM|JSON|HTML|NET-\d+)$/;

const RETRY = 'Check the connection and try again.';
const REBUILD = 'Reload the page; if it stays, the site’s copy is damaged and has to be built again.';

/** Milliseconds without a single byte after which a download counts as stalled. */
export const STALL_MS = 20_000;

/**
 * Fetches one file and returns its bytes once they are known to be the right ones.
 *
 * @param {URL|string} url
 * @param {object} expected
 * @param {number} expected.bytes the length the file must have
 * @param {string} expected.sha256 lower-case hex
 * @param {(bytes: number) => void} [onBytes] told how many bytes have just arrived; below zero when
 *   they turned out to be the wrong ones
 * @param {AbortSignal} [signal]
 * @param {RequestCache} [cache] of the first try
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {LoadError}
 */
export function download(url, expected, onBytes = () => {}, signal, cache) {
  return twice(cache, async (mode) => {
    const name = fileName(url);
    const data = await receive(url, expected.bytes, onBytes, signal, mode);
    const fault = await faultOf(data, expected);
    if (!fault) return data;
    onBytes(-data.length);
    throw new LoadError(fault.code, `${name} ${fault.message}`, fault.advice);
  });
}

/**
 * What the file at an address of ours must be: places.js writes it behind the `#`.
 *
 * @param {URL|string} url
 * @returns {{bytes: number, sha256: string}} without a checksum (and 0 bytes) where the address has none
 */
export function expected(url) {
  const said = new URLSearchParams(new URL(url, globalThis.location?.href).hash.slice(1));
  return { bytes: Number(said.get('bytes')), sha256: said.get('sha256') ?? '' };
}

/**
 * Fetches a small JSON file, such as an index. It is checked by what its address says of it.
 *
 * @param {URL|string} url
 * @param {AbortSignal} [signal]
 * @param {RequestCache} [cache] of the first try
 * @returns {Promise<unknown>}
 * @throws {LoadError}
 */
export function downloadJSON(url, signal, cache) {
  const wanted = expected(url);
  return twice(cache, async (mode) => {
    const data = await receive(url, wanted.bytes, () => {}, signal, mode);
    const fault = wanted.sha256 ? await faultOf(data, wanted) : null;
    if (fault) throw new LoadError(fault.code, `${fileName(url)} ${fault.message}`, fault.advice);
    try {
      return JSON.parse(new TextDecoder().decode(data));
    } catch {
      throw new LoadError('E-JSON', `${fileName(url)} is not the JSON it should be`, REBUILD);
    }
  });
}

/**
 * Tries again, past the browser's cache, what a damaged or outdated copy in it may have spoiled:
 * files that are kept for a year would otherwise stay broken for a year.
 *
 * @template T
 * @param {RequestCache|undefined} cache of the first try
 * @param {(mode: RequestCache) => Promise<T>} attempt
 */
async function twice(cache = 'default', attempt) {
  try {
    return await attempt(cache);
  } catch (error) {
    if (cache === 'reload' || !(error instanceof LoadError && KEPT.test(error.code))) throw error;
    return attempt('reload');
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} data
 * @param {{bytes: number, sha256: string}} expected
 * @returns {Promise<{code: string, message: string, advice: string}|null>} what is wrong with a file
 */
async function faultOf(data, { bytes, sha256: sum }) {
  if (data.length !== bytes) {
    return { code: 'E-SIZE', message: `is ${data.length} bytes long instead of ${bytes}`, advice: RETRY };
  }
  const digest = await sha256(data);
  if (digest === null || digest === sum) return null;
  return { code: 'E-CHECKSUM', message: 'is damaged or of another version (its checksum differs)', advice: REBUILD };
}

/**
 * @param {URL|string} url
 * @param {number} bytes how many are expected; 0 when that is not known
 * @param {(bytes: number) => void} onBytes
 * @param {AbortSignal|undefined} signal
 * @param {RequestCache} cache
 */
async function receive(url, bytes, onBytes, signal, cache) {
  const name = fileName(url);
  const stalled = new AbortController();
  const stop = signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal;
  let watchdog = setTimeout(() => stalled.abort(), STALL_MS);
  try {
    const response = await fetch(url, { signal: stop, cache });
    if (!response.ok) {
      throw new LoadError(`E-NET-${response.status}`, `${name}: the server answered ${response.status}`, RETRY);
    }
    if (/text\/html/.test(response.headers.get('content-type') ?? '')) {
      throw new LoadError('E-HTML', `${name}: the server sent a web page instead of the file`, REBUILD);
    }
    if (!response.body) return new Uint8Array(await response.arrayBuffer());
    let data = new Uint8Array(bytes || 65_536);
    let length = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => stalled.abort(), STALL_MS);
      if (length + value.length > data.length) data = grown(data, length + value.length);
      data.set(value, length);
      length += value.length;
      onBytes(value.length);
      release(value);
    }
    return length === data.length ? data : data.slice(0, length);
  } catch (error) {
    if (error instanceof LoadError) throw error;
    if (stalled.signal.aborted) {
      throw new LoadError('E-NET-STALL', `${name}: no byte arrived for ${STALL_MS / 1000} seconds`, RETRY);
    }
    if (signal?.aborted) throw error;
    throw new LoadError('E-NET', `${name} could not be fetched (${/** @type {Error} */ (error).message})`, RETRY);
  } finally {
    clearTimeout(watchdog);
  }
}

/** @param {Uint8Array<ArrayBuffer>} data @param {number} length */
function grown(data, length) {
  const larger = new Uint8Array(Math.max(length, 2 * data.length));
  larger.set(data);
  return larger;
}

/**
 * The sha256 in hex, or null where the browser has no `crypto.subtle` (pages served without TLS
 * from another machine): the length has been checked then, the content not.
 *
 * @param {Uint8Array<ArrayBuffer>} data
 */
async function sha256(data) {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {URL|string} url */
function fileName(url) {
  return new URL(url, globalThis.location?.href).pathname.split('/').pop() || String(url);
}
