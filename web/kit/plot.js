/**
 * A uPlot chart in this house's clothes: colours from the tokens, axes with units, no legend of its
 * own.
 *
 * @module
 */

import uPlot from 'uplot';
import { chartSvg } from '../draw/chart-svg.js';
import { css as colour } from '../draw/colour.js';
import { style } from './plot-styles.js';

/**
 * @typedef {import('./palette.js').Palette} Palette
 *
 * @typedef {object} Line
 * @property {string} label
 * @property {import('./palette.js').Token} tone
 * @property {number} [alpha]
 * @property {number} [width] in CSS pixels
 * @property {boolean} [dots] whether each value is marked
 * @property {number[]} [dash]
 *
 * @typedef {object} Plan
 * @property {Line[]} lines
 * @property {[number, number]} [band] two lines, by number, with the space between them filled
 * @property {(steps: number[]) => string[]} steps words for the ticks below
 * @property {(values: number[]) => string[]} values words for the ticks beside
 * @property {boolean} [logarithmic] whether the axis below is
 * @property {boolean} [tall] whether the axis beside is logarithmic
 * @property {string} [sync] name that charts share whose cursors move together
 * @property {string} [below] what is counted below
 * @property {(min: number|null, max: number|null) => [number, number]} range of the axis, from that of the values
 * @property {(index: number|null) => void} onPoint told which column the pointer is at
 */

/** What each chart was made from. @type {WeakMap<uPlot, {plan: Plan, palette: Palette}>} */
const made = new WeakMap();

/** @param {Plan} plan @param {Palette} palette @param {{width: number, height: number}} size @param {Element} into */
export function plot(plan, palette, size, into) {
  style(into);
  const font = `13px ${getComputedStyle(into).fontFamily}`;
  /** @type {uPlot.Axis} */
  const axis = {
    stroke: colour(palette.muted),
    font,
    grid: { stroke: colour(palette.ink, 0.1), width: 1 },
    ticks: { show: false },
    border: { show: true, stroke: colour(palette.ink, 0.3), width: 1 },
  };
  const chart = new uPlot(
    {
      ...size,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 6 }, ...(plan.sync ? { sync: { key: plan.sync, setSeries: false, scales: ['x', null] } } : {}) },
      scales: {
        x: plan.logarithmic ? { time: false, distr: 3 } : { time: false, range: (_, min, max) => [0, Math.max(max ?? 0, 100)] },
        y: { ...(plan.tall ? { distr: 3 } : {}), range: (_, min, max) => plan.range(min, max) },
      },
      axes: [
        { ...axis, size: 24, gap: 4, space: 64, label: plan.below, labelSize: plan.below ? 18 : 0, labelGap: 0, labelFont: font, values: (_, steps) => plan.steps(steps) },
        { ...axis, size: 48, gap: 6, space: 28, values: (_, values) => plan.values(values) },
      ],
      series: [{}, ...plan.lines.map((line) => series(line, palette))],
      bands: plan.band ? [{ series: plan.band, fill: colour(palette.ink, 0.14) }] : [],
      hooks: { setCursor: [(chart) => plan.onPoint(chart.cursor.idx ?? null)] },
    },
    undefined,
    /** @type {HTMLElement} */ (into),
  );
  made.set(chart, { plan, palette });
  return chart;
}

/**
 * What charts show now, as an SVG file.
 *
 * @param {Record<string, uPlot>} charts one above another, by their titles
 * @param {Palette} [own] other colours than on the screen
 * @returns {string}
 */
export function svgOf(charts, own) {
  const palette = own ?? /** @type {{palette: Palette}} */ (made.get(Object.values(charts)[0])).palette;
  const panels = Object.entries(charts).map(([title, chart]) => panelOf(title, chart, palette));
  return chartSvg(panels, { ground: palette.page, ink: palette.ink, muted: palette.muted });
}

/**
 * Puts what charts show now, as vectors, where only paper shows it (plot-styles.js).
 *
 * @param {Record<string, uPlot>} charts by their titles
 * @param {Palette} palette
 */
export function print(charts, palette) {
  for (const [title, chart] of Object.entries(charts)) {
    chart.root.querySelector('.paper')?.remove();
    const svg = new DOMParser().parseFromString(svgOf({ [title]: chart }, palette), 'image/svg+xml').documentElement;
    svg.classList.add('paper');
    chart.root.append(svg);
  }
}

/** @param {string} title @param {uPlot} chart @param {Palette} palette @returns {import('../draw/chart-svg.js').Panel} */
function panelOf(title, chart, palette) {
  const { plan } = /** @type {{plan: Plan}} */ (made.get(chart));
  /** @type {(scale: uPlot.Scale, logarithmic: boolean|undefined, words: (values: number[]) => string[]) => import('../draw/chart-svg.js').Axis} */
  const axis = ({ min, max }, logarithmic, words) => ({ min: min ?? 0, max: max ?? 0, logarithmic: Boolean(logarithmic), words: (value) => words([value])[0] });
  return {
    title,
    below: plan.below ?? 'steps',
    x: axis(chart.scales.x, plan.logarithmic, plan.steps),
    y: axis(chart.scales.y, plan.tall, plan.values),
    at: chart.data[0],
    series: plan.lines.map(({ tone, alpha = 1, width = 1, ...line }, k) => ({ ...line, alpha, width, colour: palette[tone], values: chart.data[k + 1] ?? [] })),
    band: plan.band && [plan.band[0] - 1, plan.band[1] - 1],
  };
}

/** @param {Line} line @param {Palette} palette @returns {uPlot.Series} */
function series({ label, tone, alpha = 1, width = 1, dots = false, dash }, palette) {
  const stroke = colour(palette[tone], alpha);
  return {
    label,
    stroke,
    width,
    spanGaps: true,
    ...(dash ? { dash } : {}),
    points: dots ? { show: true, size: 5, fill: stroke, stroke } : { show: false },
  };
}
