/**
 * What a curve shows of a run, in bounded memory: the batch losses, thinned into spans of steps
 * that keep their smallest and largest value, a moving average over every single step, and all
 * evaluations. An hour of training costs as much to draw as a minute.
 *
 * @module
 */

/**
 * @typedef {import('../python/protocol.js').Evaluation} Evaluation
 * @typedef {Pick<import('../python/protocol.js').Frame, 'losses'|'evaluations'> & {log?: object[]}} Told of a run, by a frame
 */

/** Weight of the past in the moving average: it looks back about 1 / (1 - 0.99) = 100 steps. */
const PAST = 0.99;

/** The same for batches' accuracies, of which every tenth is told. */
const RECENT = 0.98;
/** Two points of it are at least so many times as far along as each other. */
const SPACING = 1.005;

/** Spans kept; when they are full, neighbours are joined, and each span is twice as long. */
const CAPACITY = 1024;

export class History {
  /** Last step of each span. @type {number[]} */
  steps = [];
  /** Smallest batch loss in each span. @type {number[]} */
  lowest = [];
  /** Largest. @type {number[]} */
  highest = [];
  /** The moving average at the end of each span. @type {number[]} */
  averages = [];
  /** Steps in a full span. */
  span = 1;
  /** Of the test digits. @type {Evaluation[]} */
  evaluations = [];
  /** How much of the training digits was read right, a moving average of what the log tells of single batches. @type {{step: number, accuracy: number}[]} */
  trained = [];
  /** Counts what was added: while it stays, there is nothing new to draw. */
  version = 0;

  /** The last step told of. */
  step = 0;
  /** Exponential moving average before it is freed of its start at zero. */
  #sum = 0;
  #count = 0;
  #filled = 0;
  /** Of the accuracies of batches: their moving sum, how many there were, and the step of the last. */
  #right = { sum: 0, count: 0, step: 0 };

  /**
   * What is told twice, as after a return to a checkpoint, counts once.
   *
   * @param {Told} told
   * @param {number} [until] the last step that is taken
   */
  take({ losses, evaluations, log = [] }, until = Infinity) {
    for (let i = 0; i < losses.length; i += 3) {
      if (losses[i] > this.step && losses[i] <= until) this.#add(losses[i], losses[i + 1]);
    }
    for (const one of evaluations) {
      if (one.split === 'test' && one.step > (this.evaluations.at(-1)?.step ?? -1) && one.step <= until) this.evaluations.push(one);
    }
    for (const line of log) this.#learn(/** @type {any} */ (line), until);
    if (losses.length || evaluations.length) this.version += 1;
  }

  /** @returns {History} one that goes on by itself */
  copy() {
    const twin = new History();
    for (const name of /** @type {const} */ (['steps', 'lowest', 'highest', 'averages'])) twin[name] = this[name].slice();
    twin.evaluations = this.evaluations.slice();
    twin.trained = this.trained.slice();
    twin.#right = { ...this.#right };
    [twin.span, twin.version, twin.step] = [this.span, this.version, this.step];
    [twin.#sum, twin.#count, twin.#filled] = [this.#sum, this.#count, this.#filled];
    return twin;
  }

  /** The average now, as far as there are steps. @returns {number|null} */
  get average() {
    return this.averages.at(-1) ?? null;
  }

  /** @param {{event?: string, step?: number, accuracy?: number}} line of the log @param {number} until */
  #learn({ event, step = 0, accuracy = NaN }, until) {
    const right = this.#right;
    if (event !== 'step' || !(step > right.step) || step > until || Number.isNaN(accuracy)) return;
    right.step = step;
    right.count += 1;
    right.sum = RECENT * right.sum + (1 - RECENT) * accuracy;
    const last = this.trained.at(-1);
    if (last && step < last.step * SPACING) return; // at first every line, later few
    this.trained.push({ step, accuracy: right.sum / (1 - RECENT ** right.count) });
  }

  /** @param {number} step @param {number} loss */
  #add(step, loss) {
    this.step = step;
    this.#count += 1;
    this.#sum = PAST * this.#sum + (1 - PAST) * loss;
    const average = this.#sum / (1 - PAST ** this.#count);
    const last = this.steps.length - 1;
    if (last >= 0 && this.#filled < this.span) {
      this.steps[last] = step;
      this.lowest[last] = Math.min(this.lowest[last], loss);
      this.highest[last] = Math.max(this.highest[last], loss);
      this.averages[last] = average;
      this.#filled += 1;
      return;
    }
    if (this.steps.length === CAPACITY) this.#halve();
    this.steps.push(step);
    this.lowest.push(loss);
    this.highest.push(loss);
    this.averages.push(average);
    this.#filled = 1;
  }

  /** Joins each two neighbouring spans. */
  #halve() {
    const pairs = CAPACITY / 2;
    for (let i = 0; i < pairs; i++) {
      this.steps[i] = this.steps[2 * i + 1];
      this.averages[i] = this.averages[2 * i + 1];
      this.lowest[i] = Math.min(this.lowest[2 * i], this.lowest[2 * i + 1]);
      this.highest[i] = Math.max(this.highest[2 * i], this.highest[2 * i + 1]);
    }
    for (const column of [this.steps, this.averages, this.lowest, this.highest]) column.length = pairs;
    this.span *= 2;
  }
}
