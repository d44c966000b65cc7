/**
 * The first page: a wall of real digits, each leading to the network that reads it.
 *
 * @module
 */

import '../figures/strip/glass-gallery.js';
import '../kit/glass-theme.js';

document.querySelector('glass-gallery')?.addEventListener('open', (event) => {
  const { index } = /** @type {CustomEvent<{index: number}>} */ (event).detail;
  location.assign(`train.html?digit=${index}`);
});
