/**
 * What edits have done to a network: how many test digits it reads rightly, its loss, and the very
 * digits that it reads worse now, and better.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import '../../kit/glass-thumb.js';
import { controls, shared } from '../../kit/styles.js';
import { count, signed } from '../../models/words.js';
import { panel } from './panel-look.js';

/**
 * @typedef {{index: number, label: number, before: number, after: number}} Changed a digit that is read otherwise
 * @typedef {{loss: number, right: number}} State
 *
 * @typedef {object} Told what the worker answers to `subject_edit`
 * @property {number} count of test digits asked
 * @property {State} before
 * @property {State} after
 * @property {Changed[]} worse read rightly before
 * @property {Changed[]} better read rightly only now
 * @property {Changed[]} changed all that are read otherwise
 */

/** Digits shown of each kind, at most. */
const MOST = 12;

/** @fires pick with `detail.index` of a digit that is to be looked at */
export class GlassConsequences extends LitElement {
  static properties = {
    told: { attribute: false },
    edited: { type: Boolean },
    classes: { attribute: false },
    picture: { attribute: false },
    rows: { type: Number },
    columns: { type: Number },
  };

  static styles = [shared, controls, panel];

  constructor() {
    super();
    /** @type {Told|null} */
    this.told = null;
    /** Whether there is any edit. */
    this.edited = false;
    /** @type {string[]} */
    this.classes = [];
    /** @type {(index: number) => Uint8Array|null} */
    this.picture = () => null;
    this.rows = 28;
    this.columns = 28;
  }

  render() {
    const { told, edited } = this;
    if (!told) return edited ? html`<p role="status" class="muted">What comes of it is being computed.</p>` : nothing;
    if (!edited) return html`<p role="status">Of ${count(told.count)} test digits it reads ${count(told.before.right)} rightly, at a loss of ${signed(told.before.loss, 4)}.</p>`;
    const { before, after, worse, better, changed } = told;
    const by = after.right - before.right;
    const others = changed.length - worse.length - better.length;
    return html`
      <p role="status">
        Right of ${count(told.count)} test digits: <strong>${count(before.right)} → ${count(after.right)}</strong> ${by ? `(${by > 0 ? '+' : '−'}${count(Math.abs(by))})` : '(as many)'}.
        Loss: ${signed(before.loss, 4)} → ${signed(after.loss, 4)}.
        ${others ? `${count(others)} wrong ${others === 1 ? 'answer is another wrong one' : 'answers are other wrong ones'}.` : ''}
      </p>
      ${this.#digits(worse, 'worse')} ${this.#digits(better, 'better')}
    `;
  }

  /** @param {Changed[]} all @param {'worse'|'better'} word */
  #digits(all, word) {
    if (!all.length) return html`<p class="small muted">None is read ${word}.</p>`;
    const { classes, rows, columns } = this;
    return html`<h3>${count(all.length)} read ${word}${all.length > MOST ? html` <span class="muted small">the first ${MOST}</span>` : ''}</h3>
      <ul class="thumbs">
        ${all.slice(0, MOST).map(
          ({ index, label, before, after }) => html`<li>
            <glass-thumb
              .digit=${index}
              .pixels=${this.picture(index)}
              .shape=${{ rows, columns }}
              .words=${`Test digit ${count(index)}: a ${classes[label]}, read as ${classes[before]} before, as ${classes[after]} now`}
              .note=${`${classes[before]} → ${classes[after]}`}
              @choose=${() => this.dispatchEvent(new CustomEvent('pick', { detail: { index }, bubbles: true, composed: true }))}
            ></glass-thumb>
          </li>`,
        )}
      </ul>`;
  }
}

customElements.define('glass-consequences', GlassConsequences);
