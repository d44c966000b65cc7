/**
 * How fast a run trains: from ten steps a second, which one can follow, to as fast as it can.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

/** Steps a second at each notch; 0 is as many as there can be. */
const NOTCHES = [10, 30, 100, 300, 1000, 3000, 0];

export class GlassSpeed extends SignalWatcher(LitElement) {
  static properties = { settings: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      label {
        display: grid;
        gap: var(--space-1);
        font-size: var(--size-small);
        color: var(--muted);
        width: 148px;
        line-height: 1.3;
      }

      input {
        width: 100%;
        min-height: 0;
        height: 28px;
        margin: 4px 0;
        padding: 0;
        accent-color: var(--accent);
      }

      strong {
        color: var(--ink);
        font-weight: 400;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../state/settings.js').Settings|null} */
    this.settings = null;
  }

  render() {
    const { settings } = this;
    if (!settings) return nothing;
    const speed = settings.get('speed');
    const words = speed ? `${count(speed)} steps a second` : 'flat out';
    return html`<label>
      <span>Speed: <strong>${words}</strong></span>
      <input
        type="range"
        max=${NOTCHES.length - 1}
        .value=${String(notchOf(speed))}
        aria-valuetext=${words}
        @input=${(/** @type {Event} */ event) => settings.set('speed', String(NOTCHES[Number(/** @type {HTMLInputElement} */ (event.target).value)]))}
      />
    </label>`;
  }
}

/** @param {number} speed @returns {number} the nearest notch of one that a link names */
function notchOf(speed) {
  const above = NOTCHES.findIndex((notch) => notch >= speed && notch > 0);
  return speed && above >= 0 ? above : NOTCHES.length - 1;
}

customElements.define('glass-speed', GlassSpeed);
