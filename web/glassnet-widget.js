/**
 * glassnet in notebooks and in MyST: one module of the kind that anywidget describes
 * (https://anywidget.dev), which stands alone and asks for nothing. With a kernel behind it, it draws
 * what that computes: `kind: 'run'` follows a run, `kind: 'answer'` is a network at one example. From
 * plain JSON, `{"figure": "train", "digit": 7}`, it makes the figure that lives in a frame of the
 * site; `site` says where that is, if the module has been copied from there.
 *
 * @module
 */

import { Post } from './embed/post.js';
import { Waiting } from './embed/waiting.js';
import './figures/notebook/glass-answer.js';
import './figures/notebook/glass-run.js';
import { living } from './figures/notebook/living.js';
import { hostTheme, watchHostTheme } from './kit/host-theme.js';

/** @typedef {import('./figures/notebook/told.js').Model} Model */
/** @typedef {() => void} End */

/** What the kernel sends of its own accord. */
const NEWS = ['change:network', 'change:example', 'change:arrays', 'change:progress', 'change:losses', 'change:tested'];

/** By what draws it. @type {Record<string, string>} */
const TAGS = { run: 'glass-run', answer: 'glass-answer' };

/** @param {{model: Model, el: HTMLElement}} output @returns {End} */
function render({ model, el }) {
  try {
    const tag = TAGS[model.get('kind')];
    if (tag) return draw(tag, model, el);
    if (model.get('figure')) return frame(model, el);
    throw new Error('this says neither "figure", as {"figure": "train"}, nor comes from glassnet.notebook');
  } catch (error) {
    return say(el, `This figure could not be shown: ${/** @type {Error} */ (error).message}.`);
  }
}

/** @param {string} tag @param {Model} model @param {HTMLElement} el @returns {End} */
function draw(tag, model, el) {
  /** @type {any} */
  let element = null;
  /** Anew in another theme: its colours are read once. */
  const make = () => {
    const theme = hostTheme();
    if (element && element.getAttribute('theme') === (theme || null)) return;
    element?.remove();
    element = Object.assign(document.createElement(tag), { model });
    if (theme) element.setAttribute('theme', theme);
    el.append(element);
  };
  make();
  let frame = 0;
  const renew = () => void (frame ||= requestAnimationFrame(() => ((frame = 0), element.renew()))); // of several changes at once, one drawing
  for (const name of NEWS) model.on(name, renew);
  const unwatch = watchHostTheme(make);
  return () => {
    unwatch();
    cancelAnimationFrame(frame);
    for (const name of NEWS) model.off(name, renew);
    element.remove();
  };
}

/** @param {Model} model @param {HTMLElement} el @returns {End} */
function frame(model, el) {
  const site = new URL(model.get('site') || __ADDRESS__ || './', import.meta.url).href.replace(/\/?$/, '/');
  if (!/^https?:/.test(site)) throw new Error('"site" has to say at which address glassnet was published');
  const figure = living(model, site);
  const theme = hostTheme();
  if (theme) figure.dataset.theme ??= theme;
  el.append(figure);
  const post = postOf(site);
  post.take(figure);
  return () => {
    post.leave(figure);
    figure.remove();
  };
}

/** The one on this page: all frames of a site share its Python. @param {string} site @returns {Post} */
function postOf(site) {
  const all = /** @type {Record<symbol, Post|undefined>} */ (/** @type {unknown} */ (globalThis));
  const [script, own] = [Symbol.for(`glassnet: ${site}`), Symbol.for(`glassnet: widget, ${site}`)];
  const there = all[script];
  return there && 'take' in there ? there : (all[own] ??= new Post(site, new Waiting(), () => {}));
}

/** @param {HTMLElement} el @param {string} text @returns {End} */
function say(el, text) {
  const words = Object.assign(document.createElement('p'), { textContent: text });
  words.setAttribute('role', 'alert');
  el.append(words);
  return () => words.remove();
}

export default { render };
