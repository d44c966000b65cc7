/**
 * The page on which three engines race.
 *
 * @module
 */

import '../figures/race/glass-race.js';
import '../kit/glass-theme.js';
import './present.js';
