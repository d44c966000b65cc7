/**
 * The site's own Python in a worker, started as the site starts it, for trials of speed. Messages:
 * `{type: 'open', manifest, data}` first, then `{type: 'warm' | 'run', workload, engine, ...}`; each
 * is answered once, in order.
 */

import { boot } from './python/boot.js';
import { installRest } from './python/rest.js';

/** @type {(message: any) => Promise<any>} */
let answer = open;

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ result: await answer(data) });
  } catch (error) {
    self.postMessage({ error: String(/** @type {Error} */ (error).stack ?? error) });
  }
};

/** @param {{manifest: string, data: string}} message */
async function open({ manifest, data }) {
  const { pyodide, later, furnish, versions: parts } = await boot(manifest);
  await furnish();
  installRest(pyodide, manifest, later);
  pyodide.FS.mkdirTree('/trials/bench');
  for (const name of ['trial.py', 'inside.py']) {
    pyodide.FS.writeFile(`/trials/bench/${name}`, await (await fetch(`./${name}`)).text());
  }
  pyodide.runPython('import sys; sys.path.insert(0, "/trials")');
  const files = ['train-images', 'train-labels', 'test-images', 'test-labels'];
  const bytes = await Promise.all(
    files.map(async (name) => new Uint8Array(await (await fetch(`${data}${name}.bin`)).arrayBuffer())),
  );
  const inside = pyodide.pyimport('bench.inside');
  const versions = JSON.parse(inside.open(...bytes));
  answer = async (message) => JSON.parse(inside.answer(JSON.stringify(message)));
  return { ...parts, ...versions };
}
