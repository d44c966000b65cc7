/**
 * Active-weight maps: for each layer the mean weight image of those units that are active, for this
 * digit, and over digits that the network reads rightly and wrongly. As the terminal shows it.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { weightsPlan } from '../../draw/plan.js';
import { holdRange } from '../../draw/range.js';
import { shared } from '../../kit/styles.js';
import { short } from '../../models/words.js';
import './glass-sheet.js';

export class GlassActive extends LitElement {
  static properties = { told: { attribute: false }, layers: { attribute: false } };

  static styles = [
    shared,
    css`
      .three {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(130px, 170px));
        gap: var(--space-3);
      }

      h3 {
        margin: var(--space-3) 0 var(--space-1);
        font-size: var(--size-text);
      }

      figure {
        margin: 0;
        font-size: var(--size-small);
        color: var(--muted);
      }
    `,
  ];

  constructor() {
    super();
    /** Answer of `subject_active`. @type {any} */
    this.told = null;
    /** @type {import('../../python/protocol.js').LayerDescription[]} */
    this.layers = [];
  }

  render() {
    const { told } = this;
    if (!told) return html`<p class="muted small">Python works this out, once it is here.</p>`;
    return html`<p class="small">A unit counts as active above ${told.threshold}. Each picture is the mean of the weights of the units that are: what they look for together.</p>
      ${told.layers.map((/** @type {any} */ one) => {
        const pictures = [['this digit', one.here], ['digits read rightly', one.right], ['digits misread', one.wrong]].filter(([, picture]) => picture);
        const range = pictures.reduce((most, [, { data }]) => Math.max(most, holdRange(data, 0)), 0) || 1;
        const input = this.layers[one.layer].input;
        const active = one.units.reduce((/** @type {number} */ sum, /** @type {number} */ on) => sum + on, 0);
        return html`<h3>Layer ${one.layer + 1}: ${active} of ${one.units.length} units active for this digit, ±${short(range)}</h3>
          <div class="three">${pictures.map(
            ([words, { data, shape }]) => html`<figure><glass-sheet .values=${data} .plan=${weightsPlan(1, data.length === input.reduce((all, n) => all * n, 1) ? input : shape)} .range=${range} label="Mean weights of the active units, ${words}"></glass-sheet>${words}</figure>`,
          )}</div>`;
      })}`;
  }
}

customElements.define('glass-active', GlassActive);
