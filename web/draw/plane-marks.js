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

/** Pixels of a group that have to be in sight for its heading to be. */
const LEAST = 6;

/** @param {CanvasRenderingContext2D} context @param {Spot[]} corners @param {number} edge @param {string} colour @param {number} width */
export function drawFrames(context, corners, edge, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  for (const { left, top } of corners) context.strokeRect(left - width / 2, top - width / 2, edge + width, edge + width);
}

/** Rings around digits. @param {CanvasRenderingContext2D} context @param {Spot[]} corners @param {number} edge @param {string} colour */
export function drawRings(context, corners, edge, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const { left, top } of corners) {
    const [x, y] = [left + edge / 2, top + edge / 2];
    context.moveTo(x + edge / 2, y);
    context.arc(x, y, edge / 2, 0, 2 * Math.PI);
  }
  context.stroke();
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
 * Headings stay in sight while their group is: beside what is seen of it, or at the window's edge.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Heading[]} headings
 * @param {(x: number, y: number) => Spot} place
 * @param {number} edge of a digit
 * @param {{width: number, height: number}} window
 * @param {{ink: string, muted: string, ground: string, font: string}} look
 */
export function drawHeadings(context, headings, place, edge, window, { ink, muted, ground, font }) {
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const { text, short, x, y, width, side } of headings) {
    const { left, top } = place(x, y);
    const span = width * edge;
    const [from, to] = side === 'left' ? [Math.max(0, top), Math.min(window.height, top + span)] : [Math.max(0, left), Math.min(window.width, left + span)];
    if (to - from < LEAST) continue;
    context.font = side === 'title' ? `13px ${font}` : `600 13px ${font}`;
    // Once its group begins outside the window, a heading on the left lies over digits anyway.
    const room = side === 'left' ? (left < 0 ? Infinity : left - 12) : side === 'title' ? window.width - 48 : to - from + 14;
    const name = context.measureText(text).width + 10 <= room ? text : short;
    const chosen = side === 'above' ? shortened(context, name, room) : name;
    if (!chosen) continue;
    const wide = context.measureText(chosen).width + 10;
    const [middle, row] =
      side === 'left'
        ? [Math.max(wide / 2, left - wide / 2 - 6), (from + to) / 2]
        : [Math.min(window.width - wide / 2, Math.max(wide / 2, (from + to) / 2)), side === 'title' ? Math.max(12, top - 38) : Math.max(headed(headings), top - 14)];
    context.fillStyle = ground;
    context.fillRect(middle - wide / 2, row - 11, wide, 22);
    context.fillStyle = side === 'title' ? muted : ink;
    context.fillText(chosen, middle, row);
  }
}

/** How far from the window's edge the headings above stop: under the title, if there is one. @param {Heading[]} headings */
function headed(headings) {
  return headings.some(({ side }) => side === 'title') ? 34 : 14;
}

/**
 * Names of classes, large, where their digits lie; around each letter the ground, so that it can be
 * read on whatever is below.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{text: string, spot: Spot, ink: string}[]} names
 * @param {{width: number, height: number}} window
 * @param {{ground: string, font: string}} look
 */
export function drawLandmarks(context, names, window, { ground, font }) {
  const size = Math.round(Math.min(34, Math.max(20, window.width / 30)));
  context.font = `700 ${size}px ${font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.lineJoin = 'round';
  context.lineWidth = size / 4;
  context.strokeStyle = ground;
  for (const { text, spot, ink } of names) {
    context.strokeText(text, spot.left, spot.top);
    context.fillStyle = ink;
    context.fillText(text, spot.left, spot.top);
  }
}

/**
 * How many digits are in each cell of a confusion matrix: shaded, and as a number; on the diagonal,
 * where no digits are shown, large in the middle.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import('./arrange.js').Cell[]} cells
 * @param {(x: number, y: number) => Spot} place
 * @param {number} edge of a digit
 * @param {{words: (count: number) => string, shade: (share: number) => string, ink: string, muted: string, ground: string, font: string}} look
 */
export function drawCells(context, cells, place, edge, { words, shade, ink, muted, ground, font }) {
  context.lineJoin = 'round';
  for (const cell of cells) {
    const { left, top } = place(cell.x - 0.5, cell.y - 0.5);
    const side = (cell.edge + 1) * edge;
    const text = words(cell.count);
    if (!cell.right) {
      context.fillStyle = shade(cell.share);
      context.fillRect(left, top, side, side);
    }
    const size = Math.max(10, Math.min(cell.right ? 18 : 15, side / (cell.right ? 3.4 : 4)));
    context.font = `600 ${Math.round(size)}px ${font}`;
    context.textAlign = cell.right ? 'center' : 'right';
    context.textBaseline = cell.right ? 'middle' : 'bottom';
    const [x, y] = cell.right ? [left + side / 2, top + side / 2] : [left + side - 3, top + side - 1];
    if (context.measureText(text).width > side) continue;
    context.lineWidth = 4;
    context.strokeStyle = ground;
    context.strokeText(text, x, y);
    context.fillStyle = cell.right ? muted : ink;
    context.fillText(text, x, y);
  }
}

/**
 * Hairlines through the whole plane.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number[], y: number[]}} rules on the plane
 * @param {(x: number, y: number) => Spot} place
 * @param {string} colour
 */
export function drawRules(context, { x, y }, place, colour) {
  const [first, last] = [place(x[0], y[0]), place(x[x.length - 1], y[y.length - 1])];
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const at of x) {
    const column = Math.round(place(at, 0).left) + 0.5;
    context.moveTo(column, first.top);
    context.lineTo(column, last.top);
  }
  for (const at of y) {
    const row = Math.round(place(0, at).top) + 0.5;
    context.moveTo(first.left, row);
    context.lineTo(last.left, row);
  }
  context.stroke();
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
