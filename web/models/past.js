/**
 * What a run has told so far: its curves and its log; and the way back to where it was when its
 * last checkpoint was taken, for a run that is raised again from there.
 *
 * @module
 */

/**
 * @typedef {Pick<import('../python/protocol.js').Frame, 'losses'|'evaluations'|'log'>} News of a run, as a frame brings them
 */

/**
 * What draws a run's curves.
 *
 * @template C
 * @typedef {{take: (news: import('./history.js').Told, until?: number) => void, copy: () => C, step: number}} Curve
 */

/** @template {Curve<C>} C */
export class Past {
  /** @type {C} */
  history;
  /** The run's log, as the command line writes it. @type {object[]} */
  log = [];

  /** The curves until the checkpoint. @type {C} */
  #kept;
  /** Lines of the log that were there then. */
  #lines = 0;
  /** And when the run came into this Python, which counts its lines from there. */
  #before = 0;
  /** What was told since; no more than that, for a frame has arrays as well. @type {import('./history.js').Told[]} */
  #since = [];
  #blank;

  /** @param {() => C} blank makes curves without a step */
  constructor(blank) {
    this.#blank = blank;
    this.history = blank();
    this.#kept = blank();
  }

  /** @param {News} news */
  take(news) {
    this.history.take(news);
    this.log.push(...news.log);
    this.#since.push({ losses: news.losses, evaluations: news.evaluations, log: news.log });
  }

  /** What a file tells of a run that is opened from it. @param {News} news */
  open(news) {
    this.take(news);
    this.#before = this.log.length;
  }

  /** How many lines of its log the run has told in this Python. */
  get lines() {
    return this.log.length - this.#before;
  }

  /** A checkpoint has been taken until which all has been told. @param {Pick<import('./checkpoints.js').Checkpoint, 'step'|'lines'>} at */
  mark({ step, lines }) {
    for (const news of this.#since) this.#kept.take(news, step);
    this.#since = this.#since.filter(({ losses, evaluations }) => Math.max(losses.at(-3) ?? 0, evaluations.at(-1)?.step ?? 0) > step);
    this.#lines = this.#before + lines;
  }

  /** @returns {Past<C>} as it was at the checkpoint */
  back() {
    const past = new Past(this.#blank);
    past.history = this.#kept.copy();
    past.log = this.log.slice(0, this.#lines);
    past.#kept = this.#kept;
    past.#lines = past.#before = this.#lines;
    return past;
  }
}
