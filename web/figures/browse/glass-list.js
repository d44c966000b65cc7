/**
 * The found digits as a table, in the order of the wall: what the canvas shows, in words.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { placeOf } from '../../data/examples.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

/** @typedef {import('../../models/collection.js').Collection} Collection */

const PAGE = 50;

export class GlassList extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false }, page: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      h2 {
        margin: 0 0 var(--space-2);
        font-size: var(--size-large);
        line-height: 1.2;
      }

      table {
        width: 100%;
      }

      td button {
        min-height: 28px;
        padding: 0 var(--space-2);
      }

      .turn {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
    this.page = 0;
  }

  render() {
    const { collection } = this;
    const [about, columns] = [collection?.about.value, collection?.columns.value];
    if (!collection || !about || !columns) return nothing;
    const ids = collection.ordered.value;
    collection.settled.value; // labels that have come meanwhile
    const pages = Math.max(1, Math.ceil(ids.length / PAGE));
    const page = Math.min(this.page, pages - 1);
    const { loss, prediction, ink } = columns;
    return html`
      <h2>${count(ids.length)} ${about.noun}s, as a list</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">${about.noun}</th>
            <th scope="col">label</th>
            ${prediction ? html`<th scope="col">read as</th><th scope="col">loss</th>` : nothing} ${ink ? html`<th scope="col">ink</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${Array.from(ids.subarray(page * PAGE, (page + 1) * PAGE), (id) => {
            const { split, index } = placeOf(about, id);
            return html`<tr>
              <th scope="row"><button class="quiet" @click=${() => collection.choose(id)}>${split} ${count(index)}</button></th>
              <td>${collection.has(id) ? about.classes[columns.label[id]] : '…'}</td>
              ${prediction && loss ? html`<td>${about.classes[prediction[id]]}</td><td>${loss[id].toFixed(3)}</td>` : nothing} ${ink ? html`<td>${ink[id].toFixed(3)}</td>` : nothing}
            </tr>`;
          })}
        </tbody>
      </table>
      <div class="turn">
        <button aria-disabled=${String(page === 0)} @click=${() => page > 0 && (this.page = page - 1)}>‹ Before</button>
        <span class="small">page ${count(page + 1)} of ${count(pages)}</span>
        <button aria-disabled=${String(page >= pages - 1)} @click=${() => page < pages - 1 && (this.page = page + 1)}>After ›</button>
      </div>
    `;
  }
}

customElements.define('glass-list', GlassList);
