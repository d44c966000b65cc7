/**
 * Many small pictures on one large one, without a canvas: bytes of ink, blended by taking the
 * darker, so that where digits overlap none hides the other; then inked, each digit's with the ramp
 * of its hue.
 *
 * @module
 */

/**
 * @typedef {object} Ink a picture under way
 * @property {number} width in pixels
 * @property {number} height
 * @property {Uint8Array} ink 0..255 a pixel
 * @property {Uint8Array} hues of the digit whose ink a pixel has
 * @property {Uint8Array} marks 1 where a marked digit lies
 */

/** @param {number} width @param {number} height @returns {Ink} blank */
export function blank(width, height) {
  return { width, height, ink: new Uint8Array(width * height), hues: new Uint8Array(width * height), marks: new Uint8Array(width * height) };
}

/** @param {Ink} target makes it blank again */
export function wipe({ ink, marks }) {
  ink.fill(0);
  marks.fill(0);
}

/**
 * Lays one digit on the picture; what sticks out is cut off.
 *
 * @param {Ink} target
 * @param {Uint8Array} source pictures, one after another
 * @param {number} from where this one begins in them
 * @param {{rows: number, columns: number}} shape of each
 * @param {number} left its place on the target, in whole pixels
 * @param {number} top
 * @param {number} hue number of its colour; 0 is plain ink
 * @param {boolean} marked
 * @param {number} [strength] 0..256 times its ink / 256: less while it appears or goes
 */
export function lay({ width, height, ink, hues, marks }, source, from, { rows, columns }, left, top, hue, marked, strength = 256) {
  const x0 = left < 0 ? -left : 0;
  const x1 = left + columns > width ? width - left : columns;
  const y0 = top < 0 ? -top : 0;
  const y1 = top + rows > height ? height - top : rows;
  for (let y = y0; y < y1; y++) {
    let to = (top + y) * width + left + x0;
    let at = from + y * columns + x0;
    for (const end = from + y * columns + x1; at < end; at++, to++) {
      const value = strength === 256 ? source[at] : (source[at] * strength) >> 8;
      if (value <= ink[to]) continue;
      ink[to] = value;
      hues[to] = hue;
    }
    if (marked) marks.fill(1, (top + y) * width + left + x0, (top + y) * width + left + x1);
  }
}

/**
 * @param {Ink} from
 * @param {Uint32Array} pixels RGBA, as many
 * @param {Uint32Array} plain 256 colours a hue, one hue after another
 * @param {Uint32Array} marked the same for what is marked
 */
export function develop({ ink, hues, marks }, pixels, plain, marked) {
  for (let i = 0; i < pixels.length; i++) pixels[i] = (marks[i] ? marked : plain)[(ink[i] && hues[i] << 8) | ink[i]];
}
