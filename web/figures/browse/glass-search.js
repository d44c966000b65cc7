/**
 * The line one searches with: plain words, or a Python expression over the digits' arrays. What is
 * wrong with it is said beside it, and the wall stays as it was.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { readWords } from '../../data/words.js';
import { count, megabytes } from '../../models/words.js';
import './glass-sets.js';

/** @typedef {import('../../models/collection.js').Collection} Collection */

/** Milliseconds after the last key before the wall follows; and before it is said that what was typed cannot be read: it may be half a word. */
const [REST_MS, PAUSE_MS] = [120, 1500];

/** Nothing but the index of a digit. */
const INDEX = /^#\d+$/;

export class GlassSearch extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false }, mode: { state: true } };

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
    /** @type {Collection|null} */
    this.collection = null;
    /** @type {'find'|'python'} which of the two the line holds */
    this.mode = 'find';
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('collection') || !this.collection) return;
    if (this.collection.settings.get('python')) this.mode = 'python';
  }

  /** Puts the cursor into the line. @param {string} [text] to begin with */
  begin(text) {
    const input = this.#input;
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
    const { collection, mode } = this;
    if (!collection) return nothing;
    const { settings } = collection;
    const { fault } = collection.found.value;
    const { expression, column } = collection.python.found.value;
    const at = column !== null && settings.get('python') === expression ? ` (column ${column + 1})` : '';
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
        ${fault ? html`<span class="fault" role="alert">${fault}${at}</span>` : html`<span role="status">${this.#told(collection)}</span>`}
        ${other
          ? html` and <span class="other">${other}</span>
              <button type="button" class="quiet small" @click=${() => collection.set(python ? 'find' : 'python', '')}>Remove</button>`
          : nothing}
      </p>
      <glass-sets .collection=${collection}></glass-sets>
    `;
  }

  /** @param {Collection} collection */
  #told(collection) {
    const [about, { ids }, python] = [collection.about.value, collection.found.value, collection.python];
    if (!about) return collection.mishaps.failures.value.length ? 'No digits are here.' : 'Getting the first digits.';
    const [complete, here] = [collection.complete.value, count(collection.arrived.value)];
    const all = `All ${count(about.count)} ${about.noun}s${complete ? '' : `, ${here} of them here`}`;
    const some = `${count(ids.length)} of ${complete ? count(about.count) : `the ${here}`} ${about.noun}s${complete ? '' : ' that are here'}`;
    const of = about.facts || about.name === 'own' ? '' : ` of ${about.title}`;
    const searched = Boolean(collection.settings.get('find') || collection.settings.get('python'));
    const shown = ids.length === about.count || (!complete && !searched) ? all : some;
    const expression = collection.settings.get('python');
    if (this.mode !== 'python' && !expression) return `${shown}${of}.`;
    const waiting = expression && python.found.value.expression !== expression;
    return `${shown}${of}${waiting ? ': Python has not answered yet' : ''}. ${this.#pythonTold(python)}`;
  }

  /** @param {import('../../models/questions.js').Questions} python */
  #pythonTold(python) {
    const progress = python.progress.value;
    if (python.phase.value === 'off') {
      const when = python.versions.value ? 'Python starts again with your next expression' : 'Python starts with your first expression (9 MB, once)';
      return `${when}. Names: y, pred, loss, conf, ink, sim, index, test, train, X.`;
    }
    if (python.phase.value === 'failed') return 'Python is not running; words still work.';
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
    const readable = !('fault' in readWords(this.#input?.value ?? '', this.collection?.about.value?.classes ?? []));
    this.#timer = setTimeout(() => this.#take(), readable ? REST_MS : PAUSE_MS);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    this.#take();
    if (event.type === 'submit' && this.mode === 'find' && INDEX.test(this.#input?.value.trim() ?? '')) this.#open();
  }

  /** Shows the digit that an index was given of. */
  #open() {
    const { ids } = this.collection?.found.value ?? { ids: [] };
    if (!ids.length) return;
    this.collection?.choose(ids[0]);
    this.collection?.settings.set('panel', 'digit');
  }

  get #input() {
    return /** @type {HTMLInputElement|null} */ (this.renderRoot.querySelector('input'));
  }

  #take() {
    const input = this.#input;
    if (input && input.value !== this.collection?.settings.get(this.mode)) this.collection?.set(this.mode, input.value);
  }
}

customElements.define('glass-search', GlassSearch);
