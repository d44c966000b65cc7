/**
 * A run's last checkpoint, kept where Python's death cannot take it. A younger one counts only when
 * all that the run told until then is here as well: otherwise the curves would have a gap.
 *
 * @module
 */

/** @typedef {{step: number, lines: number, state: Uint8Array}} Checkpoint with how many lines of its log the run had written by then */

/** Milliseconds of training between two. */
const PACE_MS = 2000;

export class Checkpoints {
  /** The one to go back to. @type {Checkpoint|null} */
  last = null;
  /** One until which not all has been told yet. @type {Checkpoint|null} */
  #young = null;
  #asking = false;
  #asked = -Infinity;
  /** Counts the beginnings: what was asked for before one is of another run. */
  #beginnings = 0;

  /** The run begins, or begins again. @param {Checkpoint|null} last that it is raised from */
  begin(last = null) {
    this.#beginnings += 1;
    this.last = last;
    this.#young = null;
    this.#asking = false;
    this.#asked = performance.now();
  }

  /** Whether it is time for another. @param {import('../python/client.js').Seen} frame */
  due({ state, step, arrived, description: { data } }) {
    if (this.#asking || step <= (this.last?.step ?? 0)) return false;
    // Until all digits are there, Python cannot tell which ones the run has learnt from.
    if (arrived.train < data.counts.train || arrived.test < data.counts.test) return false;
    return state !== 'running' || performance.now() - this.#asked > PACE_MS;
  }

  /** @param {() => Promise<Checkpoint|undefined>} ask gives one, or nothing if it was refused */
  async take(ask) {
    const beginnings = this.#beginnings;
    this.#asking = true;
    this.#asked = performance.now();
    const taken = await ask();
    if (beginnings !== this.#beginnings) return;
    this.#asking = false;
    this.#young = taken ?? null;
  }

  /**
   * A step alone would not do: what was measured at it is told after it.
   *
   * @param {number} step the last one told of @param {number} lines of the log that were told
   * @returns {Checkpoint|null} one that has just come to count
   */
  settle(step, lines) {
    if (!this.#young || this.#young.step > step || this.#young.lines > lines) return null;
    this.last = this.#young;
    this.#young = null;
    return this.last;
  }
}
