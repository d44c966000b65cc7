/**
 * A histogram: how many values lie in each bin, and a mark where one of them is.
 *
 * @module
 */

/**
 * Bars as high as the root of their counts, so that few are seen beside many; one that is not empty
 * is at least a pixel high.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} counts one a bin, of equal widths
 * @param {{width: number, height: number, scale: number}} size in pixels of the canvas
 * @param {{at: number, width: number}} mark 0..1 of the width, and how thick it is
 * @param {{bar: string, line: string, mark: string}} colours
 */
export function drawHistogram(context, counts, { width, height, scale }, mark, colours) {
  context.clearRect(0, 0, width, height);
  const most = Math.max(1, ...Array.from(counts));
  const base = height - Math.ceil(scale);
  context.fillStyle = colours.bar;
  for (let bin = 0; bin < counts.length; bin++) {
    const [left, right] = [bin, bin + 1].map((edge) => Math.round((edge * width) / counts.length));
    const high = counts[bin] ? Math.max(scale, Math.sqrt(counts[bin] / most) * (base - 2 * scale)) : 0;
    context.fillRect(left, base - high, Math.max(1, right - left - scale), high);
  }
  context.fillStyle = colours.line;
  context.fillRect(0, base, width, height - base);
  context.fillStyle = colours.mark;
  context.fillRect(mark.at * (width - mark.width), 0, mark.width, height);
}
