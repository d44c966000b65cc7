/**
 * A curve with few points, however long it gets: each is the mean of a span of steps, and spans grow
 * when there are too many. As `glassnet.following.series` does it.
 *
 * @module
 */

/** More than a small chart can show. */
const MOST = 512;

export class Thinned {
  /** @type {number[]} the last of each span */
  steps = [];
  /** @type {number[]} */
  values = [];
  #span = 1;
  #filled = 0;

  /** @param {number} step @param {number} value */
  add(step, value) {
    const last = this.values.length - 1;
    if (last >= 0 && this.#filled < this.#span) {
      this.#filled += 1;
      this.values[last] += (value - this.values[last]) / this.#filled;
      this.steps[last] = step;
      return;
    }
    if (this.values.length === MOST) this.#halve();
    this.steps.push(step);
    this.values.push(value);
    this.#filled = 1;
  }

  #halve() {
    const { steps, values } = this;
    this.steps = steps.filter((_, i) => i % 2);
    this.values = this.steps.map((_, i) => (values[2 * i] + values[2 * i + 1]) / 2);
    this.#span *= 2;
  }
}
