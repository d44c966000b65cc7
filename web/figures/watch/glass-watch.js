/**
 * The runs that a `glassnet watch` follows: their curves over each other, a table that says in what
 * they differ, and of the chosen one its weights and what it misreads, while they are trained.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { html, LitElement, nothing } from 'lit';
import { holdRange } from '../../draw/range.js';
import { figure } from '../../kit/figure.js';
import { controls, shared } from '../../kit/styles.js';
import { WatchedRuns } from '../../models/watched.js';
import { count, percent, short, signed } from '../../models/words.js';
import { pageAt } from '../../wire/places.js';
import '../forward/glass-tiles.js';
import '../network/glass-picture.js';
import './glass-lines.js';
import { banded, groupsOf, thinned } from './bands.js';
import { look } from './watch-look.js';
import { ago, ordered, pathWords, sentence, stateWords } from './watch-words.js';

/**
 * @typedef {import('../../models/watched.js').Watched} Watched
 * @typedef {import('./watch-words.js').Order} Order
 * @typedef {Pick<WatchedRuns, 'runs'|'contact'|'chosen'|'look'|'blind'|'differing'|'choose'|'keep'>} Runs those of a server, or of this page
 */

/** As many runs have colours, in the charts and in the table. */
const COLOURED = 10;
/** Of a drawn curve, at most; of one among many. */
const POINTS = { few: 100, many: 32 };
/** More runs than these are many: drawn with fewer points, and listed only if asked for. */
const FEW = 50;

export class GlassWatch extends SignalWatcher(LitElement) {
  static properties = { source: { attribute: false }, order: { state: true }, pointed: { state: true }, kept: { state: true }, all: { state: true }, together: { state: true } };

  static styles = [figure, shared, controls, look];

  /** @type {Runs|null} */
  #runs = null;
  /** They, if they are a server's. @type {WatchedRuns|null} */
  #server = null;
  /** The full colour of the weights, held still. */
  #range = 0;

  constructor() {
    super();
    /** Where its runs are, before this stands on its page; null: with the server behind it. @type {Runs|null} */
    this.source = null;
    /** @type {Order} */
    this.order = { by: 'found', down: false };
    /** @type {string|null} */
    this.pointed = null;
    /** Whether runs that differ in their seed alone are one curve. */
    this.together = true;
    /** Whether all runs are listed, however many. */
    this.all = false;
    /** Why the network could not be handed on. */
    this.kept = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.#runs = this.source;
    if (this.#runs) return;
    this.#server = new WatchedRuns(new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
    this.#runs = this.#server;
    void this.#server.open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#server?.close();
    this.#runs = this.#server = null;
  }

  /** What it shows; null while it stands on no page. */
  get watched() {
    return this.#runs;
  }

  render() {
    const watched = this.#runs;
    if (!watched) return html`<slot></slot>`;
    const [contact, runs] = [watched.contact.value, watched.runs.value];
    const words = html`<p role="status">${sentence(contact, runs)}</p>`;
    if (!runs.length) return contact === 'none' || contact === 'refused' ? html`${words}<slot></slot>` : words;
    return html`
      <div>${words} ${this.#seeds(runs)}</div>
      <div class="charts">
        ${this.#chart('Test digits read right', 'accuracies', false, (value) => percent(value))} ${this.#chart('Loss of the batches, averaged', 'losses', true, short)}
      </div>
      <div class="below">
        <section aria-labelledby="runs"><h2 id="runs">Runs</h2>${this.#table(watched, runs)}</section>
        <section class="look" aria-labelledby="chosen">${this.#chosen(watched)}</section>
      </div>
    `;
  }

  /** Of each run, the first of those that are drawn as one with it. @param {Watched[]} runs @returns {Map<string, string>} */
  #leaders(runs) {
    if (!this.together) return new Map(runs.map(({ name }) => [name, name]));
    return new Map([...groupsOf(runs)].flatMap(([leader, group]) => group.map(({ name }) => [name, leader])));
  }

