/**
 * Which digit lies where in an arrangement: under a point, in a box, beside another.
 *
 * @module
 */

import { binPoints, visitBox } from '../../draw/bins.js';

/** @typedef {import('../../draw/arrange.js').Arrangement} Arrangement */
/** @typedef {import('../../draw/camera.js').Box} Box */

export class Finder {
  /** @param {Arrangement} arrangement */
  constructor(arrangement) {
    this.arrangement = arrangement;
    /** @type {import('../../draw/bins.js').Bins|null} */
    this.made = null;
  }

  /** Made when first needed: while arrangements come and go, nobody points at them. */
  get bins() {
    return (this.made ??= binPoints(this.arrangement.x, this.arrangement.y, this.arrangement));
  }

  /** @param {number} x of the plane @param {number} y @returns {number} the id of the digit there (of several, the last drawn); -1 */
  at(x, y) {
    const { arrangement } = this;
    let found = -1;
    visitBox(this.bins, { left: x - 1, top: y - 1, right: x, bottom: y }, (k) => {
      if (arrangement.x[k] <= x && x < arrangement.x[k] + 1 && arrangement.y[k] <= y && y < arrangement.y[k] + 1) found = Math.max(found, k);
    });
    return found < 0 ? -1 : arrangement.ids[found];
  }

  /**
   * The digit whose middle is nearest, where digits are too small to be hit.
   *
   * @param {number} x of the plane
   * @param {number} y
   * @param {number} reach no farther than this
   * @returns {number} its id; -1
   */
  near(x, y, reach) {
    const { arrangement } = this;
    let [found, nearest] = [-1, reach ** 2];
    visitBox(this.bins, { left: x - reach - 1, top: y - reach - 1, right: x + reach, bottom: y + reach }, (k) => {
      const far = (arrangement.x[k] + 0.5 - x) ** 2 + (arrangement.y[k] + 0.5 - y) ** 2;
      if (far < nearest) [found, nearest] = [k, far];
    });
    return found < 0 ? -1 : arrangement.ids[found];
  }

  /** @param {Box} box of the plane @returns {number[]} places of the digits that lie in it, wholly or in part */
  within({ left, top, right, bottom }) {
    const { x, y } = this.arrangement;
    /** @type {number[]} */
    const places = [];
    visitBox(this.bins, { left: left - 1, top: top - 1, right, bottom }, (k) => {
      if (x[k] + 1 > left && x[k] < right && y[k] + 1 > top && y[k] < bottom) places.push(k);
    });
    return places;
  }

  /** @param {number} id @returns {number} its place in the order; -1 if it is not shown */
  place(id) {
    return this.arrangement.ids.indexOf(id); // of a million, a millisecond; a map of them would take a quarter of a second
  }

  /**
   * The next digit in a direction: the nearest of those that lie more that way than sideways.
   *
   * @param {number} place
   * @param {number} dx -1, 0 or 1
   * @param {number} dy
   * @returns {number} a place; the same if there is none
   */
  beside(place, dx, dy) {
    const { x, y, width, height } = this.arrangement;
    let [best, nearest] = [place, Infinity];
    for (let reach = 3; best === place && reach < 2 * Math.max(width, height); reach *= 4) {
      const [cx, cy] = [x[place], y[place]];
      const box = { left: cx - (dx > 0 ? 0 : reach), right: cx + (dx < 0 ? 0 : reach), top: cy - (dy > 0 ? 0 : reach), bottom: cy + (dy < 0 ? 0 : reach) };
      visitBox(this.bins, box, (k) => {
        const along = (x[k] - cx) * dx + (y[k] - cy) * dy;
        const aside = Math.abs((x[k] - cx) * dy) + Math.abs((y[k] - cy) * dx);
        if (along <= 0.001 || aside > along) return;
        const far = along + 2 * aside;
        if (far < nearest) [best, nearest] = [k, far];
      });
    }
    return best;
  }
}
