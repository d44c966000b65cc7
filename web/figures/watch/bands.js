/**
 * Runs that differ in nothing but their seed, as one curve with a band: what they have in common is
 * their setting's, what they have not is chance.
 *
 * @module
 */

/**
 * @typedef {import('../../models/watched.js').Watched} Watched
 * @typedef {import('../../models/watched.js').Curve} Curve
 *
 * @typedef {Curve & {low?: number[], high?: number[]}} Banded a mean, and between what its runs lie
 */

/** @param {Watched[]} runs @returns {Map<string, Watched[]>} by the name of the first of each */
export function groupsOf(runs) {
  /** @type {Map<string, Watched[]>} */
  const known = new Map();
  for (const run of runs) {
    const key = run.settings.size ? JSON.stringify([...run.settings].filter(([path]) => path !== 'seed')) : run.name;
    const group = known.get(key);
    if (group) group.push(run);
    else known.set(key, [run]);
  }
  return new Map([...known.values()].map((group) => [group[0].name, group]));
}

/**
 * The mean of curves at the steps of the longest; where one has ended, or has not come yet, of the
 * others.
 *
 * @param {Curve[]} curves
 * @returns {Banded}
 */
export function banded(curves) {
  if (curves.length === 1) return curves[0];
  const { steps } = curves.reduce((one, other) => ((other.steps.at(-1) ?? 0) > (one.steps.at(-1) ?? 0) ? other : one));
  const places = curves.map(() => 0);
  /** @type {{steps: number[], values: number[], low: number[], high: number[]}} */
  const band = { steps, values: [], low: [], high: [] };
  for (const step of steps) {
    let [sum, count, low, high] = [0, 0, Infinity, -Infinity];
    curves.forEach((curve, k) => {
      while (places[k] < curve.steps.length && curve.steps[places[k]] < step) places[k] += 1;
      const value = valueAt(curve, places[k], step);
      if (value === null) return;
      [sum, count, low, high] = [sum + value, count + 1, Math.min(low, value), Math.max(high, value)];
    });
    band.values.push(sum / count); // the longest has a value at each of its steps
    band.low.push(low);
    band.high.push(high);
  }
  return band;
}

/** @param {Curve} curve @param {number} place of the first step that is not before `step` @param {number} step @returns {number|null} on the straight line between two; null: beyond its ends */
function valueAt({ steps, values }, place, step) {
  if (place >= steps.length) return null;
  if (steps[place] === step) return values[place];
  if (place === 0) return null;
  const share = (step - steps[place - 1]) / (steps[place] - steps[place - 1]);
  return values[place - 1] + share * (values[place] - values[place - 1]);
}

/**
 * Single batches scatter; a curve of few points, each a mean, shows where they go.
 *
 * @param {Curve} curve
 * @param {number} most points
 * @returns {Curve}
 */
export function thinned({ steps, values }, most) {
  const span = Math.ceil(values.length / most);
  if (span <= 1) return { steps, values };
  /** @type {Curve} */
  const thin = { steps: [], values: [] };
  for (let start = 0; start < values.length; start += span) {
    const end = Math.min(start + span, values.length);
    let sum = 0;
    for (let i = start; i < end; i++) sum += values[i];
    thin.steps.push(steps[end - 1]);
    thin.values.push(sum / (end - start));
  }
  return thin;
}
