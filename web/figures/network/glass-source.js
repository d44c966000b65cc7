/**
 * The lines of our Python that computed what is shown: the innermost first, each within the lines
 * around it, with a link to its whole file.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { linesOf } from '../../data/source-text.js';
import { shared } from '../../kit/styles.js';
import { pageAt } from '../../wire/places.js';

/** Lines shown before and after. */
const AROUND = 3;

/** @typedef {{file: string, line: number, function: string}} Source */

export class GlassSource extends LitElement {
  static properties = { sources: { attribute: false }, at: { state: true }, lines: { state: true }, failed: { state: true } };

  static styles = [
    shared,
    css`
      pre {
        margin: var(--space-1) 0 0;
        padding: var(--space-2) 0;
        overflow-x: auto;
        background: var(--panel);
        border-radius: var(--radius);
        font: var(--size-small) / 1.5 var(--code-font);
        tab-size: 4;
      }

      pre > span {
        display: block;
        width: max-content;
        min-width: 100%;
        padding-inline: var(--space-2);
        white-space: pre;
      }

      pre > .it {
        background: color-mix(in srgb, var(--accent) 16%, transparent);
        box-shadow: inset 3px 0 var(--accent);
      }

      i {
        display: inline-block;
        width: 3em;
        padding-right: 1em;
        text-align: right;
        color: var(--muted);
        font-style: normal;
        user-select: none;
      }

      p {
        margin: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-2);
        align-items: baseline;
        font-size: var(--size-small);
      }

      button {
        font: inherit;
        padding: 0 2px;
        color: var(--accent);
        background: none;
        border: 0;
        cursor: pointer;
        text-decoration: underline;
        text-underline-offset: 0.18em;
      }

      button[aria-pressed='true'] {
        color: var(--ink);
        text-decoration: none;
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** From the outermost function to the line that did it. @type {Source[]} */
    this.sources = [];
    /** Which of them is shown, from the innermost: 0. */
    this.at = 0;
    /** @type {string[]} of its file */
    this.lines = [];
    this.failed = '';
  }

  /** @returns {Source|null} */
  get #source() {
    return this.sources.at(-1 - Math.min(this.at, this.sources.length - 1)) ?? null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('sources')) {
      const [before, now] = [/** @type {Source[]|undefined} */ (changed.get('sources')), this.sources];
      if (JSON.stringify(before) !== JSON.stringify(now)) this.at = 0;
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('sources') || changed.has('at')) void this.#read();
  }

  async #read() {
    const source = this.#source;
    if (!source) return;
    try {
      const lines = await linesOf(addressOf(source));
      if (source === this.#source) [this.lines, this.failed] = [lines, ''];
    } catch (error) {
      if (source === this.#source) [this.lines, this.failed] = [[], /** @type {Error} */ (error).message];
    }
  }

  render() {
    const source = this.#source;
    if (!source) return html`<p class="muted">What is put in is computed by no line.</p>`;
    const from = Math.max(0, source.line - 1 - AROUND);
    const shown = this.lines.slice(from, source.line + AROUND);
    return html`
      <p>
        <a href="${addressOf(source)}" data-line=${source.line}>glassnet/${source.file}, line ${source.line}</a>
        ${this.sources.length > 1
          ? html`<span class="muted">called through</span> ${this.sources.map((one, i) => {
              const at = this.sources.length - 1 - i;
              return html`<button aria-pressed=${String(at === Math.min(this.at, this.sources.length - 1))} @click=${() => void (this.at = at)}>${one.function}</button>`;
            })}`
          : nothing}
      </p>
      ${shown.length
        ? html`<pre tabindex="0" aria-label="Lines of ${source.file}">${shown.map((line, i) => html`<span class=${from + i + 1 === source.line ? 'it' : ''}><i>${from + i + 1}</i>${line}</span>`)}</pre>`
        : nothing}
      ${this.failed ? html`<p class="muted">${this.failed}</p>` : nothing}
    `;
  }
}

/** @param {Source} source @returns {string} where its file's page is */
function addressOf({ file, line }) {
  return pageAt(`source/${file.replace(/\.py$/, '')}.html#L${line}`);
}

customElements.define('glass-source', GlassSource);
