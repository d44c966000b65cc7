/**
 * The browser of all digits: a search line, the labels, the wall, and a panel for one digit, for
 * the set, for a list. Files dropped on it are opened in its place, read here and sent nowhere.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { chosen, dropped } from '../../data/dropped.js';
import { firstTask } from '../../kit/first-task.js';
import { figure } from '../../kit/figure.js';
import '../../kit/glass-menu.js';
import '../../kit/glass-status.js';
import { Narrow } from '../../kit/narrow.js';
import { partsOf } from '../../kit/parts.js';
import { Public } from '../../kit/public.js';
import { controls, shared } from '../../kit/styles.js';
import { count, megabytes } from '../../models/words.js';
import { look } from './browse-look.js';
import { Collection } from '../../models/collection.js';
import './glass-arrange.js';
import './glass-compare.js';
import './glass-example.js';
import './glass-help.js';
import './glass-labels.js';
import './glass-list.js';
import './glass-peek.js';
import './glass-plane.js';
import './glass-presets.js';
import './glass-search.js';
import './glass-selected.js';
import './glass-set.js';
import { Living } from '../living.js';
import { Sharing } from '../share/sharing.js';
import { places, sourceAt } from '../../wire/places.js';
import { BROWSE_TABLE, openOn } from '../../state/browse-table.js';
import { bindSelection } from '../../models/selection.js';

/** @typedef {import('../../state/browse-table.js').BrowseSettings} BrowseSettings */
/** @typedef {import('./glass-plane.js').GlassPlane} GlassPlane */
/** @typedef {import('./glass-search.js').GlassSearch} GlassSearch */

const TITLES = /** @type {Record<string, string>} */ ({ digit: 'This digit', set: 'The set', list: 'List', help: 'Keys and words' });

/** A drag over the page is told anew every half second at the latest; a cancelled one not always. */
const DRAGGED_MS = 1500;

export class GlassBrowse extends Living {
  static properties = { interaction: { type: String }, settings: { attribute: false }, selection: { attribute: false }, scope: { attribute: false }, selecting: { state: true }, grown: { state: true }, dragged: { state: true } };

  static styles = [figure, shared, controls, look, partsOf('browse')];

  #public = new Public(this, BROWSE_TABLE);
  /** @type {Collection|null} */
  #collection = null;
  #listening = new AbortController();
  #unbind = () => {};
  #narrow = new Narrow(this);
  #sharing = new Sharing(this, 'browse', () => this.selection.peek());
  /** @type {number|undefined} until a drag that is heard of no more is taken for given up */
  #dragging;

  constructor() {
    super();
    /** A page that binds them to its address sets them; else the figure has some of its own. @type {BrowseSettings|null} */
    this.settings = null;
    /** @type {'focus'|'always'} when wheel and fingers are for the wall: once it has the keyboard; or always, where the page is all about it */
    this.interaction = 'focus';
    /** Where keys are heard and files may be dropped; null for within the figure. @type {EventTarget|null} */
    this.scope = null;
    /** The selected digits, as a link has them. */
    this.selection = signal('');
    this.selecting = false;
    /** Whether all of the chosen digit is shown on a phone: a link to one shows it, a tap lets it peek. */
    this.grown = true;
    /** Whether files are held over the page. */
    this.dragged = false;
  }

  /** What the page shows, for whoever looks from outside. */
  get collection() {
    return this.#collection;
  }

