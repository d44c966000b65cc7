/**
 * Which units switch between two digits, layer by layer: as long as none does, both are read by the
 * same linear map.
 *
 * @module
 */

import { html, LitElement } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { switches } from '../../models/switches.js';
import { count } from '../../models/words.js';
import { panel } from './panel-look.js';

/** @typedef {Record<string, Uint8Array>} On by the layers' names */

/** Units named at most. */
const MOST = 40;

export class GlassSwitches extends LitElement {
  static properties = { on: { attribute: false }, other: { attribute: false } };

  static styles = [shared, controls, panel];

  constructor() {
    super();
    /** @type {On} of the digit looked at */
    this.on = {};
    /** @type {On} of the pinned one */
    this.other = {};
  }

  render() {
    const all = switches(this.on, this.other);
    const total = all.reduce((sum, { here, there }) => sum + here.length + there.length, 0);
    const words = total ? `${count(total)} ${total === 1 ? 'switches' : 'switch'} between this digit and the pinned one` : 'Nothing switches between this digit and the pinned one: both are read by the same map';
    return html`<h3>${words}</h3>
      ${all.map((layer) => this.#layer(layer))}`;
  }

  /** @param {import('../../models/switches.js').Switched} layer */
  #layer({ name, units, pools, here, there }) {
    const number = /layers\.(\d+)/.exec(name)?.[1];
    const layer = number === undefined ? name : `Layer ${Number(number) + 1}`;
    if (pools) return html`<p class="small">${layer}: ${count(here.length)} of ${count(units)} pools take another of their inputs${list(here)}.</p>`;
    return html`<p class="small">${layer}: ${count(here.length + there.length)} of ${count(units)} units. On for this digit only${list(here)}; for the pinned one only${list(there)}.</p>`;
  }
}

/** @param {number[]} units counted from 0 @returns {string} `: 3, 7 and 12` */
function list(units) {
  const names = units.slice(0, MOST).map((unit) => count(unit + 1));
  if (units.length > MOST) names.push(`${count(units.length - MOST)} more`);
  return names.length ? `: ${new Intl.ListFormat('en').format(names)}` : ': none';
}

customElements.define('glass-switches', GlassSwitches);
