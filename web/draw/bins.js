/**
 * Which things lie where: points sorted into square bins, so that a part of a large plane is found
 * without looking at the whole of it. Coordinates start at 0.
 *
 * @module
 */

/**
 * @typedef {object} Bins
 * @property {number} edge of a bin
 * @property {number} across bins in a row
 * @property {number} down rows of bins
 * @property {Uint32Array} starts of each bin's members, and the end of the last's
 * @property {Uint32Array} members indices of points, bin after bin; within a bin in their order
 */

/**
 * @param {Float32Array} x
 * @param {Float32Array} y as many
 * @param {{width: number, height: number}} extent of the plane
 * @param {number} [edge] of a bin
 * @returns {Bins}
 */
export function binPoints(x, y, { width, height }, edge = 12) {
  const across = Math.max(1, Math.ceil(width / edge));
  const down = Math.max(1, Math.ceil(height / edge));
  const starts = new Uint32Array(across * down + 1);
  const bin = new Uint32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const column = Math.min(across - 1, Math.max(0, Math.floor(x[i] / edge)));
    const row = Math.min(down - 1, Math.max(0, Math.floor(y[i] / edge)));
    bin[i] = row * across + column;
    starts[bin[i] + 1] += 1;
  }
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  const next = starts.slice(0, -1);
  const members = new Uint32Array(x.length);
  for (let i = 0; i < x.length; i++) members[next[bin[i]]++] = i;
  return { edge, across, down, starts, members };
}

/**
 * Calls `visit` with every point that may lie in a rectangle: all that do, and some beside it.
 *
 * @param {Bins} bins
 * @param {{left: number, top: number, right: number, bottom: number}} box
 * @param {(point: number) => void} visit
 */
export function visitBox({ edge, across, down, starts, members }, { left, top, right, bottom }, visit) {
  const first = Math.max(0, Math.floor(left / edge));
  const last = Math.min(across - 1, Math.floor(right / edge));
  const end = Math.min(down - 1, Math.floor(bottom / edge));
  for (let row = Math.max(0, Math.floor(top / edge)); row <= end; row++) {
    for (let column = first; column <= last; column++) {
      const at = row * across + column;
      for (let i = starts[at]; i < starts[at + 1]; i++) visit(members[i]);
    }
  }
}
