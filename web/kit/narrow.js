/**
 * Whether the window is a phone's, held upright: what is too much for it is folded away. A Lit
 * controller; its host is drawn anew when that changes.
 *
 * @module
 */

export class Narrow {
  #query;
  #host;

  /** @param {import('lit').ReactiveControllerHost} host @param {number} [width] CSS pixels of the widest that is narrow */
  constructor(host, width = 559) {
    this.#query = matchMedia(`(max-width: ${width}px)`);
    this.#host = host;
    host.addController(this);
  }

  get matches() {
    return this.#query.matches;
  }

  hostConnected() {
    this.#query.addEventListener('change', this.#changed);
  }

  hostDisconnected() {
    this.#query.removeEventListener('change', this.#changed);
  }

  #changed = () => this.#host.requestUpdate();
}
