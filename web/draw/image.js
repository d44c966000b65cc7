/**
 * Small pictures made of numbers, one number a pixel, painted at any size on a canvas. Whole-number
 * enlargements keep every pixel a sharp square; others are smoothed, since uneven squares would
 * show a pattern that is not in the data.
 *
 * @module
 */

/**
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 *
 * @typedef {object} Sheet single pixels on a canvas of their own, to be painted from
 * @property {number} width
 * @property {number} height
 * @property {Uint32Array} pixels RGBA, row-major; filled by the caller
 * @property {ImageData} data the same memory
 * @property {OffscreenCanvas | HTMLCanvasElement} canvas
 * @property {Context} context
 */

/** @type {Map<string, Sheet>} */
const kept = new Map();

/**
 * A sheet of this size. Everybody who asks for a size gets the same one: fill it, `commit` it and
 * `stamp` from it at once.
 *
 * @param {number} width in pixels
 * @param {number} height
 * @returns {Sheet}
 */
export function sheet(width, height) {
  const key = `${width}x${height}`;
  const made = kept.get(key) ?? make(width, height);
  kept.delete(key);
  kept.set(key, made);
  const oldest = kept.size > 8 && kept.keys().next().value;
  if (oldest) kept.delete(oldest);
  return made;
}

/** @param {number} width @param {number} height @returns {Sheet} */
function make(width, height) {
  const canvas =
    typeof OffscreenCanvas === 'undefined'
      ? Object.assign(document.createElement('canvas'), { width, height })
      : new OffscreenCanvas(width, height);
  const context = /** @type {Context|null} */ (canvas.getContext('2d'));
  if (!context) throw new Error('this browser draws no 2-D canvas');
  const data = new ImageData(width, height);
  return { width, height, pixels: new Uint32Array(data.data.buffer), data, canvas, context };
}

/** Makes the filled pixels ready to be painted. @param {Sheet} from */
export function commit(from) {
  from.context.putImageData(from.data, 0, 0);
}

/**
 * Paints a part of a committed sheet into a rectangle of another canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Sheet} from
 * @param {Box} part in pixels of the sheet
 * @param {Box} to in pixels of the canvas
 */
export function stamp(context, from, part, to) {
  context.imageSmoothingEnabled = !Number.isInteger(to.width / part.width);
  context.imageSmoothingQuality = 'high';
  context.drawImage(from.canvas, part.x, part.y, part.width, part.height, to.x, to.y, to.width, to.height);
}
