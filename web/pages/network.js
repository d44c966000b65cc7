/**
 * The page that looks into a network: its settings are those of the address.
 *
 * @module
 */

import '../kit/glass-offline.js';
import '../kit/glass-theme.js';
import '../kit/glass-present.js';
import '../figures/network/glass-network.js';
import { bindAddress } from '../state/address.js';
import { INSIDE_TABLE } from '../state/inside-table.js';
import { Settings } from '../state/settings.js';

const settings = new Settings(INSIDE_TABLE);
bindAddress(settings, { steps: ['model', 'digit', 'drawing', 'stop', 'panel', 'pin'] });
const figure = /** @type {import('../figures/network/glass-network.js').GlassNetwork} */ (document.querySelector('glass-network'));
document.querySelector('.skip')?.addEventListener('click', () => setTimeout(() => figure.focusStops())); // once the browser has gone there
figure.scope = document;
figure.settings = settings;

// The second figure is far below the first: its scripts come when somebody comes near, the page being
// there by then. Until then there is no such element, which the guard would take for a missing one.
const letters = /** @type {Element} */ (document.querySelector('#letters'));
const near = new IntersectionObserver(
  (entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    void import('../figures/adaline/glass-adaline.js').then(() => {
      const adaline = document.createElement('glass-adaline');
      letters.append(Object.assign(adaline, { interpreter: figure.inside?.interpreter ?? null })); // one Python for both
    });
  },
  { rootMargin: '600px' },
);
if (document.readyState === 'complete') near.observe(letters);
else window.addEventListener('load', () => near.observe(letters));
