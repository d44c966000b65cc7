/**
 * The hue of whatever has `data-axis`: the name of an axis, an index in a formula, a table's head.
 *
 * @module
 */

import { css, unsafeCSS } from 'lit';
import { HUES } from '../../models/axes.js';

const rules = Object.entries(HUES).map(([axis, hue]) => `[data-axis='${axis}'] { color: var(${hue}); }`);

export const axisLook = css`
  ${unsafeCSS(rules.join('\n'))}
`;
