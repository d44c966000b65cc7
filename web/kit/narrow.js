/**
 * Whether the window is a phone's, held upright: what is too much for it is folded away. A Lit
 * controller; its host is drawn anew when that changes.
 *
 * @module
 */

export class Narrow {
  #query = matchMedia('(max-width: 559px)');
  #host;

  /** @param {import('lit').ReactiveControllerHost} host */
  constructor(host) {
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
