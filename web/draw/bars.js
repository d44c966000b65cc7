/**
 * Bars: one row for each value, all from the same left edge, with a hairline at the full value.
 *
 * @module
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} values one a row
 * @param {object} size in pixels of the canvas
 * @param {number} size.width
 * @param {number} size.height
 * @param {number} size.thickness of a bar
 * @param {number} size.full the value whose bar spans the width, > 0
 * @param {{bar: string, strongest: string, track: string}} colours
 */
export function drawBars(context, values, { width, height, thickness, full }, colours) {
  context.clearRect(0, 0, width, height);
  const pitch = height / values.length;
  const strongest = indexOfLargest(values);
  for (let row = 0; row < values.length; row++) {
    const top = Math.round(row * pitch + (pitch - thickness) / 2);
    context.fillStyle = colours.track;
    context.fillRect(0, top, width, thickness);
    context.fillStyle = row === strongest ? colours.strongest : colours.bar;
    context.fillRect(0, top, width * Math.min(1, Math.max(0, values[row] / full)), thickness);
  }
}

/**
 * Signed bars, from a line in the middle: to the right above zero, to the left below.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} values one a row
 * @param {object} size in pixels of the canvas
 * @param {number} size.width
 * @param {number} size.height
 * @param {number} size.thickness of a bar
 * @param {number} size.line thickness of the lines
 * @param {number} size.full the value whose bar goes to the edge, > 0
 * @param {{negative: string, positive: string, track: string, zero: string}} colours
 */
export function drawSignedBars(context, values, { width, height, thickness, line, full }, colours) {
  context.clearRect(0, 0, width, height);
  const pitch = height / values.length;
  const middle = Math.round(width / 2);
  for (let row = 0; row < values.length; row++) {
    const top = Math.round(row * pitch + (pitch - thickness) / 2);
    context.fillStyle = colours.track;
    context.fillRect(0, top, width, thickness);
    const length = Math.max(-1, Math.min(1, values[row] / full)) * middle;
    context.fillStyle = values[row] < 0 ? colours.negative : colours.positive;
    context.fillRect(middle, top, length, thickness);
  }
  context.fillStyle = colours.zero;
  context.fillRect(middle - line / 2, 0, line, height);
}

/** @param {ArrayLike<number>} values @returns {number} the first largest; -1 if there is none */
export function indexOfLargest(values) {
  let best = values.length ? 0 : -1;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
