/**
 * A page with nothing but one of the panels around a network, for tests: they give it its properties
 * as JSON, and read the events that it fires.
 */

import '../../web/figures/network/glass-disturb.js';
import '../../web/figures/network/glass-spectrum.js';
import '../../web/figures/network/glass-surgery.js';
import '../../web/figures/network/glass-why.js';

const KINDS = { Float32Array, Float64Array, Uint8Array, Uint32Array };

/** Typed arrays, which JSON has not: `{"Float32Array": [...]}`. */
const typed = (_, value) => {
  const [kind] = Object.keys(value ?? {});
  return kind in KINDS ? KINDS[kind].from(value[kind]) : value;
};

/** The events fired, with typed arrays as lists. */
window.fired = [];

/** Puts a panel on the page, alone. */
window.mount = async (tag, properties, images) => {
  const panel = document.createElement(tag);
  const area = 28 * 28;
  const read = images && Uint8Array.from(atob(images), (letter) => letter.charCodeAt(0));
  if (read) panel.picture = (index) => read.subarray(index * area, (index + 1) * area);
  for (const name of ['pixels', 'flip', 'restore', 'edits', 'pick']) {
    panel.addEventListener(name, ({ detail }) => window.fired.push([name, JSON.parse(JSON.stringify(detail, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)))]));
  }
  window.fired = [];
  document.querySelector('main').replaceChildren(panel);
  await window.give(properties);
};

/** Gives it other properties. */
window.give = async (properties) => {
  const panel = document.querySelector('main').firstElementChild;
  Object.assign(panel, JSON.parse(properties, typed));
  await panel.updateComplete;
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
};
