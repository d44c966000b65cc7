/**
 * Takes up the visitor's theme before anything is painted: a page in the wrong colours would flash.
 *
 * @module
 */

import { restoreTheme } from '../state/theme.js';

restoreTheme();
