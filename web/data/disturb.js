/**
 * A digit disturbed: some of its ink rubbed out, its strokes thickened or thinned, itself turned and
 * shifted. Computed here, from its own pixels every time, so that no wish wears it out and the same
 * wishes are the same digit everywhere.
 *
 * @module
 */

/**
 * @typedef {{rows: number, columns: number}} Shape
 * @typedef {{x: number, y: number}} Cell column and row; between whole numbers, between pixels
 *
 * @typedef {object} Wishes
 * @property {number} thick pixels by which strokes grow on each side; below 0 they get thinner
 * @property {number} across pixels to the right
 * @property {number} down
 * @property {number} turn degrees, clockwise, about the picture's centre
 */

/** What leaves a digit as it is. @type {Readonly<Wishes>} */
export const AS_IT_WAS = Object.freeze({ thick: 0, across: 0, down: 0, turn: 0 });

/**
 * First the strokes, then what was rubbed out of them, then the place: so that what is rubbed out
 * stays so, and moves along.
 *
 * @param {Uint8Array} pixels 0..255, (rows, columns)
 * @param {Shape} shape
 * @param {Wishes} wishes
 * @param {Uint8Array} [rubbed] 1 where a pixel, before it is moved, has no ink any more
 * @returns {Uint8Array} a new one
 */
export function disturbed(pixels, shape, wishes, rubbed) {
  const strokes = thickened(pixels, shape, wishes.thick);
  if (rubbed) for (let i = 0; i < strokes.length; i++) if (rubbed[i]) strokes[i] = 0;
  return moved(strokes, shape, wishes);
}

/**
 * Strokes grow by the largest of each pixel and its four neighbours, and shrink by the smallest;
 * part of a pixel is a blend of the whole step and the one before.
 *
 * @param {Uint8Array} pixels
 * @param {Shape} shape
 * @param {number} by pixels; below 0: thinner
 * @returns {Uint8Array} a new one; nowhere less ink than before if `by` > 0, nowhere more if < 0
 */
export function thickened(pixels, shape, by) {
  let now = pixels.slice();
  for (let left = Math.abs(by); left > 0; left -= 1) {
    const next = spread(now, shape, by > 0);
    const share = Math.min(1, left);
    now = now.map((value, i) => Math.round(value + share * (next[i] - value)));
  }
  return now;
}

/** @param {Uint8Array} pixels @param {Shape} shape @param {boolean} most or the least */
function spread(pixels, { rows, columns }, most) {
  const choose = most ? Math.max : Math.min;
  return pixels.map((value, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    const at = (/** @type {boolean} */ there, /** @type {number} */ j) => (there ? pixels[j] : 0);
    return choose(value, at(x > 0, i - 1), at(x < columns - 1, i + 1), at(y > 0, i - columns), at(y < rows - 1, i + columns));
  });
}

/**
 * Turned, then shifted: each pixel is the bilinear blend of the four that it comes from; what comes
 * from outside is blank.
 *
 * @param {Uint8Array} pixels
 * @param {Shape} shape
 * @param {Omit<Wishes, 'thick'>} wishes
 * @returns {Uint8Array} a new one
 */
export function moved(pixels, shape, wishes) {
  const { rows, columns } = shape;
  const at = (/** @type {number} */ x, /** @type {number} */ y) => (x >= 0 && y >= 0 && x < columns && y < rows ? pixels[y * columns + x] : 0);
  return pixels.map((_, i) => {
    const from = origin({ x: i % columns, y: Math.floor(i / columns) }, shape, wishes);
    const [left, top] = [Math.floor(from.x), Math.floor(from.y)];
    const [right, low] = [from.x - left, from.y - top];
    const above = (1 - right) * at(left, top) + right * at(left + 1, top);
    const below = (1 - right) * at(left, top + 1) + right * at(left + 1, top + 1);
    return Math.round((1 - low) * above + low * below);
  });
}

/**
 * @param {Cell} to a place on the moved picture
 * @param {Shape} shape
 * @param {Omit<Wishes, 'thick'>} wishes
 * @returns {Cell} where it was before
 */
export function origin(to, { rows, columns }, { across, down, turn }) {
  const [middle, centre] = [(columns - 1) / 2, (rows - 1) / 2];
  const [x, y] = [to.x - middle - across, to.y - centre - down];
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  return { x: middle + x * cos + y * sin, y: centre + y * cos - x * sin };
}

/**
 * Rubs out what a round rubber touches.
 *
 * @param {Uint8Array} rubbed where ink has been rubbed out before
 * @param {Shape} shape
 * @param {Cell} at its middle, before the picture was moved
 * @param {number} radius in pixels
 * @returns {Uint8Array} a new one
 */
export function rub(rubbed, { columns }, at, radius) {
  return rubbed.map((was, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    return was || (x - at.x) ** 2 + (y - at.y) ** 2 <= radius ** 2 ? 1 : 0;
  });
}

/**
 * Where there is most room beside the ink, to shift it without losing any.
 *
 * @param {Uint8Array} pixels
 * @param {Shape} shape
 * @returns {number} 1 at the right, -1 at the left
 */
export function roomier(pixels, { columns }) {
  let [least, most] = [columns, -1];
  pixels.forEach((value, i) => {
    if (!value) return;
    least = Math.min(least, i % columns);
    most = Math.max(most, i % columns);
  });
  return most >= 0 && least > columns - 1 - most ? -1 : 1;
}
