/**
 * A network at one example, in a notebook: what each unit sees in it, and what comes out.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { figure } from '../../kit/figure.js';
import { shared } from '../../kit/styles.js';
import '../forward/glass-forward.js';
import { digitsOf, frameOf, lookOf } from './told.js';

export class GlassAnswer extends LitElement {
  static properties = { model: { attribute: false }, layer: { state: true } };

  static styles = [
    figure,
    shared,
    css`
      :host {
        padding: var(--space-3) !important;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('./told.js').Model|null} */
    this.model = null;
    /** @type {number|null} the layer whose units are shown; null: the first that learns */
    this.layer = null;
  }

  /** Whether the model has news is for its owner to say. */
  renew() {
    this.requestUpdate('model');
  }

  render() {
    return this.network();
  }

  network() {
    const { model } = this;
    const frame = model && frameOf(model);
    if (!model || !frame) return html`<p>The kernel has not told of a network.</p>`;
    return html`<glass-forward
      fixed
      .frame=${frame}
      .layer=${this.layer}
      .digits=${digitsOf(model)}
      .look=${lookOf(model)}
      @layer=${(/** @type {CustomEvent} */ event) => void (this.layer = event.detail.layer)}
    ></glass-forward>`;
  }
}

customElements.define('glass-answer', GlassAnswer);
