/**
 * Says in a page's foot what of the site is kept for when there is no network, keeps all of it when
 * asked, and tells of a newer version. Where nothing can be kept it says nothing.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { everything, forget, keepAll, keeping, newer, openOffline, showNewer, stopKeeping } from '../offline/keep.js';
import { whenIdle } from './idle.js';
import { controls, shared } from './styles.js';

export class GlassOffline extends SignalWatcher(LitElement) {
  static properties = { groups: { type: String }, quiet: { type: Boolean } };

  static styles = [
    shared,
    controls,
    css`
      p {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        min-height: 32px;
        margin: var(--space-2) 0 0;
      }

      button {
        font-size: var(--size-small);
      }
    `,
  ];

  constructor() {
    super();
    /** What of the site this page needs, beside all pages: `looks`, `python`, `digits`, with spaces between. */
    this.groups = '';
    /** Says nothing but that there is a newer version. */
    this.quiet = false;
  }

  firstUpdated() {
    const open = () => whenIdle(() => void openOffline(this.groups.split(' ').filter(Boolean)));
    if (document.readyState === 'complete') open();
    else addEventListener('load', open, { once: true });
  }

  render() {
    return html`<div role="status">${newer.value ? this.#newer() : nothing}</div>
      ${this.quiet || keeping.value.state === 'no' ? nothing : this.#kept()}`;
  }

  #newer() {
    return html`<p>A newer version of this site is here, all of it. <button @click=${showNewer}>Show it</button> What is on this page and not in its address is lost.</p>`;
  }

  #kept() {
    const { state, kept, total, words } = keeping.value;
    if (state === 'fetching') {
      return html`<p>
        <label>Being kept for use without a network: <progress max=${total || 1} .value=${kept}></progress></label> ${size(kept)} of ${size(total)}
        <button @click=${stopKeeping}>Stop</button>
      </p>`;
    }
    if (state === 'all') return html`<p>All of this site works without a network: ${size(kept)} are kept in this browser. <button @click=${forget}>Forget it</button></p>`;
    return html`<p>
      ${state === 'failed' ? html`<span role="alert">Not all could be kept: ${words}. What is kept stays.</span>` : `These pages work without a network from now on${kept ? `: ${size(kept)} are kept` : ''}.`}
      <button @click=${keepAll}>Keep everything, ${size(everything.value)}</button>
    </p>`;
  }
}

/** @param {number} bytes */
function size(bytes) {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

customElements.define('glass-offline', GlassOffline);