  async scheduleUpdate() {
    await firstTask(this);
    if (!this.settings) openOn((this.settings = this.#public.settings()), this.#public.settings().toQuery());
    super.scheduleUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listen();
    this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
    this.#unbind();
    clearTimeout(this.#dragging);
    this.#collection?.close();
    this.#collection = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('scope')) this.#listen();
    if (changed.has('settings')) this.#open();
  }

  #listen() {
    this.#listening.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const scope = this.scope ?? this;
    /** @type {(type: string, hear: (event: any) => void) => void} */
    const on = (type, hear) => scope.addEventListener(type, hear, { signal });
    on('keydown', (event) => this.#onKey(event));
    on('dragover', (event) => this.#onDrag(event));
    on('dragleave', ({ relatedTarget: to }) => (to instanceof Node && this.contains(to)) || (this.dragged = false));
    on('drop', (event) => this.#onDrop(event));
  }

  #open() {
    if (this.#collection || !this.settings || !this.isConnected) return;
    this.#collection = new Collection(this.settings, places());
    this.#unbind = bindSelection(this.#collection, this.selection);
    this.#collection.open();
    this.requestUpdate();
  }

  render() {
    const collection = this.#collection;
    if (!collection) return html`<slot></slot>`;
    const panel = collection.settings.get('panel');
    const failures = collection.mishaps.failures.value;
    const notes = collection.settings.notes.value;
    this.#public.say(failures.length ? 'failed' : collection.arrived.value ? 'ready' : 'loading', failures[0]?.message);
    return html`
      <div class="top">
        <glass-search part="search" class="screen" .collection=${collection}></glass-search>
        <glass-arrange part="arrange" class="screen" .collection=${collection} .selecting=${this.selecting} @select=${() => void (this.selecting = !this.selecting)}></glass-arrange>
        <div class="asks">
          ${this.#labels(collection)}
          <glass-presets part="presets" class="screen" .collection=${collection}></glass-presets>
          <slot name="controls" class="screen"></slot>
        </div>
        ${collection.refusal.value
          ? html`<div class="refusal" role="alert">
              <p><strong>These files could not be opened.</strong> ${collection.refusal.value}. The wall is as it was.</p>
              <button @click=${() => void (collection.refusal.value = null)}>Close</button>
            </div>`
          : nothing}
        ${failures.length || notes.length
          ? html`<glass-status .failures=${failures} .notes=${notes} @retry=${() => collection.retry()}></glass-status>`
          : nothing}
      </div>
      <div class="wall">
        <glass-plane
          .collection=${collection}
          ?selecting=${this.selecting}
          ?guest=${this.interaction !== 'always'}
          @open=${() => this.#openDigit(collection)}
          @moving=${(/** @type {CustomEvent<boolean>} */ { detail }) => this.toggleAttribute('moving', detail)}
        ></glass-plane>
        <glass-menu class="screen" name="digits" source=${sourceAt('glassnet.network:Network.predict')} .figure=${this.#plane}></glass-menu>
        ${this.#told(collection)}
        <glass-selected class="screen" .collection=${collection}></glass-selected>
      </div>
      ${panel === 'none' ? nothing : html`<aside aria-label=${TITLES[panel]}>
        <button class="close quiet screen" @click=${() => this.#closePanel()}>Close</button>
        ${panel === 'digit' ? (this.#narrow.matches && !this.grown ? this.#peek(collection) : this.#example(collection)) : nothing}
        ${panel === 'set' ? html`<glass-set .collection=${collection} @choose-files=${this.#browseFiles}></glass-set>` : nothing}
        ${panel === 'list' ? html`<glass-list .collection=${collection}></glass-list>` : nothing}
        ${panel === 'help' ? html`<glass-help .about=${collection.about.value} @choose-files=${this.#browseFiles}></glass-help>` : nothing}
      </aside>`}
      <slot name="caption"></slot>
      ${this.dragged ? html`<div class="drop"><p>Drop IDX files here: images and their labels, plain or .gz, or a folder with them. They are read in this tab and sent nowhere.</p></div>` : nothing}
    `;
  }

  /** @param {Collection} collection */
  #labels(collection) {
    const { about, counts, settings, coloured } = collection;
    const set = about.value ?? undefined;
    return html`<glass-labels part="labels"
      .classes=${set?.classes ?? Array.from('0123456789')}
      .counts=${counts.value}
      .noun=${set?.noun ?? 'digit'}
      .find=${settings.get('find')}
      .by=${coloured.value.by}
      @light=${(/** @type {CustomEvent<number>} */ { detail }) => void (collection.lit.value = detail)}
      @find=${(/** @type {CustomEvent<string>} */ { detail }) => collection.set('find', detail)}
    ></glass-labels>`;
  }

  /** @param {Collection} collection */
  #openDigit({ settings }) {
    if (settings.get('panel') !== 'digit') this.grown = false;
    settings.set('panel', 'digit');
  }

  /** @param {Collection} collection */
  #peek({ about, chosen, closeUp }) {
    const more = () => void (this.grown = true);
    return html`<glass-peek .digit=${chosen.value} .shape=${about.value ?? undefined} .pixels=${closeUp.pixels.value} .words=${this.#describe(chosen.value)} @more=${more}></glass-peek>`;
  }

  /** @param {Collection} collection */
  #example(collection) {
    const { about, columns, facts, complete, closeUp, reader } = collection;
    const digit = collection.chosen.value;
    return html`<glass-example
      .digit=${digit}
      .here=${collection.has(digit)}
      .about=${about.value}
      .columns=${columns.value}
      .complete=${complete.value}
      .facts=${facts.value}
      .pixels=${closeUp.pixels.value}
      .outputs=${closeUp.outputs.value}
      .reader=${reader.name.value}
      .near=${closeUp.near.value}
      .unlike=${closeUp.unlike.value}
      .describe=${this.#describe}
      @choose=${(/** @type {CustomEvent<number>} */ { detail }) => collection.choose(detail)}
      @find=${(/** @type {CustomEvent<string>} */ { detail }) => collection.set('find', detail)}
    ><glass-compare slot="compare" .collection=${collection}></glass-compare></glass-example>`;
  }

  #describe = (/** @type {number} */ id) => this.#collection?.describe(id) ?? '';

  /** What is happening, when it is not yet all there. @param {Collection} collection */
  #told(collection) {
    const about = collection.about.value;
    const python = collection.python;
    const interruption = collection.mishaps.interruption.value;
    const progress = python.progress.value;
    const shape = collection.settings.get('shape');
    let text = '';
    if (interruption) text = interruption;
    else if (collection.reading.value) text = `Reading your files: ${count(collection.reading.value.arrived)} of ${count(collection.reading.value.count)}`;
    else if (collection.reader.busy.value) text = 'Your network reads all digits';
    else if (about && !collection.complete.value) text = `Getting the digits: ${count(collection.arrived.value)} of ${count(about.count)}`;
    else if (shape === 'pca' && python.phase.value === 'loading') {
      text = progress?.stage === 'download' ? `Getting Python: ${megabytes(progress.loaded)} of ${megabytes(progress.total)}` : 'Python starts';
    } else if (shape === 'pca' && python.busy.value) text = python.busy.value;
    else if (about && shape === 'pca' && python.mapped.value) {
      const { seconds, explained } = python.mapped.value;
      text = `Two principal components of all ${count(about.count)} ${about.noun}s, computed by Python in ${seconds.toFixed(1)} s: ${(100 * explained[0]).toFixed(1)} % of the variance lies across, ${(100 * explained[1]).toFixed(1)} % down`;
    } else if (shape === 'neighbours') text = 'Digits that look alike lie close together (t-SNE, computed by numpy when this site was built); distances across the map mean little';
    const selected = collection.selected.value.length > 0;
    return html`<p class=${selected ? 'told above' : 'told'} role="status" ?hidden=${!text || (selected && !interruption)}>${text}</p>`;
  }

  #browseFiles() {
    const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true });
    input.addEventListener('change', () => input.files && void this.#collection?.openFiles(Promise.resolve(chosen(input.files))));
    input.click();
  }

  #closePanel() {
    this.#collection?.settings.set('panel', 'none');
    this.#plane?.focusWall();
  }

