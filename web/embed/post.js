/**
 * Figures in somebody's post: `<figure data-glassnet="train" data-digit="7">` around a link around a
 * picture. When one comes near the screen, a frame of the site's own takes the picture's place: it
 * is first shown when it has something to show, and the picture stays for paper, for those who want
 * little data, and for when the frame fails. The frames share one Python, in a hidden frame.
 *
 * @module
 */

import { LONGEST, ours, STATUSES } from './messages.js';
import { ask, OWNERS } from './reach.js';
import { isEmpty, loadingOf } from './waiting.js';

/** What stands in the attributes of a figure and is no setting of it. */
const OWN = new Set(['glassnet', 'status', 'alive', 'height', 'reveal', 'loading', 'poster', 'alt']);
/** Figures that show all digits, for which a reader is asked first. */
const HEAVY = new Set(['browse']);
/** Heights that a frame may ask for, CSS pixels. */
const [LOWEST, HIGHEST] = [100, 6000];
/** What a frame may do. Without an origin of its own it works, too; then it keeps no runs. */
const SANDBOX = 'allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox';

const LOOK = `
figure[data-glassnet] > iframe { display: block; width: 100%; border: 0; }
figure[data-glassnet][data-alive] > a { display: none; }
figure[data-glassnet]:not([data-alive]) > iframe { position: absolute; visibility: hidden; }
@media print { figure[data-glassnet] > iframe, figure[data-glassnet] > button { display: none !important; } figure[data-glassnet] > a { display: revert !important; } }
`;

/** Figures that a script looks after; there may be several scripts on a page, of several sites. @type {WeakSet<HTMLElement>} */
const taken = (/** @type {any} */ (globalThis)[Symbol.for('glassnet: figures')] ??= new WeakSet());

/** Roots that have the look: documents, and shadow roots that figures stand in. @type {WeakSet<Document|ShadowRoot>} */
const looked = new WeakSet();

export class Post {
  /** The site's root. */
  #site;
  /** @type {Map<HTMLElement, HTMLIFrameElement|null>} */
  #figures = new Map();
  /** The hidden frame that holds Python, and its name once it is there. @type {{frame: HTMLIFrameElement, name: Promise<string>}|null} */
  #room = null;
  #waiting;
  #poster;

  /**
   * @param {string} site absolute address of its root
   * @param {import('./waiting.js').Waiting} waiting
   * @param {(figure: HTMLElement, kind: string) => void} poster puts a picture in
   */
  constructor(site, waiting, poster) {
    this.#site = site;
    this.#waiting = waiting;
    this.#poster = poster;
    addEventListener('message', (event) => this.#hear(event));
  }

  /** Takes up the figures that have come, and lets go of those that are gone. */
  look() {
    for (const figure of this.#figures.keys()) if (!figure.isConnected) this.leave(figure);
    for (const figure of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('figure[data-glassnet]'))) this.take(figure);
  }

  /** @param {HTMLElement} figure in the document, or in a shadow root, where nobody looks for it */
  take(figure) {
    if (taken.has(figure)) return;
    taken.add(figure);
    dress(/** @type {Document|ShadowRoot} */ (figure.getRootNode()));
    figure.dataset.status = 'idle';
    this.#figures.set(figure, null);
    this.#wait(figure, String(figure.dataset.glassnet));
  }

  /** @param {HTMLElement} figure which has its picture again */
  leave(figure) {
    this.#waiting.leave(figure);
    this.#figures.get(figure)?.remove();
    this.#figures.delete(figure);
    taken.delete(figure);
    OWNERS.delete(figure);
    delete figure.dataset.status;
    delete figure.dataset.alive;
  }

  /** @param {HTMLElement} figure @param {string} kind */
  #wait(figure, kind) {
    if (figure.dataset.poster ? !figure.querySelector('img') : isEmpty(figure)) this.#poster(figure, kind);
    OWNERS.set(figure, (what, detail) => this.#ask(figure, what, detail));
    void this.#waiting.until(figure, kind, loadingOf(figure, HEAVY.has(kind))).then(() => this.#figures.get(figure) === null && this.#open(figure));
  }

  /** Asks a figure's frame to do something, for the page; it comes to life for that. @param {HTMLElement} figure @param {string} what @param {unknown} detail */
  #ask(figure, what, detail) {
    this.#waiting.wake(figure);
    return ask(() => this.#figures.get(figure)?.contentWindow ?? null, what, detail);
  }

  /** @param {HTMLElement} figure */
  #open(figure) {
    const frame = document.createElement('iframe');
    const picture = figure.querySelector('img');
    frame.title = picture?.alt || `glassnet: ${figure.dataset.glassnet}`;
    frame.setAttribute('sandbox', SANDBOX);
    frame.allow = 'fullscreen; clipboard-write';
    frame.height = String(Math.max(LOWEST, Number(figure.dataset.height) || figure.clientHeight));
    const { theme } = figure.dataset;
    if (theme === 'light' || theme === 'dark') frame.style.colorScheme = theme; // or it would be an opaque box
    credentialless(frame);
    frame.src = this.#address(figure);
    figure.dataset.status = 'loading';
    this.#figures.set(figure, frame);
    figure.append(frame);
  }

