/**
 * The page on which three engines race.
 *
 * @module
 */

import '../figures/race/glass-race.js';
import '../kit/glass-offline.js';
import '../kit/glass-theme.js';
import '../kit/glass-present.js';
