/**
 * One engine race: a run for each engine, all in one interpreter, of one network from one seed, and
 * the few digits that they learn from; as signals. It draws nothing.
 *
 * @module
 */

import { computed, signal } from '@preact/signals-core';
import { indexOfLargest } from '../draw/bars.js';
import { forward, seen } from '../data/forward.js';
import { fetchIndex } from '../data/index.js';
import { fetchShard } from '../data/shard.js';
import { fetchSize } from '../data/size.js';
import { failureOf } from './failures.js';
import { Interpreter } from './interpreter.js';
import { Run } from './run.js';
import { Track } from './track.js';

/**
 * @typedef {{worker: string, python: string, mnist: string}} Places addresses, absolute
 *
 * @typedef {object} Examples digits that the networks are looked at with
 * @property {Uint8Array} images (n, rows, columns), 0..255
 * @property {Uint8Array} labels (n,)
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} classes
 * @property {boolean} sample whether they are of a sample of the set: others than in a recorded race
 *
 * @typedef {object} Lane
 * @property {string} engine
 * @property {boolean} available whether this browser has it
 * @property {number} step steps taken so far
 * @property {number} seconds that they have been computed for
 * @property {number} samplesPerSecond in these seconds
 * @property {string|null} stopped why it ended before the finish
 * @property {'idle'|'running'|'paused'|'finished'} state
 */

export const ENGINES = ['python', 'numpy', 'simd'];

/** The finish. */
export const STEPS = 3000;

const SET = 'race';
const BATCH = 10;

/** Few digits to be tested on: measuring on more would cost python minutes. */
export const DIGITS = 20;
const TEST = Uint32Array.from({ length: DIGITS }, (_, i) => i);

export class Race {
  interpreter;
  runs;
  size = signal(/** @type {{python: number, digits: number}|null} */ (null));
  /** Whether the race was started and has not begun yet. */
  wanted = signal(false);
  /** Digits that they all learn from. */
  train = signal(0);

  /** @type {import('@preact/signals-core').ReadonlySignal<Lane[]>} */
  lanes = computed(() => this.runs.map((run) => laneOf(run)));

  /** The digits that they are tested on. */
  examples = signal(/** @type {Examples|null} */ (null));