  /** Puts the keyboard on the wall. */
  focusWall() {
    this.#plane?.focusWall();
  }

  get #plane() {
    return /** @type {GlassPlane|null} */ (this.renderRoot.querySelector('glass-plane'));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const collection = this.#collection;
    if (!collection || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    const typing = target instanceof Element && target.closest('input, textarea, select');
    const search = /** @type {GlassSearch|null} */ (this.renderRoot.querySelector('glass-search'));
    if (event.key === 'Escape') {
      if (typing) this.#plane?.focusWall();
      else if (collection.settings.get('panel') !== 'none') this.#closePanel();
      else if (collection.selected.value.length) collection.select([]);
      else if (collection.settings.get('digit')) collection.choose(-1);
      else return;
    } else if (typing) return;
    else if (event.key === '/') search?.begin();
    else if (event.key === 'g') search?.begin('#');
    else return;
    event.preventDefault();
  }

  /** @param {DragEvent} event */
  #onDrag(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dragged = true;
    clearTimeout(this.#dragging);
    this.#dragging = setTimeout(() => (this.dragged = false), DRAGGED_MS);
  }

  /** @param {DragEvent} event */
  #onDrop(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dragged = false;
    void this.#collection?.openFiles(dropped(event.dataTransfer));
  }
}

customElements.define('glass-browse', GlassBrowse);
