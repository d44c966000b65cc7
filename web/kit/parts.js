/**
 * What of a figure can be left out, by its `controls` attribute: each such part of its template says
 * its name in `part`, by which the page around it may style it, too. Without the attribute all is
 * there. And what an author can put in: an element of their own beside the controls, and a caption.
 *
 * @module
 */

import { unsafeCSS } from 'lit';
import { CONTROLS } from '../state/controls.js';

const SLOTTED = `
::slotted([slot='controls']) { justify-self: start; }
::slotted([slot='caption']) { grid-column: 1 / -1; color: var(--muted); font-size: var(--size-small); }
`;

/** @param {import('../state/controls.js').Figure} figure */
export function partsOf(figure) {
  const hidden = Object.keys(CONTROLS[figure]).map((name) => `:host([controls]:not([controls='all'], [controls~='${name}'])) [part~='${name}']`);
  return unsafeCSS(`${hidden.join(', ')} { display: none !important; } ${SLOTTED}`);
}
