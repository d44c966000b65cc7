/**
 * The panel from which a figure, as it stands, is taken to other pages: what of it is shown there,
 * how that will look, and the text to paste.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { fetchSize } from '../../data/size.js';
import { snapshot } from '../../kit/snapshot.js';
import { copyLacks, followLink, lacks, saved, uncopied } from '../../kit/rights.js';
import { controls, shared } from '../../kit/styles.js';
import { FIGURES, sharing } from '../../models/share.js';
import { megabytes } from '../../models/words.js';
import { CONTROLS, USUAL } from '../../state/controls.js';
import { pageAt, places } from '../../wire/places.js';
import { look } from './share-look.js';
import { FORMS, PICTURED, THEMES } from './share-words.js';

/** @typedef {import('../../models/share.js').Form} Form */
/** @typedef {import('../../models/share.js').Theme} Theme */
/** @typedef {import('../../state/controls.js').Figure} Figure */

/** A build without these pictures has no such table. */
/** @type {Embed[]} */
const EMBEDS = JSON.parse(__EMBEDS__);
/** Milliseconds of rest before the preview follows what is chosen. */
const REST_MS = 400;
/** Milliseconds between two looks at how much the preview has fetched. */
const WEIGH_MS = 1000;
/** Networks that only this browser has. */
const PERSONAL = ['open=run', 'model=run', 'model=file', 'network=run'];

export class GlassShare extends LitElement {
  static properties = {
    figure: { attribute: false },
    query: { attribute: false },
    fragment: { attribute: false },
    form: { state: true },
    theme: { state: true },
    shown: { state: true },
    picture: { state: true },
    framed: { state: true },
    fetched: { state: true },
    python: { state: true },
    told: { state: true },
  };

  static styles = [shared, controls, look];

  #ended = new AbortController();
  /** @type {() => void} */
  #close = () => {};
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #rest;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #weighing;

