/**
 * What can be asked of the network beside its step, a part of the page each: one unit, an array as
 * numbers, why this answer, the digit disturbed, weights edited, all units, active weights, training.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import '../../kit/glass-card.js';
import { controls, shared } from '../../kit/styles.js';
import { answer } from '../../data/network.js';
import { axesOf, cellName } from '../../models/axes.js';
import { unitsOf } from '../../models/parts.js';
import { holdRange } from '../../draw/range.js';
import { PANELS } from '../../state/inside-table.js';
import { sourceAt } from '../../wire/places.js';
import '../forward/glass-unit.js';
import './glass-active.js';
import './glass-array.js';
import './glass-census.js';
import './glass-disturb.js';
import './glass-schooling.js';
import './glass-spectrum.js';
import './glass-surgery.js';
import './glass-why.js';

/** @typedef {typeof PANELS[number]} Panel */

/** @type {Record<Panel, {tab: string, heading: string, source: string}>} */
const ABOUT = {
  unit: { tab: 'One unit', heading: 'One unit', source: 'glassnet.layers.dense:Affine.forward_affine' },
  array: { tab: 'This array', heading: 'The array of this stop, as picture, table and histogram', source: 'glassnet.tracing:trace' },
  why: { tab: 'Why this answer?', heading: 'Why this answer, and not that one', source: 'glassnet.insight.linear:linear_map' },
  disturb: { tab: 'Disturb the digit', heading: 'What would change its mind', source: 'glassnet.insight.flip:flip' },
  edit: { tab: 'Edit weights', heading: 'Change it by hand', source: 'glassnet.insight.surgery:consequences' },
  layers: { tab: 'All units', heading: 'Every unit over a thousand test digits', source: 'glassnet.insight.census:census' },
  active: { tab: 'Active weights', heading: 'What the active units look for, together', source: 'glassnet.looking:active_weights' },
  train: { tab: 'Train it', heading: 'Let it learn while you look', source: 'glassnet.training.learner:Learner.step' },
};

