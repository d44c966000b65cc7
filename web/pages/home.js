/**
 * The first page: a network in one's hand, and ways further.
 *
 * @module
 */

import '../figures/home/glass-doors.js';
import '../figures/home/glass-home.js';
import '../kit/glass-offline.js';
import '../kit/glass-theme.js';
import '../kit/glass-present.js';
