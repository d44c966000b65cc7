/**
 * What the colours and lines of a network mean; and which of its layers is shown, and how.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { MOST, pictures } from '../../models/shown.js';
import { count, kindOf, short } from '../../models/words.js';

/** @typedef {'weights'|'changed'} View */

/**
 * @fires layer with `detail.layer`, the number of the one that is to be shown
 * @fires view with `detail` what its tiles are to show
 */
export class GlassLegend extends LitElement {
  static properties = {
    picture: { attribute: false },
    layers: { attribute: false },
    range: { type: Number },
    full: { type: Number },
    kernels: { type: Number },
    lines: { type: String },
    view: { type: String },
    fixed: { type: Boolean },
  };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        font-size: var(--size-small);
        color: var(--muted);
      }

      select {
        min-height: 24px;
        padding: 0 var(--space-1);
        font-size: var(--size-small);
      }

      .views button {
        min-height: 24px;
        padding: 0 var(--space-2);
        font-size: var(--size-small);
        border-radius: 0;
        margin-left: -1px;
      }

      .views button[aria-pressed='true'] {
        border-color: var(--accent);
        background: color-mix(in srgb, var(--accent) 12%, var(--page));
        position: relative;
      }

      @media print {
        .views [aria-pressed='false'] {
          display: none;
        }
      }

      .ramp {
        display: inline-block;
        width: 96px;
        height: 10px;
        margin: 0 var(--space-1);
        vertical-align: -1px;
        background: linear-gradient(to right, var(--negative), var(--zero), var(--positive));
      }

      .glow {
        background: linear-gradient(to right, var(--zero), var(--positive));
        width: 48px;
      }

      @media (max-width: 719px) {
        .lines {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/shown.js').Picture|null} the layer's that is shown */
    this.picture = null;
    /** @type {import('../../python/protocol.js').LayerDescription[]} */
    this.layers = [];
    /** What gets the full colour. */
    this.range = 1;
    /** The activation that gets the full glow. */
    this.full = 1;
    /** The same as `range` for kernels; 0: there are none. */
    this.kernels = 0;
    /** What is drawn as lines; '' if nothing is. */
    this.lines = '';
    /** @type {View} */
    this.view = 'weights';
    /** Whether the tiles can show nothing else. */
    this.fixed = false;
  }

  render() {
    const { picture, range, full, kernels, lines } = this;
    const maps = picture?.kind === 'maps';
    const more = picture && picture.units > MOST ? html`<span>the first ${MOST} of ${count(picture.units)} units are drawn</span>` : nothing;
    const what = maps ? 'answers' : this.view === 'weights' ? 'weights' : 'change';
    return html`
      ${this.#choice()}${more} ${maps || this.fixed ? nothing : this.#views()}
      <span>${what} −${short(range)}<i class="ramp"></i>+${short(range)}, linear, this layer</span>
      ${maps ? nothing : html`<span>frame: activation 0<i class="ramp glow"></i>${short(full)}</span>`}
      ${kernels ? html`<span>below: the kernels, −${short(kernels)} to +${short(kernels)}</span>` : nothing}
      ${lines ? html`<span class="lines">lines: ${lines}</span>` : nothing}
    `;
  }

  #views() {
    const view = (/** @type {View} */ which, /** @type {string} */ words) => html`<button
      aria-pressed=${String(this.view === which)}
      @click=${() => this.#tell('view', which)}
    >${words}</button>`;
    return html`<span class="views" role="group" aria-label="Tiles show">${view('weights', 'Weights')}${view('changed', 'What training changed')}</span>`;
  }

  #choice() {
    const { layers, picture } = this;
    const all = pictures(layers);
    if (all.length < 2 || !picture) return nothing;
    return html`<label class="screen">layer
      <select aria-label="Layer whose units are shown" @change=${(/** @type {Event} */ event) => this.#tell('layer', { layer: Number(/** @type {HTMLSelectElement} */ (event.target).value) })}>
        ${all.map(
          ({ layer, units }) => html`<option value=${layer} ?selected=${layer === picture.layer}>${layer + 1}: ${kindOf(layers[layer].kind)}, ${count(units)}</option>`,
        )}
      </select></label>`;
  }

  /** @param {'view'|'layer'} type @param {unknown} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

customElements.define('glass-legend', GlassLegend);
