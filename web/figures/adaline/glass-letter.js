/**
 * The paper for a letter: eight rows of eight cells, turned to ink and back by clicking, by drawing
 * over them, or with the keyboard; a letter's key puts that letter there.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement } from 'lit';
import { SIDE } from '../../data/letters.js';
import { controls, shared } from '../../kit/styles.js';
import { read } from '../../state/property.js';

/** @typedef {import('../../models/letters.js').Letters} Letters */

const MOVES = /** @type {Record<string, [across: number, down: number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
/** @type {Record<'flips'|'seed', import('../../state/property.js').NumberProperty>} */
const FIELDS = {
  flips: { kind: 'integer', label: 'Cells', default: 6, min: 1, max: 64, effect: 'live', hint: 'how many cells a damage flips' },
  seed: { kind: 'integer', label: 'Seed', default: 1, min: 0, max: 999999, effect: 'live', hint: 'the same seed flips the same cells' },
};

/** @fires flips with `detail.flips` when a damage is to flip another number of cells */
export class GlassLetter extends SignalWatcher(LitElement) {
  static properties = { letters: { attribute: false }, at: { state: true }, fault: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
        align-content: start;
      }

      .paper {
        display: grid;
        grid-template-columns: repeat(8, 1fr);
        gap: 1px;
        width: 100%;
        max-width: 264px;
        padding: 1px;
        background: var(--line);
        border-radius: var(--radius-picture);
        touch-action: none;
        user-select: none;
      }

      .paper button {
        position: relative;
        min-height: 0;
        aspect-ratio: 1;
        padding: 0;
        border: 0;
        border-radius: 0;
        background: var(--pixel-zero);
        transition: none;
        forced-color-adjust: none;
      }

      .paper button[aria-pressed='true'] {
        background: var(--pixel-one);
      }

      .paper button:active:not([aria-disabled='true']) {
        transform: none;
      }

      /* What differs from the letter that was chosen. */
      .paper .changed::after {
        content: '';
        position: absolute;
        inset: 36%;
        border-radius: 50%;
        background: var(--accent);
      }

      .paper .pointed {
        box-shadow: inset 0 0 0 2px var(--accent);
      }

