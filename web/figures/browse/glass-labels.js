/**
 * How many digits of each class are found, as bars that are also buttons: pressing one shows only
 * that class, pointing at one greys the others. They are the legend of colours that tell classes.
 * Beside them the splits, which work the same way.
 *
 * @module
 */

import { css, html, LitElement, unsafeCSS } from 'lit';
import { splitWords, wordFor } from '../../data/words.js';
import { CLASS_COLOURS } from '../../draw/colour.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

const WORDS = /** @type {const} */ (['test', 'train']);
const SAID = { test: 'Test', train: 'Training' };
/** Milliseconds that a class is pointed at before the others turn grey: who passes by wants nothing. */
const POINTED_MS = 120;

/**
 * @fires find with `detail` the search that is wanted
 * @fires light with `detail` the class that is pointed at; -1: none any more
 */
export class GlassLabels extends LitElement {
  static properties = {
    classes: { attribute: false },
    counts: { attribute: false },
    noun: { type: String },
    find: { type: String },
    by: { type: String },
  };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }

      [role='group'] {
        display: flex;
        gap: 2px;
      }

      .classes {
        flex: 1 1 300px;
        min-width: 0;
      }

      button {
        min-height: 40px;
        padding: 2px var(--space-2) 6px;
        position: relative;
        font-size: var(--size-small);
        border-color: var(--hairline);
        overflow: hidden;
      }

      .classes button {
        flex: 1 1 0;
        min-width: 0;
        padding-inline: 0;
        line-height: 1.2;
        text-align: center;
      }

      .many {
        overflow-x: auto;
      }

      .classes.many button {
        flex: 1 0 auto;
        min-width: 32px;
        padding-inline: var(--space-1);
      }

      .many strong {
        max-width: 14ch;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .classes strong {
        display: block;
        font-size: var(--size-text);
      }

      .classes span {
        color: var(--muted);
        font-size: 11px;
      }

      button svg {
        position: absolute;
        inset: auto 0 0;
        width: 100%;
        height: 4px;
        margin: 0;
        fill: var(--muted);
      }

      button[aria-pressed='true'] {
        border-color: var(--accent);
        background: color-mix(in srgb, var(--accent) 12%, var(--page));
      }

      button[aria-pressed='true'] svg {
        fill: var(--accent);
      }

      /* The legend of what is coloured so. */
      ${unsafeCSS(Array.from({ length: CLASS_COLOURS }, (_, k) => `.class-${k} { --own: var(--class-${k}); }`).join('\n'))}

      [class^='class-'] strong {
        color: var(--own);
        font-weight: 800;
      }

      [class^='class-'] svg,
      [class^='class-'][aria-pressed='true'] svg {
        fill: var(--own);
        height: 6px;
      }

      @media (max-width: 559px) {
        :host {
          flex-wrap: nowrap;
          overflow-x: auto;
        }

        .classes:not(.many) {
          display: grid;
          grid-template-columns: repeat(5, minmax(44px, 1fr));
          flex: 1 0 220px;
        }

        .many span {
          display: none;
        }

        .classes:not(.many) strong {
          display: inline;
        }

        [aria-label='Show only'] {
          flex-direction: column;
        }

        button {
          min-height: 34px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.classes = Array.from('0123456789');
    /** @type {ArrayLike<number>} of each class */
    this.counts = new Uint32Array(10);
    this.noun = 'digit';
    /** The search. */
    this.find = '';
    /** What colours tell. @type {import('../../state/browse-table.js').Colour} */
    this.by = 'none';
  }

  /** @type {number|undefined} */
  #pointing;

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#pointing);
  }

  render() {
    const { classes, counts, noun, by } = this;
    const read = by === 'prediction';
    const most = Math.max(1, ...Array.from(counts));
    const words = splitWords(this.find);
    return html`
      <div class=${classes.length > 12 || classes.some((name) => name.length > 3) ? 'classes many' : 'classes'} role="group" aria-label=${read ? 'Show only what was read as' : 'Show only the label'}>
        ${classes.map((name, label) => {
          const word = read ? wordFor(name).replace(/^label/, 'pred') : wordFor(name);
          const same = read ? word : name;
          const coloured = by === 'label' || by === 'prediction';
          return html`<button
            class=${coloured ? `class-${label % CLASS_COLOURS}` : ''}
            aria-pressed=${String(words.includes(word) || words.includes(same))}
            @click=${() => this.#toggle(word, same)}
            @pointerenter=${() => this.#light(coloured ? label : -1)}
            @pointerleave=${() => this.#light(-1)}
            @focus=${(/** @type {FocusEvent} */ { target }) => this.#light(coloured && /** @type {Element} */ (target).matches(':focus-visible') ? label : -1)}
            @blur=${() => this.#light(-1)}
          >
            <strong>${name}</strong> <span>${count(counts[label] ?? 0)}</span> <i class="unseen">${noun}s</i>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width=${(100 * (counts[label] ?? 0)) / most} height="4"></rect></svg>
          </button>`;
        })}
      </div>
      <div role="group" aria-label="Show only">
        ${WORDS.map((word) => {
          return html`<button
            aria-pressed=${String(words.includes(word) || words.includes(`split:${word}`))}
            @click=${() => this.#toggle(word, `split:${word}`)}
          >${SAID[word]}</button>`;
        })}
      </div>
    `;
  }

  /** @param {number} label */
  #light(label) {
    clearTimeout(this.#pointing);
    this.#pointing = setTimeout(() => this.dispatchEvent(new CustomEvent('light', { detail: label })), POINTED_MS);
  }

  /** Adds a word to the search, or takes it out. @param {string} word @param {string} same another way to say it */
  #toggle(word, same) {
    const words = splitWords(this.find);
    const without = words.filter((one) => one !== word && one !== same);
    const detail = (without.length < words.length ? without : [...words, word]).join(' ');
    this.dispatchEvent(new CustomEvent('find', { detail }));
  }
}

customElements.define('glass-labels', GlassLabels);
