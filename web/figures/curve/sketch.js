/**
 * A run's curves as a sketch, in a post that nobody has touched yet: the same lines as the charts',
 * without what reads values off them, for a tenth of their bytes.
 *
 * @module
 */

import { css, html, nothing } from 'lit';
import { percent } from '../../models/words.js';

/**
 * @typedef {{step: number, value: number}} Point
 * @typedef {{low: number, high: number, logarithmic?: boolean, words: (value: number) => string}} Axis
 */

/** Of the drawing, which is stretched to its place. */
const SIZE = 1000;
/** The least loss that is drawn, for nothing else has a logarithm. */
const LEAST = 1e-6;

/** The lines are where the charts' are, with room for numbers beside and below. */
export const sketchStyles = css`
  .sketch {
    position: relative;
    height: 100%;
  }

  .sketch svg {
    width: calc(100% - 60px);
    height: calc(100% - 32px);
    margin: 8px 12px 0 48px;
  }

  .sketch path {
    fill: none;
    stroke: var(--ink);
    vector-effect: non-scaling-stroke;
  }

  .sketch .test {
    stroke: var(--positive);
  }

  .sketch span {
    position: absolute;
    inset: 0;
  }

  .sketch .low {
    top: calc(100% - 40px);
  }
`;

/** @param {import('../../models/history.js').History} history @param {'accuracy'|'loss'} which @param {boolean} logarithmic losses */
export function sketch({ steps, averages, evaluations, trained }, which, logarithmic) {
  if (!steps.length) return nothing;
  const tested = evaluations.map((one) => ({ step: one.step, value: which === 'loss' ? one.loss : one.accuracy }));
  const learned = which === 'loss' ? steps.map((step, k) => ({ step, value: averages[k] })) : trained.map(({ step, accuracy }) => ({ step, value: accuracy }));
  const all = [...tested, ...learned].map(({ value }) => value);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (which === 'loss') return drawn(tested, learned, { low: logarithmic ? Math.max(LEAST, least) : 0, high: most, logarithmic, words: (value) => String(Number(value.toPrecision(2))) }, steps);
  return drawn(tested, learned, { low: Math.max(0, Math.floor(10 * least - 0.2) / 10), high: 1, words: percent }, steps);
}

/** @param {Point[]} tested @param {Point[]} learned @param {Axis} axis @param {number[]} steps */
function drawn(tested, learned, { low, high, logarithmic = false, words }, steps) {
  const scale = logarithmic ? (/** @type {number} */ value) => Math.log(Math.max(value, LEAST)) : Number;
  const [top, height] = [scale(high), scale(high) - scale(low) || 1];
  const path = (/** @type {Point[]} */ points) => points.map(({ step, value }, i) => `${i ? 'L' : 'M'}${Math.round((SIZE * step) / (steps.at(-1) || 1))} ${Math.round((SIZE * (top - scale(value))) / height)}`).join('');
  return html`<div class="sketch small muted">
    <svg viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none"><path d=${path(learned)}></path><path class="test" d=${path(tested)}></path></svg>
    <span>${words(high)}</span><span class="low">${words(low)}</span>
  </div>`;
}