export class GlassPanels extends SignalWatcher(LitElement) {
  static properties = { inside: { attribute: false }, step: { attribute: false }, classes: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      [role='tablist'] {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin-bottom: var(--space-3);
      }

      [role='tab'][aria-selected='true'] {
        border-color: var(--accent);
        color: var(--accent);
        font-weight: 600;
      }

      .two {
        display: grid;
        grid-template-columns: minmax(180px, auto) minmax(0, 1fr);
        gap: var(--space-6);
      }

      @media (max-width: 719px) {
        .two {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/inside.js').Inside|null} */
    this.inside = null;
    /** @type {import('../../models/step.js').Step|null} */
    this.step = null;
    /** @type {string[]} */
    this.classes = [];
  }

  render() {
    const { inside } = this;
    if (!inside) return nothing;
    const panel = /** @type {Panel} */ (inside.settings.get('panel'));
    const { heading, source } = ABOUT[panel];
    return html`
      <div role="tablist" aria-label="Ask it" @keydown=${this.#onKey}>
        ${PANELS.map(
          (name) => html`<button role="tab" id=${name} aria-selected=${String(name === panel)} aria-controls="panel" tabindex=${name === panel ? 0 : -1} @click=${() => this.#open(name)}>${ABOUT[name].tab}</button>`,
        )}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby=${panel}>
        <glass-card file=${panel} source=${sourceAt(source)} heading=${heading}>${this.#panel(inside, panel)}</glass-card>
      </div>
    `;
  }

  /** @param {import('../../models/inside.js').Inside} inside @param {Panel} panel */
  #panel(inside, panel) {
    if (panel === 'unit') return this.#unit(inside);
    if (panel === 'array') return this.#array(inside);
    if (panel === 'why') return this.#why(inside);
    if (panel === 'disturb') return this.#disturb(inside);
    if (panel === 'edit') return this.#edit(inside);
    if (panel === 'train') return html`<glass-schooling .inside=${inside}></glass-schooling>`;
    const { inquiries, interpreter, input } = inside;
    if (panel === 'layers') {
      const told = inquiries.want('census', 'census', () => interpreter.ask('subject_census', { subject: 'inside' }));
      return html`<glass-census .told=${told} @unit=${(/** @type {CustomEvent} */ { detail }) => this.#choose(detail.layer, detail.unit)}></glass-census>`;
    }
    const told = inquiries.want('active', inside.key.value, () => interpreter.ask('subject_active', { subject: 'inside', pixels: /** @type {Float32Array} */ (input.peek()).slice() }));
    return html`<glass-active .told=${told} .layers=${inside.network.value?.layers ?? []}></glass-active>`;
  }

  /** @param {import('../../models/inside.js').Inside} inside */
  #unit(inside) {
    const [network, unit, answers] = [inside.network.value, inside.unit.value, inside.answers.value];
    if (!network || !unit) return nothing;
    const layer = network.layers[unit.layer];
    const { inquiries, interpreter } = inside;
    const told = inquiries.want('unit', `${unit.layer} ${unit.unit} ${inside.key.value}`, () => interpreter.ask('subject_unit', { subject: 'inside', ...unit, pixels: /** @type {Float32Array} */ (inside.input.peek()).slice() }));
    const census = inquiries.want('census', 'census', () => interpreter.ask('subject_census', { subject: 'inside' }));
    const counted = census?.layers.find((/** @type {any} */ one) => one.name === layer.name);
    const flags = counted && { dead: Boolean(counted.dead[unit.unit]), saturated: Boolean(counted.saturated[unit.unit]), twin: counted.twin[unit.unit], likeness: counted.likeness[unit.unit] };
    const own = weightsOf(network, unit);
    const maps = layer.output.length === 3;
    const answer = answers?.[`${layer.name}.a`];
    const map = maps && answer ? answer.filter((_, i) => i % layer.output[2] === unit.unit) : null;
    return html`<div class="two">
      <div>
        ${own
          ? html`<glass-unit
              wide
              noun=${layer.kind === 'conv2d' ? 'Channel' : 'Unit'}
              .unit=${unit.unit}
              .units=${unitsOf(layer)}
              .weights=${own.weights}
              .bias=${network.arrays[`${layer.name}.bias`]?.[unit.unit] ?? 0}
              .input=${unit.layer ? answers?.[`layers.${unit.layer - 1}.a`] : inside.input.value}
              .source=${unit.layer ? 'input' : 'digit'}
              .activation=${map ? Math.max(...map) : (answer?.[unit.unit] ?? null)}
              .shape=${own.shape}
              .range=${holdRange(own.weights, 0)}
              .map=${map ? { values: map, rows: layer.output[0], columns: layer.output[1], range: holdRange(map, 0) } : null}
              .becomes=${layer.activation}
            ></glass-unit>`
          : nothing}
      </div>
      <glass-spectrum .told=${told} .flags=${flags ?? null} .unit=${unit.unit} .classes=${this.classes} .picture=${this.#picture} .rows=${network.shape[0]} .columns=${network.shape[1]} @pick=${this.#look}></glass-spectrum>
    </div>`;
  }

  /** @param {import('../../models/inside.js').Inside} inside */
  #array(inside) {
    const [step, network] = [inside.step.value, inside.network.value];
    const quantity = step?.quantities[inside.stop.value];
    if (!quantity || !network) return nothing;
    const picked = inside.picked.value;
    const tell = (/** @type {'pointed'|'picked'} */ which) => (/** @type {CustomEvent<{at: number}>} */ { detail }) => void (inside[which].value = detail.at < 0 ? null : { name: quantity.name, at: detail.at });
    return html`<glass-array
      name=${quantity.name}
      symbol=${quantity.symbol}
      .values=${quantity.data}
      .shape=${quantity.shape}
      .axes=${axesOf(quantity, network.layers)}
      .selected=${picked?.name === quantity.name ? picked.at : -1}
      .classes=${this.classes}
      .tile=${tileOf(quantity, network)}
      .words=${(/** @type {number} */ at) => cellName(quantity, at, network.layers, this.classes)}
      .axis=${inside.axis.value}
      @axis=${(/** @type {CustomEvent<{axis: string|null}>} */ { detail }) => void (inside.axis.value = detail.axis ?? '')}
      @point=${tell('pointed')}
      @pick=${tell('picked')}
    ></glass-array>`;
  }

