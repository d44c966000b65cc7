/**
 * Starting a worker wherever the page may be.
 *
 * @module
 */

/** Milliseconds a worker may take to say hello; a blocked worker script gives no other sign. */
const HELLO_MS = 10_000;

/**
 * Opens the module worker by the first way that this place allows. In a sandboxed frame without an
 * origin a worker cannot be named by its address: there a tiny module that imports it is started
 * from a blob (Safari, Firefox) or a data address (Chromium). A refused worker gives no reason, so
 * only its hello tells.
 *
 * @param {string} url
 * @returns {Promise<Worker|null>}
 */
export async function openWorker(url) {
  const shim = `import ${JSON.stringify(url)};`;
  const blob = () => URL.createObjectURL(new Blob([shim], { type: 'text/javascript' }));
  const data = () => `data:text/javascript,${encodeURIComponent(shim)}`;
  for (const address of [() => url, blob, data]) {
    const worker = await greeted(address());
    if (worker) return worker;
  }
  return null;
}

/** @param {string} address @returns {Promise<Worker|null>} the worker, once it said hello */
function greeted(address) {
  return new Promise((resolve) => {
    /** @type {Worker} */
    let worker;
    try {
      worker = new Worker(address, { type: 'module' });
    } catch {
      resolve(null);
      return;
    }
    const timer = setTimeout(() => settle(null), HELLO_MS);
    worker.onmessage = () => settle(worker);
    worker.onerror = () => settle(null);
    /** @param {Worker|null} result */
    function settle(result) {
      clearTimeout(timer);
      if (address.startsWith('blob:')) URL.revokeObjectURL(address);
      if (!result) worker.terminate();
      resolve(result);
    }
  });
}
