/**
 * What can be done with the selected digits: kept as a file that numpy reads, or as a list.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { placeOf } from '../../data/examples.js';
import { formatNpz } from '../../data/npz.js';
import { Follow } from '../follow.js';
import { controls, shared } from '../styles.js';
import { count } from '../words.js';
import { save } from './take-along.js';

/** @typedef {import('./browser.js').Browser} Browser */

export class GlassSelected extends LitElement {
  static properties = { browser: { attribute: false }, told: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
        padding: var(--space-2) var(--space-3);
        background: var(--page);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
        font-size: var(--size-small);
      }

      button {
        min-height: 32px;
        padding: 2px var(--space-2);
        font-size: inherit;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Browser|null} */
    this.browser = null;
    this.told = '';
    this.follow = new Follow(this, () => this.browser?.selected.value);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('browser')) this.follow.again();
  }

  render() {
    const { browser } = this;
    const ids = browser?.selected.value;
    const shown = browser?.found.value.ids;
    if (!browser || !ids?.length || !shown) return nothing;
    return html`<div class="bar" role="region" aria-label="Selection">
      <span role="status">${count(ids.length)} selected${this.told ? `; ${this.told}` : ''}</span>
      <button @click=${() => this.#save('npz')}>Save .npz</button>
      <button @click=${() => this.#save('csv')}>Save CSV</button>
      <button @click=${() => browser.select(shown)}>All ${count(shown.length)} found</button>
      <button @click=${() => browser.select([])}>None</button>
    </div>`;
  }

  /** @param {'npz'|'csv'} kind */
  async #save(kind) {
    const { browser } = this;
    const [about, columns, ids] = [browser?.about.value, browser?.columns.value, browser?.selected.value];
    if (!browser || !about || !columns || !ids) return;
    const name = `${about.name}-${ids.length}`;
    if (kind === 'csv') {
      const rows = Array.from(ids, (id) => {
        const { split, index } = placeOf(about, id);
        return `${split},${index},${about.classes[columns.label[id]]}`;
      });
      save(`${name}.csv`, [`split,index,label\n${rows.join('\n')}\n`], 'text/csv');
    } else {
      const images = await browser.wall.ask({ type: 'images', ids: ids.slice() });
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
