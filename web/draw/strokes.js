/**
 * Strokes of a round pen on paper.
 *
 * @module
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}[][]} strokes in units of the paper; a point is the middle of its unit
 * @param {object} size
 * @param {number} size.width of the canvas, in pixels; it is square
 * @param {number} size.side of the paper, in units
 * @param {number} size.radius of the pen, in units
 * @param {{paper: string, ink: string}} colours
 */
export function drawStrokes(context, strokes, { width, side, radius }, { paper, ink }) {
  const unit = width / side;
  context.fillStyle = paper;
  context.fillRect(0, 0, width, width);
  context.strokeStyle = ink;
  context.lineWidth = 2 * radius * unit;
  context.lineCap = context.lineJoin = 'round';
  for (const stroke of strokes) {
    const points = stroke.map(({ x, y }) => ({ x: (x + 0.5) * unit, y: (y + 0.5) * unit }));
    context.beginPath();
    context.moveTo(points[0].x, points[0].y);
    // As a cubic B-spline: straight lines between whole units would make the edge bumpy.
    for (let i = 1; i < points.length; i++) {
      const [from, at, next] = [points[i - 1], points[i], points[Math.min(i + 1, points.length - 1)]];
      const mix = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ c) =>
        /** @type {[number, number]} */ ([a * from.x + b * at.x + c * next.x, a * from.y + b * at.y + c * next.y]);
      context.bezierCurveTo(...mix(2 / 3, 1 / 3, 0), ...mix(1 / 3, 2 / 3, 0), ...mix(1 / 6, 4 / 6, 1 / 6));
    }
    const end = points[points.length - 1];
    context.lineTo(end.x, end.y); // of a dot, too
    context.stroke();
  }
}

/**
 * Where the pen of a keyboard is: a ring, filled while it is down.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}} at in units
 * @param {{width: number, side: number, radius: number, scale: number}} size
 * @param {{colour: string, down: boolean}} look
 */
export function drawPen(context, at, { width, side, radius, scale }, { colour, down }) {
  const unit = width / side;
  context.beginPath();
  context.arc((at.x + 0.5) * unit, (at.y + 0.5) * unit, radius * unit, 0, 2 * Math.PI);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2 * scale;
  context.stroke();
  if (down) context.fill();
}
