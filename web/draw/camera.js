/**
 * Where one looks at a plane of digits from: its middle, and how large a digit appears. The plane's
 * unit is a digit's edge; the window's is a CSS pixel.
 *
 * @module
 */

/**
 * @typedef {object} Camera
 * @property {number} x the point of the plane in the middle of the window
 * @property {number} y
 * @property {number} edge of a digit, in pixels of the window
 *
 * @typedef {{width: number, height: number}} Extent
 * @typedef {Extent & {pixels: number}} Plane `pixels`: of a picture, along its longer side
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 */

/** So large, in pixels of the window, a pixel of a digit becomes: its value can be written on it. */
const CLOSEST = 40;
/** So large a digit becomes, however few pixels it has; and no larger than this or its own pixels, if it need not be. */
const [NEAR, COMFORTABLE] = [28 * CLOSEST, 160];
const MARGIN = 12;

/**
 * The camera that shows the whole plane.
 *
 * @param {Plane} plane
 * @param {Extent} window
 * @param {{above: number, left: number}} [free] pixels to keep free for headings
 * @returns {Camera}
 */
export function fit(plane, window, { above, left } = { above: 0, left: 0 }) {
  const wide = Math.max(1, window.width - 2 * MARGIN - left) / Math.max(1, plane.width);
  const high = Math.max(1, window.height - 2 * MARGIN - above) / Math.max(1, plane.height);
  const edge = Math.min(wide, high, Math.max(COMFORTABLE, plane.pixels));
  return { x: plane.width / 2 - left / 2 / edge, y: plane.height / 2 - above / 2 / edge, edge };
}

/**
 * The camera nearest to the wanted one that still shows some of the plane.
 *
 * @param {Camera} wanted
 * @param {Plane} plane
 * @param {Extent} window
 * @returns {Camera}
 */
export function within({ x, y, edge }, plane, window) {
  const least = Math.min(fit(plane, window).edge, 28) / 2;
  return {
    x: Math.min(plane.width, Math.max(0, x)),
    y: Math.min(plane.height, Math.max(0, y)),
    edge: Math.min(Math.max(NEAR, CLOSEST * plane.pixels), Math.max(least, edge)),
  };
}

/** @param {Camera} camera @param {number} left in pixels of the window @param {number} top @param {Extent} window */
export function toPlane(camera, left, top, window) {
  return {
    x: camera.x + (left - window.width / 2) / camera.edge,
    y: camera.y + (top - window.height / 2) / camera.edge,
  };
}

/** @param {Camera} camera @param {number} x of the plane @param {number} y @param {Extent} window */
export function toWindow(camera, x, y, window) {
  return {
    left: (x - camera.x) * camera.edge + window.width / 2,
    top: (y - camera.y) * camera.edge + window.height / 2,
  };
}

/** @param {Camera} camera @param {Extent} window @returns {Box} the part of the plane that is seen */
export function seen(camera, window) {
  const [wide, high] = [window.width / 2 / camera.edge, window.height / 2 / camera.edge];
  return { left: camera.x - wide, top: camera.y - high, right: camera.x + wide, bottom: camera.y + high };
}

/**
 * Nearer or farther, the point under the pointer staying where it is.
 *
 * @param {Camera} camera
 * @param {number} factor
 * @param {{left: number, top: number}} about in pixels of the window
 * @param {Plane} plane
 * @param {Extent} window
 * @returns {Camera}
 */
export function zoom(camera, factor, about, plane, window) {
  const held = toPlane(camera, about.left, about.top, window);
  const { edge } = within({ ...camera, edge: camera.edge * factor }, plane, window);
  const x = held.x - (about.left - window.width / 2) / edge;
  const y = held.y - (about.top - window.height / 2) / edge;
  return within({ x, y, edge }, plane, window);
}

/** @param {Camera} from @param {Camera} to @param {number} share 0..1 @returns {Camera} */
export function between(from, to, share) {
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * share;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), edge: from.edge * (to.edge / from.edge) ** share };
}

/** Slow, fast, slow. @param {number} share 0..1 */
export function ease(share) {
  return share < 0.5 ? 4 * share ** 3 : 1 - (-2 * share + 2) ** 3 / 2;
}
