/**
 * Runs the unit tests in the site's own Python: the interpreter, numpy and our wheels as built,
 * in a module worker under the site's security policy. Messages: first `{type: 'start', manifest}`,
 * then `{type: 'run', file}` for each test file; each is answered once, in order.
 */

import { boot } from './python/boot.js';
import { installRest } from './python/rest.js';

/** @type {any} */
let runner;

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ result: data.type === 'start' ? await start(data.manifest) : runner.run(data.file) });
  } catch (error) {
    self.postMessage({ error: String(/** @type {Error} */ (error).stack ?? error) });
  }
};

/** @param {string} manifest where the site lists its Python parts */
async function start(manifest) {
  const { pyodide, later, furnish } = await boot(manifest);
  await furnish();
  installRest(pyodide, manifest, later);
  for (const archive of ['packages.zip', 'tests.zip']) {
    const bytes = await (await fetch(new URL(archive, self.location.href))).arrayBuffer();
    pyodide.unpackArchive(bytes, 'zip', { extractDir: '/parity' });
  }
  pyodide.runPython('import sys; sys.path.insert(0, "/parity")');
  runner = pyodide.pyimport('runner');
  return pyodide.runPython('sys.version');
}
