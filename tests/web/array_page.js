/** A page with `glass-array` and `glass-formula` and nothing else; tests put them there. */

import '../../web/figures/network/glass-array.js';
import '../../web/figures/network/glass-formula.js';

const EVENTS = ['pick', 'point', 'axis'];

/** What was fired, oldest first. @type {[string, unknown][]} */
window.fired = [];

/** @param {string} tag @param {Record<string, any>} properties arrays of numbers stay such, but for `values`, `other`, `lit` */
window.mount = async (tag, properties) => {
  const element = document.createElement(tag);
  for (const kind of EVENTS) element.addEventListener(kind, (event) => window.fired.push([kind, event.detail]));
  window.give(properties, element);
  document.querySelector('main').append(element);
  await element.updateComplete;
};

/** @param {Record<string, any>} properties @param {Element} [element] */
window.give = (properties, element = document.querySelector('main').lastElementChild) => {
  for (const [name, value] of Object.entries(properties)) {
    const typed = name === 'values' || name === 'other' ? Float32Array : name === 'lit' && Array.isArray(value) ? Int32Array : null;
    element[name] = typed && value ? typed.from(value, (one) => one ?? NaN) : value;
  }
};
