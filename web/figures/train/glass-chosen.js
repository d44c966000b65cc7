/**
 * What a run trains on and is tested on, where that is not the whole data set: how many digits, of
 * which classes, and the way back to all of them.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { classesIn, count } from '../../models/words.js';
import { pageAt } from '../../wire/places.js';

/**
 * @typedef {import('../../data/subset.js').Subset} Subset
 * @typedef {import('../../data/subset.js').Whole} Whole
 * @typedef {import('../../data/subset.js').SplitName} SplitName
 * @typedef {import('../../python/protocol.js').Chosen} Chosen
 */

/** @fires all when the visitor wants to be back at all digits */
export class GlassChosen extends LitElement {
  static properties = {
    subset: { attribute: false },
    run: { attribute: false },
    whole: { attribute: false },
    batch: { type: Number },
    classes: { attribute: false },
    fragment: { type: String },
    waiting: { type: Boolean },
  };

  static styles = [
    shared,
    controls,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3) var(--space-8);
        padding: var(--space-3) var(--space-4);
        background: var(--panel);
        border-left: 3px solid var(--accent);
        border-radius: var(--radius-picture);
      }

      .split {
        flex: 1 1 320px;
        min-width: 0;
        max-width: 560px;
      }

      p {
        margin: 0;
      }

      strong {
        font-weight: 600;
      }

      ul {
        display: flex;
        gap: 2px;
        list-style: none;
        margin: var(--space-2) 0 0;
        padding: 0;
        text-align: center;
        font-size: var(--size-small);
        line-height: 1.25;
        font-variant-numeric: tabular-nums;
      }

      li {
        flex: 1 1 0;
        min-width: 0;
      }

      li span {
        display: block;
        font-size: 11px;
        color: var(--muted);
      }

      .bar {
        display: flex;
        align-items: end;
        height: 24px;
        border-bottom: 1px solid var(--line);
      }

      .bar svg {
        width: 100%;
        height: 24px;
        fill: var(--muted);
      }

      .none {
        color: var(--muted);
      }

      .then {
        flex: 1 0 100%;
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
      }

      a {
        color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    /** What the link chooses. @type {Subset} */
    this.subset = {};
    /** What the run on the screen has chosen; null before there is one. @type {Partial<Record<SplitName, Chosen>>|null} */
    this.run = null;
    /** @type {Whole|null} */
    this.whole = null;
    /** Digits in a step, as the field says. */
    this.batch = 0;
    this.classes = Array.from('0123456789');
    /** The link's. */
    this.fragment = '';
    /** Whether the link has not been read yet: it takes its room, so that nothing jumps. */
    this.waiting = false;
  }

  updated() {
    this.hidden = !this.renderRoot.querySelector('section'); // an empty strip is no row of the page's grid
  }

  render() {
    const { run, subset, waiting } = this;
    const [chosen, asked] = [run ?? {}, subset].map((one) => Object.keys(one).length > 0);
    if (!chosen && !asked && !(waiting && this.fragment)) return nothing;
    return html`<section aria-label="What it trains on">
      ${this.#split('train')} ${this.#split('test')}
      <p class="then small">
        ${asked || waiting
          ? html`<a href=${`${location.pathname}${location.search}`} @click=${this.#onAll}>Use all digits</a>`
          : 'Reset starts again with all digits.'}
        ${this.fragment ? html`<a href=${pageAt(`browse.html#${this.fragment}`)}>See the chosen digits on the wall</a>` : nothing}
      </p>
    </section>`;
  }

  /** @param {SplitName} split */
  #split(split) {
    const theirs = this.run?.[split];
    const asked = this.waiting && new URLSearchParams(this.fragment).has(split) ? NaN : this.subset[split]?.length;
    const number = this.run ? theirs?.count : asked;
    const [does, kind] = split === 'train' ? ['Training on', 'training'] : ['Tested on', 'test'];
    const all = this.whole ? count(this.whole.counts[split]) : '…';
    if (number === undefined) return html`<div class="split"><p>${does} <strong>all ${all}</strong> ${kind} digits.</p></div>`;
    const by = theirs?.classes ?? null;
    const few = split === 'train' && number < this.batch;
    return html`<div class="split">
      <p>${does} <strong>${number ? count(number) : '…'} of ${all}</strong> ${kind} digits${by ? `: ${classesIn(by, this.classes)}` : ''}.${few ? ` A step takes ${number === 1 ? 'the one digit' : `all ${number} of them`}.` : ''}</p>
      <ul aria-label=${`The chosen ${kind} digits by class`}>
        ${this.classes.map((name, label) => this.#class(name, by?.[label] ?? null, Math.max(1, ...(by ?? []))))}
      </ul>
    </div>`;
  }

  /** @param {string} name @param {number|null} number @param {number} most */
  #class(name, number, most) {
    const height = (24 * (number ?? 0)) / most;
    return html`<li class=${number === 0 ? 'none' : nothing}>
      <div class="bar" aria-hidden="true">
        <svg viewBox="0 0 10 24" preserveAspectRatio="none"><rect y=${24 - height} width="10" height=${height}></rect></svg>
      </div>
      ${name} <span>${number === null ? '\u00a0' : count(number)}</span>
    </li>`;
  }

  /** @param {MouseEvent} event */
  #onAll(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return; // a new tab or window
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('all'));
  }
}

customElements.define('glass-chosen', GlassChosen);
