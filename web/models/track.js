/**
 * What one engine of a race has done, and how far what two of them have found is apart.
 *
 * @module
 */

/** Weight of the past in the moving average: it looks back about 1 / (1 - 0.95) = 20 steps. */
const PAST = 0.95;

/** Two points of a curve are at least so many times as far along as each other. */
const RATIO = 1.03;

/** What one engine has done: every loss, and a curve that is as smooth at its end as at its start. */
export class Track {
  /** Of every step, from the first. @type {number[]} */
  losses = [];
  /** The curve: steps, seconds of its own until then, moving average of the loss. */
  steps = /** @type {number[]} */ ([]);
  seconds = /** @type {number[]} */ ([]);
  averages = /** @type {number[]} */ ([]);
  #sum = 0;
  #next = 1;

  /** The last step told of. */
  get step() {
    return this.losses.length;
  }

  /** @param {{losses: Float64Array}} news triples step, loss, seconds @param {number} [until] the last step that is taken */
  take({ losses: told }, until = Infinity) {
    for (let i = 0; i < told.length; i += 3) {
      if (told[i] <= this.step || told[i] > until) continue;
      this.losses.push(told[i + 1]);
      this.#sum = PAST * this.#sum + (1 - PAST) * told[i + 1];
      if (told[i] < this.#next) continue;
      this.#next = Math.max(told[i] + 1, Math.ceil(told[i] * RATIO));
      this.steps.push(told[i]);
      this.seconds.push(told[i + 2]);
      this.averages.push(this.#sum / (1 - PAST ** told[i]));
    }
  }

  /** @returns {Track} one that goes on by itself */
  copy() {
    const twin = new Track();
    for (const name of /** @type {const} */ (['losses', 'steps', 'seconds', 'averages'])) twin[name] = this[name].slice();
    [twin.#sum, twin.#next] = [this.#sum, this.#next];
    return twin;
  }
}

/** @param {Track[]} tracks @returns {{steps: number, largest: number}} how far the losses of the steps that all took are apart, relative */
export function apart(tracks) {
  const racing = tracks.filter(({ losses }) => losses.length);
  const steps = racing.length > 1 ? Math.min(...racing.map(({ losses }) => losses.length)) : 0;
  let largest = 0;
  for (let i = 0; i < steps; i++) {
    const at = racing.map(({ losses }) => losses[i]);
    largest = Math.max(largest, (Math.max(...at) - Math.min(...at)) / Math.max(...at));
  }
  return { steps, largest };
}
