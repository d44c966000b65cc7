/**
 * The page on which a network trains: its settings are those of the address.
 *
 * @module
 */

import '../kit/glass-offline.js';
import '../kit/glass-theme.js';
import '../kit/glass-present.js';
import '../figures/train/glass-train.js';
import { bindAddress } from '../state/address.js';
import { bindFragment } from '../state/fragment.js';
import { Settings } from '../state/settings.js';

const settings = new Settings();
bindAddress(settings);
const figure = /** @type {import('../figures/train/glass-train.js').GlassTrain} */ (document.querySelector('glass-train'));
document.querySelector('.skip')?.addEventListener('click', () => setTimeout(() => figure.focusNetwork())); // once the browser has gone there
figure.scope = document;
figure.chosen = bindFragment(/^(train|test)=/).text;
figure.settings = settings;
