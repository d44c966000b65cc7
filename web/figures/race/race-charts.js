/**
 * The two charts of a race: the same losses over steps, where all curves must lie on each other,
 * and over the seconds that each engine computed, where they lie apart. Both axes are logarithmic.
 *
 * @module
 */

import uPlot from 'uplot';
import { plot, print, svgOf } from '../../kit/plot.js';

/** CSS pixels. */
export const HEIGHT = 240;

/** How each lane is drawn: told apart by thickness and dashes as much as by colour. */
const LINES = /** @type {Record<string, Omit<import('../../kit/plot.js').Line, 'label'>>} */ ({
  simd: { tone: 'positive', alpha: 0.35, width: 9 },
  numpy: { tone: 'ink', width: 3 },
  python: { tone: 'negative', width: 2, dash: [3, 4] },
});

export class RaceCharts {
  /**
   * @param {{steps: HTMLElement, seconds: HTMLElement}} into
   * @param {string[]} engines in the order of the tracks
   * @param {import('../../kit/palette.js').Palette} palette
   * @param {number} width of one, in CSS pixels
   */
  constructor(into, engines, palette, width) {
    // The thickest is drawn first, so that the others can be seen upon it.
    this.order = engines.map((_, i) => i).sort((a, b) => (LINES[engines[b]].width ?? 1) - (LINES[engines[a]].width ?? 1));
    /** @type {(below: string, where: HTMLElement, words: (value: number) => string) => uPlot} */
    const chart = (below, where, words) =>
      plot(
        {
          lines: this.order.map((i) => ({ label: engines[i], ...LINES[engines[i]] })),
          logarithmic: true,
          below,
          steps: (values) => values.map((value) => (value == null ? '' : words(value))),
          values: (values) => values.map(String),
          range: (_, max) => [0, 1.05 * (max || 1)],
          onPoint: () => {},
        },
        palette,
        { width, height: HEIGHT },
        where,
      );
    this.steps = chart('steps', into.steps, (value) => (decade(value) ? (value >= 1000 ? `${value / 1000}k` : String(value)) : ''));
    this.seconds = chart('seconds of its own computing', into.seconds, (value) => (decade(value) ? String(Number(value.toPrecision(1))) : ''));
  }

  /** @param {import('../../models/track.js').Track[]} tracks */
  draw(tracks) {
    const joined = (/** @type {'steps'|'seconds'} */ x) =>
      uPlot.join(this.order.map((i) => /** @type {uPlot.AlignedData} */ ([tracks[i][x], tracks[i].averages])));
    this.steps.setData(joined('steps'));
    this.seconds.setData(joined('seconds'));
  }

  /** @param {number} width of one, in CSS pixels */
  resize(width) {
    for (const chart of [this.steps, this.seconds]) chart.setSize({ width, height: HEIGHT });
  }

  /** @param {'steps'|'seconds'} which @returns {string} one of them as a drawing */
  svg(which) {
    return svgOf({ 'Average loss': this[which] });
  }

  /** @param {import('../../kit/palette.js').Palette} palette of paper */
  print(palette) {
    print({ 'Average loss': this.steps }, palette);
    print({ 'Average loss': this.seconds }, palette);
  }

  destroy() {
    this.steps.destroy();
    this.seconds.destroy();
  }
}

/** @param {number} value */
function decade(value) {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6;
}
