/**
 * The page of all digits: its state is that of the address.
 *
 * @module
 */

import '../figures/browse/glass-browse.js';
import '../kit/glass-offline.js';
import '../kit/glass-theme.js';
import '../kit/glass-present.js';
import { bindAddress } from '../state/address.js';
import { bindFragment } from '../state/fragment.js';
import { BROWSE_TABLE, openOn } from '../state/browse-table.js';
import { Settings } from '../state/settings.js';

const settings = new Settings(BROWSE_TABLE);
bindAddress(settings, { steps: ['find', 'python', 'sort', 'down', 'shape', 'colour', 'digit', 'pin'], open: openOn });
const figure = /** @type {import('../figures/browse/glass-browse.js').GlassBrowse} */ (document.querySelector('glass-browse'));
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  figure.focusWall();
});
figure.scope = document;
figure.addEventListener('shown', (event) => {
  const { detail: title } = /** @type {CustomEvent<string>} */ (event);
  if (settings.peek('set') === BROWSE_TABLE.set.default) return; // what the page’s own words say
  document.title = `Browse ${title} · glassnet`;
  /** @type {HTMLElement} */ (document.querySelector('h1')).textContent = `Browse ${title}`;
});
figure.selection = bindFragment(/^(train|test)=/, 'replace').text;
figure.settings = settings;
