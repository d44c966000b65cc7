/**
 * The stop at which one stands: what it is, in words and as a formula; softmax opened where it is one;
 * after the last stop, what the step has done.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { shared } from '../../kit/styles.js';
import { axesOf } from '../../models/axes.js';
import { stopInWords } from '../../models/stops.js';
import { axisLook } from './axis-look.js';
import './glass-formula.js';
import './glass-softmax.js';
import './glass-source.js';
import './glass-verdict.js';
import { aboutStop } from './inside-words.js';

export class GlassStop extends LitElement {
  static properties = { step: { attribute: false }, network: { attribute: false }, stop: { type: Number }, classes: { attribute: false }, axis: { type: String } };

  static styles = [
    shared,
    axisLook,
    css`
      h3 {
        margin: 0;
        font-size: var(--size-text);
        font-weight: 600;
        line-height: 1.3;
      }

      p {
        margin: var(--space-1) 0 var(--space-2);
        max-width: var(--measure);
      }

      [data-axis] {
        font-weight: 600;
      }

      [data-lit] {
        text-decoration: underline;
        text-decoration-thickness: 2px;
        text-underline-offset: 0.2em;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/stops.js').Step|null} */
    this.step = null;
    /** @type {import('../../data/network.js').Network|null} */
    this.network = null;
    this.stop = 0;
    /** @type {string[]} */
    this.classes = [];
    /** The axis that is pointed at somewhere; '' for none. */
    this.axis = '';
  }

  /** How long it is along each axis; each axis has its hue. @param {import('../../python/protocol.js').Quantity} quantity */
  #shape(quantity) {
    const axes = axesOf(quantity, this.network?.layers ?? []);
    const tell = (/** @type {string|null} */ axis) => () => this.dispatchEvent(new CustomEvent('axis', { detail: { axis } }));
    return quantity.shape.map(
      (length, i) => html`${i ? ' × ' : ''}<span data-axis=${axes[i]} ?data-lit=${this.axis === axes[i]} @pointerenter=${tell(axes[i])} @pointerleave=${tell(null)}>${length} ${axes[i]}</span>`,
    );
  }

  render() {
    const { step, network, stop } = this;
    const quantity = step?.quantities[stop];
    if (!step || !network || !quantity) return nothing;
    const end = network.layers.length - 1;
    const last = quantity.layer === end;
    const softmax = network.layers[end].activation === 'softmax';
    const data = (/** @type {string} */ part) => step.named.get(`layers.${end}.${part}`)?.data ?? null;
    const opened = softmax && ((last && ['a', 'delta'].includes(quantity.name.split('.').at(-1) ?? '')) || quantity.name === 'loss');
    return html`
      <h3>${stop + 1} of ${step.quantities.length} · ${stopInWords(quantity)}</h3>
      <p>${aboutStop(quantity, { fused: softmax && network.loss === 'cross_entropy', last })}</p>
      ${quantity.shape.length ? html`<p class="small">${quantity.symbol}: ${this.#shape(quantity)}</p>` : nothing}
      ${quantity.tree ? html`<glass-formula .tree=${quantity.tree} .line=${[]}></glass-formula>` : nothing}
      ${quantity.details.length ? html`<p class="small">with ${quantity.details.join(';  ')}</p>` : nothing}
      ${opened ? html`<glass-softmax .logits=${data('z')} .shares=${data('a')} .target=${quantity.name.endsWith('.a') ? null : (step.named.get('y')?.data ?? null)} .delta=${quantity.phase === 'backward' || (quantity.phase === 'loss' && quantity.name.endsWith('delta')) ? data('delta') : null} .classes=${this.classes}></glass-softmax>` : nothing}
      ${quantity.name === 'loss' ? html`<p><strong>L = ${quantity.data[0].toFixed(6)}</strong></p>` : nothing}
      <glass-source .sources=${quantity.sources}></glass-source>
      ${quantity.phase === 'update' && step.verdict ? html`<glass-verdict .verdict=${step.verdict} .classes=${this.classes}></glass-verdict>` : nothing}
    `;
  }
}

customElements.define('glass-stop', GlassStop);
