/**
 * Python in a worker as Pyodide's guide starts it: loadPyodide, loadPackage('numpy'), our wheel,
 * import, one step. The digits are fetched and unpacked meanwhile, all at once.
 */

import { loadPyodide } from './pyodide/pyodide.mjs';

const place = new URLSearchParams(self.location.search);
const fetched = fetchDigits(new URL(`../${place.get('data')}`, self.location.href));
const pyodide = await loadPyodide();
self.postMessage('python');
await pyodide.loadPackage('numpy');
await pyodide.loadPackage(new URL(`../${place.get('wheel')}`, self.location.href).href);
pyodide.runPython('import numpy, glassnet.training');
self.postMessage('numpy imported');
pyodide.globals.set('shards', await fetched);
pyodide.runPython(`
import numpy as np
from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.training import Run

def split(parts):
    raw = [np.frombuffer(part.bytes.to_bytes(), np.uint8) for part in parts]
    images = np.concatenate([bytes[part.count:].reshape(-1, 28, 28) for part, bytes in zip(parts, raw)])
    return Split(images, np.concatenate([bytes[:part.count] for part, bytes in zip(parts, raw)]))

dataset = Dataset("mnist", list("0123456789"), split(shards.train), split(shards.test))
assert next(Run.from_config(RunConfig(), dataset).events()).step == 1
`);
self.postMessage('first step');

/** @param {URL} index */
async function fetchDigits(index) {
  const { splits } = await (await fetch(index)).json();
  const shard = async ({ file, count }) => {
    const { body } = await fetch(new URL(file, index));
    const unpacked = body.pipeThrough(new DecompressionStream('gzip'));
    return { count, bytes: new Uint8Array(await new Response(unpacked).arrayBuffer()) };
  };
  const [train, test] = await Promise.all([splits.train, splits.test].map(({ shards }) => Promise.all(shards.map(shard))));
  return { train, test };
}
