/**
 * A figure as one picture: its canvases as they lie on the page.
 *
 * @module
 */

/** Pixels of the page around them. */
const MARGIN = 12;

/** @param {ParentNode} root @returns {HTMLCanvasElement[]} those in it, in its shadow roots too */
function canvasesIn(root) {
  return [...root.querySelectorAll('*')].flatMap((element) => {
    if (element instanceof HTMLCanvasElement) return [element];
    return element.shadowRoot ? canvasesIn(element.shadowRoot) : [];
  });
}

/**
 * @param {Element} figure
 * @param {string} ground colour of the page
 * @param {number} [scale] pixels in a CSS pixel; without it as sharp as the screen
 * @returns {Promise<Blob|null>} a PNG; null if there is nothing to see
 */
export function snapshot(figure, ground, scale = devicePixelRatio || 1) {
  const seen = [...canvasesIn(figure), ...(figure.shadowRoot ? canvasesIn(figure.shadowRoot) : [])].filter(({ width, height, offsetParent }) => width && height && offsetParent);
  if (!seen.length) return Promise.resolve(null);
  const boxes = seen.map((canvas) => canvas.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))].map((edge) => edge - MARGIN);
  const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))].map((edge) => edge + MARGIN);
  const whole = Object.assign(document.createElement('canvas'), { width: Math.round((right - left) * scale), height: Math.round((bottom - top) * scale) });
  const context = whole.getContext('2d');
  if (!context) return Promise.resolve(null);
  context.fillStyle = ground;
  context.fillRect(0, 0, whole.width, whole.height);
  context.imageSmoothingEnabled = false;
  seen.forEach((canvas, k) => {
    const box = boxes[k];
    context.drawImage(canvas, Math.round((box.left - left) * scale), Math.round((box.top - top) * scale), Math.round(box.width * scale), Math.round(box.height * scale));
  });
  return new Promise((resolve) => whole.toBlob(resolve, 'image/png'));
}
