/**
 * Why one class and not another: where a network is one linear map for this digit, a picture for
 * each class whose product with the digit, and a constant, is the logit, to the last decimal.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import './glass-picture.js';
import './glass-switches.js';
import { indexOfLargest } from '../../draw/bars.js';
import { percentile99, roundUp } from '../../draw/range.js';
import { controls, shared } from '../../kit/styles.js';
import { short, signed } from '../../models/words.js';
import { panel } from './panel-look.js';
import { look } from './why-look.js';

/**
 * @typedef {import('./glass-switches.js').On} On
 *
 * @typedef {object} LinearMap what the worker answers to `subject_map`
 * @property {boolean} exact
 * @property {string} why it is not: `sigmoid in layers.0`
 * @property {{shape: number[], data: Float32Array}} templates (classes, ...shape of the digit)
 * @property {Float64Array} products of each template with the digit
 * @property {Float64Array} constants
 * @property {Float64Array} logits
 * @property {On} on of each layer: which of its units are on, or which input a pool has chosen
 *
 * @typedef {object} Part of it: one class's, or the difference of two
 * @property {Float32Array} template (rows * columns,)
 * @property {number} product with the digit
 * @property {number} constant
 * @property {number} logit
 */

/** Decimals of a logit. */
const DECIMALS = 5;
/** What is left of an equality by rounding, for a logit of 1. */
const ROUNDING = 1e-5;

export class GlassWhy extends LitElement {
  static properties = {
    map: { attribute: false },
    other: { attribute: false },
    outputs: { attribute: false },
    pixels: { attribute: false },
    classes: { attribute: false },
    label: { type: Number },
    rows: { type: Number },
    columns: { type: Number },
    chosen: { state: true },
  };

  static styles = [shared, controls, panel, look];

  constructor() {
    super();
    /** @type {LinearMap|null} */
    this.map = null;
    /** The same of a second digit, to compare with. @type {{on: On}|null} */
    this.other = null;
    /** @type {Float32Array|null} */
    this.outputs = null;
    /** @type {Uint8Array|null} the digit, 0..255 */
    this.pixels = null;
    /** @type {string[]} */
    this.classes = [];
    /** The true class; -1: not known. */
    this.label = -1;
    this.rows = 28;
    this.columns = 28;
    /** The two classes that the visitor has chosen; -1: as the digit has it. */
    this.chosen = [-1, -1];
  }

  /** @returns {[number, number]} the class that wins, or was chosen, and the one that it is compared with */
  get pair() {
    const values = Array.from(this.outputs ?? this.map?.logits ?? []);
    const [first, wanted] = this.chosen;
    const one = first >= 0 ? first : indexOfLargest(values);
    const second = indexOfLargest(values.map((value, i) => (i === one ? -Infinity : value)));
    const rival = this.label >= 0 && this.label < values.length && this.label !== one ? this.label : second;
    return [one, wanted >= 0 && wanted !== one ? wanted : rival];
  }