  constructor() {
    super();
    /** The figure on this page. @type {Element|null} */
    this.subject = null;
    /** @type {Figure} */
    this.figure = 'train';
    /** Its state. */
    this.query = '';
    /** The rest of its page's address. */
    this.fragment = '';
    /** Settled when the panel is closed. @type {Promise<void>} */
    this.closed = new Promise((resolve) => (this.#close = resolve));
    /** @type {Form} */
    this.form = 'snippet';
    /** @type {Theme} */
    this.theme = 'auto';
    /** The controls left; null: the usual ones. @type {string[]|null} */
    this.shown = null;
    /** Address of a picture that the author has made. */
    this.picture = '';
    /** What the preview shows. */
    this.framed = '';
    /** Bytes that the preview has fetched; and Python's; 0: not known. */
    this.fetched = 0;
    this.python = 0;
    this.told = '';
  }

  get #names() {
    return Object.keys(CONTROLS[this.figure]);
  }

  /** What there is to paste. */
  get shared() {
    const { figure, query, fragment, theme, picture } = this;
    return sharing({ figure, query, fragment, theme, picture, site: pageAt(''), embeds: EMBEDS, controls: this.shown ?? USUAL[this.figure] });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#ended.abort();
    clearTimeout(this.#rest);
    clearInterval(this.#weighing);
    this.#close(); // the figure may have been taken away with it
  }

  firstUpdated() {
    this.#dialog.showModal();
    this.framed = this.shared.frame;
    this.#weighing = setInterval(() => this.#weigh(), WEIGH_MS);
    fetchSize(places().python, this.#ended.signal).then((bytes) => (this.python = bytes), () => {}); // then no number is told
  }

  updated() {
    const { frame } = this.shared;
    clearTimeout(this.#rest);
    if (frame !== this.framed) this.#rest = setTimeout(() => ((this.framed = frame), (this.fetched = 0)), REST_MS);
  }

  render() {
    const { figure, form } = this;
    const { texts, exact } = this.shared;
    return html`<dialog
      aria-labelledby="heading"
      @close=${() => this.#close()}
      @click=${this.#onPress}
      @keydown=${(/** @type {Event} */ event) => event.stopPropagation() /* the keys of the figure behind it sleep */}
    >
      <div class="head">
        <h2 id="heading">Share or embed: ${FIGURES[figure].title}</h2>
        <button class="quiet" data-command="close" @click=${() => this.#dialog.close()}>Close</button>
      </div>
      <div class="body">
        <div class="choices">
          <div>
            ${this.#radios('form', 'To paste', FORMS, form)}
            <p class="where small muted">${FORMS[form].where}</p>
            <div class="text">
              <textarea readonly spellcheck="false" aria-label="The text to paste" .value=${texts[form]} @focus=${(/** @type {FocusEvent} */ { target }) => /** @type {HTMLTextAreaElement} */ (target).select()}></textarea>
            </div>
            <div class="acts">
              <button class="primary" data-command="copy" autofocus @click=${() => void this.#copy(texts[form])}>Copy</button>
              ${form === 'link' ? nothing : html`<button data-command="copy-link" @click=${() => void this.#copy(texts.link)}>Copy the link</button>`}
              <output class="small" role="status">${this.told}</output>
            </div>
            ${copyLacks() ? html`<p class="small muted">${copyLacks()}</p>` : nothing}
          </div>
          ${form === 'link' ? this.#unfurling() : this.#looks()}
          <div class="notes small muted">${this.#notes(exact)}</div>
        </div>
        <div class="preview">
          <p class="name">As others will see it</p>
          ${this.framed ? keyed(this.framed, html`<iframe src=${this.framed} title="Preview"></iframe>`) : nothing}
          <p class="cost small muted">${this.#cost}</p>
        </div>
      </div>
    </dialog>`;
  }

  /** @param {'form'|'theme'} name @param {string} legend @param {Record<string, {label: string}>} options @param {string} chosen */
  #radios(name, legend, options, chosen) {
    return html`<fieldset class=${name}>
      <legend>${legend}</legend>
      <div class="row">
        ${Object.entries(options).map(
          ([value, { label }]) => html`<label><input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => this.#set({ [name]: value })} />${label}</label>`,
        )}
      </div>
    </fieldset>`;
  }

  /** What is shown where it is embedded, and how. */
  #looks() {
    const shown = this.shown ?? USUAL[this.figure];
    const change = (/** @type {Event} */ event, /** @type {string} */ name) => {
      const { checked } = /** @type {HTMLInputElement} */ (event.target);
      this.#set({ shown: this.#names.filter((one) => (one === name ? checked : shown.includes(one))) });
    };
    return html`<fieldset class="controls">
        <legend>Beside the picture it has</legend>
        <div class="checks">
          ${Object.entries(CONTROLS[this.figure]).map(
            ([name, words]) => html`<label><input type="checkbox" value=${name} .checked=${shown.includes(name)} @change=${(/** @type {Event} */ event) => change(event, name)} />${words}</label>`,
          )}
        </div>
      </fieldset>
      ${this.#radios('theme', 'Its colours', THEMES, this.theme)}`;
  }

  /** @param {boolean} exact */
  #notes(exact) {
    const parameters = new URLSearchParams(this.query);
    const row = EMBEDS.find(({ figure }) => figure === this.figure);
    return [
      this.figure === 'train' ? html`<p>What has been learned here stays here: others begin with the recorded run.</p>` : nothing,
      PERSONAL.some((one) => parameters.get(one.split('=')[0]) === one.split('=')[1]) ? html`<p>It shows a network that only this browser has: others see it without.</p>` : nothing,
      this.fragment && this.form !== 'link' ? html`<p>The digits chosen here go along with the link, not with the live figure.</p>` : nothing,
      PICTURED.includes(this.form) && (this.picture || !exact)
        ? html`<p>${this.picture ? 'The picture is yours.' : html`Its picture shows the figure in another state${row ? `: “${row.title}”` : ''}; the live figure is as it is here.`}</p>
            <div class="own">
              <span><button data-command="picture" @click=${() => void this.#save()}>Save the picture as it is here (PNG)</button> ${lacks('downloads')}</span>
              <label for="own">and, once it lies somewhere, its address:</label>
              <input id="own" type="url" placeholder="https://" .value=${this.picture} @input=${(/** @type {Event} */ { target }) => this.#set({ picture: /** @type {HTMLInputElement} */ (target).value.trim() })} />
            </div>`
        : nothing,
    ];
  }

  /** Links that show more than their words where they are pasted. */
  #unfurling() {
    const rows = EMBEDS.filter(({ figure }) => figure === this.figure);
    if (!rows.length) return nothing;
    return html`<div class="small">
      <p class="name">These links unfurl: pasted into an editor or a chat, they become a card or the figure</p>
      <ul class="unfurl">
        ${rows.map(({ name, title }) => html`<li><a href=${pageAt(`embed/${name}/`)} target="_blank" rel="noopener" @click=${(/** @type {MouseEvent} */ event) => followLink(event, (words) => this.#set({}, words))}>${title}</a></li>`)}
      </ul>
    </div>`;
  }

  /** What it costs whoever reads the page that it is on. */
  get #cost() {
    const before = this.fetched ? `This preview has fetched ${megabytes(this.fetched)}, as it stands.` : 'Before a touch it is a picture and scripts.';
    return `${before} Python${this.python ? `, ${megabytes(this.python)} more,` : ''} comes only when somebody asks for what needs it.`;
  }

  #weigh() {
    const window = this.renderRoot.querySelector('iframe')?.contentWindow;
    try {
      const entries = /** @type {PerformanceResourceTiming[]} */ (window?.performance.getEntriesByType('resource') ?? []);
      this.fetched = entries.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    } catch {
      // On another site's page the frame is of another origin, and keeps that to itself.
    }
  }

  /** @param {Partial<{form: Form, theme: Theme, shown: string[], picture: string}>} chosen @param {string} [told] */
  #set(chosen, told = '') {
    Object.assign(this, chosen, { told });
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }

  /** Outside it: on what lies behind. @param {MouseEvent} event */
  #onPress(event) {
    if (event.composedPath()[0] === this.#dialog) this.#dialog.close();
  }

  /** @param {string} text */
  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.told = 'Copied.';
    } catch {
      const area = /** @type {HTMLTextAreaElement} */ (this.renderRoot.querySelector('textarea'));
      if (text !== area.value) this.form = 'link';
      await this.updateComplete;
      area.focus();
      area.select();
      this.told = `${uncopied()}. The text is selected: copy it by hand.`;
    }
  }

  async #save() {
    const { backgroundColor } = getComputedStyle(this.subject ?? this);
    const blob = this.subject && (await snapshot(this.subject, backgroundColor));
    if (!blob) return void (this.told = 'There is no picture yet.');
    const url = URL.createObjectURL(blob);
    Object.assign(document.createElement('a'), { href: url, download: `${this.figure}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    this.told = saved(`${this.figure}.png`);
  }
}

customElements.define('glass-share', GlassShare);
