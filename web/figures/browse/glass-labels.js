/**
 * How many digits of each class are found, as bars that are also buttons: pressing one shows only
 * that class. Beside them the splits and the network's mistakes, which work the same way.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { splitWords, wordFor } from '../../data/words.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

const WORDS = /** @type {const} */ (['test', 'train', 'wrong']);
const SAID = { test: 'Test', train: 'Training', wrong: 'Misread' };

/** @fires find with `detail` the search that is wanted */
export class GlassLabels extends LitElement {
  static properties = {
    classes: { attribute: false },
    counts: { attribute: false },
    noun: { type: String },
    find: { type: String },
    unread: { type: Boolean },
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

      @media (max-width: 559px) {
        :host {
          flex-wrap: nowrap;
          overflow-x: auto;
        }

        .classes {
          flex: 1 0 272px;
        }

        .classes span {
          display: none;
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
    /** Whether the shipped network has not read this set. */
    this.unread = false;
  }

  render() {
    const { classes, counts, noun, unread } = this;
    const most = Math.max(1, ...Array.from(counts));
    const words = splitWords(this.find);
    return html`
      <div class=${classes.length > 12 || classes.some((name) => name.length > 3) ? 'classes many' : 'classes'} role="group" aria-label="Show only the label">
        ${classes.map((name, label) => {
          const pressed = words.includes(wordFor(name)) || words.includes(name);
          return html`<button
            aria-pressed=${String(pressed)}
            @click=${() => this.#toggle(wordFor(name), name)}
          >
            <strong>${name}</strong> <span>${count(counts[label] ?? 0)}</span> <i class="unseen">${noun}s</i>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width=${(100 * (counts[label] ?? 0)) / most} height="4"></rect></svg>
          </button>`;
        })}
      </div>
      <div role="group" aria-label="Show only">
        ${WORDS.map((word) => {
          const refusal = word === 'wrong' && unread ? `The shipped network has not read these ${noun}s.` : null;
          return html`<button
            aria-pressed=${String(words.includes(word) || words.includes(`split:${word}`))}
            aria-disabled=${String(refusal !== null)}
            title=${refusal ?? nothing}
            @click=${() => refusal === null && this.#toggle(word, `split:${word}`)}
          >${SAID[word]}</button>`;
        })}
      </div>
    `;
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
