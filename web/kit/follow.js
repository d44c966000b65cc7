/**
 * Lets an element follow signals: what `read` reads is subscribed to for as long as the element is
 * connected, and each change asks for an update.
 *
 * @module
 */

import { effect } from '@preact/signals-core';

export class Follow {
  /** @type {(() => void)|null} */
  #stop = null;

  /**
   * @param {import('lit').ReactiveControllerHost} host
   * @param {() => unknown} read
   */
  constructor(host, read) {
    this.host = host;
    this.read = read;
    host.addController(this);
  }

  /** Subscribes anew, when `read` has come to read from something else. */
  again() {
    if (!this.#stop) return;
    this.hostDisconnected();
    this.hostConnected();
  }

  hostConnected() {
    this.#stop = effect(() => {
      this.read();
      this.host.requestUpdate();
    });
  }

  hostDisconnected() {
    this.#stop?.();
    this.#stop = null;
  }
}
