/**
 * Single keys that drive a run: space, full stop, comma, r. They keep out of the way of typing, of buttons
 * and of everything else that has a use for the key itself. Heard within the figure; a page that is
 * all about one figure may have them heard everywhere (`scope`).
 *
 * @module
 */

/** @typedef {'toggle'|'step'|'reset'|'back'} Shortcut */

const KEYS = /** @type {Record<string, Shortcut>} */ ({ ' ': 'toggle', '.': 'step', ',': 'back', r: 'reset' });
const TYPING = 'input, textarea, select, [contenteditable]';
const PRESSED_BY_SPACE = 'button, summary, a, [role="option"], [role="listbox"]';

export class Shortcuts {
  #listening = new AbortController();

  /**
   * @param {import('lit').ReactiveControllerHost & HTMLElement & {scope?: EventTarget|null}} host
   * @param {(shortcut: Shortcut) => void} act
   * @param {() => boolean} allowed whether the visitor wants them
   */
  constructor(host, act, allowed) {
    this.host = host;
    this.act = act;
    this.allowed = allowed;
    host.addController(this);
  }

  hostConnected() {
    this.listen();
  }

  hostDisconnected() {
    this.#listening.abort();
  }

  /** Listens anew, when the host's scope has changed. */
  listen() {
    this.#listening.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    (this.host.scope ?? this.host).addEventListener('keydown', (event) => this.#hear(/** @type {KeyboardEvent} */ (event)), { signal });
  }

  /** @param {KeyboardEvent} event */
  #hear(event) {
    const shortcut = KEYS[event.key];
    if (!shortcut || event.repeat || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    if (!this.allowed() || !(target instanceof Element)) return;
    if (target.closest(TYPING) || (event.key === ' ' && target.closest(PRESSED_BY_SPACE))) return;
    event.preventDefault();
    this.act(shortcut);
  }
}
