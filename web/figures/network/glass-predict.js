/**
 * A question before what comes is shown, and the tally.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';

export class GlassPredict extends SignalWatcher(LitElement) {
  static properties = { predict: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      .ask {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
        padding: var(--space-2) var(--space-3);
        border-left: 3px solid var(--accent);
        background: var(--panel);
      }

      p {
        margin: 0;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/predict.js').Predict|null} */
    this.predict = null;
  }

  render() {
    const { predict } = this;
    if (!predict) return nothing;
    const [asked, told, { right, of }] = [predict.asked.value, predict.told.value, predict.tally.value];
    const tally = of ? html`<span class="muted small">${right} of ${of} foretold</span>` : nothing;
    if (asked) {
      return html`<div class="ask" role="group" aria-label="Predict"><p>${asked.words}</p>${asked.choices.map((choice, i) => html`<button @click=${() => predict.answer(i)}>${choice}</button>`)}${tally}</div>`;
    }
    return told ? html`<div class="ask"><p role="status"><strong>${told.right ? '✓ Yes.' : '✕ No.'}</strong> ${told.told}</p>${tally}</div>` : tally;
  }
}

customElements.define('glass-predict', GlassPredict);
