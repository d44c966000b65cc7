/**
 * A run as files: taken along, and opened again. The same files as the command line's, so a run
 * begun here goes on there, and the other way round.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { allows, lacks, saved } from '../../kit/rights.js';
import { controls, shared } from '../../kit/styles.js';

/** What each file is for, in the order of use. */
const FILES = [
  { name: 'checkpoint.safetensors', label: 'Checkpoint', use: 'all of the run, to go on with' },
  { name: 'weights.safetensors', label: 'Weights', use: 'the network alone' },
  { name: 'log.jsonl', label: 'Log', use: 'its losses and evaluations' },
];

export class GlassFiles extends LitElement {
  static properties = {
    files: { attribute: false },
    step: { type: Number },
    ready: { type: Boolean },
    told: { state: true },
  };

  static styles = [
    shared,
    controls,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        margin-top: var(--space-2);
      }

      p {
        margin: var(--space-2) 0 0;
      }

      a {
        color: var(--accent);
      }
    `,
  ];

  /** @type {string[]} */
  #addresses = [];

  constructor() {
    super();
    /** @type {Record<string, Uint8Array>|null} what was saved last */
    this.files = null;
    /** The step at which that was. */
    this.step = 0;
    /** Whether there is a run to save, and all digits to open one with. */
    this.ready = false;
    /** What became of a file, where the page around may not let it be saved. */
    this.told = '';
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#release();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('files')) return;
    this.#release();
    this.#addresses = FILES.map(({ name }) => {
      const data = this.files?.[name];
      return data ? URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (data)])) : '';
    });
  }

  render() {
    return html`<details open>
      <summary>The run as files</summary>
      <div class="row">
        <button type="button" ?disabled=${!this.ready} @click=${this.#save}>Save the run</button>
        <label class="small">
          Open a run
          <input type="file" multiple accept=".safetensors,.jsonl" ?disabled=${!this.ready} @change=${this.#open}>
        </label>
      </div>
      ${this.files ? this.#links() : null}
      ${lacks('downloads') ? html`<p class="small">${lacks('downloads')}</p>` : null}
      <p class="small muted">
        ${this.ready
          ? 'Open a checkpoint and its log, or weights alone. The command line reads and writes the same files: glassnet train --out run/.'
          : 'Saving and opening need Python and all the digits; Start brings both.'}
      </p>
    </details>`;
  }

  #links() {
    return html`<div class="row small">
      <span>Saved at step ${this.step.toLocaleString('en')}:</span>
      ${FILES.map(
        ({ name, label, use }, i) => html`<a href=${this.#addresses[i]} download=${name} title=${use} @click=${() => void (this.told = allows('downloads') === 'yes' ? '' : saved(name))}>${label}</a>`,
      )}
      <span role="status">${this.told}</span>
    </div>`;
  }

  #save() {
    this.dispatchEvent(new CustomEvent('save-run'));
  }

  /** @param {Event} event */
  async #open(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const chosen = [...(input.files ?? [])];
    const files = Object.fromEntries(
      await Promise.all(chosen.map(async (file) => [file.name, await file.arrayBuffer()])),
    );
    input.value = '';
    this.dispatchEvent(new CustomEvent('open-run', { detail: files }));
  }

  #release() {
    for (const address of this.#addresses.splice(0)) if (address) URL.revokeObjectURL(address);
  }
}

customElements.define('glass-files', GlassFiles);
