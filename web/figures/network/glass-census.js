/**
 * All units of all layers, as many test digits found them: how strong they are, which are dead,
 * saturated, or nearly the same as another.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { percent, signed } from '../../models/words.js';

/** @fires unit with `detail` {layer, unit} */
export class GlassCensus extends LitElement {
  static properties = { told: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      .units {
        display: flex;
        flex-wrap: wrap;
        gap: 3px;
      }

      h3 {
        margin: var(--space-3) 0 var(--space-1);
        font-size: var(--size-text);
      }

      button {
        min-height: 28px;
        min-width: 34px;
        padding: 0 4px;
        font-size: var(--size-small);
        border-color: var(--hairline);
      }

      button.odd {
        border-color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** Answer of `subject_census`. @type {any} */
    this.told = null;
  }

  render() {
    if (!this.told) return html`<p class="muted small">Python counts this, once it is here.</p>`;
    return html`${this.told.layers.map((/** @type {any} */ layer) => {
      const odd = this.#odd(layer);
      const number = Number(layer.name.split('.')[1]);
      return html`<h3>Layer ${number + 1}: ${layer.units} units</h3>
        <p class="small">${odd.length ? odd.map(({ unit, why }) => html`Unit ${unit + 1} ${why}. `) : 'None is dead, saturated, or a duplicate.'}</p>
        <div class="units" role="group" aria-label="Units of layer ${number + 1}">
          ${Array.from({ length: layer.units }, (_, unit) => {
            const flagged = odd.some((one) => one.unit === unit);
            return html`<button class=${flagged ? 'odd' : ''} title="unit ${unit + 1}: ${signed(layer.least[unit])} to ${signed(layer.most[unit])}, mean ${signed(layer.mean[unit])}; active for ${percent(layer.active[unit])} of the digits"
              @click=${() => this.dispatchEvent(new CustomEvent('unit', { detail: { layer: number, unit }, bubbles: true, composed: true }))}
            >${unit + 1}${flagged ? ' !' : ''}</button>`;
          })}
        </div>`;
    })}${this.told.layers.length ? nothing : html`<p>There is nothing to count.</p>`}`;
  }

  /** @param {any} layer @returns {{unit: number, why: string}[]} */
  #odd({ units, dead, saturated, twin, likeness }) {
    return Array.from({ length: units }, (_, unit) => {
      if (dead[unit]) return { unit, why: 'is dead: no digit makes it answer' };
      if (saturated[unit]) return { unit, why: 'is saturated: nearly every digit drives it to an end' };
      if (twin[unit] >= 0) return { unit, why: `is nearly unit ${twin[unit] + 1} (cosine ${signed(likeness[unit])})` };
      return { unit, why: '' };
    }).filter(({ why }) => why);
  }
}

customElements.define('glass-census', GlassCensus);
