/**
 * The page that `glassnet watch` opens: runs that other processes train.
 *
 * @module
 */

import '../figures/watch/glass-watch.js';
import '../kit/glass-theme.js';
import '../kit/glass-present.js';
