/**
 * Lets a figure be shared: it answers its menus, and opens the panel for them, whose code comes only
 * then. A Lit controller, of the figure's outermost element.
 *
 * @module
 */

/** @typedef {import('../../state/controls.js').Figure} Figure */
/** @typedef {import('lit').ReactiveControllerHost & HTMLElement & {renderRoot: Node, settings?: {toQuery(): string}|null}} Host */

export class Sharing {
  #host;
  #figure;
  #fragment;

  /** @param {Host} host @param {Figure} figure @param {() => string} [fragment] what its page's address ends with, without `#` */
  constructor(host, figure, fragment = () => '') {
    this.#host = host;
    this.#figure = figure;
    this.#fragment = fragment;
    host.addController(this);
  }

  hostConnected() {
    this.#host.addEventListener('share', this.#answer);
  }

  hostDisconnected() {
    this.#host.removeEventListener('share', this.#answer);
  }

  /** @param {Event} event */
  #answer = (event) => {
    event.stopPropagation();
    /** @type {CustomEvent<{open: (() => Promise<void>)|null}>} */ (event).detail.open = this.#open;
  };

  /** Until the panel is closed again. */
  #open = async () => {
    const { GlassShare } = await import('./glass-share.js');
    const fragment = this.#fragment();
    const panel = Object.assign(new GlassShare(), {
      subject: this.#host,
      figure: this.#figure,
      query: this.#host.settings?.toQuery() ?? '',
      fragment: fragment && `#${fragment}`,
    });
    this.#host.renderRoot.appendChild(panel); // in the figure, whose colours and type it has
    await panel.closed;
    panel.remove();
  };
}
