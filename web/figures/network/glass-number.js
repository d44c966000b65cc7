/**
 * One number of the step: its formula with its own numbers in it, the products of a sum with the
 * largest first, and the line of Python that computed it. A number in it leads to its own place in
 * the picture.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { imagePlan } from '../../draw/plan.js';
import { roundUp } from '../../draw/range.js';
import { controls, shared } from '../../kit/styles.js';
import { cellName } from '../../models/axes.js';
import { line } from '../../models/cell.js';
import { short, signed } from '../../models/words.js';
import './glass-formula.js';
import './glass-sheet.js';
import './glass-source.js';

/** Products shown before somebody asks for all. */
const TERMS = 6;

/** @fires point with `detail` {name, at}: a number of the formula is pointed at; at -1: none */
export class GlassNumber extends LitElement {
  static properties = {
    step: { attribute: false },
    cell: { attribute: false },
    classes: { attribute: false },
    lit: { type: String },
    all: { state: true },
  };

  static styles = [
    shared,
    controls,
    css`
      h3 {
        margin: 0 0 var(--space-1);
        font-size: var(--size-text);
        font-weight: 600;
        line-height: 1.3;
      }

      .value {
        font-size: var(--size-large);
      }

      .terms {
        max-height: 260px;
        overflow: auto;
      }

      .terms :is(td, th):first-child {
        text-align: left;
      }

      tr[data-lit] td {
        background: var(--panel);
      }

      glass-sheet {
        max-width: 150px;
        margin-bottom: var(--space-2);
      }

      button {
        min-height: 28px;
        font-size: var(--size-small);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/step.js').Step|null} */
    this.step = null;
    /** @type {{name: string, at: number}|null} */
    this.cell = null;
    /** @type {string[]} */
    this.classes = [];
    /** Key of the number that is pointed at elsewhere. */
    this.lit = '';
    this.all = false;
  }

  render() {
    const { step, cell } = this;
    if (!step) return nothing;
    if (!cell) return html`<p class="muted small">Point at a number in the picture, or pick one: its formula comes here, with its own numbers.</p>`;
    const quantity = step.quantities.get(cell.name);
    const before = step.parameters[cell.name];
    const weight = before && (!quantity || quantity.phase !== 'update');
    const name = cellName(quantity ?? { name: cell.name, shape: shapeOf(step, cell.name) }, cell.at, step.layers, this.classes);
    const outgoing = quantity && outgoingOf(step, quantity, cell.at);
    if (!quantity || weight) {
      const value = before?.[cell.at];
      const gradient = step.quantities.get(`${cell.name}.gradient`)?.data[cell.at];
      return html`<h3>${name}: <strong class="value">${value === undefined ? '–' : signed(value, 6)}</strong></h3>
        <p class="small muted">A parameter as it was before the step.${gradient === undefined ? '' : gradient ? ` Its gradient is ${signed(gradient, 6)}: the step makes it ${gradient > 0 ? 'fall' : 'rise'}.` : ' Its gradient is 0: this digit teaches it nothing.'}</p>`;
    }
    const told = line(quantity, cell.at, step, step.layers);
    const lit = told.terms.findIndex(({ keys }) => this.lit !== '' && keys.includes(this.lit));
    const few = lit < TERMS ? told.terms.slice(0, TERMS) : [...told.terms.slice(0, TERMS - 1), told.terms[lit]];
    const shown = this.all ? told.terms : few;
    return html`
      <h3>${name}: <strong class="value">${signed(told.value, 6)}</strong></h3>
      <glass-formula .tree=${quantity.tree} .line=${told.parts} .lit=${this.lit} @point=${this.#onPoint}></glass-formula>
      ${told.terms.length
        ? html`<div class="terms" tabindex="0" role="region" aria-label="Its products">
            <table>
              <thead><tr><th scope="col">from</th><th scope="col">weight</th><th scope="col">×</th><th scope="col">= product</th></tr></thead>
              <tbody>${shown.map(
                ({ value, factors, keys }) => html`<tr ?data-lit=${keys.includes(this.lit) && this.lit !== ''} @pointerenter=${() => this.#tell(keys[1] ?? keys[0] ?? '')} @pointerleave=${() => this.#tell('')}>
                  <td>${keys[1] ? nameOf(step, keys[1], this.classes) : ''}</td><td>${signed(factors[0], 4)}</td><td>${signed(factors[1], 4)}</td><td>${signed(value, 4)}</td>
                </tr>`,
              )}</tbody>
            </table>
          </div>
          ${told.terms.length > TERMS ? html`<button @click=${() => void (this.all = !this.all)}>${this.all ? 'The largest' : `All ${told.terms.length} products`}</button>` : nothing}
          ${told.groups.length > 1 ? html`<p class="small muted">By channel: ${told.groups.map(({ group, value }, i) => html`${i ? ', ' : ''}${group + 1}: ${signed(value, 3)}`)}</p>` : nothing}`
        : nothing}
      ${outgoing ? html`<p class="small muted">Its ${outgoing.values.length} weights into layer ${outgoing.layer + 1}, ±${short(outgoing.range)}:</p><glass-sheet .values=${outgoing.values} .plan=${imagePlan([outgoing.values.length])} .range=${outgoing.range} label="Weights that go out from it"></glass-sheet>` : nothing}
      <glass-source .sources=${quantity.sources}></glass-source>
    `;
  }

  /** @param {CustomEvent<{key?: string, symbol?: string|null}>} event */
  #onPoint(event) {
    event.stopPropagation();
    this.#tell(event.detail.key ?? '');
  }

  /** @param {string} key `layers.0.z@12`; '' for none */
  #tell(key) {
    const [name, at] = key ? key.split('@') : ['', '-1'];
    this.dispatchEvent(new CustomEvent('point', { detail: { name, at: Number(at) }, bubbles: true, composed: true }));
  }
}

/**
 * The weights by which a number goes into the next dense layer, one a unit of that.
 *
 * @param {import('../../models/step.js').Step} step
 * @param {import('../../python/protocol.js').Quantity} quantity
 * @param {number} at
 */
function outgoingOf({ layers, parameters }, { name }, at) {
  const number = name === 'x' ? -1 : Number(/^layers\.(\d+)\.a$/.exec(name)?.[1] ?? NaN);
  const layer = layers.findIndex(({ kind }, i) => i > number && kind !== 'flatten' && kind !== 'dropout');
  const weight = layers[layer]?.kind === 'dense' && parameters[`layers.${layer}.weight`];
  if (!weight) return null;
  const [units, inputs] = layers[layer].parameters.weight;
  const values = Float32Array.from({ length: units }, (_, unit) => weight[unit * inputs + at]);
  return { layer, values, range: roundUp(Math.max(...values.map(Math.abs))) || 1 };
}

/** @param {import('../../models/step.js').Step} step @param {string} key @param {string[]} classes */
function nameOf(step, key, classes) {
  const [name, at] = key.split('@');
  return cellName(step.quantities.get(name) ?? { name, shape: shapeOf(step, name) }, Number(at), step.layers, classes);
}

/** @param {import('../../models/step.js').Step} step @param {string} name of a parameter @returns {number[]} */
function shapeOf({ layers }, name) {
  const [, number, key] = /^layers\.(\d+)\.(\w+)$/.exec(name) ?? [];
  return layers[Number(number)]?.parameters[key] ?? [];
}

customElements.define('glass-number', GlassNumber);
