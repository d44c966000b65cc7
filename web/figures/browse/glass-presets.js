/**
 * Buttons for what everybody asks of a data set.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { ask, isOn, PRESETS } from '../../models/presets.js';
import { count } from '../../models/words.js';

/** @typedef {import('../../models/collection.js').Collection} Collection */

export class GlassPresets extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 2px;
        align-content: start;
      }

      button {
        min-height: 40px;
        padding: 2px var(--space-2);
        font-size: var(--size-small);
        border-color: var(--hairline);
        white-space: nowrap;
      }

      button span {
        color: var(--muted);
      }

      button[aria-pressed='true'] {
        border-color: var(--accent);
        color: var(--accent);
        background: color-mix(in srgb, var(--accent) 12%, var(--page));
      }

      @media (max-width: 559px) {
        :host {
          flex-wrap: nowrap;
          overflow-x: auto;
        }

        button {
          flex: none;
          min-height: 34px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
  }

  render() {
    const { collection } = this;
    if (!collection) return nothing;
    const { about, columns, mistakes } = collection;
    const unread = about.value?.facts === false && !columns.value?.prediction;
    return PRESETS.map((preset) => {
      const refused = preset.network && unread;
      const hint = refused ? `The shipped network has not read these ${about.value?.noun}s.` : preset.hint;
      const many = preset.name === 'Misread' && mistakes.value !== null ? html` <span>${count(mistakes.value)}</span>` : nothing;
      return html`<button
        aria-pressed=${String(isOn(collection, preset))}
        aria-disabled=${String(refused)}
        title=${hint}
        @click=${() => refused || ask(collection, preset)}
      >${preset.name}${many}</button>`;
    });
  }
}

customElements.define('glass-presets', GlassPresets);