  /** @param {HTMLElement} figure */
  #address({ dataset }) {
    const query = new URLSearchParams({ figure: String(dataset.glassnet) });
    for (const [name, value] of Object.entries(dataset)) if (!OWN.has(name) && value !== undefined) query.set(name, value);
    return new URL(`frame.html?${query}`, this.#site).href;
  }

  /** @param {MessageEvent} event */
  #hear({ data, source }) {
    const message = ours(data);
    const [figure, frame] = [...this.#figures].find(([, one]) => one && one.contentWindow === source) ?? [];
    if (!message || !figure || !frame) return;
    if (message.ask === 'room') void this.room().then((name) => frame.contentWindow?.postMessage({ glassnet: 1, tell: 'room', name }, '*'));
    if (message.tell === 'height' && Number.isFinite(message.height)) frame.height = String(Math.ceil(Math.min(HIGHEST, Math.max(LOWEST, message.height))));
    if (message.tell === 'status') frame.contentWindow?.postMessage({ glassnet: 1, tell: 'rights', sandbox: frame.sandbox.value }, '*');
    if (message.tell === 'status' && STATUSES.includes(message.status)) {
      const was = figure.dataset.status;
      figure.dataset.status = message.status;
      if (was !== message.status) tell(figure, 'glass-status', { status: message.status, words: String(message.words ?? '').slice(0, LONGEST) });
      if (message.status === 'ready' || message.status === 'running') this.#alive(figure);
    }
    if (message.tell === 'change' && typeof message.query === 'string') this.#changed(figure, message.query.slice(0, LONGEST));
  }

  /** There is something to see in its frame, which takes the picture's place, and keeps it should it fail later. @param {HTMLElement} figure */
  #alive(figure) {
    if ('alive' in figure.dataset) return;
    figure.dataset.alive = '';
    tell(figure, 'glass-ready', {});
  }

  /** A reader has set something: the figures of its group follow. @param {HTMLElement} figure @param {string} query */
  #changed(figure, query) {
    tell(figure, 'glass-change', { query });
    const { group, glassnet } = figure.dataset;
    if (!group) return;
    for (const [other, frame] of this.#figures) {
      if (other !== figure && other.dataset.group === group && other.dataset.glassnet === glassnet) frame?.contentWindow?.postMessage({ glassnet: 1, tell: 'set', query }, '*');
    }
  }

  /** The hidden frame that holds Python, made when it is first asked for; and again, where a page has been swapped for another. @returns {Promise<string>} its name */
  room() {
    if (!this.#room?.frame.isConnected) this.#room = this.#makeRoom();
    return this.#room.name;
  }

  #makeRoom() {
    const frame = document.createElement('iframe');
    const name = `glassnet ${Array.from(crypto.getRandomValues(new Uint32Array(2))).join('-')}`;
    Object.assign(frame, { name, hidden: true, title: 'glassnet: Python, for the figures of this page', tabIndex: -1 });
    frame.ariaHidden = 'true';
    credentialless(frame);
    const there = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    frame.src = new URL('room.html', this.#site).href;
    document.body.append(frame);
    return { frame, name: there.then(() => name) };
  }
}

/** On a page that has shut itself off, a frame from a host that sends no headers loads only so. @param {HTMLIFrameElement} frame */
function credentialless(frame) {
  if (crossOriginIsolated && 'credentialless' in frame) frame.credentialless = true;
}

/** @param {HTMLElement} figure @param {string} name @param {object} detail */
function tell(figure, name, detail) {
  figure.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** @param {Document|ShadowRoot} root */
function dress(root) {
  if (looked.has(root)) return;
  looked.add(root);
  const look = new CSSStyleSheet();
  look.replaceSync(LOOK);
  root.adoptedStyleSheets.push(look);
}
