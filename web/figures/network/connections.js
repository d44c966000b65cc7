/**
 * Draws the connections between two columns of a network: along lanes between two rows of tiles
 * first, then fanned out, so that none hides a picture.
 *
 * @module
 */

import { css as colour } from '../../draw/colour.js';
import { drawEdges } from '../../draw/edges.js';

/** @typedef {import('./glass-layer.js').GlassLayer} GlassLayer */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import('../../draw/edges.js').Edge[]} edges
 * @param {{from: GlassLayer, to: GlassLayer, stage: DOMRect}} between `stage`: where the canvas is, in the window
 * @param {import('../../kit/surface.js').Size} size
 * @param {import('../../kit/palette.js').Palette} palette
 */
export function connect(context, edges, { from, to, stage }, size, palette) {
  const full = edges.reduce((most, { push }) => Math.max(most, Math.abs(push)), 1e-9);
  const point = (/** @type {number} */ x, /** @type {number} */ y) => ({ x: (x - stage.left) * size.scale, y: (y - stage.top) * size.scale });
  const ends = {
    from(/** @type {number} */ sender) {
      const { right, bottom } = from.box(sender);
      return point(right - 6, bottom + 2.5);
    },
    exit: point(from.edge, 0).x,
    to(/** @type {number} */ receiver) {
      const { left, top, bottom } = to.box(receiver);
      return point(left - 2, (top + bottom) / 2);
    },
  };
  const colours = { positive: colour(palette.positive, 0.8), negative: colour(palette.negative, 0.8) };
  drawEdges(context, edges, ends, { full, thickest: 5 * size.scale, lane: size.scale }, colours);
}
