/**
 * The page on which three engines race.
 *
 * @module
 */

import '../elements/glass-race.js';
import '../elements/glass-theme.js';
