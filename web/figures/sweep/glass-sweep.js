/**
 * A sweep in this tab: what its runs differ in, how far they are, a small curve for each setting, and
 * all that `glassnet watch` shows of runs.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { html, LitElement, nothing } from 'lit';
import { scalesOf } from '../../draw/lines.js';
import { figure } from '../../kit/figure.js';
import { controls, shared } from '../../kit/styles.js';
import { Sweep } from '../../models/sweep.js';
import { count, megabytes, percent } from '../../models/words.js';
import { places } from '../../wire/places.js';
import { banded, groupsOf } from '../watch/bands.js';
import '../watch/glass-watch.js';
import { pathWords } from '../watch/watch-words.js';
import './glass-multiple.js';
import { look } from './sweep-look.js';
import { bearable, counted, courseWords, MOST_WORKERS, said, WORKER_MB, written } from './sweep-words.js';

/**
 * @typedef {import('../../models/watched.js').Watched} Watched
 * @typedef {import('./sweep-words.js').Row} Row
 */

/** What can be varied, to choose from; any other field of a configuration can be written. */
const FIELDS = ['optimizer.lr', 'layers.0.units', 'layers.0.activation', 'batch', 'optimizer.type', 'loss', 'initializer', 'epochs'];
/** More settings than these are drawn without the others behind them. */
const GHOSTS = 40;
const FILE = 'sweep.zip';

export class GlassSweep extends SignalWatcher(LitElement) {
  static properties = { rows: { state: true }, seeds: { state: true }, drawn: { state: true }, epochs: { state: true }, workers: { state: true }, told: { state: true } };

  static styles = [figure, shared, controls, look];

  /** @type {Sweep|null} */
  #sweep = null;

  constructor() {
    super();
    /** @type {Row[]} */
    this.rows = [
      { field: 'optimizer.lr', values: '0.5, 3' },
      { field: 'layers.0.units', values: '16, 36' },
    ];
    this.seeds = '2';
    /** Settings to draw, where there is a range to draw from. */
    this.drawn = 20;
    this.epochs = 1;
    this.workers = bearable(navigator);
    /** What became of saving or opening. */
    this.told = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.#sweep = new Sweep(places());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sweep?.close();
    this.#sweep = null;
  }

  /** What it shows; null while it stands on no page. */
  get sweep() {
    return this.#sweep;
  }

