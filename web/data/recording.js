/**
 * The run that was recorded when the site was built: fetched, checked, unpacked. Its format is told
 * in web/make/record.py.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from '../wire/download.js';
import { described, product } from './architecture.js';
import { unpack } from './shard.js';

const REBUILD = 'The site has to be built again.';
const TYPES = /** @type {const} */ ({ int8: Int8Array, int16: Int16Array });
/** Of MNIST's images: what its network is shown, if the document does not say it. */
const SHAPE = [28, 28];

/**
 * @typedef {{step: number, split: 'test', count: number, loss: number, accuracy: number}} Evaluation
 * @typedef {{file: string, bytes: number, sha256: string, unpacked: number, count: number}} Opening
 */

/** What it is fetched in: the last snapshot; the first; the loss of every batch; the snapshots between. */
const PIECES = /** @type {const} */ (['end', 'first', 'losses', 'between']);

/** @typedef {typeof PIECES[number]} Piece */

export class Recording {
  /** Every parameter by name, at each snapshot that is here. @type {Map<string, Float32Array[]>} */
  #parameters = new Map();
  /** The whole numbers of the first snapshot, to which those between are added. @type {Map<string, Int8Array|Int16Array>} */
  #whole = new Map();
  #document;
  #base;
  /** @type {Map<Piece, Promise<void>>} */
  #coming = new Map();

  /** @param {any} document recording.json @param {string} base its address */
  constructor(document, base) {
    this.#document = document;
    this.#base = base;
    /** Complete, as the package wrote it. @type {import('../python/protocol.js').RunConfig} */
    this.config = document.config;
    /** Of one example. @type {number[]} */
    this.shape = document.shape ?? SHAPE;
    this.layers = described(this.config.layers, this.shape);
    /** Steps in an epoch. @type {number} */
    this.batches = document.batches;
    /** Digits it learned from. @type {number} */
    this.train = document.train;
    /** The steps at which its weights were kept. @type {number[]} */
    this.snapshots = document.snapshots;
    /** How many steps it has. @type {number} */
    this.steps = document.snapshots.at(-1);
    /** Of the test digits. @type {Evaluation[]} */
    this.evaluations = document.evaluations;
    /** How far rounding the weights moved the outputs, as measured. @type {{largest: number, mean: number}} */
    this.rounding = document.rounding;
    /** What it was made by. @type {Record<string, string>} */
    this.versions = document.versions;
    /** Where the digits of its first steps are. @type {Opening|null} */
    this.opening = document.opening ?? null;
    /** The loss of every batch; empty until they are here. */
    this.losses = new Float32Array();
  }

  /** @param {number} snapshot its number @returns {import('./forward.js').Arrays|null} the network's parameters then; null if they are not here */
  parameters(snapshot) {
    const found = [...this.#parameters].map(([name, values]) => /** @type {const} */ ([name, values[snapshot]]));
    return found.length && found.every(([, values]) => values) ? Object.fromEntries(found) : null;
  }

  /**
   * Fetches what is not here yet.
   *
   * @param {readonly Piece[]} [pieces]
   * @param {AbortSignal} [signal]
   * @throws {LoadError}
   */
  async load(pieces = PIECES, signal) {
    await Promise.all(pieces.map((piece) => this.#fetch(piece, signal)));
  }

  /** @param {Piece} piece @param {AbortSignal} [signal] @returns {Promise<void>} */
  #fetch(piece, signal) {
    const known = this.#coming.get(piece);
    if (known) return known;
    const coming = this.#take(piece, signal);
    this.#coming.set(piece, coming);
    coming.catch(() => this.#coming.delete(piece)); // may be tried again
    return coming;
  }

  /** @param {Piece} piece @param {AbortSignal} [signal] */
  async #take(piece, signal) {
    const told = this.#document.numbers[piece];
    const packed = await download(new URL(told.file, this.#base), told, undefined, signal);
    const bytes = await unpack(packed, told.unpacked, told.file);
    if (piece === 'losses') {
      this.losses = Float32Array.from(new Int16Array(bytes.buffer), (whole) => whole * this.#document.losses.scale);
      return;
    }
    if (piece === 'between') await this.#fetch('first', signal);
    for (const array of this.#document.arrays) this.#restore(array, piece, bytes);
  }

  /** @param {Stored} array @param {'end'|'first'|'between'} piece @param {Uint8Array<ArrayBuffer>} bytes */
  #restore({ name, type, shape, scale, offsets }, piece, bytes) {
    const kind = TYPES[type];
    const [size, last] = [product(shape), this.snapshots.length - 1];
    const numbers = piece === 'between' ? Array.from({ length: last - 1 }, (_, at) => at + 1) : [piece === 'end' ? last : 0];
    const start = offsets[piece];
    if (!kind || start + numbers.length * size * kind.BYTES_PER_ELEMENT > bytes.length) {
      throw new LoadError('E-RECORDING', `recording.json describes an array ${name} that is not there`, REBUILD);
    }
    const before = piece === 'between' ? this.#whole.get(name) : null;
    const whole = before ?? new kind(size); // adding overflows in it as it did in numpy
    const values = this.#parameters.get(name) ?? [];
    numbers.forEach((snapshot, at) => {
      const added = new kind(bytes.buffer, start + at * size * kind.BYTES_PER_ELEMENT, size);
      const restored = new Float32Array(size); // a plain loop: `from` with a function takes ten times as long
      for (let i = 0; i < size; i++) {
        whole[i] += added[i];
        restored[i] = whole[i] * scale;
      }
      values[snapshot] = restored;
      if (snapshot === 0) this.#whole.set(name, whole.slice());
    });
    this.#parameters.set(name, values);
  }
}

/** @typedef {{name: string, type: keyof typeof TYPES, shape: number[], scale: number, offsets: {end: number, first: number, between: number}}} Stored */

/**
 * @param {string} url of recording.json
 * @param {AbortSignal} [signal]
 * @param {readonly Piece[]} [pieces] what of it is wanted at first
 * @returns {Promise<Recording>}
 * @throws {LoadError}
 */
export async function fetchRecording(url, signal, pieces) {
  const document = /** @type {any} */ (await downloadJSON(url, signal));
  if (document.version !== 2) throw new LoadError('E-RECORDING', 'recording.json is not of this page’s version', REBUILD);
  const recording = new Recording(document, url);
  await recording.load(pieces, signal);
  return recording;
}
