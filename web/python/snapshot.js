/**
 * A started Python as bytes: its memory, where it is not blank, and its dynamic libraries. Taken when
 * everything is imported and nothing of the page's is in it yet, so that it is the same for every
 * visit; put back into a new instance, it goes on from there.
 *
 * Pyodide can do this for an interpreter without libraries (`makeMemorySnapshot`, experimental and
 * private); libraries.js adds those, and the blank pages are left out.
 *
 * @module
 */

import { describe, link } from './libraries.js';

/**
 * @typedef {import('./parts.js').Bytes} Bytes
 * @typedef {import('./libraries.js').Module} Module
 * @typedef {import('./libraries.js').Linked} Linked
 *
 * What `loadPyodide` is told, and what is done to the instance that it makes.
 * @typedef {{[option: string]: unknown, prepare?: (module: Module) => void}} Options
 *
 * @typedef {object} Header
 * @property {number} state bytes of Pyodide's own header: what it refers to outside of the memory
 * @property {number} heap bytes of the memory
 * @property {number[]} pages those that are not blank, by number
 * @property {Linked} linked
 * @property {number[]} sizes bytes of each library
 */

const PAGE = 65_536;

/** Bytes before the header: its length, and one word unused. */
const LEAD = 8;

export class Snapshot {
  /** @type {Header} */
  #header;
  #bytes;
  #begin;

  /** @param {Bytes} bytes as `pack` gives them @throws {Error} they are none */
  constructor(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset, LEAD).getUint32(0, true);
    this.#header = JSON.parse(new TextDecoder().decode(bytes.subarray(LEAD, LEAD + length)));
    this.#begin = aligned(LEAD + length);
    this.#bytes = bytes;
  }

  /** How to start an interpreter that goes on from here. @returns {Options} */
  options() {
    const { state } = this.#header;
    return { _loadSnapshot: this.#bytes.slice(this.#begin, this.#begin + state), prepare: (module) => this.#restore(module) };
  }

  /** @param {Module} module a new instance, in which nothing has run */
  #restore(module) {
    const { state, heap, pages, linked, sizes } = this.#header;
    let at = aligned(this.#begin + state);
    const memory = this.#bytes.subarray(at, at + pages.length * PAGE);
    at += memory.length;
    linked.libraries.forEach(({ name }, number) => {
      module.FS.mkdirTree(name.slice(0, name.lastIndexOf('/')));
      module.FS.writeFile(name, this.#bytes.subarray(at, at + sizes[number]));
      at += sizes[number];
    });
    if (module.HEAPU8.length < heap) module.growMemory(heap);
    if (module.HEAPU8.length < heap) throw new Error(`there is no memory of ${heap} bytes`);
    link(module, linked);
    const blank = new Set(Array.from({ length: Math.ceil(module.HEAPU8.length / PAGE) }, (_, number) => number));
    pages.forEach((number, place) => {
      module.HEAPU8.set(memory.subarray(place * PAGE, (place + 1) * PAGE), number * PAGE);
      blank.delete(number);
    });
    for (const number of blank) module.HEAPU8.fill(0, number * PAGE, (number + 1) * PAGE);
    this.#bytes = new Uint8Array(); // Pyodide keeps the options, and they this
  }
}

/**
 * A Python that can be taken a snapshot of.
 */
export class Subject {
  #module = /** @type {Module} */ (null);
  #before = 0;

  /** How to start it. @returns {Options} */
  options() {
    return {
      _makeSnapshot: true,
      prepare: (module) => {
        this.#module = module;
        this.#before = module.wasmTable.length;
      },
    };
  }

  /**
   * Takes the snapshot. What is quick is done now, the rest by `pack`.
   *
   * @param {any} pyodide
   * @returns {() => Bytes} `pack`
   * @throws {Error} it holds something that cannot be kept
   */
  take(pyodide) {
    const linked = describe(this.#module, this.#before);
    const libraries = linked.libraries.map(({ name }) => pyodide.FS.readFile(name));
    const memory = pyodide.makeMemorySnapshot();
    return () => pack(memory, linked, libraries);
  }
}

/**
 * @param {Bytes} made by Pyodide: its header, then the memory
 * @param {Linked} linked
 * @param {Bytes[]} libraries
 * @returns {Bytes}
 */
function pack(made, linked, libraries) {
  const state = new DataView(made.buffer, made.byteOffset).getUint32(4, true);
  const memory = made.subarray(state);
  const pages = [];
  for (let number = 0; number * PAGE < memory.length; number++) if (!isBlank(page(memory, number))) pages.push(number);
  const sizes = libraries.map(({ length }) => length);
  const header = new TextEncoder().encode(JSON.stringify({ state, heap: memory.length, pages, linked, sizes }));
  const begin = aligned(LEAD + header.length);
  let at = aligned(begin + state);
  const bytes = new Uint8Array(at + pages.length * PAGE + sizes.reduce((sum, size) => sum + size, 0));
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, LEAD);
  bytes.set(made.subarray(0, state), begin);
  for (const number of pages) {
    bytes.set(page(memory, number), at);
    at += PAGE;
  }
  for (const library of libraries) {
    bytes.set(library, at);
    at += library.length;
  }
  return bytes;
}

/** @param {Bytes} memory @param {number} number */
function page(memory, number) {
  return memory.subarray(number * PAGE, (number + 1) * PAGE);
}

/** @param {Bytes} bytes a whole page */
function isBlank(bytes) {
  const { buffer, byteOffset, length } = bytes;
  return byteOffset % 4 ? bytes.every((byte) => !byte) : new Uint32Array(buffer, byteOffset, length / 4).every((word) => !word);
}

/** @param {number} offset the next one at which words may lie */
function aligned(offset) {
  return Math.ceil(offset / 16) * 16;
}
