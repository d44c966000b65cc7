/**
 * Starts Pyodide so that it either runs or says why not. Left alone, `loadPyodide()` never settles
 * when its WebAssembly file is missing, damaged or forbidden, and does not check its standard
 * library at all. So every file is fetched here (parts.js), in parallel, and checked; Pyodide is then
 * handed the verified bytes, and a failure to compile them rejects instead of hanging.
 *
 * Its standard library, numpy and our packages come as bytecode (web/make/start says why), in
 * archives that the browser opens. A Python that has been started once is kept, as it stood when all
 * was imported, and taken up again at the next visit (kept.js).
 *
 * @module
 */

import { unpack } from './archive.js';
import { Kept } from './kept.js';
import { Parts, refusal } from './parts.js';
import { LoadError } from '../wire/download.js';

/**
 * @typedef {import('./parts.js').OnProgress} OnProgress
 *
 * @typedef {object} Hearing
 * @property {OnProgress} [progress]
 * @property {() => void} [silent] called when the interpreter is about to start: it takes the whole thread, for seconds
 *
 * @typedef {object} Booted
 * @property {import('pyodide').PyodideAPI} pyodide with everything imported that a first step needs
 * @property {Record<string, string>} versions
 * @property {import('./parts.js').Later[]} later see `Manifest`
 * @property {() => Promise<void>} furnish until then it can import nothing more; rejected with a LoadError, and tried again the next time
 * @property {() => Promise<void>} forget does not keep it: it is of no use
 * @property {Record<string, number>} moments when it was how far, in milliseconds since 1970
 *
 * @typedef {Pick<Booted, 'pyodide'|'furnish'>} Started
 */

const LIBRARY = '/lib/python314.zip';
const SITE_PACKAGES = '/lib/python3.14/site-packages';
const PACKAGES = ['numpy.tar', 'glassnet.tar'];
const ARCHIVES = ['stdlib.zip', ...PACKAGES];
const IMPORTS = 'import numpy, glassnet_bridge, glassnet_bridge.rest';

/** Milliseconds the interpreter may take to start once all its bytes are here. */
const START_MS = 90_000;

/**
 * @param {string} manifestURL absolute
 * @param {Hearing} [hearing]
 * @returns {Promise<Booted>}
 * @throws {LoadError}
 */
export async function boot(manifestURL, { progress = () => {}, silent = () => {} } = {}) {
  if (typeof WebAssembly === 'undefined') {
    throw new LoadError(
      'E-NO-WASM',
      'this browser does not run WebAssembly, which Python needs here',
      'Digits can still be browsed. Another browser, or switching off “lockdown” for this page, brings Python.',
    );
  }
  /** @type {Record<string, number>} */
  const moments = {};
  const note = (/** @type {string} */ name) => void (moments[name] = performance.timeOrigin + performance.now());
  note('worker');
  const keeping = Kept.find(manifestURL);
  const parts = await Parts.list(manifestURL, progress);
  try {
    const loading = [parts.interpreter, modules(parts)];
    for (const one of loading) one.catch(() => {}); // whoever waits for it is told
    const kept = await keeping.found;
    note(kept ? 'kept' : 'nothing kept');
    if (!kept) loading.push(...ARCHIVES.map((name) => parts.get(name)));
    const fault = Promise.race(loading.map((one) => one.then(() => new Promise(() => {})))); // the first that fails, at once
    fault.catch(() => {});
    await Promise.all(loading.slice(0, 2));
    note('files');
    parts.report('interpreter');
    silent();
    const started = (kept && (await raised(parts, kept, keeping, note))) || begun(parts, keeping, note);
    const { pyodide, furnish } = await Promise.race([started, fault]);
    return { pyodide, furnish, forget: () => keeping.forget(), versions: parts.versions, later: parts.later, moments };
  } catch (error) {
    parts.abort(); // one file failed: the rest need not come
    throw error;
  }
}

/**
 * Takes up the Python that was kept. Its files follow when it has done what cannot wait.
 *
 * @param {Parts} parts
 * @param {import('./snapshot.js').Snapshot} snapshot
 * @param {Kept} keeping
 * @param {(name: string) => void} note
 * @returns {Promise<Started|null>} null if it cannot be
 */
async function raised(parts, snapshot, keeping, note) {
  try {
    const pyodide = await start(parts, snapshot.options(), new Uint8Array());
    note('interpreter');
    parts.report('packages'); // they are in it
    return { pyodide, furnish: once(() => furnish(parts, pyodide)) };
  } catch (error) {
    console.info('glassnet: the Python that was kept could not be taken up; another is started.', error);
    await keeping.forget();
    return null;
  }
}

