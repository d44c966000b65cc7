/**
 * The wall: all found digits on one plane, from the whole set as a texture to single pixels with
 * their values. Pointer, wheel, pinch and keys move over it; the chosen digit is an option of a
 * list box, so that it is announced in words.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { html, LitElement, nothing } from 'lit';
import { onPaper } from '../../kit/palette.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { openCell } from '../../models/presets.js';
import { count } from '../../models/words.js';
import { Finder } from './finder.js';
import { Gestures } from './gestures.js';
import './glass-lens.js';
import { Picture } from './picture.js';
import { onKey } from './plane-keys.js';
import { look } from './plane-look.js';
import { View } from './view.js';

/**
 * @typedef {import('../../models/collection.js').Collection} Collection
 * @typedef {import('./view.js').Spot} Spot
 */

/** Pixels from which a digit needs no lens. */
const READABLE = 56;
/** Milliseconds without a gesture after which the wall is at rest. */
const REST_MS = 400;
/** Milliseconds for which one is told how to move the wall. */
const HINT_MS = 2500;

/**
 * @fires open when a digit is to be looked at closely (Enter, or a pick)
 * @fires moving with `detail` true when a pointer, a wheel or fingers begin to move the wall, false when it rests
 */
export class GlassPlane extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false }, selecting: { type: Boolean }, guest: { type: Boolean, reflect: true }, hinted: { state: true }, hovered: { state: true }, keyed: { state: true }, rectangle: { state: true } };

  static styles = [shared, look];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#picture?.draw(context, size, this.#inks(palette), this.hovered?.id ?? -1),
    () => this.#resize(),
  );
  /** Colours of the screen. @type {import('../../kit/palette.js').Palette|null} */
  #palette = null;
  /** @type {View|null} */
  #view = null;
  /** @type {Picture|null} */
  #picture = null;
  /** @type {Gestures|null} */
  #gestures = null;
  /** @type {number|undefined} until the wall rests */
  #stirring;
  /** @type {number|undefined} until the hint goes */
  #hinting;
  /** What the picture has been told of. */
  #told = { about: /** @type {unknown} */ (null), news: /** @type {unknown} */ (null), selected: /** @type {unknown} */ (null) };

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
    /** Whether a drag selects instead of moving. */
    this.selecting = false;
    /** Whether it stands on another's page: the wheel and one finger are that page's, until the wall is clicked. */
    this.guest = false;
    /** Whether it is told how to move the wall. */
    this.hinted = false;
    /** @type {{id: number, spot: Spot}|null} the digit under the pointer */
    this.hovered = null;
    /** Whether the keyboard moves over the wall: what it is on is shown in the lens. */
    this.keyed = false;
    /** @type {{from: Spot, to: Spot}|null} */
    this.rectangle = null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.#listen();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#stirring);
    clearTimeout(this.#hinting);
    this.#gestures?.release();
    this.#picture?.release();
  }

  firstUpdated() {
    this.#listen();
  }

  #listen() {
    const listbox = /** @type {HTMLElement} */ (this.renderRoot.querySelector('[role=listbox]'));
    this.#gestures = new Gestures(listbox, {
      move: (dx, dy) => (this.#stir(), this.#view?.move(dx, dy)),
      zoom: (factor, about) => (this.#stir(), this.#view?.zoom(factor, about)),
      point: (spot) => this.#point(spot),
      pick: (spot, keys) => this.#pick(spot, keys),
      rectangle: (from, to, done) => this.#select(from, to, done),
      selecting: () => this.selecting,
      held: () => !this.guest || this.shadowRoot?.activeElement === listbox,
      passed: () => this.#hint(),
    });
  }

  #hint() {
    this.hinted = true;
    clearTimeout(this.#hinting);
    this.#hinting = setTimeout(() => (this.hinted = false), HINT_MS);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('collection') && this.collection) {
      this.#picture?.release();
      this.#view = new View(this.collection);
      this.#picture = new Picture(this.#view, getComputedStyle(this).fontFamily, () => this.#surface.invalidate());
      this.#resize();
    }
    this.#read();
  }

  /** All that a render or a drawing depends on; what is news to the picture is told to it. */
  #read() {
    const [collection, view, picture, told] = [this.collection, this.#view, this.#picture, this.#told];
    if (!collection || !view || !picture) return;
    for (const one of [collection.chosen, collection.complete, collection.settled, collection.columns, collection.coloured, collection.lit]) one.value;
    for (const name of /** @type {const} */ (['x', 'y', 'size'])) collection.settings.get(name);
    const [about, arrangement, selected, news] = [collection.about.value, collection.arrangement.value, collection.selected.value, collection.news.value];
    if (told.about !== about && about) picture.forget(about);
    if (view.plane !== arrangement) {
      const moving = view.plane.ids.length > 0 && told.about === about && this.#surface.size !== null;
      view.finder = new Finder(arrangement);
      this.hovered = null;
      picture.rearrange(moving);
    }
    if (told.selected !== selected) picture.refresh();
    if (told.news !== news && news.end) picture.welcome(news.start, news.end);
    this.#told = { about, selected, news };
    if (!view.held) view.camera = view.wanted();
    picture.whole = false;
    this.#surface.invalidate();
  }

  updated() {
    this.#place();
    this.#surface.invalidate();
  }

  render() {
    const { collection, hovered, rectangle } = this;
    const chosen = collection?.chosen.value ?? -1;
    const shown = collection?.arrangement.value.ids.length ?? 0;
    const lens = hovered?.id ?? (this.keyed && this.#isSmall(chosen) ? chosen : -1);
    const noun = collection?.about.value?.noun ?? 'digit';
    return html`
      <div
        role="listbox"
        tabindex="0"
        aria-label=${`Wall of ${count(shown)} ${noun}s. Arrow keys choose one, Enter shows it, plus and minus zoom.`}
        aria-activedescendant=${chosen >= 0 ? 'chosen' : nothing}
        @keydown=${this.#onKey}
        @blur=${() => void (this.keyed = false)}
        @dblclick=${(/** @type {MouseEvent} */ event) => this.#view?.zoom(3, { left: event.offsetX, top: event.offsetY })}
      >
        <canvas aria-hidden="true"></canvas>
        ${chosen >= 0 && collection
          ? html`<span id="chosen" class="unseen" role="option" aria-selected="true">${collection.describe(chosen)}; ${this.#order(chosen)}</span>`
          : html`<span class="unseen" role="option" aria-selected="false">No ${noun} is chosen</span>`}
      </div>
      ${lens < 0 ? nothing : html`<glass-lens class="label" aria-hidden="true" .collection=${collection} .digit=${lens} ?large=${(this.#view?.camera.edge ?? 0) < READABLE}></glass-lens>`}
      ${this.hinted ? html`<p class="hint small">Click the wall, or hold Ctrl, and the wheel zooms.</p>` : nothing}
      ${rectangle ? html`<div class="rectangle"></div>` : nothing}
    `;
  }

  /** @param {number} id */
  #order(id) {
    const place = this.#view?.finder.place(id) ?? -1;
    return place < 0 ? 'not among those shown' : `${count(place + 1)} of ${count(this.#view?.plane.ids.length ?? 0)}`;
  }

  /** @param {number} id @returns {boolean} whether it is in sight, and too small to be read */
  #isSmall(id) {
    const view = this.#view;
    return view !== null && view.camera.edge < READABLE && view.middle(view.finder.place(id)) !== undefined;
  }

  /**
   * The worker's tiles would come too late for paper in other colours: it is as on the screen, and
   * turned to ink on white as a whole if that is dark.
   *
   * @param {import('../../kit/palette.js').Palette} palette
   */
  #inks(palette) {
    if (!onPaper() || !this.#palette) this.#palette = palette;
    this.toggleAttribute('dark', this.#palette.pixelZero[0] < this.#palette.pixelOne[0]);
    return this.#palette;
  }

  #resize() {
    const size = this.#surface.size;
    if (size) this.#view?.resize(size.width / size.scale, size.height / size.scale);
  }

  /** Whether all that is in sight is drawn, and as it should be. */
  get whole() {
    return this.#picture?.whole ?? false;
  }

  /** Puts the keyboard on the wall. */
  focusWall() {
    /** @type {HTMLElement|null} */ (this.renderRoot.querySelector('[role=listbox]'))?.focus();
  }

  /** Brings a digit into the middle, large enough to be read. @param {number} id */
  show(id) {
    this.#view?.show(id);
  }

  /** The wall is being moved by hand; no property, for nothing has to be rendered. */
  #stir() {
    clearTimeout(this.#stirring);
    this.hovered = null; // another digit lies under the pointer now
    this.#stirring = setTimeout(() => this.#tellMoving(false), REST_MS);
    if (!this.hasAttribute('moving')) this.#tellMoving(true);
  }

  /** @param {boolean} moving */
  #tellMoving(moving) {
    this.toggleAttribute('moving', moving);
    this.dispatchEvent(new CustomEvent('moving', { detail: moving }));
  }

  /** @param {Spot|null} spot */
  #point(spot) {
    const id = spot ? (this.#view?.under(spot) ?? -1) : -1;
    if (id < 0 && !this.hovered) return;
    this.hovered = id < 0 || !spot ? null : { id, spot };
  }

  /** @param {Spot} spot @param {{add: boolean, range: boolean}} keys */
  #pick(spot, { add, range }) {
    const [collection, view] = [this.collection, this.#view];
    if (!collection || !view) return;
    if (view.held) view.hurry(); // a click during a change is one on what comes of it
    const [id, cell] = [view.under(spot), view.cell(spot)];
    const unread = view.camera.edge < READABLE && !add && !range && !this.selecting;
    if (cell && (id < 0 || unread)) return openCell(collection, cell);
    if (id < 0) return;
    this.keyed = false;
    const before = view.finder.place(collection.chosen.value);
    collection.choose(id);
    if (range && before >= 0) {
      const [first, last] = [before, view.finder.place(id)].sort((a, b) => a - b);
      collection.select(view.plane.ids.subarray(first, last + 1), 'add');
    } else if (add || this.selecting) collection.select([id], 'toggle');
    else this.#open();
  }

  /** @param {Spot} from @param {Spot} to @param {boolean} done */
  #select(from, to, done) {
    this.rectangle = done ? null : { from, to };
    if (done && this.#view) this.collection?.select(this.#view.between(from, to), 'add');
  }

  #open() {
    this.dispatchEvent(new CustomEvent('open'));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const all = (event.ctrlKey || event.metaKey) && event.key === 'a';
    if (all) {
      event.preventDefault();
      this.collection?.select(this.collection.found.value.ids);
    }
    if (!this.#view || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!onKey(event, this.#view, () => this.#open())) return;
    event.preventDefault();
    this.keyed = true;
    this.hovered = null;
  }

  /** Puts the label and the rectangle where they belong: a strict page allows styles only so. */
  #place() {
    const [{ width, height }, label] = [this.#view?.window ?? { width: 0, height: 0 }, this.#find('.label')];
    const chosen = this.#view?.finder.place(this.collection?.chosen.peek() ?? -1) ?? -1;
    const spot = this.hovered?.spot ?? this.#view?.middle(chosen);
    if (label && spot) {
      const { left, top } = spot;
      const x = Math.max(4, Math.min(left + 14, width - label.offsetWidth - 4));
      const below = top + 20 + label.offsetHeight < height;
      label.style.transform = `translate(${x}px, ${below ? top + 18 : top - label.offsetHeight - 8}px)`;
    }
    const frame = this.#find('.rectangle');
    if (!frame || !this.rectangle) return;
    const { from, to } = this.rectangle;
    frame.style.transform = `translate(${Math.min(from.left, to.left)}px, ${Math.min(from.top, to.top)}px)`;
    frame.style.width = `${Math.abs(from.left - to.left)}px`;
    frame.style.height = `${Math.abs(from.top - to.top)}px`;
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement|null} */ (this.renderRoot.querySelector(selector));
  }
}

customElements.define('glass-plane', GlassPlane);
