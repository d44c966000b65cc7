/**
 * The files that Python is made of, as the build has listed them: fetched all at once, and checked.
 *
 * The interpreter itself is compiled from a real response of the server, in one go with its check
 * (`integrity`): only of such a one does a browser keep the compiled code for the next visit.
 *
 * @module
 */

import { gunzip } from './archive.js';
import { download, downloadJSON, LoadError, STALL_MS } from '../wire/download.js';

/**
 * One file of the Python parts.
 *
 * @typedef {object} Part
 * @property {string} name what Pyodide or this module calls it
 * @property {string} file where it is, beside the manifest
 * @property {number} bytes of the file
 * @property {number} [wire] bytes as hosts send it that compress it on the way
 * @property {string} sha256 of the file
 * @property {'gzip'} [encoding] how it is compressed, if it is
 *
 * @typedef {object} Manifest
 * @property {number} version
 * @property {Record<string, string>} versions
 * @property {Part[]} files what a start needs
 * @property {Later[]} later modules that may be asked for afterwards
 *
 * @typedef {Part & {modules: string[], below?: string}} Later `modules`: and all below them; `below`: the folder they are put into, else they stay in their archive
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {(stage: import('./protocol.js').Stage, loaded: number, total: number) => void} OnProgress
 */

const INTERPRETER = 'pyodide.asm.wasm';

export class Parts {
  #base;
  #manifest;
  #onProgress;
  #stop = new AbortController();
  #loaded = 0;
  /** @type {Map<string, Promise<Bytes>>} */
  #files = new Map();
  /** @type {Promise<WebAssembly.Module>|null} */
  #interpreter = null;

  /**
   * @param {string} base address of the manifest
   * @param {Manifest} manifest
   * @param {OnProgress} onProgress
   */
  constructor(base, manifest, onProgress) {
    this.#base = base;
    this.#manifest = manifest;
    this.#onProgress = onProgress;
  }

  /**
   * @param {string} base
   * @param {OnProgress} onProgress
   * @throws {LoadError} the list itself cannot be had
   */
  static async list(base, onProgress) {
    return new Parts(base, /** @type {Manifest} */ (await downloadJSON(base)), onProgress);
  }

  get later() {
    return this.#manifest.later;
  }

  get versions() {
    return this.#manifest.versions;
  }

  /** The folder that they lie in. */
  get folder() {
    return new URL('.', this.#base).href;
  }

  /** @param {string} name @returns {string} its address */
  address(name) {
    return new URL(this.#part(name).file, this.#base).href;
  }

  /** @param {string} name @returns {boolean} whether there is such a part, the interpreter apart */
  has(name) {
    return name !== INTERPRETER && this.#manifest.files.some((part) => part.name === name);
  }

  /**
   * A part's bytes, checked and unpacked; fetched once, and let go by whoever asks last.
   *
   * @param {string} name
   * @returns {Promise<Bytes>}
   * @throws {LoadError}
   */
  get(name) {
    const part = this.#part(name);
    const known = this.#files.get(name);
    if (known) return known;
    const arrived = this.#download(part);
    const file = part.encoding ? arrived.then(gunzip) : arrived;
    this.#files.set(name, file);
    file.catch(() => this.#files.delete(name)); // the next who asks may have more luck
    return file;
  }

  /** The interpreter, compiled. @returns {Promise<WebAssembly.Module>} @throws {LoadError} */
  get interpreter() {
    return (this.#interpreter ??= this.#compile());
  }

  /** All bytes are here, and more has been done with them. @param {import('./protocol.js').Stage} stage */
  report(stage) {
    this.#onProgress(stage, 0, 0);
  }

  /** Fetches no more: something else has failed. */
  abort() {
    this.#stop.abort();
  }

  /** Lets go of all bytes. */
  release() {
    this.#files.clear();
    this.#interpreter = null;
  }

  /** @param {string} name @returns {Part} */
  #part(name) {
    const part = this.#manifest.files.find((file) => file.name === name);
    if (!part) throw new LoadError('E-MANIFEST', `the list of Python’s parts has no ${name}`, 'Reload the page.');
    return part;
  }

  async #compile() {
    const part = this.#part(INTERPRETER);
    const slow = new Promise((resolve) => setTimeout(resolve, STALL_MS, null));
    const response = await Promise.race([this.#respond(part), slow]);
    if (!response) return refusing(WebAssembly.compile(await this.#download(part))); // or it tells what is wrong
    this.#count(part, part.bytes);
    return refusing(WebAssembly.compileStreaming(response));
  }

  /**
   * A file as the server sends it, if its bytes are the right ones: all of it is there by then.
   *
   * @param {Part} part
   * @returns {Promise<Response|null>}
   */
  async #respond({ file, sha256 }) {
    const integrity = `sha256-${base64(sha256)}`;
    const response = await fetch(new URL(file, this.#base), { integrity, signal: this.#stop.signal }).catch(() => null);
    return response?.ok && response.headers.get('content-type') === 'application/wasm' ? response : null;
  }

  /** @param {Part} part */
  #download(part) {
    return download(new URL(part.file, this.#base), part, (bytes) => this.#count(part, bytes), this.#stop.signal);
  }

  /** So many bytes of a part have arrived. @param {Part} part @param {number} arrived of the file, unpacked by the browser if the host had packed it */
  #count({ bytes, wire = bytes }, arrived) {
    const total = this.#manifest.files.reduce((sum, { bytes, wire = bytes }) => sum + wire, 0);
    this.#loaded += (arrived * wire) / bytes;
    this.#onProgress(this.#loaded < total ? 'download' : 'interpreter', Math.round(this.#loaded), total);
  }
}

/** @param {Promise<WebAssembly.Module>} compiling @returns {Promise<WebAssembly.Module>} */
async function refusing(compiling) {
  try {
    return await compiling;
  } catch (error) {
    throw refusal(error);
  }
}

/** The browser does not take the interpreter. @param {unknown} error */
export function refusal(error) {
  return new LoadError(
    'E-WASM',
    `${INTERPRETER} was refused by this browser (${/** @type {Error} */ (error).message})`,
    'A content security policy without ’wasm-unsafe-eval’, too little memory or an old browser do this.',
  );
}

/** @param {string} hex */
function base64(hex) {
  const bytes = hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return btoa(String.fromCharCode(...bytes));
}
