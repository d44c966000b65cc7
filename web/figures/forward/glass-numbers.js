/**
 * The table behind the network's picture: outputs, activations and strongest connections as
 * numbers. It costs nothing until it is opened, and then keeps pace with reading, not with training.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { strongestEdges } from '../../draw/edges.js';
import { controls, shared } from '../../kit/styles.js';
import { edgesAfter, MOST } from '../../models/shown.js';
import { signed } from '../../models/words.js';

/** Milliseconds between two updates of the open table. */
const PACE_MS = 500;

export class GlassNumbers extends LitElement {
  static properties = {
    frame: { attribute: false },
    picture: { attribute: false },
    classes: { attribute: false },
    open: { state: true },
  };

  static styles = [
    shared,
    controls,
    css`
      .tables {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-4) var(--space-8);
        align-items: start;
        margin-top: var(--space-2);
      }

      caption {
        text-align: left;
        font-weight: 600;
      }

      .many {
        columns: 4 9em;
        padding: 0;
        margin: 0;
        list-style: none;
        font-size: var(--size-small);
      }

      .scroll {
        overflow-x: auto;
      }
    `,
  ];

  #shown = 0;

  constructor() {
    super();
    /** @type {import('../../python/client.js').Seen|null} */
    this.frame = null;
    /** @type {import('../../models/shown.js').Picture|null} of the layer that is shown */
    this.picture = null;
    /** @type {string[]} */
    this.classes = [];
    this.open = false;
  }

  /** @param {Map<string, unknown>} changed */
  shouldUpdate(changed) {
    if (!this.hasUpdated || changed.has('open') || changed.has('classes')) return true;
    if (!this.open) return false;
    return this.frame?.state !== 'running' || performance.now() - this.#shown > PACE_MS;
  }

  updated() {
    this.#shown = performance.now();
  }

  render() {
    return html`<details @toggle=${(/** @type {Event} */ event) => void (this.open = /** @type {HTMLDetailsElement} */ (event.target).open)}>
      <summary>Numbers behind this picture</summary>
      ${this.open ? this.#tables() : nothing}
    </details>`;
  }

  #tables() {
    const { frame, picture } = this;
    const layers = frame?.description.layers ?? [];
    const array = (/** @type {string} */ name) => frame?.arrays[name]?.data ?? null;
    const outputs = array(`layers.${layers.length - 1}.a`);
    if (!frame || !outputs) return html`<p class="small">There are none before the network has been shown a digit.</p>`;
    const after = edgesAfter(layers, picture);
    const [weights, senders] = after ? [array(`layers.${after.layer}.weight`), array(`layers.${after.senders}.a`)] : [];
    const edges = weights && senders ? strongestEdges(weights, senders, 10) : [];
    const answers = picture?.kind === 'weights' && picture.layer < layers.length - 1 ? array(`layers.${picture.layer}.a`) : null;
    return html`<div class="tables">
      <table>
        <caption>Outputs at step ${frame.step}</caption>
        <tr><th scope="col">class</th><th scope="col">activation</th></tr>
        ${this.classes.map((name, i) => html`<tr><th scope="row">${name}</th><td>${signed(outputs[i], 4)}</td></tr>`)}
      </table>
      ${edges.length
        ? html`<table>
            <caption>Strongest connections</caption>
            <tr><th scope="col">unit</th><th scope="col">output</th><th scope="col">weight × activation</th></tr>
            ${edges.map(({ from, to, push }) => html`<tr><td>${from + 1}</td><td>${this.classes[to]}</td><td>${signed(push, 3)}</td></tr>`)}
          </table>`
        : nothing}
      ${answers
        ? html`<div>
            <p class="small"><strong>Hidden activations${answers.length > MOST ? `, the first ${MOST} of ${answers.length}` : ''}</strong></p>
            <ol class="many">${Array.from(answers.subarray(0, MOST), (value, i) => html`<li><span class="muted">${i + 1}:</span> ${signed(value, 3)}</li>`)}</ol>
          </div>`
        : nothing}
    </div>`;
  }
}

customElements.define('glass-numbers', GlassNumbers);
