/**
 * The two charts of a run, accuracy above loss, over the same steps. Made when first drawn, given
 * back with `destroy`.
 *
 * @module
 */

import uPlot from 'uplot';
import { plot } from '../../kit/plot.js';

/** @typedef {import('../../models/history.js').History} History */

/** CSS pixels; the loss chart is taller, it has more to show. */
export const HEIGHTS = { accuracy: 128, loss: 190 };

export class RunCharts {
  /** Of the loss chart: steps, lowest, highest, average, test loss, the ghost's average. @type {uPlot.AlignedData} */
  columns = [[]];

  /**
   * @param {{accuracy: HTMLElement, loss: HTMLElement}} into
   * @param {import('../../kit/palette.js').Palette} palette
   * @param {number} width in CSS pixels
   * @param {(column: number|null) => void} onPoint told which column the pointer is at
   */
  constructor(into, palette, width, onPoint) {
    const steps = (/** @type {number[]} */ values) => values.map(thousands);
    this.accuracy = plot(
      {
        lines: [{ label: 'test accuracy', tone: 'positive', width: 2, dots: true }],
        steps,
        values: (values) => values.map((value) => `${value}\u202f%`),
        range: (min) => [Math.max(0, Math.floor(((min ?? 0) - 2) / 10) * 10), 100],
        onPoint: () => {},
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
        below: 'steps',
        steps,
        values: (values) => values.map(String),
        range: (_, max) => [0, 1.05 * (max || 1)],
        onPoint,
      },
      palette,
      { width, height: HEIGHTS.loss },
      into.loss,
    );
  }

  /** @param {History} history @param {History|null} [ghost] another run, shown to its end */
  draw({ steps, lowest, highest, averages, evaluations }, ghost = null) {
    const at = evaluations.map(({ step }) => step);
    const losses = evaluations.map(({ loss }) => loss);
    const train = /** @type {uPlot.AlignedData} */ ([steps, lowest, highest, averages]);
    const others = /** @type {uPlot.AlignedData} */ ([ghost?.steps ?? [], ghost?.averages ?? []]);
    this.columns = uPlot.join([train, [at, losses], others]);
    this.loss.setData(this.columns);
    // Columns without a value make both charts begin and end at the same steps.
    const last = this.columns[0].at(-1) ?? 0;
    this.accuracy.setData([
      [0, ...at, last],
      [null, ...evaluations.map(({ accuracy }) => 100 * accuracy), null],
    ]);
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

  destroy() {
    this.accuracy.destroy();
    this.loss.destroy();
  }
}

/** @param {number} value @returns {string} `12k` */
function thousands(value) {
  return value >= 1000 ? `${value / 1000}k` : String(value);
}