  /** Whether a field has a range to draw from. */
  get #ranged() {
    return said(this.rows).some(({ values }) => values.includes('..'));
  }

  /** Settings to draw; 0: all combinations are taken. */
  get #drawn() {
    return this.#ranged ? this.drawn : 0;
  }

  render() {
    const sweep = this.#sweep;
    if (!sweep) return html`<slot></slot>`;
    const [state, runs] = [sweep.state.value, sweep.runs.value];
    return html`<details ?open=${!runs.length}><summary>What the runs differ in</summary>${this.#fields(state === 'starting' || state === 'running' || state === 'paused')}</details>
    ${this.#course(sweep)} ${runs.length ? html`${this.#multiples(sweep, runs)}<glass-watch .source=${sweep}></glass-watch>` : nothing}`;
  }

  /** @param {boolean} going */
  #fields(going) {
    const { settings, seeds } = counted(this.rows, this.seeds, this.#drawn);
    const total = settings * seeds;
    return html`<form @submit=${this.#begin}>
      <div class="rows">${this.rows.map((row, i) => this.#row(row, i))}</div>
      <datalist id="fields">${FIELDS.map((field) => html`<option value=${field}></option>`)}</datalist>
      <p class="small muted">Values with commas between them; or, to draw from, a range: <code>0.01..1</code>, <code>0.01..1:log</code>. A field by its name in a run’s configuration, as on the command line.</p>
      <div class="others">
        <label>Seeds of each<input name="seeds" inputmode="numeric" .value=${this.seeds} title="how many, or which: 1,2,5" @input=${(/** @type {any} */ { target }) => (this.seeds = target.value)}></label>
        ${this.#number('epochs', 'Epochs', 1, 1000, 'passes over the training digits')}
        ${this.#ranged ? this.#number('drawn', 'Settings to draw', 0, 1000, 'out of the ranges, at random') : nothing}
        ${this.#number('workers', 'At a time', 1, MOST_WORKERS, 'runs, each in a worker of its own')}
      </div>
      <p class="small" data-count>${count(settings)} ${settings === 1 ? 'setting' : 'settings'} × ${count(seeds)} ${seeds === 1 ? 'seed' : 'seeds'}: ${count(total)} ${total === 1 ? 'run' : 'runs'}.
        Each worker has a Python and all digits of its own: ${count(Math.min(this.workers, total))} of them take about ${megabytes(Math.min(this.workers, total) * WORKER_MB * 1e6)} of memory.</p>
      <div class="acts">
        <button class="primary" ?disabled=${going}>Begin the sweep</button>
        <button type="button" @click=${() => (this.rows = [...this.rows, { field: '', values: '' }])}>Vary another field</button>
        <label class="small">Open a saved one <input type="file" accept=".zip,.json" ?disabled=${going} @change=${this.#open}></label>
      </div>
      <p class="small muted">A sweep is opened as the page saves it (${FILE}), or as the <code>sweep.json</code> in the folder of <code>glassnet sweep</code>.</p>
    </form>`;
  }

  /** @param {Row} row @param {number} i */
  #row(row, i) {
    const change = (/** @type {Partial<Row>} */ what) => (this.rows = this.rows.with(i, { ...row, ...what }));
    return html`<div class="row">
      <label>Field<input list="fields" .value=${row.field} spellcheck="false" autocapitalize="off" @input=${(/** @type {any} */ { target }) => change({ field: target.value })}></label>
      <label>Values<input .value=${row.values} spellcheck="false" autocapitalize="off" @input=${(/** @type {any} */ { target }) => change({ values: target.value })}></label>
      <button type="button" class="quiet" aria-label=${`Do not vary ${row.field || 'this field'}`} @click=${() => (this.rows = this.rows.toSpliced(i, 1))}>Remove</button>
    </div>`;
  }

  /** @param {'epochs'|'drawn'|'workers'} name @param {string} label @param {number} least @param {number} most @param {string} hint */
  #number(name, label, least, most, hint) {
    const take = (/** @type {any} */ { target }) => (this[name] = Math.min(most, Math.max(least, Math.round(Number(target.value)) || least)));
    return html`<label title=${hint}>${label}<input type="number" name=${name} min=${least} max=${most} .value=${String(this[name])} @change=${take}></label>`;
  }

  /** @param {Sweep} sweep */
  #course(sweep) {
    const [state, fault, fetching] = [sweep.state.value, sweep.fault.value, sweep.fetching.value];
    const loaded = state === 'starting' && fetching?.total ? ` ${megabytes(fetching.loaded)} of ${megabytes(fetching.total)} are here.` : '';
    const words = courseWords(sweep);
    if (!words && !fault) return nothing;
    return html`<section class="course" aria-label="How far it is">
      ${fault ? html`<p role="alert">${fault}</p>` : nothing}
      <p role="status">${words}${loaded} ${this.told}</p>
      ${state === 'running' || state === 'paused' ? html`<progress max="1" .value=${sweep.course.value.share} aria-label="Steps of all runs"></progress>` : nothing}
      <div class="acts">
        ${state === 'running' ? html`<button @click=${() => void sweep.pause()}>Pause</button>` : nothing} ${state === 'paused' ? html`<button @click=${() => void sweep.goOn()}>Go on</button>` : nothing}
        ${sweep.runs.value.length && state !== 'starting' ? html`<button data-command="save" @click=${() => void this.#save()}>Save as ${FILE}</button><span class="small muted">natively: <code>glassnet sweep --from ${FILE} --out sweep</code></span>` : nothing}
      </div>
    </section>`;
  }

  /** @param {Sweep} sweep @param {Watched[]} runs */
  #multiples(sweep, runs) {
    const differing = sweep.differing.value.filter((path) => path !== 'seed');
    const groups = [...groupsOf(runs).values()];
    const curves = groups.map((group) => banded(group.map(({ accuracies }) => accuracies)));
    const scales = scalesOf(curves.map((curve) => ({ ...curve, colour: [0, 0, 0], alpha: 1, width: 1 })), false);
    const others = groups.length > GHOSTS ? [] : curves;
    const chosen = sweep.chosen.value;
    return html`<section aria-labelledby="multiples">
      <h2 id="multiples">Test digits read right, by step, one setting a picture</h2>
      <ul class="multiples">
        ${groups.map(
          (group, i) => html`<li><button aria-pressed=${String(group.some(({ name }) => name === chosen))} @click=${() => sweep.choose(group[0].name)}>
            <b class="small">${differing.map((path) => `${pathWords(path)} ${group[0].settings.get(path) ?? '–'}`).join(', ') || 'the only setting'}</b>
            <glass-multiple .curve=${curves[i]} .others=${others} .scales=${scales}></glass-multiple>
            <span class="small muted">${reached(group)}</span>
          </button></li>`,
        )}
      </ul>
    </section>`;
  }

  /** @param {SubmitEvent} event */
  #begin(event) {
    event.preventDefault();
    this.told = '';
    const vary = said(this.rows).map(written);
    void this.#sweep?.begin({ config: { epochs: this.epochs }, vary, seeds: this.seeds.trim(), random: this.#drawn }, this.workers);
  }

  /** @param {Event} event */
  async #open(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (!file) return;
    this.told = '';
    const bytes = new Uint8Array(await file.arrayBuffer());
    input.value = '';
    void this.#sweep?.resume(bytes, this.workers);
  }

  async #save() {
    try {
      const bytes = await this.#sweep?.save();
      if (!bytes) return;
      const href = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
      Object.assign(document.createElement('a'), { href, download: FILE }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
      this.told = `Saved: ${megabytes(bytes.length)}.`;
    } catch (error) {
      this.told = `It could not be saved: ${/** @type {Error} */ (error).message}.`;
    }
  }
}

/** @param {Watched[]} group @returns {string} what its runs have reached */
function reached(group) {
  const last = group.flatMap(({ accuracies }) => accuracies.values.at(-1) ?? []);
  const bad = group.filter(({ state }) => state === 'damaged').length;
  const failed = bad ? ` ${count(bad)} failed.` : '';
  if (!last.length) return failed.trim() || 'not begun';
  const [low, high] = [Math.min(...last), Math.max(...last)];
  return `${low === high ? percent(high, 1) : `${percent(low, 1)} to ${percent(high, 1)}`}${failed ? `;${failed.toLowerCase()}` : ''}`;
}

customElements.define('glass-sweep', GlassSweep);
