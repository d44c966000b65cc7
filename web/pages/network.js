/**
 * The page that looks into a network: its settings are those of the address.
 *
 * @module
 */

import '../kit/glass-theme.js';
import '../kit/glass-present.js';
import '../figures/inside/glass-inside.js';
import { bindAddress } from '../state/address.js';
import { INSIDE_TABLE } from '../state/inside-table.js';
import { Settings } from '../state/settings.js';

const settings = new Settings(INSIDE_TABLE);
bindAddress(settings, { steps: ['model', 'digit', 'drawing', 'stop', 'panel', 'pin'] });
const figure = /** @type {import('../figures/inside/glass-inside.js').GlassInside} */ (document.querySelector('glass-inside'));
document.querySelector('.skip')?.addEventListener('click', () => setTimeout(() => figure.focusStops())); // once the browser has gone there
figure.scope = document;
figure.settings = settings;