/** Brings its files. @param {Parts} parts @param {import('pyodide').PyodideAPI} pyodide */
async function furnish(parts, pyodide) {
  const [library, ...packages] = await Promise.all(ARCHIVES.map((name) => parts.get(name)));
  pyodide.FS.writeFile(LIBRARY, library, { canOwn: true });
  for (const archive of packages) unpack(pyodide.FS, archive, SITE_PACKAGES);
  parts.release();
}

/**
 * Starts a Python of its own, and keeps it for the next visit.
 *
 * @param {Parts} parts
 * @param {Kept} keeping
 * @param {(name: string) => void} note
 * @returns {Promise<Started>}
 */
async function begun(parts, keeping, note) {
  const pyodide = await start(parts, keeping.options(), await parts.get('stdlib.zip'));
  note('interpreter');
  parts.report('packages');
  for (const name of PACKAGES) unpack(pyodide.FS, await parts.get(name), SITE_PACKAGES);
  note('packages');
  pyodide.runPython(IMPORTS);
  note('imports');
  keeping.take(pyodide);
  parts.release();
  return { pyodide, furnish: async () => {} };
}

/**
 * @param {Parts} parts
 * @param {import('./snapshot.js').Options} options
 * @param {import('./parts.js').Bytes} library the standard library
 */
async function start(parts, { prepare = () => {}, ...options }, library) {
  const [module, { loadPyodide, create }] = await Promise.all([parts.interpreter, modules(parts)]);
  const failure = /** @type {PromiseWithResolvers<never>} */ (Promise.withResolvers());
  failure.promise.catch(() => {}); // it may lose the race and still be rejected
  const restore = guard(parts.folder, module, library, failure.reject);
  const watchdog = setTimeout(
    () => failure.reject(new LoadError('E-START', 'Python did not start in time', 'Reload the page to try again.')),
    START_MS,
  );
  const lock = new TextDecoder().decode(await parts.get('pyodide-lock.json'));
  const starting = loadPyodide({
    indexURL: parts.folder,
    packageBaseUrl: new URL('../wheels/', parts.folder).href,
    lockFileContents: lock,
    stdLibURL: new URL('stdlib.zip', parts.folder).href,
    createPyodideModule: async (/** @type {object} */ settings) => {
      const made = await create(settings);
      prepare(made);
      return made;
    },
    checkAPIVersion: false,
    convertNullToNone: true, // the protocol's null is Python's None
    ...options,
  });
  try {
    return await Promise.race([failure.promise, starting]);
  } finally {
    clearTimeout(watchdog);
    restore();
  }
}

/** @type {Promise<{loadPyodide: any, create: any}>|undefined} */
let loaded;

/** Pyodide's modules, run once. @param {Parts} parts */
function modules(parts) {
  return (loaded ??= Promise.all(['pyodide.mjs', 'pyodide.asm.mjs'].map((name) => importPart(name, parts))).then(
    ([{ loadPyodide }, { default: create }]) => ({ loadPyodide, create }),
  ));
}

/**
 * Runs one of Pyodide's modules. It comes from the browser's cache: its bytes have just been
 * fetched and checked.
 *
 * @param {string} name
 * @param {Parts} parts
 * @returns {Promise<any>}
 */
async function importPart(name, parts) {
  await parts.get(name);
  try {
    return await import(/* @vite-ignore */ parts.address(name));
  } catch (error) {
    throw new LoadError('E-MODULE', `${name} could not be started (${/** @type {Error} */ (error).message})`, 'Reload the page.');
  }
}

/**
 * For as long as Pyodide starts: its requests are answered with what has been verified, and a
 * WebAssembly failure, which it would only warn of, is reported.
 *
 * @param {string} folder where Pyodide looks for its files
 * @param {WebAssembly.Module} module the interpreter
 * @param {import('./parts.js').Bytes} library the standard library
 * @param {(error: LoadError) => void} fail
 * @returns {() => void} puts everything back
 */
function guard(folder, module, library, fail) {
  const { fetch } = self;
  const { instantiate, instantiateStreaming } = WebAssembly;
  self.fetch = async (input, options) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url === `${folder}stdlib.zip`) return new Response(library);
    if (url === `${folder}pyodide.asm.wasm`) return new Response(); // it is here
    return fetch(input, options);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => {
    try {
      return { module, instance: await instantiate(module, imports) };
    } catch (error) {
      fail(refusal(error));
      throw error;
    }
  };
  return () => {
    self.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}

/**
 * What is done once; and again only if it failed.
 *
 * @param {() => Promise<void>} act
 * @returns {() => Promise<void>}
 */
function once(act) {
  /** @type {Promise<void>|null} */
  let done = null;
  return () => {
    done ??= act().catch((error) => {
      done = null;
      throw error;
    });
    return done;
  };
}
