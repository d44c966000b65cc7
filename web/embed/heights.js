/**
 * Tells the page around a frame how high its content is, in the five ways that pages listen to:
 * ours, Embedly's, AMP's, WordPress's, and a bare height.
 *
 * @module
 */

/**
 * @param {Window} page around the frame
 * @param {number} height CSS pixels, whole
 * @param {Location} here the frame's
 */
export function tellHeight(page, height, here) {
  /** @type {unknown[]} */
  const told = [
    { glassnet: 1, tell: 'height', height },
    JSON.stringify({ src: here.href, context: 'iframe.resize', height }),
    { sentinel: 'amp', type: 'embed-size', height },
    { height },
  ];
  const secret = /(?:^|&)\?secret=(\w{1,40})/.exec(here.hash.slice(1))?.[1];
  if (secret) told.push({ message: 'height', value: height, secret }); // WordPress, which gave us that
  for (const message of told) page.postMessage(message, '*'); // it says nothing that is not seen
}

/**
 * Follows an element's height. A height that a page answers with another one, again and again, is
 * told no more: two that want each other to grow would grow for ever.
 *
 * @param {Element} element
 * @param {(height: number) => void} tell
 * @returns {() => void} ends it
 */
export function followHeight(element, tell) {
  const ROUNDS = 8;
  const REST_MS = 1000;
  let [last, rises, at] = [0, 0, 0];
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    if (!height || height === last) return;
    const now = performance.now();
    rises = height > last && now - at < REST_MS ? rises + 1 : 0;
    at = now;
    if (rises > ROUNDS) return;
    last = height;
    tell(height);
  });
  observer.observe(element);
  return () => observer.disconnect();
}