  /** @param {import('../../models/inside.js').Inside} inside */
  #why(inside) {
    const { inquiries, interpreter, input, label, network } = inside;
    const pinned = inside.pin.input;
    const map = inquiries.mapOf(inside.key.value, input.value, label.value);
    const other = pinned.value && inside.settings.get('pin') ? inquiries.want('pinnedMap', `pin ${inside.settings.get('pin')} ${inquiries.round.value}`, () => interpreter.ask('subject_map', { subject: 'inside', pixels: /** @type {Float32Array} */ (pinned.peek()).slice(), label: null })) : null;
    const [rows = 28, columns = 28] = network.value?.shape ?? [];
    return html`<glass-why .map=${map} .other=${other} .outputs=${inside.outputs.value} .pixels=${input.value && Uint8Array.from(input.value, (value) => Math.round(255 * value))} .classes=${this.classes} .label=${inside.looked.look.value.label} .rows=${rows} .columns=${columns}></glass-why>`;
  }

  /** @param {import('../../models/inside.js').Inside} inside */
  #disturb(inside) {
    const { inquiries, interpreter, looked, network } = inside;
    const [rows = 28, columns = 28] = network.value?.shape ?? [];
    const told = inquiries.flip.told.value;
    const own = looked.look.value.pixels;
    return html`<glass-disturb
      .pixels=${own}
      .rows=${rows}
      .columns=${columns}
      .classes=${this.classes}
      .outputs=${inside.outputs.value}
      .undisturbed=${own && network.value ? answer(network.value, own) : null}
      .flip=${told?.key.endsWith(inside.key.value) ? told.answer : null}
      .busy=${inquiries.flip.busy.value}
      @pixels=${(/** @type {CustomEvent} */ { detail }) => void (inside.disturbed.value = detail.pixels)}
      @restore=${() => void (inside.disturbed.value = null)}
      @flip=${(/** @type {CustomEvent} */ { detail }) => {
        inside.boot();
        const pixels = /** @type {Float32Array} */ (inside.input.peek()).slice();
        inquiries.flip.want(`${detail.to} ${inside.key.peek()}`, () => interpreter.ask('subject_flip', { subject: 'inside', pixels, to: detail.to }));
      }}
    ></glass-disturb>`;
  }

  /** @param {import('../../models/inside.js').Inside} inside */
  #edit(inside) {
    const [shown, unit] = [inside.subject.shown.value, inside.unit.value];
    const own = shown && unit && weightsOf(shown.network, unit);
    if (!own || !unit) return html`<p class="small">Pick a unit that has weights.</p>`;
    const [rows = 28, columns = 28] = shown.network.shape;
    return html`<glass-surgery
      .edits=${inside.edits.value}
      .told=${inside.inquiries.edited.value}
      .weights=${own.weights}
      .shape=${own.shape}
      array="layers.${unit.layer}.weight"
      .at=${own.at}
      .layer=${unit.layer}
      .unit=${unit.unit}
      .range=${holdRange(own.weights, 0)}
      .classes=${this.classes}
      .picture=${this.#picture}
      .rows=${rows}
      .columns=${columns}
      @edits=${(/** @type {CustomEvent} */ { detail }) => {
        inside.boot();
        inside.edits.value = detail.edits;
      }}
      @pick=${this.#look}
    ></glass-surgery>`;
  }

  /** A test digit's pixels, if they are here. @param {number} index */
  #picture = (/** @type {number} */ index) => {
    const pixels = this.inside?.supply.digits.peek()?.pixels(index);
    return pixels?.length ? pixels : null;
  };

  #look = (/** @type {CustomEvent<{index: number}>} */ { detail }) => this.inside?.looked.choose('test', detail.index);

  /** @param {number} layer @param {number} unit */
  #choose(layer, unit) {
    this.inside?.settings.set('layer', String(layer));
    this.inside?.settings.set('unit', String(unit));
  }

  /** @param {Panel} panel */
  #open(panel) {
    this.inside?.settings.set('panel', panel);
    if (panel !== 'unit' && panel !== 'array') this.inside?.boot();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const at = PANELS.indexOf(/** @type {Panel} */ (this.inside?.settings.peek('panel')));
    const next = PANELS[(at + by + PANELS.length) % PANELS.length];
    if (!by) return;
    event.preventDefault();
    this.#open(next);
    void this.updateComplete.then(() => /** @type {HTMLElement|null} */ (this.renderRoot.querySelector(`#${next}`))?.focus());
  }
}

/** How a row of weights is laid out, if an image comes in. @param {import('../../python/protocol.js').Quantity} quantity @param {import('../../data/network.js').Network} network */
function tileOf({ name, layer, shape }, { layers }) {
  const [rows, columns = 0] = layer === null ? [0] : layers[layer].input;
  return name.includes('weight') && shape.length === 2 && rows * columns === shape[1] ? { rows, columns } : null;
}

/** The weights that come into a unit, and how they are laid out. @param {import('../../data/network.js').Network} network @param {{layer: number, unit: number}} unit */
function weightsOf({ layers, arrays }, { layer, unit }) {
  const { name, parameters } = layers[layer];
  const [all, shape] = [arrays[`${name}.weight`], parameters.weight];
  if (!all || !shape) return null;
  const size = shape.slice(1).reduce((sum, length) => sum * length, 1);
  const input = shape.length === 4 ? [shape[1], shape[2] * shape[3]] : layers[layer].input.length > 1 ? layers[layer].input : null;
  const side = Math.ceil(Math.sqrt(size));
  const [rows, columns] = input && input[0] * input[1] === size ? input : [Math.ceil(size / side), side];
  return { weights: all.subarray(unit * size, (unit + 1) * size), at: unit * size, shape: { rows, columns } };
}

customElements.define('glass-panels', GlassPanels);
