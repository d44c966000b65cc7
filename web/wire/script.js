/**
 * Scripts that come later than the page. A browser says little or nothing of why one did not come;
 * so its bytes are had and checked first, by our own download, which does.
 *
 * @module
 */

import { download, expected, LoadError } from './download.js';

/**
 * @param {string} address with what it is checked by behind `#`
 * @returns {Promise<any>} the module; it comes out of the browser's cache
 * @throws {LoadError}
 */
export async function loadScript(address) {
  await download(address, expected(address));
  try {
    return await import(/* @vite-ignore */ address);
  } catch (error) {
    throw new LoadError('E-SCRIPT', `${nameOf(address)} was refused (${/** @type {Error} */ (error).message})`, 'Reload the page.');
  }
}

/** @param {string} address */
const nameOf = (address) => new URL(address).pathname.split('/').pop();
