/**
 * The run that was recorded when the site was built: fetched, checked, unpacked. Its format is told
 * in web/make/record.py.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from '../wire/download.js';
import { unpack } from './shard.js';

const REBUILD = 'The site has to be built again.';
const TYPES = /** @type {const} */ ({ int8: Int8Array, int16: Int16Array });

/**
 * @typedef {{weight: Float32Array, bias: Float32Array, shape: [units: number, inputs: number]}} Layer
 * @typedef {{step: number, split: 'test', count: number, loss: number, accuracy: number}} Evaluation
 *
 * @typedef {object} Config whose defaults are the page's, too
 * @property {{type: string, units: number, activation: string}[]} layers
 * @property {{type: string, lr: number}} optimizer
 * @property {number} batch
 * @property {number} seed
 * @property {number} epochs
 */

export class Recording {
  /** @type {Layer[][]} by snapshot */
  #layers = [];

  /**
   * @param {any} document recording.json
   * @param {Uint8Array<ArrayBuffer>} bytes its numbers
   * @throws {LoadError} when they do not fit each other
   */
  constructor(document, bytes) {
    /** @type {Config} */
    this.config = document.config;
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
    /** The loss of every batch. */
    this.losses = new Float32Array(bytes.buffer, 0, this.snapshots[this.snapshots.length - 1]);
    const values = new Map(document.arrays.map((/** @type {Stored} */ array) => [array.name, restore(array, this.snapshots.length, bytes)]));
    const shapes = new Map(document.arrays.map((/** @type {Stored} */ { name, shape }) => [name, shape]));
    for (const at of this.snapshots.keys()) {
      this.#layers.push(
        this.config.layers.map((_, i) => ({
          weight: values.get(`layers.${i}.weight`)[at],
          bias: values.get(`layers.${i}.bias`)[at],
          shape: shapes.get(`layers.${i}.weight`),
        })),
      );
    }
  }

  /** How many steps it has. */
  get steps() {
    return this.losses.length;
  }

  /** @param {number} snapshot its number @returns {Layer[]} the network as it was then */
  layers(snapshot) {
    return this.#layers[snapshot];
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
  const size = shape.reduce((product, length) => product * length, 1);
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
  if (document.version !== 1) throw new LoadError('E-RECORDING', 'recording.json is not of this page’s version', REBUILD);
  const { numbers } = document;
  const packed = await download(new URL(numbers.file, url), numbers, undefined, signal);
  return new Recording(document, await unpack(packed, numbers.unpacked, numbers.file));
}