  /** What each reads these as, by number of the class: read here, by the same arithmetic, for the engines' clocks are to run for training alone. */
  answers = computed(() => this.#answers.map((one) => one.value));

  /** What each has done. */
  tracks = computed(() =>
    this.runs.map((run) => {
      run.frame.value; // a track grows with the frames
      return run.past.value.history;
    }),
  );

  /** As of all. @type {import('@preact/signals-core').ReadonlySignal<'off'|'idle'|'running'|'paused'|'finished'>} */
  state = computed(() => {
    if (this.runs.some((run) => !run.frame.value)) return 'off';
    const racing = this.lanes.value.filter(({ available }) => available);
    if (racing.every(over)) return 'finished';
    if (racing.some((lane) => lane.state === 'running')) return 'running';
    return racing.some(({ step }) => step) ? 'paused' : 'idle';
  });

  /** One a run: a frame of one asks nothing of the others. @type {import('@preact/signals-core').ReadonlySignal<Uint8Array|null>[]} */
  #answers;
  #places;
  #closed = new AbortController();

  /** @param {Places} places */
  constructor(places) {
    this.#places = places;
    this.interpreter = new Interpreter(places);
    this.runs = ENGINES.map((engine) => new Run(engine, this.interpreter, { set: SET, curve: () => new Track(), wish: allWeights }));
    this.#answers = this.runs.map(({ frame }) => computed(() => answersOf(frame.value, this.examples.value)));
    this.interpreter.join({
      raise: () => void this.#attempt(() => this.#deliver()),
      lost: () => this.runs.forEach((run) => run.lost()),
      busy: () => this.runs.some((run) => run.busy),
    });
  }

  /** Learns what a start will cost, and gets the digits to look at. Python is not touched. */
  async open() {
    await this.#attempt(async () => {
      const { signal: stop } = this.#closed;
      const [python, index] = await Promise.all([fetchSize(this.#places.python, stop), fetchIndex(this.#places.mnist, stop)]);
      this.size.value = { python, digits: index.splits.train.shards[0].bytes + index.splits.test.shards[0].bytes };
      const { images, labels, rows, columns } = await fetchShard(this.#places.mnist, index, 'test', 0, { signal: stop });
      const [n, { classes, sample }] = [Math.min(DIGITS, labels.length), index];
      this.examples.value = { images: images.slice(0, n * rows * columns), labels: labels.slice(0, n), rows, columns, classes, sample };
    });
  }

  start() {
    this.wanted.value = true;
    if (this.interpreter.phase.peek() === 'failed') this.interpreter.retry();
    else this.interpreter.boot();
    if (this.runs.every((run) => run.there)) this.#go();
  }

  pause() {
    this.wanted.value = false;
    for (const run of this.runs) run.pause();
  }

  reset() {
    this.wanted.value = false;
    for (const run of this.runs) void run.reset();
  }

  /** Tries again what failed, and goes on with what was asked for. */
  async retry() {
    this.interpreter.retry();
    if (!this.size.value) await this.open();
    if (this.interpreter.phase.peek() === 'ready' && this.runs.some((run) => !run.there)) await this.#attempt(() => this.#deliver());
  }

  /** Frames have been drawn. @param {(import('../python/client.js').Seen|null)[]} frames one a run */
  drawn(frames) {
    frames.forEach((frame, i) => frame && this.runs[i].drawn(frame));
  }

  close() {
    this.#closed.abort();
    for (const run of this.runs) run.close();
    this.interpreter.close();
  }

  /** The first shard of each split is all that they learn from. */
  async #deliver() {
    const { life } = this.interpreter;
    const { mnist } = this.#places;
    const index = await fetchIndex(mnist, this.#closed.signal);
    const shards = await Promise.all(
      /** @type {const} */ (['train', 'test']).map((split) => fetchShard(mnist, index, split, 0, { signal: this.#closed.signal })),
    );
    if (life !== this.interpreter.life) return;
    this.train.value = shards[0].count;
    for (const shard of shards) {
      await this.interpreter.ask('data', { set: SET, ...shard, total: shard.count }, [shard.images.buffer, shard.labels.buffer]);
    }
    const epochs = Math.ceil((STEPS * BATCH) / shards[0].count) + 1; // none comes to its end before the finish
    for (const run of this.runs) {
      if (!run.origin.peek()) run.plan({ config: { engine: run.name, batch: BATCH, epochs, evaluate_every: 0 }, chosen: { test: TEST } });
      await run.raise();
    }
    if (life === this.interpreter.life && this.wanted.peek()) this.#go();
  }

  /** Everybody who can goes on to the finish. */
  #go() {
    this.wanted.value = false;
    this.runs.forEach((run, i) => {
      const lane = this.lanes.peek()[i];
      if (lane.available && !over(lane) && !run.busy) run.until(STEPS);
    });
  }

  /** @param {() => Promise<unknown>} work whose failure belongs on the page */
  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      const failure = failureOf(error);
      if (!this.#closed.signal.aborted && !failure.fatal) this.interpreter.fail(failure);
    }
  }
}

/** @param {Run<Track>} run @returns {Lane} */
function laneOf({ name: engine, description, frame }) {
  const { step = 0, seconds = 0, stopped = null, state = 'idle' } = frame.value ?? {};
  const available = (description.value?.engine ?? engine) === engine;
  return { engine, available, step, seconds, samplesPerSecond: seconds ? (step * BATCH) / seconds : 0, stopped, state };
}

/** What is to be seen of each: all that it has learned. @type {import('./run.js').Wish} */
function allWeights({ layers }) {
  return { digit: null, arrays: parametersOf(layers) };
}

/** @param {import('../python/protocol.js').LayerDescription[]} layers */
function parametersOf(layers) {
  return layers.flatMap(({ name, parameters }) => Object.keys(parameters).map((key) => `${name}.${key}`));
}

/** @param {import('../python/client.js').Seen|null} frame @param {Examples|null} examples @returns {Uint8Array|null} */
function answersOf(frame, examples) {
  const [arrays, layers] = [frame?.arrays ?? {}, frame?.description.layers ?? []];
  if (!examples || !layers.length || !parametersOf(layers).every((name) => arrays[name])) return null;
  const weights = Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
  const area = examples.rows * examples.columns;
  return examples.labels.map((_, k) => {
    const answers = forward(layers, weights, seen(examples.images.subarray(k * area, (k + 1) * area)));
    return indexOfLargest(answers[`layers.${layers.length - 1}.a`]);
  });
}

/** @param {Lane} lane */
function over({ step, stopped }) {
  return step >= STEPS || stopped !== null;
}
