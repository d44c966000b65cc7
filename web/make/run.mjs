/**
 * Runs one of the build's own programs under Node, in the very interpreter that visitors get.
 * WebAssembly's arithmetic is specified to the last bit, and interpreter, numpy, mathematical
 * functions and zlib are pinned: what is computed here is the same on every machine.
 *
 *     node run.mjs PYODIDE REPOSITORY MODULE [NAME=FOLDER | WHEEL | WORD]...
 *
 * PYODIDE is the folder of the core. Each FOLDER appears as /NAME in there, each wheel is installed,
 * and the words are what the module finds in `sys.argv[1:]`.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [core, repository, name, ...rest] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(core, 'pyodide.mjs')).href);

// A fixed seed: the order of a set's strings must not depend on the day either.
const env = { HOME: '/', PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' };
const pyodide = await loadPyodide({ indexURL: core, packages: [], fullStdLib: false, env });
pyodide.mountNodeFS('/repository', repository);
const words = [];
for (const word of rest) {
  const [, place, folder] = /^(\w+)=(.*)$/.exec(word) ?? [];
  if (place) pyodide.mountNodeFS(`/${place}`, folder);
  else if (word.endsWith('.whl')) pyodide.unpackArchive(new Uint8Array(readFileSync(word)), 'wheel');
  else words.push(word);
}
pyodide.globals.set('words', pyodide.toPy([name, ...words]));
try {
  pyodide.runPython(`
import runpy, sys
sys.path[:0] = [f"/repository/{room}" for room in ("pylib/src", "web/python/bridge/src", "web")]
sys.argv = list(words)
runpy.run_module(words[0], run_name="__main__", alter_sys=True)
`);
} catch (error) {
  console.error(error.message); // the traceback alone: the stack is one line of a megabyte
  process.exit(1);
}