      .paper button:focus-visible {
        z-index: 1;
        outline-offset: 1px;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-2);
      }

      .row > label {
        display: grid;
        gap: 2px;
      }

      input {
        width: 4.6em;
      }

      select {
        width: 10em;
      }

      p {
        margin: 0;
      }
    `,
  ];

  /** What a stroke makes of the cells it meets, while one is drawn. @type {number|null} */
  #ink = null;

  constructor() {
    super();
    /** @type {Letters|null} */
    this.letters = null;
    /** Where the keyboard is. */
    this.at = 0;
    this.fault = '';
  }

  render() {
    const { letters } = this;
    if (!letters) return html``;
    const [letter, cells] = [letters.letter.value, letters.cells.value];
    const changes = cells.reduce((all, ink, at) => all + Number(ink !== letter.cells[at]), 0);
    return html`
      <div class="row screen">
        <label>Letter <select @change=${this.#onChoose}>${this.#options(letters, letter.file)}</select></label>
      </div>
      <div
        class="paper"
        role="group"
        aria-label=${`The letter ${letter.label} on paper, 8 rows of 8 cells`}
        aria-describedby="keys"
        @pointerdown=${this.#onDown}
        @pointermove=${this.#onMove}
        @pointerup=${this.#onUp}
        @pointercancel=${this.#onUp}
        @pointerleave=${() => void (letters.cell.value = -1)}
        @focusout=${() => void (letters.cell.value = -1)}
        @click=${this.#onClick}
        @keydown=${this.#onKey}
      >
        ${Array.from(cells, (ink, at) => {
          const changed = ink !== letter.cells[at];
          return html`<button
            data-at=${at}
            class=${`${changed ? 'changed' : ''} ${at === letters.cell.value ? 'pointed' : ''}`}
            aria-label=${`Row ${Math.floor(at / SIDE) + 1}, column ${(at % SIDE) + 1}${changed ? ', changed' : ''}`}
            aria-pressed=${String(ink === 1)}
            tabindex=${at === this.at ? 0 : -1}
            @focus=${() => this.#look(at)}
          ></button>`;
        })}
      </div>
      <p id="keys" class="unseen">Arrow keys move, space or Enter turns a cell to ink or back, the key of a letter puts that letter here, Backspace puts it back whole.</p>
      <p class="small muted" role="note">${changes ? `${changes} of 64 cells changed, each with a dot` : 'Click or draw over the cells, or type a letter.'}</p>
      <div class="row screen">
        ${this.#field('flips', letters.flips.value)} ${this.#field('seed', letters.seed.value)}
        <button data-command="damage" @click=${() => letters.damage()}>Damage</button>
      </div>
      <p class="small" role="alert">${this.fault}</p>
      <div class="row screen">
        <button data-command="restore" aria-disabled=${String(!changes)} @click=${() => letters.restore()}>Whole again</button>
        <button data-command="clear" @click=${() => letters.clear()}>Clear</button>
      </div>
    `;
  }

  /** @param {Letters} letters @param {string} file that is chosen */
  #options(letters, file) {
    const yours = new Set(letters.own.value.map((letter) => letter.file));
    const drawn = letters.whole.value;
    const groups = { Whole: drawn.filter((letter) => !yours.has(letter.file)), Yours: letters.own.value, 'Damaged by hand': letters.trials };
    return Object.entries(groups).map(
      ([name, list]) => html`<optgroup label=${name} ?hidden=${!list.length}>
        ${list.map((letter) => html`<option value=${letter.file} .selected=${letter.file === file}>${letter.file.replace(/\.txt$/i, '').replaceAll('.', ', ')}</option>`)}
      </optgroup>`,
    );
  }

  /** @param {'flips'|'seed'} name @param {number} value */
  #field(name, value) {
    const { label, hint } = FIELDS[name];
    return html`<label title=${hint}>${label} <input inputmode="numeric" data-field=${name} .value=${String(value)} @change=${(/** @type {Event} */ event) => this.#onField(event, name)} /></label>`;
  }

  /** @param {Event} event @param {'flips'|'seed'} name */
  #onField({ target }, name) {
    const reading = read(FIELDS[name], /** @type {HTMLInputElement} */ (target).value);
    this.fault = 'fault' in reading ? `${FIELDS[name].label} ${reading.fault}.` : '';
    if ('fault' in reading || !this.letters) return;
    if (name === 'seed') this.letters.seed.value = Number(reading.value);
    else this.dispatchEvent(new CustomEvent('flips', { detail: { flips: Number(reading.value) } }));
  }

  /** @param {Event} event */
  #onChoose({ target }) {
    const file = /** @type {HTMLSelectElement} */ (target).value;
    const { letters } = this;
    const letter = letters && [...letters.whole.value, ...letters.trials].find((one) => one.file === file);
    if (letter) letters.put(letter, letter.cells);
  }

  /** @param {{clientX: number, clientY: number}} event @returns {number} the cell there; -1: none is */
  #cellAt({ clientX, clientY }) {
    const found = /** @type {ShadowRoot} */ (this.renderRoot).elementFromPoint(clientX, clientY);
    return Number(/** @type {HTMLElement|null} */ (found)?.dataset.at ?? -1);
  }

  /** @param {PointerEvent} event */
  #onDown(event) {
    const at = this.#cellAt(event);
    if (!event.isPrimary || event.button !== 0 || at < 0 || !this.letters) return;
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.#ink = 1 - this.letters.cells.peek()[at];
    this.letters.set(at, this.#ink);
    this.#look(at);
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    const all = (this.#ink !== null && event.getCoalescedEvents?.()) || [];
    for (const one of all.length ? all : [event]) {
      const at = this.#cellAt(one);
      if (!this.letters || !event.isPrimary) return;
      this.letters.cell.value = at;
      if (this.#ink !== null && at >= 0) this.letters.set(at, this.#ink);
    }
  }

  #onUp() {
    this.#ink = null;
  }

  /** By the keyboard, or by what speaks the page: the pointer has done its own. @param {MouseEvent} event */
  #onClick(event) {
    const at = Number(/** @type {HTMLElement} */ (event.target).dataset.at ?? -1);
    const pointed = /** @type {PointerEvent} */ (event).pointerType && event.detail > 0;
    if (at >= 0 && !pointed && this.letters) this.letters.set(at, 1 - this.letters.cells.peek()[at]);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { letters } = this;
    if (event.altKey || event.ctrlKey || event.metaKey || !letters) return;
    const move = MOVES[event.key];
    if (move) this.#go(move);
    else if (event.key === 'Backspace') letters.restore();
    else if (event.key.length === 1 && event.key !== ' ') {
      const letter = letters.of(event.key.toUpperCase()) ?? letters.of(event.key);
      if (!letter) return;
      letters.put(letter);
    } else return;
    event.preventDefault();
    event.stopPropagation(); // a page has keys of its own
  }

  /** @param {[number, number]} by */
  #go([across, down]) {
    const inside = (/** @type {number} */ place) => Math.max(0, Math.min(SIDE - 1, place));
    const at = inside((this.at % SIDE) + across) + SIDE * inside(Math.floor(this.at / SIDE) + down);
    /** @type {HTMLElement|null} */ (this.renderRoot.querySelector(`[data-at='${at}']`))?.focus();
  }

  /** @param {number} at */
  #look(at) {
    this.at = at;
    if (this.letters) this.letters.cell.value = at;
  }
}

customElements.define('glass-letter', GlassLetter);
