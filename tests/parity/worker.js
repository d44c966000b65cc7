/**
 * Runs the unit tests in the site's own Python: the interpreter, numpy and our wheels as built,
 * in a module worker under the site's security policy. Messages: first `{type: 'start', python}`,
 * then `{type: 'run', file}` for each test file; each is answered once, in order.
 */

/** @type {any} */
let runner;

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ result: data.type === 'start' ? await start(data.python) : runner.run(data.file) });
  } catch (error) {
    self.postMessage({ error: String(/** @type {Error} */ (error).stack ?? error) });
  }
};

/** @param {string} python the folder of the site's Python parts */
async function start(python) {
  const { loadPyodide } = await import(`${python}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: python });
  const manifest = await (await fetch(`${python}manifest.json`)).json();
  await pyodide.loadPackage(manifest.packages, {
    messageCallback: () => {},
    errorCallback: (/** @type {string} */ text) => {
      throw new Error(text);
    },
  });
  for (const archive of ['packages.zip', 'tests.zip']) {
    const bytes = await (await fetch(new URL(archive, self.location.href))).arrayBuffer();
    pyodide.unpackArchive(bytes, 'zip', { extractDir: '/parity' });
  }
  pyodide.runPython('import sys; sys.path.insert(0, "/parity")');
  runner = pyodide.pyimport('runner');
  return pyodide.runPython('sys.version');
}
