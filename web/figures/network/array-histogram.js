/**
 * How the numbers of an array are spread, as bars over the line from the least to the most.
 *
 * @module
 */

import { html, svg } from 'lit';
import { count, precise } from '../../models/words.js';

/** @param {import('../../models/summary.js').Summary} summary @param {number} marked a value whose bar is marked; NaN for none */
export function histogram({ bars, min, max }, marked) {
  const most = Math.max(...bars, 1);
  const step = (max - min) / bars.length;
  const edge = (/** @type {number} */ i) => min + i * step;
  const sign = (/** @type {number} */ i) => (edge(i + 1) <= 0 && min < 0 ? 'sign-less' : edge(i) >= 0 && max > 0 ? 'sign-more' : '');
  const here = Number.isNaN(marked) ? NaN : max > min ? ((marked - min) / (max - min)) * bars.length : 0.5;
  // The root of a count: a bar of one number is seen beside one of a thousand.
  const height = (/** @type {number} */ number) => (number ? Math.max(1.5, 100 * Math.sqrt(number / most)) : 0);
  return html`
    <svg class="bars" viewBox="0 0 ${bars.length} 100" preserveAspectRatio="none" role="img" aria-label="Histogram: the tallest bar has ${count(most)} numbers; a bar’s height is the root of its count">
      ${Array.from(bars, (number, i) => svg`<rect class=${sign(i)} x=${i + 0.05} width="0.9" y=${100 - height(number)} height=${height(number)}><title>${precise(edge(i), 3)} to ${precise(edge(i + 1), 3)}: ${count(number)}</title></rect>`)}
      ${Number.isNaN(here) ? '' : svg`<line x1=${here} x2=${here} y1="0" y2="100" stroke="var(--ink)" vector-effect="non-scaling-stroke" stroke-dasharray="3 2" />`}
    </svg>
    <div class="ends"><span>${precise(min, 3)}</span><span>height: root of the count</span><span>${precise(max, 3)}</span></div>
  `;
}
