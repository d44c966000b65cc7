/**
 * Edges: the connections through which most of a decision flows, from left to right. The width
 * tells |weight x activation|, the colour its sign. Never all of them: those that are not drawn are
 * smaller than those that are. So as not to hide the pictures they come from, they first run along
 * a lane between two rows of them, then fan out.
 *
 * @module
 */

/**
 * @typedef {object} Edge
 * @property {number} from index of the sending unit
 * @property {number} to index of the receiving unit
 * @property {number} push weight x activation: what the sender adds to the receiver's sum
 *
 * @typedef {{x: number, y: number}} Point
 */

/**
 * The strongest connections between two layers. They are selected, not sorted: few are wanted, of
 * many, and nearly all are weaker than those found before.
 *
 * @param {Float32Array} weights (receivers, senders)
 * @param {Float32Array} activations one a sender
 * @param {number} count how many are wanted
 * @param {{first?: number, last?: number, to?: number}} [which] only edges of these senders are, and into that receiver
 * @returns {Edge[]} strongest first
 */
export function strongestEdges(weights, activations, count, { first = 0, last = activations.length - 1, to } = {}) {
  const width = activations.length;
  const sizes = new Float64Array(count); // of the strongest so far, strongest first
  const places = new Int32Array(count);
  let found = 0;
  const [begin, end] = to === undefined ? [0, weights.length] : [to * width, (to + 1) * width];
  for (let row = begin; row < end; row += width) {
    for (let from = first; from <= last; from++) {
      const size = Math.abs(weights[row + from] * activations[from]);
      if (found === count ? !(size > sizes[count - 1]) : Number.isNaN(size)) continue;
      let at = found < count ? found++ : count - 1;
      for (; at > 0 && sizes[at - 1] < size; at--) {
        sizes[at] = sizes[at - 1];
        places[at] = places[at - 1];
      }
      sizes[at] = size;
      places[at] = row + from;
    }
  }
  return Array.from(places.subarray(0, found), (place) => {
    const from = place % width;
    return { from, to: Math.floor(place / width), push: weights[place] * activations[from] };
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Edge[]} edges
 * @param {object} ends in pixels of the canvas
 * @param {(unit: number) => Point} ends.from where a sender's edges begin, on its lane
 * @param {number} ends.exit x at which lanes end and edges fan out
 * @param {(unit: number) => Point} ends.to
 * @param {object} size
 * @param {number} size.full the push that is drawn at full width, > 0
 * @param {number} size.thickest width of that edge, in pixels
 * @param {number} size.lane width of every edge while it is in its lane
 * @param {{positive: string, negative: string}} colours
 */
export function drawEdges(context, edges, { from, exit, to }, { full, thickest, lane }, colours) {
  context.lineCap = 'round';
  for (const edge of [...edges].reverse()) {
    const start = from(edge.from);
    const end = to(edge.to);
    const bend = (end.x - exit) / 2;
    context.strokeStyle = edge.push < 0 ? colours.negative : colours.positive;
    context.lineWidth = lane;
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.lineTo(exit, start.y);
    context.stroke();
    context.lineWidth = Math.max(lane / 2, thickest * Math.min(1, Math.abs(edge.push) / full));
    context.beginPath();
    context.moveTo(exit, start.y);
    context.bezierCurveTo(exit + bend, start.y, end.x - bend, end.y, end.x, end.y);
    context.stroke();
  }
}
