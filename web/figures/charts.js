/**
 * All that draws charts, as one script of its own: it is fetched when the first chart is drawn.
 *
 * @module
 */

export { RunCharts } from './curve/run-charts.js';
export { RaceCharts } from './race/race-charts.js';
