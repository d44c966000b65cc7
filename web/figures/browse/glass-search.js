/**
 * The line one searches with: plain words, or a Python expression over the digits' arrays. What is
 * wrong with it is said beside it, and the wall stays as it was.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { Follow } from '../../kit/follow.js';
import { controls, shared } from '../../kit/styles.js';
import { count, megabytes } from '../../models/words.js';

/** @typedef {import('../../models/collection.js').Browser} Browser */

/** Milliseconds after the last key before the wall follows. */
const REST_MS = 120;

export class GlassSearch extends LitElement {
  static properties = { browser: { attribute: false }, mode: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      form {
        display: flex;
        gap: var(--space-2);
        align-items: stretch;
      }

      input {
        flex: 1;
        min-width: 0;
      }

      input[aria-invalid='true'] {
        border-color: var(--negative);
      }

      .python {
        font-family: var(--code-font);
        font-size: 0.92em;
      }

      .modes {
        display: flex;
      }

      .modes button:first-child {
        border-radius: var(--radius) 0 0 var(--radius);
      }

      .modes button:last-child {
        border-radius: 0 var(--radius) var(--radius) 0;
        margin-left: -1px;
      }

      button[aria-pressed='true'] {
        background: color-mix(in srgb, var(--accent) 12%, var(--page));
        border-color: var(--accent);
        color: var(--accent);
        position: relative;
      }

      p {
        margin: var(--space-1) 0 0;
        max-width: none;
        overflow-wrap: anywhere;
      }

      .fault {
        color: var(--negative);
      }

      .other {
        font-family: var(--code-font);
      }

      @media (max-width: 559px) {
        button {
          padding-inline: var(--space-2);
        }
      }
    `,
  ];

  /** @type {number|undefined} */
  #timer;

  constructor() {
    super();
    /** @type {Browser|null} */
    this.browser = null;
    /** @type {'find'|'python'} which of the two the line holds */
    this.mode = 'find';
    this.follow = new Follow(this, () => {
      const { browser } = this;
      if (!browser) return;
      const { found, complete, settled, python } = browser;
      for (const one of [found, complete, settled, python.phase, python.progress, python.busy, python.versions]) one.value;
      browser.settings.get('find');
      browser.settings.get('python');
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('browser') || !this.browser) return;
    if (this.browser.settings.get('python')) this.mode = 'python';
    this.follow.again();
  }

  /** Puts the cursor into the line. @param {string} [text] to begin with */
  begin(text) {
    const input = /** @type {HTMLInputElement|null} */ (this.renderRoot.querySelector('input'));
    if (text !== undefined && this.mode === 'python') {
      this.mode = 'find';
      void this.updateComplete.then(() => this.begin(text));
      return;
    }
    if (text !== undefined && input) input.value = text;
    input?.focus();
    if (text === undefined) input?.select();
  }

  render() {
    const { browser, mode } = this;
    if (!browser) return nothing;
    const { settings } = browser;
    const { fault } = browser.found.value;
    const other = mode === 'find' ? settings.get('python') : settings.get('find');
    const python = mode === 'python';
    return html`
      <form role="search" @submit=${this.#submit}>
        <input
          type="search"
          class=${mode}
          aria-label=${python ? 'Find digits with a Python expression' : 'Find digits'}
          aria-invalid=${String(fault !== null)}
          aria-describedby="told"
          placeholder=${python ? '(y == 9) & (pred == 4) & (loss > 0.5)' : '7   wrong   label:4   pred:9   split:test   loss>0.5   #12345'}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          maxlength="400"
          .value=${settings.get(mode)}
          @input=${this.#typed}
          @change=${this.#submit}
        />
        <span class="modes" role="group" aria-label="Search in">
          <button type="button" aria-pressed=${String(!python)} @click=${() => this.#turn('find')}>Words</button>
          <button type="button" aria-pressed=${String(python)} @click=${() => this.#turn('python')}>Python</button>
        </span>
      </form>
      <p id="told" class="small">
        ${fault ? html`<span class="fault" role="alert">${fault}</span>` : html`<span role="status">${this.#told(browser)}</span>`}
        ${other
          ? html` and <span class="other">${other}</span>
              <button type="button" class="quiet small" @click=${() => browser.set(python ? 'find' : 'python', '')}>Remove</button>`
          : nothing}
      </p>
    `;
  }

  /** @param {Browser} browser */
  #told(browser) {
    const [about, { ids }, python] = [browser.about.value, browser.found.value, browser.python];
    if (!about) return 'Getting the first digits.';
    const part = browser.complete.value ? '' : `, ${count(browser.arrived.value)} of them here`;
    const shown = ids.length === about.count ? `All ${count(ids.length)} ${about.noun}s${part}` : `${count(ids.length)} of ${count(about.count)} ${about.noun}s`;
    if (this.mode !== 'python' && !browser.settings.get('python')) return `${shown}.`;
    return `${shown}. ${this.#pythonTold(python)}`;
  }

  /** @param {import('../../models/questions.js').Pythonist} python */
  #pythonTold(python) {
    const progress = python.progress.value;
    if (python.phase.value === 'off') return 'Python starts with your first expression (9 MB, once). Names: y, pred, loss, conf, ink, sim, index, test, train, X.';
    if (python.phase.value === 'failed') return 'Python did not start; words still work.';
    if (python.phase.value === 'loading') {
      return progress?.stage === 'download' ? `Getting Python: ${megabytes(progress.loaded)} of ${megabytes(progress.total)}; words work meanwhile.` : 'Python starts.';
    }
    if (python.busy.value) return `${python.busy.value}.`;
    const { milliseconds } = python.found.value;
    return milliseconds ? `Python took ${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms.` : `Python ${python.versions.value?.python ?? ''} is ready.`;
  }

  /** @param {'find'|'python'} mode */
  #turn(mode) {
    this.mode = mode;
    void this.updateComplete.then(() => this.begin());
  }

  #typed() {
    if (this.mode === 'python') return; // half an expression is no expression
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#take(), REST_MS);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    this.#take();
  }

  #take() {
    const input = /** @type {HTMLInputElement|null} */ (this.renderRoot.querySelector('input'));
    if (input && input.value !== this.browser?.settings.get(this.mode)) this.browser?.set(this.mode, input.value);
  }
}

customElements.define('glass-search', GlassSearch);
