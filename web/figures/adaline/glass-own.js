/**
 * The visitor's own letters, as text files: dropped here or chosen, and taken along. What is no
 * letter is refused by its file and line, and then nothing is taken.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { asText, readLetters } from '../../data/letters.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

export class GlassOwn extends SignalWatcher(LitElement) {
  static properties = { adaline: { attribute: false }, over: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      .drop {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3);
        border: 1px dashed var(--line);
        border-radius: var(--radius);
      }

      .drop.over {
        border-color: var(--accent);
        background: var(--panel);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
      }

      input[type='file'] {
        max-width: 100%;
        border: 0;
        padding-inline: 0;
      }

      input[type='checkbox'] {
        min-height: 0;
      }

      h3 {
        margin: 0;
        font-size: var(--size-small);
        font-weight: 600;
      }

      p {
        margin: 0;
      }

      [role='alert']:not(:empty) {
        border-left: 3px solid var(--negative);
        padding: var(--space-1) var(--space-3);
        background: var(--panel);
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/adaline.js').Adaline|null} */
    this.adaline = null;
    /** Whether something is held over it. */
    this.over = false;
  }

  render() {
    const { adaline } = this;
    if (!adaline) return nothing;
    const { letters } = adaline;
    const [own, faults, label] = [letters.own.value, letters.faults.value, letters.letter.value.label];
    return html`<div
      class=${`drop ${this.over ? 'over' : ''}`}
      @dragover=${this.#onOver}
      @dragleave=${() => void (this.over = false)}
      @drop=${this.#onDrop}
    >
      <h3>Your own letters</h3>
      <div class="row">
        <button data-command="take" @click=${() => adaline.takeDrawn()}>Learn this drawing as ${label}</button>
        <button data-command="save" @click=${this.#save}>Save it as text</button>
        <label>or files: <input type="file" multiple accept=".txt,text/plain" @change=${this.#onFiles} /></label>
      </div>
      <p class="small muted">Text files, dropped here or chosen: eight lines of eight # and . each. What stands before the first dot of the name is the class, so Ä.txt begins a neuron for Ä.</p>
      <div role="alert" class="small">${faults.length ? html`${faults.map((fault) => html`<p>${fault}</p>`)}<p>Nothing was taken, and nothing is lost.</p>` : nothing}</div>
      ${own.length
        ? html`<div class="row small">
            <span data-own>${count(own.length)} of yours: ${own.slice(0, 12).map(({ file }) => file).join(', ')}${own.length > 12 ? ' …' : ''}</span>
            <label><input type="checkbox" .checked=${letters.alone.value} @change=${(/** @type {Event} */ { target }) => adaline.setAlone(/** @type {HTMLInputElement} */ (target).checked)} /> learn these alone</label>
            <button data-command="forget" @click=${() => adaline.forget()}>Remove mine</button>
          </div>`
        : nothing}
    </div>`;
  }

  /** @param {DragEvent} event */
  #onOver(event) {
    event.preventDefault();
    this.over = true;
  }

  /** @param {DragEvent} event */
  #onDrop(event) {
    event.preventDefault();
    event.stopPropagation();
    this.over = false;
    void this.#take([...(event.dataTransfer?.files ?? [])]);
  }

  /** @param {Event} event */
  #onFiles({ target }) {
    const input = /** @type {HTMLInputElement} */ (target);
    void this.#take([...(input.files ?? [])]).then(() => void (input.value = ''));
  }

  /** @param {File[]} files */
  async #take(files) {
    const { letters, faults } = await readLetters(files);
    if (!this.adaline) return;
    if (faults.length) this.adaline.letters.faults.value = faults;
    else this.adaline.take(letters);
  }

  #save() {
    const letters = this.adaline?.letters;
    if (!letters) return;
    const url = URL.createObjectURL(new Blob([asText(letters.cells.peek())], { type: 'text/plain' }));
    Object.assign(document.createElement('a'), { href: url, download: `${letters.letter.peek().label}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

customElements.define('glass-own', GlassOwn);
