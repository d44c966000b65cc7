/**
 * A `details` that lies over the page: Escape folds it away and gives the focus back, as does going
 * elsewhere. A Lit controller, and how it looks in the head of a card.
 *
 * @module
 */

import { css } from 'lit';

/** A summary of the head's size, and a sheet with what is folded away. */
export const foldaway = css`
  summary {
    list-style: none;
    cursor: pointer;
    padding: 0 var(--space-2);
    border: 1px solid transparent;
    border-radius: var(--radius);
    line-height: 18px;
    margin-block: -1px;
    font-size: var(--size-small);
    color: var(--muted);
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary:hover {
    border-color: var(--line);
  }

  .sheet {
    position: absolute;
    right: 0;
    z-index: 4;
    background: var(--page);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    font-size: var(--size-small);
    font-weight: 400;
  }
`;

export class Foldaway {
  #host;

  /** @param {import('lit').ReactiveControllerHost & {renderRoot: ParentNode}} host that renders the `details` */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    document.addEventListener('pointerdown', this.#onPress);
  }

  hostDisconnected() {
    document.removeEventListener('pointerdown', this.#onPress);
  }

  get #details() {
    return this.#host.renderRoot?.querySelector('details') ?? null;
  }

  /** To be called with the keys pressed in it. @param {KeyboardEvent} event */
  onKey = (event) => {
    const details = this.#details;
    if (event.key !== 'Escape' || !details?.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector('summary')?.focus();
  };

  /** To be called when the focus leaves something in it. @param {FocusEvent} event */
  onLeave = ({ relatedTarget: to }) => {
    const details = this.#details;
    if (details && to instanceof Node && !details.contains(to)) details.open = false;
  };

  /** @param {PointerEvent} event */
  #onPress = (event) => {
    const details = this.#details;
    if (details?.open && !event.composedPath().includes(details)) details.open = false;
  };
}
