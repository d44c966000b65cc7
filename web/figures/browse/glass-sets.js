/**
 * The data sets of the site by their names, each a link; nothing is seen, where there is none but
 * MNIST.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { shared } from '../../kit/styles.js';
import { MNIST } from '../../models/sets.js';
import { pageAt } from '../../wire/places.js';

/** @typedef {import('../../models/collection.js').Collection} Collection */

/** @fires shown with `detail` the title of the set that is here; it leaves the figure, for a page to be called by it */
export class GlassSets extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false } };

  static styles = [
    shared,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-3);
        font-size: var(--size-small);
      }

      a {
        display: inline-flex;
        align-items: center;
        min-height: 24px;
        color: var(--accent);
        white-space: nowrap;
      }

      a[aria-current] {
        color: var(--ink);
        font-weight: 600;
        text-decoration: none;
      }

      @media (max-width: 559px) {
        nav {
          flex-wrap: nowrap;
          overflow-x: auto;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
  }

  updated() {
    const title = this.collection?.about.peek()?.title;
    if (title) this.dispatchEvent(new CustomEvent('shown', { detail: title, bubbles: true, composed: true }));
  }

  render() {
    const { about, sets } = this.collection ?? {};
    const [others, shown] = [sets?.others.value ?? [], about?.value?.name];
    if (!others.length) return nothing;
    return html`<nav aria-label="Data sets">
      ${[{ name: MNIST, title: 'MNIST' }, ...others].map(({ name, title }) => {
        const address = pageAt(name === MNIST ? 'browse.html' : `browse.html?set=${name}`);
        return html`<a href=${address} aria-current=${name === shown ? 'page' : nothing}>${title}</a>`;
      })}
    </nav>`;
  }
}

customElements.define('glass-sets', GlassSets);
