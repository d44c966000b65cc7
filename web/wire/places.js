/**
 * Where the built site keeps its hashed parts, as absolute addresses. Bundled scripts live one
 * folder below the site's root; that, and nothing about the host or path, is what this relies on.
 *
 * @module
 */

/** @param {string} path relative to the site's root */
const absolute = (path) => new URL(`../${path}`, import.meta.url).href;

/** @returns {import('../models/session.js').Places} */
export function places() {
  const { worker, python, mnist, recording } = __ASSETS__;
  return { worker: absolute(worker), python: absolute(python), mnist: absolute(mnist), recording: absolute(recording) };
}
