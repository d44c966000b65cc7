/**
 * One digit: large, with the value under the pointer; where it comes from; what the shipped network
 * makes of it; which digits are most like it; and ways to take it along.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import { placeOf } from '../../data/examples.js';
import { answer } from '../../data/network.js';
import { plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { Follow } from '../follow.js';
import { controls, shared } from '../styles.js';
import { Surface } from '../surface.js';
import { count, percent } from '../words.js';
import { look } from './example-look.js';
import './glass-thumb.js';
import { asNumpy, asPNG } from './take-along.js';

/** @typedef {import('./browser.js').Browser} Browser */

const NEIGHBOURS = 12;
/** Bytes before the pixels and the labels of an IDX file. */
const [IMAGES_HEAD, LABELS_HEAD] = [16, 8];
const FILES = /** @type {Record<string, string>} */ ({ test: 't10k', train: 'train' });

export class GlassExample extends LitElement {
  static properties = {
    browser: { attribute: false },
    pixels: { state: true },
    outputs: { state: true },
    near: { state: true },
    pointed: { state: true },
    told: { state: true },
  };

  static styles = [shared, controls, look];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('.large canvas'),
    (context, size, palette) => {
      if (!this.pixels) return;
      drawDigit(context, this.pixels, { ...size, rows: 28, columns: 28, full: 255 }, plainRamp(palette.pixelZero, palette.pixelOne));
      if (!this.pointed) return;
      const pixel = size.width / 28;
      context.strokeStyle = 'currentColor';
      context.lineWidth = 2 * size.scale;
      context.strokeStyle = `rgb(${palette.positive.join(' ')})`;
      context.strokeRect(this.pointed.column * pixel, this.pointed.row * pixel, pixel, pixel);
    },
  );
  #shown = -1;

  constructor() {
    super();
    /** @type {Browser|null} */
    this.browser = null;
    /** @type {Uint8Array|null} */
    this.pixels = null;
    /** @type {Float32Array|null} of the shipped network */
    this.outputs = null;
    /** @type {{ids: Uint32Array, distances: Float32Array}|null} */
    this.near = null;
    /** @type {{row: number, column: number}|null} the pixel whose value is read */
    this.pointed = null;
    this.told = '';
    this.follow = new Follow(this, () => {
      if (!this.browser) return;
      const { chosen, about, columns, facts, settled, layers } = this.browser;
      for (const one of [chosen, about, columns, facts, settled, layers]) one.value;
    });
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('browser')) this.follow.again();
    const { browser } = this;
    const id = browser?.chosen.value ?? -1;
    if (!browser || !browser.has(id)) this.pixels = this.outputs = this.near = null;
    else if (id !== this.#shown || !this.pixels) void this.#fetch(browser, id);
    this.#shown = browser?.has(id) ? id : -1;
    const layers = browser?.layers.value;
    this.outputs = layers && this.pixels && browser?.facts.value ? answer(layers, this.pixels) : null;
  }

  updated() {
    this.#surface.invalidate();
  }

  /** @param {Browser} browser @param {number} id */
  async #fetch(browser, id) {
    this.pointed = null;
    this.told = '';
    const pixels = await browser.wall.ask({ type: 'pixels', id });
    if (id !== this.#shown) return;
    this.pixels = pixels;
    this.near = null;
    const near = await browser.wall.ask({ type: 'near', id, count: NEIGHBOURS });
    if (id === this.#shown) this.near = near;
  }

  render() {
    const { browser } = this;
    const [about, columns, id] = [browser?.about.value, browser?.columns.value, browser?.chosen.value ?? -1];
    if (!browser || !about || !columns || id < 0) return html`<h2>No digit chosen</h2><p>Choose one on the wall.</p>`;
    const { split, index } = placeOf(about, id);
    const name = `${split === 'test' ? 'Test' : 'Training'} digit ${count(index)}`;
    if (!browser.has(id)) return html`<h2>${name}</h2><p>It is on its way.</p>`;
    const label = about.classes[columns.label[id]];
    return html`
      <h2>${name}, labelled ${label}</h2>
      <div class="large">
        <canvas
          role="img"
          tabindex="0"
          aria-label=${`${name}, a ${label}, 28 by 28 pixels. Arrow keys read the values.`}
          @pointermove=${this.#onPoint}
          @pointerdown=${this.#onPoint}
          @pointerleave=${() => void (this.pointed = null)}
          @keydown=${this.#onKey}
        ></canvas>
      </div>
      <p class="read small" role="status">${this.#read()}</p>
      <div class="row">
        <button @click=${() => this.#take('png')}>Copy PNG</button>
        <button @click=${() => this.#take('numpy')}>Copy numpy code</button>
        <button @click=${() => this.#take('link')}>Copy link</button>
        ${about.name === 'mnist' ? html`<a href=${`train.html?digit=${index}${split === 'train' ? '&split=train' : ''}`}>Look inside</a>` : nothing}
      </div>
      <p class="small" role="status">${this.told}</p>
      ${this.#network(browser, id)}
      <h3>Most like it</h3>
      ${this.near
        ? html`<div class="near">
            ${Array.from(this.near.ids, (other, k) => html`<glass-thumb .browser=${browser} .digit=${other} .note=${this.near?.distances[k].toFixed(1) ?? ''}></glass-thumb>`)}
          </div>
          <p class="small muted">The number is the distance: the root of the summed squares of the pixels’ differences, ink from 0 to 1.</p>`
        : html`<p class="small muted">${browser.complete.value ? 'Comparing with all others.' : 'The others are still arriving.'}</p>`}
      <h3>Where it comes from</h3>
      <p class="small">
        ${about.title}${about.source ? `; ${about.source}` : ''}.
        ${about.name === 'mnist' && !about.sample
          ? html`Pixels: bytes ${count(IMAGES_HEAD + index * 784)} to ${count(IMAGES_HEAD + index * 784 + 783)} of <code>${FILES[split]}-images-idx3-ubyte</code>; label: byte
              ${count(LABELS_HEAD + index)} of <code>${FILES[split]}-labels-idx1-ubyte</code>.`
          : nothing}
        ${columns.ink ? html`Ink ${columns.ink[id].toFixed(3)}, likeness to its class’s mean ${columns.similarity?.[id].toFixed(3)}.` : nothing}
      </p>
    `;
  }

  /** @param {Browser} browser @param {number} id */
  #network(browser, id) {
    const [about, columns, outputs, facts] = [browser.about.value, browser.columns.value, this.outputs, browser.facts.value];
    if (!about || !columns || !facts) return html`<h3>What the network reads</h3><p class="small">The shipped network has not read this set: it learned MNIST’s digits.</p>`;
    if (!outputs) return nothing;
    const most = outputs.indexOf(Math.max(...outputs));
    const label = columns.label[id];
    return html`
      <h3>What the shipped network reads: ${about.classes[most]}${most === label ? '' : html` <span class="muted">✗ labelled ${about.classes[label]}</span>`}</h3>
      <table>
        <tbody>
          ${Array.from(outputs, (value, k) => html`<tr class=${k === most ? 'most' : ''}>
            <th scope="row">${about.classes[k]}</th>
            <td><meter min="0" max="1" value=${value} aria-label=${`Output ${about.classes[k]}`}></meter></td>
            <td>${value.toFixed(3)}</td>
          </tr>`)}
        </tbody>
      </table>
      <p class="small muted">
        Ten sigmoid outputs; they need not add up to 1. Loss ${columns.loss?.[id].toFixed(4)}. The network has 36 hidden units, learned for ${facts.epochs} epochs when this site was built, and
        reads ${percent(facts.accuracy, 1)} of the test digits right.
      </p>
      ${this.#confusions(browser, label, most)}
    `;
  }

  /** What digits with this label are most often taken for. @param {Browser} browser @param {number} label @param {number} most */
  #confusions(browser, label, most) {
    const [about, { prediction, label: labels }] = [browser.about.value, /** @type {import('../../data/words.js').Columns} */ (browser.columns.value)];
    if (!about || !prediction || !browser.complete.value) return nothing;
    const counts = new Uint32Array(about.classes.length);
    for (let id = 0; id < labels.length; id++) if (labels[id] === label && prediction[id] !== label) counts[prediction[id]] += 1;
    const order = Array.from(counts, (_, k) => k).sort((a, b) => counts[b] - counts[a]);
    const shown = order.filter((k, place) => counts[k] > 0 && (place < 3 || k === most));
    if (!shown.length) return nothing;
    return html`<p class="small row">
      A ${about.classes[label]} is most often misread as
      ${shown.map((k) => html`<button @click=${() => browser.set('find', `label:${about.classes[label]} pred:${about.classes[k]}`)}>${about.classes[k]} (${count(counts[k])})</button>`)}
    </p>`;
  }

  #read() {
    const { pointed, pixels } = this;
    if (!pointed || !pixels) return 'Point at a pixel to read its value.';
    return `Row ${pointed.row}, column ${pointed.column}: ${pixels[pointed.row * 28 + pointed.column]}`;
  }

  /** @param {PointerEvent} event */
  #onPoint(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const clamp = (/** @type {number} */ share) => Math.min(27, Math.max(0, Math.floor(share * 28)));
    this.pointed = { row: clamp((event.clientY - box.top) / box.height), column: clamp((event.clientX - box.left) / box.width) };
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const move = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] })[event.key];
    if (!move) return;
    event.preventDefault();
    const { row, column } = this.pointed ?? { row: 13, column: 13 };
    this.pointed = { row: Math.min(27, Math.max(0, row + move[0])), column: Math.min(27, Math.max(0, column + move[1])) };
  }

  /** @param {'png'|'numpy'|'link'} what */
  async #take(what) {
    const { browser, pixels } = this;
    const id = browser?.chosen.value ?? -1;
    if (!browser?.about.value || !browser.columns.value || !pixels) return;
    const { split, index } = placeOf(browser.about.value, id);
    try {
      if (what === 'png') await navigator.clipboard.write([new ClipboardItem({ 'image/png': asPNG(pixels) })]);
      else await navigator.clipboard.writeText(what === 'link' ? this.#link(`${split}-${index}`) : asNumpy(pixels, `${split} digit ${index}, label ${browser.columns.value.label[id]}`));
      this.told = 'Copied.';
    } catch (error) {
      this.told = `This browser did not allow copying (${/** @type {Error} */ (error).message}).`;
    }
  }

  /** @param {string} digit */
  #link(digit) {
    const url = new URL(location.href);
    url.search = new URLSearchParams({ digit, panel: 'digit' }).toString();
    return url.href;
  }
}

customElements.define('glass-example', GlassExample);
