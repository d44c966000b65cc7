/**
 * What a start leaves out of the standard library and of numpy: fetched when Python first imports one
 * of its modules, and at once, because an import cannot wait for a promise. The Python side is
 * glassnet_bridge.rest.
 *
 * @module
 */

/**
 * @param {import('pyodide').PyodideAPI} pyodide
 * @param {string} base the manifest's address
 * @param {import('./parts.js').Later[]} later
 */
export function installRest(pyodide, base, later) {
  for (const part of later) {
    const fetchNow = () => fetchSync(new URL(part.file, base).href);
    pyodide.pyimport('glassnet_bridge.rest').install(fetchNow, part.sha256, part.modules, part.below ?? '');
  }
}

/** @param {string} url @returns {Uint8Array} only a worker may ask like this */
function fetchSync(url) {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.responseType = 'arraybuffer';
  request.send();
  if (request.status !== 200) throw new Error(`the server answered ${request.status}`);
  return new Uint8Array(request.response);
}