  render() {
    const { map } = this;
    if (!map) return html`<p class="muted">The templates of this digit come with Python.</p>`;
    const [one, two] = this.pair;
    const parts = [this.#part(map, one), this.#part(map, two), this.#less(map, one, two)];
    const range = roundUp(Math.max(percentile99(map.templates.data), percentile99(parts[2].template))) || 1;
    return html`
      <h3>
        Why ${this.#choice(0, one, 'Class')} and not ${this.#choice(1, two, 'Class that it is compared with')}
        ${this.chosen.some((k) => k >= 0) ? html`<button class="quiet" @click=${() => (this.chosen = [-1, -1])}>As it is read</button>` : nothing}
      </h3>
      ${this.#sentence(map, parts[2], one, two)}
      <div class="cards">
        ${[this.#name(one), this.#name(two), `${this.#name(one)} less ${this.#name(two)}`].map((name, k) => this.#card(map, parts[k], name, range, k === 2))}
      </div>
      <p class="small muted">All pictures: −${short(range)}<i class="ramp"></i>+${short(range)}, linear. Blue pixels speak for the class, orange ones against it.</p>
      ${this.#all(map, range, one, two)}
      ${this.other ? html`<glass-switches .on=${map.on} .other=${this.other.on}></glass-switches>` : nothing}
    `;
  }

  /** @param {number} k */
  #name(k) {
    return this.classes[k] ?? String(k);
  }

  /** @param {LinearMap} map @param {number} k @returns {Part} */
  #part({ templates, products, constants, logits }, k) {
    const each = templates.data.length / templates.shape[0];
    const template = templates.data.subarray(k * each, k * each + this.#area(templates.shape));
    return { template, product: products[k], constant: constants[k], logit: logits[k] };
  }

  /** @param {LinearMap} map @param {number} one @param {number} two @returns {Part} */
  #less(map, one, two) {
    const [a, b] = [this.#part(map, one), this.#part(map, two)];
    return {
      template: a.template.map((value, i) => value - b.template[i]),
      product: a.product - b.product,
      constant: a.constant - b.constant,
      logit: a.logit - b.logit,
    };
  }

  /** Pixels of one picture. @param {number[]} shape of all templates */
  #area(shape) {
    return shape.length > 2 ? shape[shape.length - 2] * shape[shape.length - 1] : this.rows * this.columns;
  }

  /** @param {Float32Array} template @returns {Float32Array} times the digit, pixel by pixel */
  #times(template) {
    return template.map((value, i) => (value * (this.pixels?.[i] ?? 0)) / 255);
  }

  /** @param {number} which @param {number} at @param {string} words */
  #choice(which, at, words) {
    const choose = (/** @type {Event} */ event) => {
      const pair = this.pair;
      pair[which] = Number(/** @type {HTMLSelectElement} */ (event.target).value);
      this.chosen = pair[0] === pair[1] ? [...this.pair].reverse() : pair; // one against itself says nothing: they change places
    };
    return html`<select aria-label=${words} .value=${String(at)} @change=${choose}>
      ${this.classes.map((name, k) => html`<option value=${k} ?selected=${k === at}>${name}</option>`)}
    </select>`;
  }

  /** @param {LinearMap} map @param {Part} less @param {number} one @param {number} two */
  #sentence({ exact, why }, less, one, two) {
    const [a, b] = [this.#name(one), this.#name(two)];
    const times = this.#times(less.template);
    const sum = (/** @type {number} */ sign) => times.reduce((all, value) => all + Math.max(0, sign * value), 0);
    const most = times.indexOf(times.reduce((max, value) => Math.max(max, value), 0));
    const place = this.pixels && times[most] > 0 ? `, most of all that at row ${Math.floor(most / this.columns) + 1}, column ${(most % this.columns) + 1}` : '';
    const pixels = this.pixels ? ` Ink that speaks for ${a} adds up to ${sum(1).toFixed(2)}${place}; ink that speaks for ${b} to ${sum(-1).toFixed(2)}.` : '';
    const ahead = less.logit < 0 ? `${b}’s logit is ${signed(-less.logit)} above ${a}’s.` : `${a}’s logit is ${signed(less.logit)} above ${b}’s.`;
    if (exact) return html`<p>${ahead}${pixels}</p>`;
    return html`<p>${ahead}${pixels}</p>
      <p class="inexact"><strong>Not exact here</strong>, because of ${why.replace(/\.$/, '')}: there is no template, and the pictures are the <em>gradient</em> of each logit, how much it rises with ink at each pixel, for changes so small that nothing bends.</p>`;
  }

  /** @param {LinearMap} map @param {Part} part @param {string} name @param {number} range @param {boolean} less whether it is a difference */
  #card({ exact, templates }, { template, product, constant, logit }, name, range, less) {
    const shape = this.#shape(templates.shape);
    const noun = exact ? 'template' : 'gradient';
    return html`<section aria-label=${less ? `${name}: the difference` : `Class ${name}`}>
      <h4>${name}</h4>
      <div class="twins">
        <figure>
          <glass-picture .values=${template} .shape=${shape} .range=${range} .words=${`${name}: ${noun}`}></glass-picture>
          <figcaption>${less ? `${noun}s’ difference` : noun}</figcaption>
        </figure>
        <figure>
          <glass-picture .values=${this.#times(template)} .shape=${shape} .range=${range} .words=${`${name}: ${noun} times the digit, pixel by pixel`}></glass-picture>
          <figcaption>× digit</figcaption>
        </figure>
      </div>
      ${exact ? equality(product, constant, logit, less) : slope(product, logit, less)}
    </section>`;
  }

  /** @param {number[]} shape of all templates */
  #shape(shape) {
    return shape.length > 2 ? { rows: shape[shape.length - 2], columns: shape[shape.length - 1] } : { rows: this.rows, columns: this.columns };
  }

  /** @param {LinearMap} map @param {number} range @param {number} one @param {number} two */
  #all(map, range, one, two) {
    const choose = (/** @type {number} */ k) => k !== one && (this.chosen = [one, k]);
    return html`<details>
      <summary>All ${map.logits.length} ${map.exact ? 'templates' : 'gradients'}</summary>
      <p class="small muted" id="choose">Choose one to compare ${this.#name(one)} with it.</p>
      <div class="tiles" role="group" aria-describedby="choose">
        ${Array.from(map.logits, (logit, k) => {
          const words = `${this.#name(k)}, logit ${signed(logit)}`;
          return html`<button aria-pressed=${String(k === one || k === two)} aria-label=${words} title=${words} @click=${() => choose(k)}>
            <glass-picture .values=${this.#part(map, k).template} .shape=${this.#shape(map.templates.shape)} .range=${range}></glass-picture>
            <span>${this.#name(k)} <span class="muted number">${signed(logit)}</span></span>
          </button>`;
        })}
      </div>
    </details>`;
  }
}

/**
 * The equality as it is computed, and how far it is from holding.
 *
 * @param {number} product
 * @param {number} constant
 * @param {number} logit
 * @param {boolean} less of two classes' differences
 */
function equality(product, constant, logit, less) {
  const off = Math.abs(product + constant - logit);
  const holds = off <= ROUNDING * Math.max(1, Math.abs(logit));
  return html`<dl class="number">
      <dt>${less ? 'difference' : 'template'} · digit</dt><dd>${signed(product, DECIMALS)}</dd>
      <dt>${constant < 0 ? '−' : '+'} ${less ? 'constants’ difference' : 'constant'}</dt><dd>${signed(Math.abs(constant), DECIMALS)}</dd>
      <dt class="sum">= ${less ? 'logits’ difference' : 'logit'}</dt><dd class="sum">${signed(logit, DECIMALS)}</dd>
    </dl>
    <p class="small ${holds ? 'muted' : ''}">${holds ? 'Holds to the last decimal' : html`<strong>Does not hold</strong>`}: off by ${tiny(off)}.</p>`;
}

/** @param {number} product @param {number} logit @param {boolean} less */
function slope(product, logit, less) {
  return html`<dl class="number">
      <dt>gradient · digit</dt><dd>${signed(product, DECIMALS)}</dd>
      <dt>${less ? 'logits’ difference' : 'logit'}</dt><dd>${signed(logit, DECIMALS)}</dd>
    </dl>
    <p class="small muted">They differ by ${signed(Math.abs(logit - product))}, which is no constant: it changes with every digit.</p>`;
}

/** @param {number} value 0 or more @returns {string} `0.0012` or `1.2 · 10⁻⁷` */
function tiny(value) {
  if (!value) return '0';
  const exponent = Math.floor(Math.log10(value));
  if (exponent >= -4) return value.toFixed(Math.max(0, 1 - exponent));
  const raised = [...String(-exponent)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  return `${(value / 10 ** exponent).toFixed(1)} · 10⁻${raised}`;
}

customElements.define('glass-why', GlassWhy);