  /** @param {Watched[]} runs */
  #seeds(runs) {
    if (groupsOf(runs).size === runs.length) return nothing;
    return html`<label class="seeds"><input type="checkbox" .checked=${this.together} @change=${() => (this.together = !this.together)} />seeds of a setting as one curve, with the band in which they lie</label>`;
  }

  /** @param {string} heading @param {'accuracies'|'losses'} which @param {boolean} logarithmic @param {(value: number) => string} words */
  #chart(heading, which, logarithmic, words) {
    const runs = this.#runs?.runs.value ?? [];
    const leaders = this.#leaders(runs);
    const groups = Map.groupBy(runs, ({ name }) => leaders.get(name));
    const most = groups.size > FEW ? POINTS.many : POINTS.few;
    const curves = new Map([...groups].map(([name, group]) => [name, banded(group.map((run) => thinned(run[which], most)))]));
    const leader = (/** @type {string|null|undefined} */ name) => leaders.get(name ?? '') ?? null;
    return html`<section>
      <h2>${heading}</h2>
      <glass-lines
        .curves=${curves}
        .chosen=${leader(this.#runs?.chosen.value)}
        .pointed=${leader(this.pointed)}
        ?logarithmic=${logarithmic}
        .words=${words}
        label=${`${heading}, by step, of ${count(runs.length)} runs; the table says the last values`}
        @choose=${(/** @type {CustomEvent<string>} */ { detail }) => this.#choose(detail)}
        @point=${(/** @type {CustomEvent<string|null>} */ { detail }) => (this.pointed = detail)}
      ></glass-lines>
      <p class="small muted">${this.pointed === null ? 'Steps. Point at a curve to see whose it is.' : named(groups.get(leaders.get(this.pointed)) ?? [])}</p>
    </section>`;
  }

  /** @param {Runs} watched @param {Watched[]} runs */
  #table(watched, runs) {
    const differing = watched.differing.value;
    const chosen = watched.chosen.value;
    const leaders = this.#leaders(runs);
    const names = [...new Set(leaders.values())];
    const few = names.length <= COLOURED;
    const colour = (/** @type {string} */ name) => names.indexOf(leaders.get(name) ?? '');
    const rows = ordered(runs, this.order);
    const left = this.all ? 0 : Math.max(0, rows.length - FEW);
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the runs">
      <table>
        <thead>
          <tr>
            ${this.#head('found', 'run')} ${differing.map((path) => this.#head(path, pathWords(path)))} ${this.#head('step', 'step')} ${this.#head('loss', 'loss')} ${this.#head('accuracy', 'read right')}
            ${this.#head('state', 'state')}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, rows.length - left).map(
            (run) => html`<tr class=${this.pointed !== null && leaders.get(run.name) === leaders.get(this.pointed) ? 'pointed' : ''} @pointerenter=${() => (this.pointed = run.name)} @pointerleave=${() => (this.pointed = null)}>
              <th scope="row">
                ${few ? html`<i class="key colour-${colour(run.name)}"></i>` : nothing}
                <button aria-pressed=${String(run.name === chosen)} title=${run.name} @click=${() => this.#choose(run.name)}>${run.name}</button>
              </th>
              ${differing.map((path) => html`<td>${run.settings.get(path) ?? '–'}</td>`)}
              <td>${count(run.step)}</td>
              <td>${run.losses.values.length ? signed(/** @type {number} */ (run.losses.values.at(-1)), 4) : '–'}</td>
              <td>${run.accuracies.values.length ? percent(/** @type {number} */ (run.accuracies.values.at(-1)), 2) : '–'}</td>
              <td class="words">${stateWords(run)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      </div>
      ${left ? html`<button class="quiet" @click=${() => (this.all = true)}>${count(left)} more</button>` : nothing}`;
  }

  /** @param {string} by @param {string} words */
  #head(by, words) {
    const { order } = this;
    const sorted = order.by === by ? (order.down ? 'descending' : 'ascending') : 'none';
    const press = () => (this.order = { by, down: order.by === by ? !order.down : by === 'accuracy' });
    return html`<th scope="col" aria-sort=${sorted}><button @click=${press}>${words}${sorted === 'none' ? '' : order.down ? ' ↓' : ' ↑'}</button></th>`;
  }

  /** @param {Runs} watched */
  #chosen(watched) {
    const name = watched.chosen.value;
    const run = watched.runs.value.find((one) => one.name === name);
    if (!run) return nothing;
    const seen = watched.look.value;
    return html`
      <h2 id="chosen">${run.name}</h2>
      <p class="small muted">${run.reason ? `${run.reason}. ` : ''}${run.state === 'going' && run.silent > 5 ? `Its log has said nothing for ${ago(run.silent)}.` : ''}</p>
      ${run.weights === null
        ? nothing
        : html`<p>
            <button class="primary" @click=${() => void this.#lookInside()}>Look inside</button>
            <span class="small muted">${this.kept || 'opens the network page with it, as it was last kept'}</span>
          </p>`}
      ${watched.blind.value ? html`<p>${watched.blind.value}</p>` : nothing} ${seen ? this.#seen(seen) : nothing}
    `;
  }

  /** @param {import('../../data/runs.js').Look} look */
  #seen({ step, rows, columns, units, weights, count: measured, wrong, mistakes }) {
    const shape = { rows, columns };
    const shown = weights ? weights.length / (rows * columns) : 0;
    if (weights) this.#range = holdRange(weights, this.#range);
    return html`
      <div>
        <h3 class="small">Weights into its first layer, after ${count(step)} steps</h3>
        ${weights
          ? html`<glass-tiles still .values=${weights} .units=${shown} .shape=${shape} .range=${this.#range}></glass-tiles>
              <p class="small muted">${shown < units ? `The first ${count(shown)} of ${count(units)} units. ` : ''}Blue: for it; orange: against it. Full colour is ±${short(this.#range)}.</p>`
          : html`<p class="small muted">Its first layer does not see whole images; Look inside shows it.</p>`}
      </div>
      ${measured
        ? html`<div>
            <h3 class="small">Misread: ${count(wrong)} of ${count(measured)} test digits; the surest first</h3>
            <ul class="mistakes small">
              ${mistakes.map(
                ({ index, label, said, sure, image }) =>
                  html`<li title=${`Test digit ${count(index)}: ${label}, read as ${said} (${percent(sure)})`}>
                    <glass-picture ink .values=${image} .shape=${shape} .range=${255} .words=${`${label}, read as ${said}`}></glass-picture><span aria-hidden="true">${label} → ${said}</span>
                  </li>`,
              )}
            </ul>
          </div>`
        : html`<p class="small muted">What it misreads is shown where <code>glassnet watch</code> has been given its data set (<code>--data</code>).</p>`}
    `;
  }

  /** @param {string} name */
  #choose(name) {
    this.#range = 0;
    this.kept = '';
    this.#runs?.choose(name);
  }

  async #lookInside() {
    try {
      if (await this.#runs?.keep()) return void location.assign(pageAt('network.html?model=run'));
      this.kept = 'This browser keeps nothing for this page, so it cannot be handed on.';
    } catch (error) {
      this.kept = /** @type {Error} */ (error).message;
    }
  }
}

/** @param {Watched[]} group */
function named(group) {
  if (group.length < 2) return group[0]?.name ?? '';
  return `${group[0].name} and ${group.length === 2 ? 'another seed' : `${count(group.length - 1)} other seeds`}: their mean, and between what they lie`;
}

customElements.define('glass-watch', GlassWatch);
