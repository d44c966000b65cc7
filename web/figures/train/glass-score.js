/**
 * Which of the first test digits the network on the screen gets wrong, each with what it is read as:
 * the newest at the right.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import '../../kit/glass-thumb.js';
import { lacks } from '../../kit/rights.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

/** Digits shown at most. */
const MOST = 40;
/** Pixels that one takes. */
const EACH = 52;

/**
 * @fires pick with `detail.index` of a test digit that is to be looked at
 * @fires all when all mistakes of this network are to be shown
 * @fires inside when it is to be looked into
 */
export class GlassScore extends LitElement {
  static properties = { told: { attribute: false }, digits: { attribute: false }, href: { type: String }, inside: { type: String }, wide: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        min-height: 78px;
        padding-block: var(--space-1);
        border-block: 1px solid var(--hairline);
      }

      p {
        margin: 0;
        line-height: 1.2;
      }

      .links {
        display: grid;
      }

      strong {
        font-size: var(--size-title);
        font-weight: 600;
      }

      .wrong {
        display: flex;
        justify-content: flex-end;
        gap: 2px;
        overflow: hidden;
        list-style: none;
        margin: 0;
        padding: 0;
        height: 68px;
      }

      @media print {
        .wrong {
          flex-wrap: wrap;
          height: auto;
        }
      }

      a {
        color: var(--accent);
        white-space: nowrap;
      }

      glass-thumb {
        --thumb: 48px;
        --thumb-note: var(--ink);
      }
    `,
  ];

  #resized = new ResizeObserver(([entry]) => (this.wide = Math.round(entry.contentRect.width)));

  constructor() {
    super();
    /** @type {import('../../models/score.js').Told|null} */
    this.told = null;
    /** @type {import('../../data/digits.js').Digits|null} */
    this.digits = null;
    /** Where all of this network's mistakes are shown. */
    this.href = '';
    /** Address of the page that looks into the network. */
    this.inside = '';
    this.wide = 900;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  render() {
    const { told, digits } = this;
    if (!digits) return html`<section aria-label="Mistakes on test digits"></section>`;
    const room = Math.max(3, Math.min(MOST, Math.floor((this.wide - 300) / EACH)));
    const shown = told?.wrong.slice(-room) ?? [];
    return html`<section aria-label="Mistakes on test digits">
      <p>
        ${told ? html`<strong>${count(told.wrong.length)}</strong> wrong<br /><span class="small muted">of the first ${count(told.count)} test digits</span>` : html`<span class="small muted">${'Mistakes on test digits appear here.'}</span>`}
      </p>
      <ul class="wrong">
        ${shown.map(
          ({ index, label, answer }) => html`<li>
            <glass-thumb
              .pixels=${digits.pixels(index)}
              .shape=${digits}
              .words=${`Test digit ${count(index)}: a ${digits.classes[label]}, read as ${digits.classes[answer]}`}
              .note=${`${digits.classes[label]}→${digits.classes[answer]}`}
              .digit=${index}
              @choose=${() => this.dispatchEvent(new CustomEvent('pick', { detail: { index } }))}
            ></glass-thumb>
          </li>`,
        )}
      </ul>
      ${this.href
        ? html`<span class="screen links">
            <a href=${this.href} target="_blank" rel="noopener" @click=${(/** @type {MouseEvent} */ event) => this.#ask(event, 'all')}>See all</a>
            <a href=${this.inside} target="_blank" rel="noopener" @click=${(/** @type {MouseEvent} */ event) => this.#ask(event, 'inside')}>Look inside</a>
            ${[lacks('same-origin'), lacks('popups')].filter(Boolean).map((words) => html`<span class="small muted">${words}</span>`)}
          </span>`
        : nothing}
    </section>`;
  }

  /** The network is handed on first. @param {MouseEvent} event @param {'all'|'inside'} what */
  #ask(event, what) {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent(what));
  }
}

customElements.define('glass-score', GlassScore);
