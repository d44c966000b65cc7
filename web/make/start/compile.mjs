/**
 * Makes the fast start: runs, under Node, the very interpreter that visitors get, and lets it
 * compile its standard library, numpy and our packages to bytecode (compile_parts.py says how).
 * Only that interpreter's own bytecode is of use to it.
 *
 *     node compile.mjs PYODIDE WHEELS OUT
 *
 * PYODIDE is the folder of the core, WHEELS holds the wheels; OUT receives the archives.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { unpack } from '../../python/archive.js';

const [core, wheels, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(core, 'pyodide.mjs')).href);

const compiler = await interpreter();
for (const [place, folder] of [['core', core], ['wheels', wheels], ['out', out]]) {
  compiler.mountNodeFS(`/${place}`, folder);
}
module(compiler, 'later');
const parts = module(compiler, 'compile_parts');
parts.packages('/wheels', '/out');

// What the first training step imports is found out by taking it.
const rehearsal = await interpreter();
for (const name of ['numpy.tar', 'glassnet.tar']) {
  unpack(rehearsal.FS, new Uint8Array(readFileSync(join(out, name))), '/lib/python3.14/site-packages');
}
const used = module(rehearsal, 'rehearse').imported();
parts.standard_library('/core/python_stdlib.zip', '/out', used);
parts.split_numpy('/wheels', '/out', used);

async function interpreter() {
  return loadPyodide({ indexURL: core, packages: [], fullStdLib: false });
}

/** A Python file beside this one, imported into an interpreter. */
function module(pyodide, name) {
  const source = readFileSync(new URL(`${name}.py`, import.meta.url), 'utf8');
  pyodide.FS.mkdirTree('/tools');
  pyodide.FS.writeFile(`/tools/${name}.py`, source);
  pyodide.runPython('import sys; "/tools" in sys.path or sys.path.append("/tools")');
  return pyodide.pyimport(name);
}
