/**
 * What of a figure can be left out, by its `controls` attribute: each such part of its template says
 * its name in `part`, by which the page around it may style it, too. Without the attribute all is
 * there.
 *
 * @module
 */

import { unsafeCSS } from 'lit';
import { CONTROLS } from '../state/controls.js';

/** @param {import('../state/controls.js').Figure} figure */
export function partsOf(figure) {
  const hidden = Object.keys(CONTROLS[figure]).map((name) => `:host([controls]:not([controls='all'], [controls~='${name}'])) [part~='${name}']`);
  return unsafeCSS(`${hidden.join(', ')} { display: none !important; }`);
}
