/**
 * What one training step has done, measured: the loss of its digit, of its batch, and of test digits
 * that it has never seen, before and after; and which answers became wrong.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { count, signed } from '../../models/words.js';

const OF = { digit: () => 'this digit', batch: (/** @type {number} */ n) => `${count(n)} digits of its batch`, test: (/** @type {number} */ n) => `${count(n)} test digits` };

/** @fires pick with `detail.index` of a test digit */
export class GlassVerdict extends LitElement {
  static properties = { verdict: { attribute: false }, classes: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      p {
        margin: var(--space-2) 0 0;
        font-size: var(--size-small);
      }

      th:first-child {
        text-align: left;
      }

      button {
        min-height: 26px;
        padding: 0 6px;
        margin: 2px;
        font-size: var(--size-small);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/stops.js').Verdict|null} */
    this.verdict = null;
    /** @type {string[]} */
    this.classes = [];
  }

  render() {
    const { verdict } = this;
    if (!verdict) return nothing;
    return html`<table>
        <thead>
          <tr><th scope="col">loss of</th><th scope="col">before</th><th scope="col">after</th><th scope="col"></th><th scope="col">right</th></tr>
        </thead>
        <tbody>
          ${verdict.rows.map(
            ({ of, count: number, before, after, rightBefore, rightAfter }) => html`<tr data-of=${of}>
              <th scope="row">${OF[of](number)}</th>
              <td>${before.toFixed(5)}</td>
              <td>${after.toFixed(5)}</td>
              <td>${after < before ? '↓' : after > before ? '↑' : '='} ${signed(after - before, 5)}</td>
              <td>${rightBefore === rightAfter ? rightAfter : `${rightBefore} → ${rightAfter}`}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${this.#changed('Now wrong', verdict.worse)}${this.#changed('Now right', verdict.better)}`;
  }

  /** @param {string} words @param {import('../../models/stops.js').Changed[]} digits */
  #changed(words, digits) {
    if (!digits.length) return nothing;
    const name = (/** @type {number} */ label) => this.classes[label] ?? label;
    return html`<p>${words}: ${digits.slice(0, 12).map(
      ({ index, label, before, after }) => html`<button
        title="Look at test digit ${count(index)}, a ${name(label)}"
        @click=${() => this.dispatchEvent(new CustomEvent('pick', { detail: { index }, bubbles: true, composed: true }))}
      >#${count(index)} ${name(before)}→${name(after)}</button>`,
    )}</p>`;
  }
}

customElements.define('glass-verdict', GlassVerdict);
