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

export class Recording {
  /** Every parameter by name, at each snapshot. @type {Map<string, Float32Array[]>} */
  #parameters;

  /**
   * @param {any} document recording.json
   * @param {Uint8Array<ArrayBuffer>} bytes its numbers
   * @throws {LoadError} when they do not fit each other
   */
  constructor(document, bytes) {
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
    /** Of the test digits. @type {Evaluation[]} */
    this.evaluations = document.evaluations;
    /** How far rounding the weights moved the outputs, as measured. @type {{largest: number, mean: number}} */
    this.rounding = document.rounding;
    /** What it was made by. @type {Record<string, string>} */
    this.versions = document.versions;
    /** Where the digits of its first steps are. @type {Opening|null} */
    this.opening = document.opening ?? null;
    /** The loss of every batch. */
    this.losses = Float32Array.from(new Int16Array(bytes.buffer, 0, this.snapshots[this.snapshots.length - 1]), (whole) => whole * document.losses.scale);
    this.#parameters = new Map(document.arrays.map((/** @type {Stored} */ array) => [array.name, restore(array, this.snapshots.length, bytes)]));
  }

  /** How many steps it has. */
  get steps() {
    return this.losses.length;
  }

  /** @param {number} snapshot its number @returns {import('./forward.js').Arrays} the network's parameters then */
  parameters(snapshot) {
    return Object.fromEntries([...this.#parameters].map(([name, values]) => [name, values[snapshot]]));
  }
}

/**
 * @typedef {{name: string, type: keyof typeof TYPES, shape: number[], scale: number, offset: number}} Stored
 *
 * @param {Stored} array
 * @param {number} snapshots
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Float32Array[]} the parameter at each snapshot
 */
function restore({ name, type, shape, scale, offset }, snapshots, bytes) {
  const kind = TYPES[type];
  const size = product(shape);
  if (!kind || offset + snapshots * size * kind.BYTES_PER_ELEMENT > bytes.length) {
    throw new LoadError('E-RECORDING', `recording.json describes an array ${name} that is not there`, REBUILD);
  }
  const whole = new kind(size); // adding overflows in it as it did in numpy
  return Array.from({ length: snapshots }, (_, at) => {
    const changes = new kind(bytes.buffer, offset + at * size * kind.BYTES_PER_ELEMENT, size);
    const values = new Float32Array(size); // a plain loop: `from` with a function takes ten times as long
    for (let i = 0; i < size; i++) {
      whole[i] += changes[i];
      values[i] = whole[i] * scale;
    }
    return values;
  });
}

/**
 * @param {string} url of recording.json
 * @param {AbortSignal} [signal]
 * @returns {Promise<Recording>}
 * @throws {LoadError}
 */
export async function fetchRecording(url, signal) {
  const document = /** @type {any} */ (await downloadJSON(url, signal));
  if (document.version !== 2) throw new LoadError('E-RECORDING', 'recording.json is not of this page’s version', REBUILD);
  const { numbers } = document;
  const packed = await download(new URL(numbers.file, url), numbers, undefined, signal);
  return new Recording(document, await unpack(packed, numbers.unpacked, numbers.file));
}
