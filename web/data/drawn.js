/**
 * A drawn digit, brought to the size and place MNIST's digits have: fitted into a box of 20 by 20,
 * its centre of mass moved to the centre of a field of 28 by 28. The same arithmetic as the
 * package's (glassnet/data/drawn.py, which names the sources), so that what is read before Python
 * has arrived is what Python reads afterwards, byte for byte.
 *
 * @module
 */

const FIELD = 28;
const BOX = 20;
const CENTRE = 14;
const HALF = 0.5 + 1e-9; // added before rounding down: halves go up, however sums were rounded

/**
 * @param {Uint8Array} ink 0 (paper) to 255, row-major, (rows, columns)
 * @param {number} columns
 * @returns {Uint8Array|null} (28, 28), or null if nothing is drawn
 */
export function normalise(ink, columns) {
  const box = extent(ink, columns);
  if (!box) return null;
  const [height, width] = [box.bottom - box.top, box.right - box.left];
  const scale = BOX / Math.max(height, width);
  const [tall, wide] = [height, width].map((side) => Math.max(1, nearest(side * scale)));

  const down = resampling(height, tall);
  const across = resampling(width, wide);
  const digit = new Float64Array(tall * wide);
  const line = new Float64Array(width);
  for (let row = 0; row < tall; row++) {
    line.fill(0);
    for (let y = 0; y < height; y++) {
      const weight = down[row * height + y] / 255;
      const from = (box.top + y) * columns + box.left;
      if (weight) for (let x = 0; x < width; x++) line[x] += weight * ink[from + x];
    }
    for (let column = 0; column < wide; column++) {
      let sum = 0;
      for (let x = 0; x < width; x++) sum += across[column * width + x] * line[x];
      digit[row * wide + column] = sum;
    }
  }
  return placed(digit, tall, wide);
}

/** @param {Uint8Array} ink @param {number} columns @returns {{top: number, bottom: number, left: number, right: number}|null} ends exclusive */
function extent(ink, columns) {
  let [top, bottom, left, right] = [Infinity, 0, Infinity, 0];
  for (let i = 0; i < ink.length; i++) {
    if (!ink[i]) continue;
    const [row, column] = [Math.floor(i / columns), i % columns];
    top = Math.min(top, row);
    bottom = row + 1;
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
  }
  return bottom ? { top, bottom, left, right } : null;
}

/**
 * How a line of `size` pixels becomes one of `wanted`: each new pixel is a weighted mean of the old
 * ones around its centre, the weights falling off as a triangle two pixels wide, of the larger kind.
 *
 * @param {number} size
 * @param {number} wanted
 * @returns {Float64Array} (wanted, size)
 */
function resampling(size, wanted) {
  const weights = new Float64Array(wanted * size);
  const step = size / wanted;
  for (let i = 0; i < wanted; i++) {
    const row = weights.subarray(i * size, (i + 1) * size);
    for (let j = 0; j < size; j++) row[j] = Math.max(0, 1 - Math.abs((i + 0.5) * step - (j + 0.5)) / Math.max(step, 1));
    const sum = row.reduce((total, weight) => total + weight, 0);
    for (let j = 0; j < size; j++) row[j] /= sum;
  }
  return weights;
}

/** @param {Float64Array} digit 0..1, (tall, wide) @param {number} tall @param {number} wide @returns {Uint8Array} */
function placed(digit, tall, wide) {
  let [mass, rows, columns] = [0, 0, 0];
  for (let i = 0; i < digit.length; i++) {
    mass += digit[i];
    rows += digit[i] * Math.floor(i / wide);
    columns += digit[i] * (i % wide);
  }
  const corner = (/** @type {number} */ centre, /** @type {number} */ side) => Math.min(Math.max(nearest(CENTRE - centre), 0), FIELD - side);
  const [top, left] = [corner(rows / mass, tall), corner(columns / mass, wide)];
  const field = new Uint8Array(FIELD * FIELD);
  for (let i = 0; i < digit.length; i++) {
    const at = (top + Math.floor(i / wide)) * FIELD + left + (i % wide);
    field[at] = Math.min(255, Math.floor(digit[i] * 255 + HALF));
  }
  return field;
}

/** @param {number} value @returns {number} */
function nearest(value) {
  return Math.floor(value + HALF);
}
