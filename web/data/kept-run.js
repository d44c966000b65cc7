/**
 * The network of the visitor's own run, kept by the browser, so that another page of the site can
 * read digits with it. Where nothing may be stored, nothing is.
 *
 * @module
 */

const PLACE = 'glassnet-run';
/** Under our own address; no server is ever asked for it. */
const NAME = 'weights.safetensors';

/** @param {Uint8Array<ArrayBuffer>} bytes a safetensors file of ours @returns {Promise<boolean>} whether it is kept */
export async function keepRun(bytes) {
  if (new URL(import.meta.url).origin !== self.origin) return false; // on other people's pages it would be of no use
  try {
    const store = await caches.open(PLACE);
    await store.put(NAME, new Response(bytes));
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<Uint8Array<ArrayBuffer>|null>} null: there is none, or nothing may be stored here */
export async function keptRun() {
  try {
    const response = await (await caches.open(PLACE)).match(NAME);
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
