/**
 * How many bytes the Python parts cost, so that a button can say so before it is pressed.
 *
 * @module
 */

import { downloadJSON } from '../wire/download.js';

/**
 * @param {URL|string} manifest its address
 * @param {AbortSignal} [signal]
 * @returns {Promise<number>} the sum of all files, as they come over the wire; 0 if the manifest does not say
 * @throws {import('../wire/download.js').LoadError}
 */
export async function fetchSize(manifest, signal) {
  const { files } = /** @type {{files?: {bytes?: number, wire?: number}[]}} */ (await downloadJSON(manifest, signal));
  return (files ?? []).reduce((sum, { bytes = 0, wire = bytes }) => sum + wire, 0);
}
