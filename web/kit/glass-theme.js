/**
 * The switch between light, dark and the system's theme.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, svg } from 'lit';
import { chooseTheme, theme, THEMES } from '../state/theme.js';
import { controls, shared } from './styles.js';

/** A disc, half full: which half depends on nothing, the word says which theme it is. */
const DISC = svg`<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.5"></circle>
  <path d="M8 1.5a6.5 6.5 0 0 1 0 13z"></path>`;

const WORDS = { system: 'system', light: 'light', dark: 'dark' };

export class GlassTheme extends SignalWatcher(LitElement) {
  static styles = [
    shared,
    controls,
    css`
      button {
        font-size: var(--size-small);
      }

      @media (max-width: 479px) {
        .name {
          position: absolute;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  render() {
    return html`<button class="quiet" @click=${this.#next}>
      <svg viewBox="0 0 16 16" aria-hidden="true">${DISC}</svg><span class="name">Theme: </span>${WORDS[theme.value]}
    </button>`;
  }

  #next() {
    chooseTheme(THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]);
  }
}

customElements.define('glass-theme', GlassTheme);
