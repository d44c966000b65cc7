/**
 * Until when figures and elements wait: until they are near the screen, until they are touched, or not
 * at all (`loading`). Meanwhile a picture stands there: the author's, or the one that the build made.
 *
 * @module
 */

/**
 * @typedef {'lazy'|'eager'|'touch'} Loading
 * @typedef {{come: Promise<void>, wake: () => void}} Wait
 */

/** How near the screen what is `lazy` begins, CSS pixels. */
const NEAR = '400px';
/** KB that a figure fetches before it is touched (tests/web/test_brief.py holds it to that). @type {Record<string, number>} */
const LIGHT = { home: 150, race: 150, train: 150, network: 290 };
/** `data-reveal`, by which `loading` was called before. @type {Record<string, Loading>} */
const BEFORE = { interaction: 'touch', auto: 'lazy' };
/** What an author may put in an element that is there before it lives, and stays. */
const SLOTTED = '[slot]';

/**
 * @param {HTMLElement} element a figure or one of our elements
 * @param {boolean} heavy whether it is much to fetch, so that a reader is asked first
 * @returns {Loading}
 */
export function loadingOf(element, heavy) {
  const said = element.dataset.loading ?? element.getAttribute('loading') ?? BEFORE[element.dataset.reveal ?? ''];
  if (said === 'lazy' || said === 'eager' || said === 'touch') return said;
  const sparing = /** @type {any} */ (navigator).connection?.saveData || matchMedia('(prefers-reduced-data: reduce)').matches;
  return heavy || sparing ? 'touch' : 'lazy';
}

/** Whether it holds nothing that could be seen before it lives. @param {HTMLElement} element */
export function isEmpty(element) {
  return [...element.childNodes].every((node) => (node instanceof Element ? node.matches(`${SLOTTED}, figcaption`) : node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()));
}

export class Waiting {
  /** @type {WeakMap<Element, Wait & {near: () => void}>} */
  #waits = new WeakMap();
  #near = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => isIntersecting && this.#waits.get(target)?.near()), { rootMargin: NEAR });

  /**
   * @param {HTMLElement} element
   * @param {string} kind of figure
   * @param {Loading} loading
   * @returns {Promise<void>} settled when it is to come to life
   */
  until(element, kind, loading) {
    const known = this.#waits.get(element);
    if (known) return known.come;
    let wake = () => {};
    const come = /** @type {Promise<void>} */ (new Promise((resolve) => (wake = resolve))).then(() => this.#near.unobserve(element));
    const near = () => (this.#near.unobserve(element), loading === 'touch' ? void come.finally(offer(element, kind, wake)) : wake());
    this.#waits.set(element, { come, wake, near });
    if (loading === 'eager') wake();
    else this.#near.observe(element);
    return come;
  }

  /** Lets it come at once, wherever it is. @param {Element} element */
  wake(element) {
    this.#waits.get(element)?.wake();
  }

  /** It is gone, and waits anew where it is put in again. @param {Element} element */
  leave(element) {
    this.#near.unobserve(element);
    this.#waits.delete(element);
  }
}

/** Asks the reader, who may not want so much. @param {HTMLElement} element @param {string} kind @param {() => void} wake @returns {() => void} takes the question back */
function offer(element, kind, wake) {
  const cost = kind === 'browse' ? `${Math.ceil(__DIGITS__ / 1e6)} MB` : `about ${LIGHT[kind]} KB`;
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: `Show the living figure (${cost})` });
  button.addEventListener('click', wake);
  element.append(button);
  return () => button.remove();
}
