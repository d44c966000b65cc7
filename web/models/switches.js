/**
 * Which units switch between two digits: a network of linear parts, ReLUs and max pools is one linear
 * map as long as none does.
 *
 * @module
 */

/**
 * @typedef {object} Switched of one layer
 * @property {string} name of the layer: `layers.0`
 * @property {number} units
 * @property {boolean} pools whether these are pools, each of which has chosen one of its inputs
 * @property {number[]} here units that are on for the first digit only; of pools: that chose another
 * @property {number[]} there units that are on for the second only
 */

/**
 * @param {Record<string, Uint8Array>} on of each layer, for one digit: 1 where a unit is on, or which input a pool has chosen
 * @param {Record<string, Uint8Array>} other for the other
 * @returns {Switched[]} of the layers that both have, also where nothing switches
 */
export function switches(on, other) {
  return Object.entries(on).flatMap(([name, one]) => {
    const two = other[name];
    if (two?.length !== one.length) return [];
    const pools = one.some((value) => value > 1) || two.some((value) => value > 1);
    const where = (/** @type {(a: number, b: number) => boolean} */ holds) => Array.from(one.keys()).filter((i) => holds(one[i], two[i]));
    const here = pools ? where((a, b) => a !== b) : where((a, b) => a > b);
    return [{ name, units: one.length, pools, here, there: pools ? [] : where((a, b) => a < b) }];
  });
}
