/**
 * What is drawn over digits on a plane: hairlines between them, frames around some, their labels,
 * the values of their pixels, headings beside groups. All positions are CSS pixels; the caller has
 * scaled the context.
 *
 * @module
 */

/**
 * @typedef {import('./camera.js').Camera} Camera
 * @typedef {import('./arrange.js').Heading} Heading
 * @typedef {{left: number, top: number}} Spot
 * @typedef {import('./camera.js').Extent} Extent
 */

/** @param {CanvasRenderingContext2D} context @param {Spot[]} corners @param {number} edge @param {string} colour @param {number} width */
export function drawFrames(context, corners, edge, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  for (const { left, top } of corners) context.strokeRect(left - width / 2, top - width / 2, edge + width, edge + width);
}

/** @param {CanvasRenderingContext2D} context @param {Spot[]} corners @param {number} edge @param {string} colour */
export function drawHairlines(context, corners, edge, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const { left, top } of corners) {
    const [x, y] = [Math.round(left) + 0.5, Math.round(top) + 0.5];
    context.moveTo(x + edge, y);
    context.lineTo(x, y);
    context.lineTo(x, y + edge);
  }
  context.stroke();
}

/**
 * The values of a digit's pixels, each on its pixel: only those in sight.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} pixels 0..255
 * @param {{columns: number, corner: Spot, pixel: number}} place `pixel` is the edge of one, in CSS pixels
 * @param {Extent} window
 * @param {{light: string, dark: string, font: string}} look `dark` is for pixels of little ink
 */
export function drawValues(context, pixels, { columns, corner, pixel }, window, { light, dark, font }) {
  context.font = `${Math.min(15, Math.floor(pixel * 0.42))}px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const rows = pixels.length / columns;
  const [x0, x1] = [Math.max(0, Math.floor(-corner.left / pixel)), Math.min(columns, Math.ceil((window.width - corner.left) / pixel))];
  const [y0, y1] = [Math.max(0, Math.floor(-corner.top / pixel)), Math.min(rows, Math.ceil((window.height - corner.top) / pixel))];
  for (const ink of [false, true]) {
    context.fillStyle = ink ? light : dark;
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const value = pixels[y * columns + x];
        if (value >= 128 === ink) context.fillText(String(value), corner.left + (x + 0.5) * pixel, corner.top + (y + 0.5) * pixel);
      }
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{text: string, corner: Spot, strong: boolean}[]} labels
 * @param {{ink: string, strong: string, ground: string, font: string}} look
 */
export function drawLabels(context, labels, { ink, strong, ground, font }) {
  context.font = `12px ${font}`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  for (const label of labels) {
    const width = context.measureText(label.text).width;
    context.fillStyle = ground;
    context.fillRect(label.corner.left + 1, label.corner.top + 1, width + 6, 16);
    context.fillStyle = label.strong ? strong : ink;
    context.fillText(label.text, label.corner.left + 4, label.corner.top + 3);
  }
}

/**
 * Headings stay in sight while their group is: above it, or at the window's edge.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Heading[]} headings
 * @param {(x: number, y: number) => Spot} place
 * @param {number} edge
 * @param {{ink: string, ground: string, font: string}} look
 */
export function drawHeadings(context, headings, place, edge, { ink, ground, font }) {
  context.font = `600 13px ${font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const { text, x, y, width, side } of headings) {
    const { left, top } = place(x, y);
    const wide = context.measureText(text).width + 10;
    const span = width * edge;
    const [middle, row] =
      side === 'above'
        ? [left + span / 2, Math.max(14, top - 14)]
        : [Math.max(wide / 2 + 4, left - wide / 2 - 6), Math.max(40, top + span / 2)];
    if (side === 'above' ? wide > span + 26 : false) continue;
    context.fillStyle = ground;
    context.fillRect(middle - wide / 2, row - 11, wide, 22);
    context.fillStyle = ink;
    context.fillText(text, middle, row);
  }
}
