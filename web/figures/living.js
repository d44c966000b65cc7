/**
 * What all figures can be asked by the page that they are on. What does it comes when it is first asked.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { LitElement } from 'lit';

/** @returns {Promise<typeof import('./asked/methods.js')>} */
const methods = () => import('./asked/methods.js');

export class Living extends SignalWatcher(LitElement) {
  /** Comes to life, wherever it is. Settled when it is ready. */
  async load() {
    /** @type {any} */ (globalThis)[Symbol.for('glassnet: waits')]?.wake(this);
    await (await methods()).ready(this);
  }

  /** Opens a part of it. @param {object} what */
  async inspect(what) {
    await this.load();
    await (await methods()).inspect(this, what);
  }

  /** A picture of it as it stands. @param {object} [options] @returns {Promise<Blob>} */
  async toBlob(options) {
    await this.load();
    return (await methods()).toBlob(this, options);
  }

  /** What it shows, in words. @returns {Promise<string>} */
  async describe() {
    await this.load();
    return (await methods()).describe(this);
  }
}
