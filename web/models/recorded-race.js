/**
 * A race that was run in a browser once, played again at the speed it had, until somebody starts one
 * of their own. What it shows was measured; `python3 build.py bench recorded-race` records another.
 *
 * @module
 */

import { computed, signal } from '@preact/signals-core';
import recorded from '../data/recorded-race.json';
import { Track } from './track.js';

/**
 * @typedef {object} RecordedLane
 * @property {string} engine
 * @property {number[]} steps of its curve
 * @property {number[]} seconds of its own until then
 * @property {number[]} averages of the loss
 * @property {[step: number, answers: string][]} reads what the first test digits were read as from that step on, a numeral each
 */

/** Milliseconds between two pictures; seconds that the end stays. */
const [BEAT_MS, STAYS] = [100, 6];

export class RecordedRace {
  /** What was recorded, when and on what. */
  about = /** @type {{date: string, machine: string, batch: number}} */ (recorded);
  /** Seconds since the start. */
  at = signal(0);

  /** @type {RecordedLane[]} */
  #lanes = /** @type {RecordedLane[]} */ (recorded.lanes);
  #stage;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #timer;

  /** As the page shows lanes, each by its own clock: as far as it was after so many seconds of its own computing. @type {import('@preact/signals-core').ReadonlySignal<import('./race.js').Lane[]>} */
  lanes = computed(() =>
    this.#parts.value.map(({ lane: { engine, steps, seconds }, end }) => {
      const [step, own] = [steps[end - 1] ?? 0, seconds[end - 1] ?? 0];
      const samplesPerSecond = own ? (step * this.about.batch) / own : 0;
      return { engine, available: true, step, seconds: own, samplesPerSecond, stopped: null, state: /** @type {const} */ ('paused') };
    }),
  );

  tracks = computed(() =>
    this.#parts.value.map(({ lane: { steps, seconds, averages }, end }) => {
      const track = new Track();
      [track.steps, track.seconds, track.averages] = [steps, seconds, averages].map((column) => column.slice(0, end));
      return track;
    }),
  );

  /** What each read the first test digits as by then. @type {import('@preact/signals-core').ReadonlySignal<(number[]|null)[]>} */
  answers = computed(() =>
    this.#parts.value.map(({ lane: { steps, reads }, end }) => {
      const step = steps[end - 1] ?? 0;
      const found = reads.findLast(([from]) => from <= step);
      return found ? Array.from(found[1], Number) : null;
    }),
  );

  #parts = computed(() => this.#lanes.map((lane) => ({ lane, end: until(lane.seconds, this.#share(lane)) })));

  /** @param {import('./recorded.js').Stage} stage */
  constructor(stage) {
    this.#stage = stage;
  }

  /** Seconds that it takes until the slowest is where the recording ends. */
  get #length() {
    return Math.max(...this.#lanes.map(({ seconds }) => seconds.at(-1) ?? 0));
  }

  play() {
    if (this.#stage.still()) return void (this.at.value = this.#length);
    this.#timer ??= setInterval(() => {
      if (this.#stage.hidden()) return;
      const next = this.at.peek() + BEAT_MS / 1000;
      this.at.value = next > this.#length + STAYS ? 0 : next;
    }, BEAT_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Seconds that an engine has computed for. @param {RecordedLane} lane */
  #share({ seconds }) {
    return Math.min(seconds.at(-1) ?? 0, this.at.value);
  }
}

/** @param {number[]} seconds rising @param {number} now @returns {number} how many are over */
function until(seconds, now) {
  const end = seconds.findIndex((one) => one > now);
  return end < 0 ? seconds.length : end;
}

/** @returns {{engine: string, speed: number, share: number}[]} digits a second of each engine, and as a share of the fastest's */
export function ends() {
  const speeds = recorded.lanes.map(({ engine, steps, seconds }) => ({ engine, speed: (recorded.batch * (steps.at(-1) ?? 0)) / (seconds.at(-1) || 1) }));
  const most = Math.max(...speeds.map(({ speed }) => speed));
  return speeds.map((one) => ({ ...one, share: one.speed / most }));
}
