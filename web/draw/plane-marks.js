/**
 * What is drawn over digits on a plane: hairlines between them, frames around some, their labels,
 * headings beside groups. All positions are CSS pixels; the caller has
 * scaled the context.
 *
 * @module
 */

/**
 * @typedef {import('./camera.js').Camera} Camera
 * @typedef {import('./arrange.js').Heading} Heading
 * @typedef {{left: number, top: number}} Spot
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
 * @param {CanvasRenderingContext2D} context
 * @param {{text: string, corner: Spot, strong: boolean}[]} labels
 * @param {number} edge of a digit: a label takes no more than its digit's width
 * @param {{ink: string, strong: string, ground: string, font: string}} look
 */
export function drawLabels(context, labels, edge, { ink, strong, ground, font }) {
  context.font = `12px ${font}`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  for (const label of labels) {
    const text = shortened(context, label.text, edge - 8);
    if (!text) continue;
    const width = context.measureText(text).width;
    context.fillStyle = ground;
    context.fillRect(label.corner.left + 1, label.corner.top + 1, width + 6, 16);
    context.fillStyle = label.strong ? strong : ink;
    context.fillText(text, label.corner.left + 4, label.corner.top + 3);
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
  for (const { text, short, x, y, width, side } of headings) {
    const { left, top } = place(x, y);
    const span = width * edge;
    const room = side === 'above' ? span : left - 12;
    const name = context.measureText(text).width + 10 <= room ? text : short;
    const chosen = side === 'above' ? shortened(context, name, span + 14) : name;
    const wide = context.measureText(chosen).width + 10;
    const [middle, row] =
      side === 'above'
        ? [left + span / 2, Math.max(14, top - 14)]
        : [Math.max(wide / 2 + 4, left - wide / 2 - 6), Math.max(40, top + span / 2)];
    if (!chosen) continue;
    context.fillStyle = ground;
    context.fillRect(middle - wide / 2, row - 11, wide, 22);
    context.fillStyle = ink;
    context.fillText(chosen, middle, row);
  }
}

/** As much of a text as there is room for; nothing, if that would be no more than dots. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  for (let length = text.length - 1; length > 0; length--) {
    const part = `${text.slice(0, length)}…`;
    if (context.measureText(part).width <= room) return part;
  }
  return '';
}
