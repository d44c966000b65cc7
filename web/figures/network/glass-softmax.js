/**
 * Where backpropagation begins: softmax opened into logits, exponentials and shares, and beside them
 * p − y, the first delta.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { signed } from '../../models/words.js';

export class GlassSoftmax extends LitElement {
  static properties = { logits: { attribute: false }, shares: { attribute: false }, target: { attribute: false }, delta: { attribute: false }, classes: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      div {
        overflow-x: auto;
      }

      .most {
        font-weight: 600;
      }

      td.true {
        box-shadow: inset 0 0 0 1px var(--line);
      }

      td svg {
        width: 40px;
        height: 8px;
        margin-right: 4px;
      }

      .track {
        fill: var(--zero);
      }

      .more {
        fill: var(--positive);
      }

      .less {
        fill: var(--negative);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Float32Array|null} */
    this.logits = null;
    /** @type {Float32Array|null} */
    this.shares = null;
    /** 1 for the right class. @type {Float32Array|null} */
    this.target = null;
    /** δ, once it is there. @type {Float32Array|null} */
    this.delta = null;
    /** @type {string[]} */
    this.classes = [];
  }

  render() {
    const { logits, shares, target, delta, classes } = this;
    if (!logits || !shares) return nothing;
    const top = Math.max(...logits);
    const powers = Array.from(logits, (value) => Math.exp(value - top));
    const sum = powers.reduce((all, power) => all + power, 0);
    return html`<div tabindex="0" role="region" aria-label="Softmax, opened">
      <table>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col">logit z</th>
            <th scope="col">exp(z − ${signed(top)})</th>
            <th scope="col">÷ ${sum.toFixed(4)} = p</th>
            ${target ? html`<th scope="col">y</th>` : nothing}
            ${delta ? html`<th scope="col">p − y = δ</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            logits,
            (value, k) => html`<tr class=${shares[k] === Math.max(...shares) ? 'most' : ''}>
              <th scope="row">${classes[k] ?? k}</th>
              <td>${signed(value, 3)}</td>
              <td>${powers[k].toFixed(4)}</td>
              <td>${bar(shares[k])}${shares[k].toFixed(4)}</td>
              ${target ? html`<td class=${target[k] ? 'true' : ''}>${target[k]}</td>` : nothing}
              ${delta ? html`<td>${bar(delta[k])}${signed(delta[k], 4)}</td>` : nothing}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

/** @param {number} share −1..1 */
function bar(share) {
  return html`<svg viewBox="0 0 40 8" aria-hidden="true"><rect width="40" height="8" class="track" /><rect width=${40 * Math.min(1, Math.abs(share)) || 0} height="8" class=${share < 0 ? 'less' : 'more'} /></svg>`;
}

customElements.define('glass-softmax', GlassSoftmax);
