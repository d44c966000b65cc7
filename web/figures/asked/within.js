/**
 * What is within a figure, through all its shadow roots.
 *
 * @module
 */

/** @param {Element} root @param {string} selector @returns {HTMLElement[]} those in it, in its shadow roots, too */
export function all(root, selector) {
  const here = [...(root.shadowRoot?.querySelectorAll('*') ?? []), ...root.querySelectorAll('*')];
  return /** @type {HTMLElement[]} */ (here.flatMap((one) => [...(one.matches(selector) ? [one] : []), ...(one.shadowRoot ? all(one, selector) : [])]));
}

/** @param {Element} element */
export function seen(element) {
  return element.getClientRects().length > 0;
}

/** @param {Element} element */
export function words(element) {
  return (element.textContent ?? '').replace(/\s+/g, ' ');
}
