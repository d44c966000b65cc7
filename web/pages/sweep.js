/**
 * The page on which many networks train that differ in some settings.
 *
 * @module
 */

import '../figures/sweep/glass-sweep.js';
import '../kit/glass-offline.js';
import '../kit/glass-theme.js';
import '../kit/glass-present.js';
