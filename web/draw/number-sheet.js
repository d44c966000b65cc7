/**
 * The numbers 0 to 255 as small pictures, made once for a size and a pair of colours: putting a
 * thousand of them on a canvas is then cheap, where setting a thousand texts is not.
 *
 * @module
 */

/** Numbers in a row of the sheet. */
const ACROSS = 16;

/** @typedef {{none: string, little: string, much: string, font: string}} Look colours of the numbers on pixels without, with little and with much ink */

export class NumberSheet {
  #key = '';
  /** @type {OffscreenCanvas|HTMLCanvasElement|null} */
  #canvas = null;
  #cell = { width: 1, height: 1 };

  /** @param {number} size of the letters, in device pixels @param {Look} look */
  prepare(size, { none, little, much, font }) {
    const key = [size, none, little, much, font].join();
    if (key === this.#key) return;
    this.#key = key;
    this.#cell = { width: Math.ceil(size * 2), height: Math.ceil(size * 1.3) };
    const [width, height] = [this.#cell.width * ACROSS, this.#cell.height * ACROSS];
    this.#canvas = typeof OffscreenCanvas === 'undefined' ? Object.assign(document.createElement('canvas'), { width, height }) : new OffscreenCanvas(width, height);
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
    context.font = `${size}px ${font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let value = 0; value < 256; value++) {
      context.fillStyle = value === 0 ? none : value < 128 ? little : much;
      const [column, row] = [value % ACROSS, Math.floor(value / ACROSS)];
      context.fillText(String(value), (column + 0.5) * this.#cell.width, (row + 0.5) * this.#cell.height);
    }
  }

  /** @param {CanvasRenderingContext2D} context in device pixels @param {number} value @param {number} x of the middle @param {number} y */
  stamp(context, value, x, y) {
    if (!this.#canvas) return;
    const { width, height } = this.#cell;
    const [left, top] = [(value % ACROSS) * width, Math.floor(value / ACROSS) * height];
    context.drawImage(this.#canvas, left, top, width, height, Math.round(x - width / 2), Math.round(y - height / 2), width, height);
  }
}

/**
 * The values of a digit's pixels, each on its pixel: only those in sight.
 *
 * @param {CanvasRenderingContext2D} context in device pixels
 * @param {NumberSheet} sheet prepared
 * @param {Uint8Array} pixels 0..255
 * @param {{columns: number, left: number, top: number, pixel: number}} place `pixel` is the edge of one
 * @param {{width: number, height: number}} window
 */
export function drawValues(context, sheet, pixels, { columns, left, top, pixel }, window) {
  const rows = pixels.length / columns;
  const [x0, x1] = [Math.max(0, Math.floor(-left / pixel)), Math.min(columns, Math.ceil((window.width - left) / pixel))];
  const [y0, y1] = [Math.max(0, Math.floor(-top / pixel)), Math.min(rows, Math.ceil((window.height - top) / pixel))];
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) sheet.stamp(context, pixels[y * columns + x], left + (x + 0.5) * pixel, top + (y + 0.5) * pixel);
  }
}
