/**
 * The two charts of a run, accuracy above loss, over the same steps. Made when first drawn, given
 * back with `destroy`.
 *
 * @module
 */

import uPlot from 'uplot';
import { oneDigit } from '../../draw/range.js';
import { plot, print, svgOf } from '../../kit/plot.js';

/** @typedef {import('../../models/history.js').History} History */

/** The smallest loss that is drawn. */
const LEAST = 1e-6;
/** CSS pixels; the loss chart is taller, it has more to show. */
export const HEIGHTS = { accuracy: 112, loss: 150 };

export class RunCharts {
  /** Of the loss chart: steps, lowest, highest, average, test loss, the ghost's average. @type {uPlot.AlignedData} */
  columns = [[]];
  static #made = 0;
  /** Of the averages and the test losses. */
  #range = { low: 0.1, high: 1 };

  /**
   * @param {{accuracy: HTMLElement, loss: HTMLElement}} into
   * @param {import('../../kit/palette.js').Palette} palette
   * @param {number} width in CSS pixels
   * @param {boolean} logarithmic whether losses are shown so
   * @param {(column: number|null) => void} onPoint told which column the pointer is at
   */
  constructor(into, palette, width, logarithmic, onPoint) {
    const sync = `run ${(RunCharts.#made += 1)}`;
    const steps = (/** @type {number[]} */ values) => values.map(thousands);
    this.accuracy = plot(
      {
        lines: [
          { label: 'training accuracy', tone: 'ink', width: 1 },
          { label: 'test accuracy', tone: 'positive', width: 2, dots: true },
        ],
        sync,
        steps,
        values: (values) => values.map((value) => `${value}\u202f%`),
        range: (min) => [Math.max(0, Math.floor(((min ?? 0) - 2) / 10) * 10), 100],
        onPoint: () => {}, // the chart below is told of it, and tells
      },
      palette,
      { width, height: HEIGHTS.accuracy },
      into.accuracy,
    );
    this.loss = plot(
      {
        lines: [
          { label: 'lowest', tone: 'ink', alpha: 0.14 },
          { label: 'highest', tone: 'ink', alpha: 0.14 },
          { label: 'average', tone: 'ink', width: 2 },
          { label: 'test loss', tone: 'positive', width: 2, dots: true },
          { label: 'average of the other run', tone: 'line', dash: [4, 4] },
        ],
        band: [2, 1],
        sync,
        tall: logarithmic,
        below: 'steps',
        steps,
        values: (values) => values.map((value) => (value === null ? '' : String(logarithmic ? Number(value.toPrecision(1)) : value))),
        range: (_, max) => (logarithmic ? this.#decades() : [0, 1.05 * (max || 1)]),
        onPoint,
      },
      palette,
      { width, height: HEIGHTS.loss },
      into.loss,
    );
  }

  /** @param {History} history @param {History|null} [ghost] another run, shown to its end */
  draw({ steps, lowest, highest, averages, evaluations, trained }, ghost = null) {
    const at = evaluations.map(({ step }) => step);
    const losses = evaluations.map(({ loss }) => loss);
    const positive = (/** @type {number[]} */ values) => values.map((value) => Math.max(value, LEAST)); // nothing else has a logarithm
    const train = /** @type {uPlot.AlignedData} */ ([steps, positive(lowest), positive(highest), averages]);
    this.#range = spanOf([...averages, ...losses, ...(ghost?.averages ?? [])]);
    const others = /** @type {uPlot.AlignedData} */ ([ghost?.steps ?? [], ghost?.averages ?? []]);
    this.columns = uPlot.join([train, [at, losses], others]);
    this.loss.setData(this.columns);
    // Columns without a value make both charts begin and end at the same steps.
    const last = this.columns[0].at(-1) ?? 0;
    const learned = /** @type {uPlot.AlignedData} */ ([trained.map(({ step }) => step), trained.map(({ accuracy }) => 100 * accuracy)]);
    const tested = /** @type {uPlot.AlignedData} */ ([at, evaluations.map(({ accuracy }) => 100 * accuracy)]);
    const ends = /** @type {uPlot.AlignedData} */ ([[0, last].slice(last ? 0 : 1), [null, null].slice(last ? 0 : 1)]);
    this.accuracy.setData(/** @type {uPlot.AlignedData} */ (uPlot.join([learned, tested, ends]).slice(0, 3)));
  }

  /** The loss axis, logarithmic: from what the averages are, for single batches are often nearly 0. @returns {[number, number]} */
  #decades() {
    const { low, high } = this.#range;
    return [oneDigit(low / 2), Math.max(2 * high, 2 * low)];
  }

  /** @param {number} width in CSS pixels */
  resize(width) {
    this.accuracy.setSize({ width, height: HEIGHTS.accuracy });
    this.loss.setSize({ width, height: HEIGHTS.loss });
  }

  /** Puts the cursor at a column. @param {number} column */
  point(column) {
    this.loss.setCursor({ left: this.loss.valToPos(this.columns[0][column], 'x'), top: 0 });
  }

  /** @returns {string} both as a drawing */
  svg() {
    return svgOf(this.#titled);
  }

  /** @param {import('../../kit/palette.js').Palette} palette of paper */
  print(palette) {
    print(this.#titled, palette);
  }

  get #titled() {
    return { 'Digits read right': this.accuracy, Loss: this.loss };
  }

  destroy() {
    this.accuracy.destroy();
    this.loss.destroy();
  }
}

/** @param {number[]} values @returns {{low: number, high: number}} of those above 0 */
function spanOf(values) {
  let [low, high] = [Infinity, 0];
  for (const value of values) {
    if (value > 0) low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high ? { low: Math.max(low, LEAST), high } : { low: 0.1, high: 1 };
}

/** @param {number} value @returns {string} `12k` */
function thousands(value) {
  return value >= 1000 ? `${value / 1000}k` : String(value);
}
