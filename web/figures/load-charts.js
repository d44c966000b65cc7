/**
 * Fetches what draws charts: one script of the site's table, so that what is wrong with it has a name.
 *
 * @module
 */

import { places } from '../wire/places.js';
import { loadScript } from '../wire/script.js';

/**
 * @returns {Promise<typeof import('./charts.js')>}
 * @throws {import('../wire/download.js').LoadError}
 */
export const loadCharts = () => loadScript(places().charts);
