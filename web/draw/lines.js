/**
 * Many curves in one chart, cheap to draw: hundreds of runs, of some hundred points each.
 *
 * @module
 */

import { css } from './colour.js';

/**
 * @typedef {import('./colour.js').RGB} RGB
 *
 * @typedef {object} Line
 * @property {number[]} steps ascending
 * @property {number[]} values
 * @property {number[]} [low] of the band around them
 * @property {number[]} [high]
 * @property {RGB} colour
 * @property {number} alpha
 * @property {number} width in CSS pixels
 *
 * @typedef {object} Scales what the axes span
 * @property {number} last the largest step
 * @property {number} low of the values
 * @property {number} high
 * @property {boolean} logarithmic whether the values' axis is
 *
 * @typedef {object} Room of the chart, in device pixels
 * @property {number} width
 * @property {number} height
 * @property {number} scale device pixels in a CSS pixel
 * @property {{left: number, right: number, top: number, bottom: number}} [margin] CSS pixels beside, below and above the curves
 */

const MARGIN = { left: 52, right: 12, top: 8, bottom: 24 };
const LEAST = 1e-6;

/** @param {Line[]} lines @param {boolean} logarithmic @returns {Scales} */
export function scalesOf(lines, logarithmic) {
  let [last, low, high] = [0, Infinity, -Infinity];
  for (const { steps, values, low: least = [], high: most = [] } of lines) {
    last = Math.max(last, steps.at(-1) ?? 0);
    for (const value of [...values, ...least, ...most]) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (high < low) [low, high] = logarithmic ? [0.1, 1] : [0, 1];
  if (logarithmic) return { last: Math.max(last, 1), low: Math.max(low, LEAST) / 1.2, high: 1.2 * Math.max(high, LEAST), logarithmic };
  return { last: Math.max(last, 1), low: Math.max(0, Math.floor(10 * (low - 0.02)) / 10), high: 1, logarithmic };
}

/** @param {Scales} scales @param {Room} room */
function places({ last, low, high, logarithmic }, { width, height, scale, margin = MARGIN }) {
  const [left, right] = [margin.left * scale, width - margin.right * scale];
  const [top, bottom] = [margin.top * scale, height - margin.bottom * scale];
  const tall = logarithmic ? Math.log : (/** @type {number} */ value) => value;
  const [from, to] = [tall(low), tall(high)];
  return {
    left,
    right,
    top,
    bottom,
    x: (/** @type {number} */ step) => left + (step / last) * (right - left),
    y: (/** @type {number} */ value) => bottom - ((tall(logarithmic ? Math.max(value, LEAST) : value) - from) / (to - from || 1)) * (bottom - top),
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Line[]} lines those that come later lie above
 * @param {Scales} scales
 * @param {Room} room
 * @param {{ink: RGB, muted: RGB, font: string, words: (value: number) => string}} look `words`: for the ticks beside
 */
export function drawLines(context, lines, scales, room, { ink, muted, font, words }) {
  const { left, right, top, bottom, x, y } = places(scales, room);
  const { scale } = room;
  context.clearRect(0, 0, room.width, room.height);
  context.font = `${12 * scale}px ${font}`;
  context.lineJoin = 'round';
  context.lineWidth = scale;
  context.fillStyle = css(muted);
  context.strokeStyle = css(ink, 0.12);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of ticksBeside(scales, (bottom - top) / scale)) {
    stroke(context, [left, right], [y(value), y(value)]);
    context.fillText(words(value), left - 6 * scale, y(value));
  }
  context.textBaseline = 'alphabetic';
  for (const step of ticksBelow(scales.last, (right - left) / scale)) {
    context.textAlign = step === 0 ? 'left' : 'center';
    context.fillText(step >= 1000 ? `${step / 1000}k` : String(step), x(step), room.height - 6 * scale);
  }
  context.save();
  context.beginPath();
  context.rect(left, top - 2 * scale, right - left + 2 * scale, bottom - top + 4 * scale);
  context.clip();
  for (const { steps, values, low, high, colour, alpha, width } of lines) {
    if (low && high) {
      context.fillStyle = css(colour, alpha / 5);
      trace(context, [...steps, ...steps.toReversed()].map(x), [...high, ...low.toReversed()].map(y));
      context.fill();
    }
    context.strokeStyle = css(colour, alpha);
    context.lineWidth = width * scale;
    stroke(context, steps.map(x), values.map(y));
  }
  context.restore();
}

/**
 * @param {Line[]} lines
 * @param {Scales} scales
 * @param {Room} room
 * @param {{x: number, y: number}} at in device pixels
 * @param {number} reach device pixels
 * @returns {number} the line that passes nearest, by number; −1: none within reach
 */
export function nearestLine(lines, scales, room, at, reach) {
  const { left, right, x, y } = places(scales, room);
  const step = ((at.x - left) / (right - left)) * scales.last;
  let [nearest, distance] = [-1, reach];
  lines.forEach(({ steps, values }, number) => {
    const k = indexAt(steps, step);
    for (const i of [k - 1, k]) {
      if (i < 0 || i >= steps.length) continue;
      const away = Math.hypot(Math.max(0, Math.abs(x(steps[i]) - at.x) - reach), y(values[i]) - at.y);
      if (away < distance) [nearest, distance] = [number, away];
    }
  });
  return nearest;
}

/** @param {number[]} steps @param {number} step @returns {number} the first that is not below it */
function indexAt(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {CanvasRenderingContext2D} context @param {number[]} xs @param {number[]} ys */
function stroke(context, xs, ys) {
  trace(context, xs, ys);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number[]} xs @param {number[]} ys */
function trace(context, xs, ys) {
  context.beginPath();
  xs.forEach((x, i) => (i ? context.lineTo(x, ys[i]) : context.moveTo(x, ys[i])));
}

/** @param {Scales} scales @param {number} height CSS pixels @returns {number[]} */
function ticksBeside({ low, high, logarithmic }, height) {
  if (!logarithmic) return spread(low, high, height > 130 ? 5 : 3);
  const decades = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power++) decades.push(10 ** power);
  const between = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]);
  const first = 10 ** Math.floor(Math.log10(low));
  return decades.length > 2 ? decades : [first, 2 * first, 5 * first, ...between].filter((value, i, all) => value >= low && value <= high && all.indexOf(value) === i);
}

/** @param {number} last @param {number} width CSS pixels @returns {number[]} */
function ticksBelow(last, width) {
  return spread(0, last, Math.max(2, Math.floor(width / 80))).filter((step) => Number.isInteger(step));
}

/** @param {number} low @param {number} high @param {number} most @returns {number[]} round numbers, `most` at most */
function spread(low, high, most) {
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const pitch = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / pitch - 1e-9);
  const count = Math.floor(high / pitch + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * pitch).toPrecision(12)));
}
