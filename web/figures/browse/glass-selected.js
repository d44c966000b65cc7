/**
 * What can be done with the selected digits: a network trained on them, or tested on them; a file
 * that numpy reads, or a list. Digits to train on and digits to be tested on never mix: of a
 * selection, each goes to its own side.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { placeOf } from '../../data/examples.js';
import { formatNpz } from '../../data/npz.js';
import { narrowed, writeSubset } from '../../data/subset.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';
import { rowsOf, wholeOf } from '../../models/selection.js';
import { save } from './take-along.js';

/**
 * @typedef {import('../../models/collection.js').Collection} Collection
 * @typedef {import('../../data/examples.js').About} About
 * @typedef {import('../../data/subset.js').Subset} Subset
 * @typedef {{train?: string, test?: string, both?: string}} Links addresses of the training page
 */

export class GlassSelected extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false }, told: { state: true }, links: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      .bar {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3);
        background: var(--page);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
        font-size: var(--size-small);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        align-items: center;
      }

      button,
      a {
        min-height: 32px;
        padding: 2px var(--space-2);
        font-size: inherit;
      }

      a {
        display: inline-flex;
        align-items: center;
        border: 1px solid var(--accent);
        border-radius: var(--radius);
        color: var(--accent);
        text-decoration: none;
        white-space: nowrap;
      }

      a:hover {
        background: color-mix(in srgb, var(--accent) 12%, var(--page));
      }

      .said {
        margin-right: var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
    this.told = '';
    /** @type {Links} */
    this.links = {};
  }

  /** What the links are of. @type {Uint32Array|null} */
  #linked = null;

  updated() {
    const ids = this.collection?.selected.value ?? null;
    if (ids === this.#linked) return;
    this.#linked = ids;
    this.links = {};
    if (ids?.length) void this.#link(ids);
  }

  render() {
    const { collection } = this;
    const ids = collection?.selected.value;
    const shown = collection?.found.value.ids;
    const about = collection?.about.value;
    if (!collection || !about || !ids?.length || !shown) return nothing;
    const { train, test } = rowsOf(about, ids);
    const parts = [train.length && `${count(train.length)} training`, test.length && `${count(test.length)} test`].filter(Boolean);
    return html`<div class="bar" role="region" aria-label="Selection">
      <div class="row">
        <span class="said" role="status">${count(ids.length)} selected: ${parts.join(', ')}${this.told ? `; ${this.told}` : ''}</span>
        <button @click=${() => collection.select(shown)}>All ${count(shown.length)} found</button>
        <button @click=${() => collection.select([])}>None</button>
      </div>
      <div class="row">
        ${this.#use('train', `Train on ${count(train.length)}`, 'tested on all test digits')}
        ${this.#use('test', `Test on ${count(test.length)}`, 'trained on all training digits')}
        ${train.length && test.length ? this.#use('both', 'Both', 'trained on the ones, tested on the others') : nothing}
        <button @click=${() => this.#save('npz')}>Save .npz</button>
        <button @click=${() => this.#save('csv')}>Save CSV</button>
      </div>
      ${this.#reason(about, train.length, test.length)}
    </div>`;
  }

  /** @param {keyof Links} which @param {string} words @param {string} hint what becomes of the other split */
  #use(which, words, hint) {
    const address = this.links[which];
    if (address === undefined) return html`<button aria-disabled="true" aria-describedby="reason">${words}</button>`;
    return html`<a href=${address} title=${`Opens the training page: ${hint}`}>${words}</a>`;
  }

  /** Why one cannot train or test on them, if so. @param {About} about @param {number} train @param {number} test */
  #reason({ name, title, facts }, train, test) {
    let text = '';
    if (name === 'own') text = 'Your own files are in this page only: the training page does not have them.';
    else if (!facts) text = `The training page has MNIST’s digits, and not those of ${title}.`;
    else if (!train) text = 'No training digit is among them, and a network never trains on test digits.';
    else if (!test) text = 'No test digit is among them; one is not tested on what one was taught.';
    return text ? html`<span id="reason" class="muted">${text}</span>` : nothing;
  }

  /** @param {Uint32Array} ids */
  async #link(ids) {
    const about = this.collection?.about.value;
    if (!about?.facts) return;
    const { train, test } = rowsOf(about, ids);
    const whole = wholeOf(about);
    const write = (/** @type {Subset} */ subset) => writeSubset(narrowed(subset, whole), whole);
    const [one, other] = [await write({ train }), await write({ test })];
    const address = (/** @type {string[]} */ ...parts) => `train.html${parts.some(Boolean) ? `#${parts.filter(Boolean).join('&')}` : ''}`;
    const links = {
      ...(train.length ? { train: address(one) } : {}),
      ...(test.length ? { test: address(other) } : {}),
      ...(train.length && test.length ? { both: address(one, other) } : {}),
    };
    if (ids === this.#linked) this.links = links;
  }

  /** @param {'npz'|'csv'} kind */
  async #save(kind) {
    const { collection } = this;
    const [about, columns, ids] = [collection?.about.value, collection?.columns.value, collection?.selected.value];
    if (!collection || !about || !columns || !ids) return;
    const name = `${about.name}-${ids.length}`;
    if (kind === 'csv') {
      const rows = Array.from(ids, (id) => {
        const { split, index } = placeOf(about, id);
        return `${split},${index},${about.classes[columns.label[id]]}`;
      });
      save(`${name}.csv`, [`split,index,label\n${rows.join('\n')}\n`], 'text/csv');
    } else {
      const images = await collection.wall.ask('images', { ids }).catch(() => null);
      if (!images) return void (this.told = 'their pixels are not here: they cannot be saved');
      const pick = (/** @type {Uint8Array|Uint32Array} */ column) => column.filter((_, id) => chosen[id] === 1);
      const chosen = new Uint8Array(about.count);
      for (const id of ids) chosen[id] = 1;
      const one = { shape: [ids.length] };
      const parts = formatNpz([
        { name: 'images', type: '|u1', shape: [ids.length, about.rows, about.columns], values: images },
        { name: 'labels', type: '|u1', ...one, values: pick(columns.label) },
        { name: 'index', type: '<u4', ...one, values: pick(columns.index) },
        { name: 'test', type: '|u1', ...one, values: pick(columns.test) },
      ]);
      save(`${name}.npz`, parts, 'application/octet-stream');
    }
    this.told = `saved as ${name}.${kind}`;
  }
}

customElements.define('glass-selected', GlassSelected);
