/**
 * The page of all digits: its state is that of the address.
 *
 * @module
 */

import '../figures/browse/glass-browse.js';
import '../kit/glass-theme.js';
import { bindAddress } from '../state/address.js';
import { bindFragment } from '../state/fragment.js';
import { BROWSE_TABLE } from '../state/browse-table.js';
import { Settings } from '../state/settings.js';

const settings = new Settings(BROWSE_TABLE);
bindAddress(settings);
const figure = /** @type {import('../figures/browse/glass-browse.js').GlassBrowse} */ (document.querySelector('glass-browse'));
figure.scope = document;
figure.selection = bindFragment(/^(train|test)=/, 'replace').text;
figure.settings = settings;
