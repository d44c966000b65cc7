/**
 * A page of words: there is nothing on it that scripts would have to draw.
 *
 * @module
 */

import '../kit/glass-offline.js';
import '../kit/glass-theme.js';
