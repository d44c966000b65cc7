/**
 * Starts Pyodide so that it either runs or says why not. Left alone, `loadPyodide()` never settles
 * when its WebAssembly file is missing, damaged or forbidden, and does not check its standard
 * library at all. So every file is fetched here, in parallel, and checked; Pyodide is then handed
 * the verified bytes, and a failure to compile them rejects instead of hanging.
 *
 * Its standard library, numpy and our packages come as bytecode (web/make/start says why), in
 * archives that the browser opens.
 *
 * @module
 */

import { gunzip, unpack } from './archive.js';
import { download, downloadJSON, LoadError } from '../wire/download.js';

/**
 * One file of the Python parts.
 *
 * @typedef {object} Part
 * @property {string} name what Pyodide or this module calls it
 * @property {string} file where it is, beside the manifest
 * @property {number} bytes as they come over the wire
 * @property {string} sha256 of those bytes
 * @property {'gzip'} [encoding] how they are compressed, if they are
 *
 * @typedef {object} Manifest
 * @property {number} version
 * @property {Record<string, string>} versions
 * @property {Part[]} files what a start needs
 * @property {(Part & {modules: string[]})[]} later modules that may be asked for afterwards
 *
 * @typedef {Map<string, Promise<Uint8Array<ArrayBuffer>>>} Files verified and unpacked bytes, by name
 * @typedef {import('./protocol.js').Stage} Stage
 * @typedef {(stage: Stage, loaded: number, total: number) => void} OnProgress
 *
 * @typedef {object} Hearing
 * @property {OnProgress} [progress]
 * @property {() => void} [silent] called when the interpreter is about to start: it takes the whole thread, for seconds
 */

const SITE_PACKAGES = '/lib/python3.14/site-packages';

/** Milliseconds the interpreter may take to start once all its bytes are here. */
const START_MS = 90_000;

/**
 * @param {string} manifestURL absolute
 * @param {Hearing} [hearing]
 * @returns {Promise<{pyodide: import('pyodide').PyodideAPI, manifest: Manifest}>}
 * @throws {LoadError}
 */
export async function boot(manifestURL, { progress: onProgress = () => {}, silent = () => {} } = {}) {
  if (typeof WebAssembly === 'undefined') {
    throw new LoadError(
      'E-NO-WASM',
      'this browser does not run WebAssembly, which Python needs here',
      'Digits can still be browsed. Another browser, or switching off “lockdown” for this page, brings Python.',
    );
  }
  const manifest = /** @type {Manifest} */ (await downloadJSON(manifestURL));
  const others = new AbortController();
  try {
    const files = fetchAll(manifestURL, manifest, onProgress, others.signal);
    files.get('pyodide.asm.wasm')?.then(silent, () => {}); // the last that its start waits for
    return { pyodide: await start(manifestURL, manifest, files, onProgress), manifest };
  } finally {
    others.abort(); // one file failed: the rest need not come
  }
}

/**
 * Begins to fetch all files at once.
 *
 * @param {string} base
 * @param {Manifest} manifest
 * @param {OnProgress} onProgress
 * @param {AbortSignal} signal
 * @returns {Files}
 */
function fetchAll(base, manifest, onProgress, signal) {
  const total = manifest.files.reduce((sum, part) => sum + part.bytes, 0);
  let loaded = 0;
  /** @type {(bytes: number) => void} */
  const count = (bytes) => {
    loaded += bytes;
    onProgress(loaded < total ? 'download' : 'interpreter', loaded, total);
  };
  onProgress('download', 0, total);
  return new Map(
    manifest.files.map((part) => {
      const arrived = download(new URL(part.file, base), part, count, signal);
      return [part.name, part.encoding ? arrived.then(gunzip) : arrived];
    }),
  );
}

/**
 * @param {string} base
 * @param {Manifest} manifest
 * @param {Files} files
 * @param {OnProgress} onProgress
 */
async function start(base, manifest, files, onProgress) {
  const failure = /** @type {PromiseWithResolvers<never>} */ (Promise.withResolvers());
  failure.promise.catch(() => {}); // it may lose the race and still be rejected
  for (const file of files.values()) file.catch(failure.reject);
  const folder = new URL('.', base).href;
  const restore = guard(folder, files, failure.reject);
  const watchdog = setTimeout(
    () => failure.reject(new LoadError('E-START', 'Python did not start in time', 'Reload the page to try again.')),
    START_MS,
  );
  try {
    return await Promise.race([failure.promise, assemble(base, manifest, files, onProgress)]);
  } finally {
    clearTimeout(watchdog);
    restore();
  }
}

/**
 * @param {string} base
 * @param {Manifest} manifest
 * @param {Files} files
 * @param {OnProgress} onProgress
 */
async function assemble(base, manifest, files, onProgress) {
  const { loadPyodide } = await importPart('pyodide.mjs', base, manifest, files);
  const { default: createPyodideModule } = await importPart('pyodide.asm.mjs', base, manifest, files);
  const folder = new URL('.', base).href;
  const pyodide = await loadPyodide({
    indexURL: folder,
    packageBaseUrl: new URL('../wheels/', base).href,
    lockFileContents: new TextDecoder().decode(await files.get('pyodide-lock.json')),
    stdLibURL: new URL('stdlib.zip', folder).href,
    createPyodideModule,
    checkAPIVersion: false,
    convertNullToNone: true, // the protocol's null is Python's None
  });
  onProgress('packages', 0, 0);
  for (const name of ['numpy.tar', 'glassnet.tar']) {
    const archive = await files.get(name);
    if (archive) unpack(pyodide.FS, archive, SITE_PACKAGES);
  }
  return pyodide;
}

/**
 * Runs one of Pyodide's modules. It comes from the browser's cache: its bytes have just been
 * fetched and checked.
 *
 * @param {string} name
 * @param {string} base
 * @param {Manifest} manifest
 * @param {Files} files
 * @returns {Promise<any>}
 */
async function importPart(name, base, manifest, files) {
  await files.get(name);
  const part = manifest.files.find((file) => file.name === name);
  try {
    return await import(/* @vite-ignore */ new URL(part?.file ?? name, base).href);
  } catch (error) {
    throw new LoadError('E-MODULE', `${name} could not be started (${/** @type {Error} */ (error).message})`, 'Reload the page.');
  }
}

/**
 * For as long as Pyodide starts: its requests are answered with the verified bytes, and a
 * WebAssembly failure, which it would only warn of, is reported.
 *
 * @param {string} folder where Pyodide looks for its files
 * @param {Files} files
 * @param {(error: LoadError) => void} fail
 * @returns {() => void} puts everything back
 */
function guard(folder, files, fail) {
  const { fetch } = self;
  const { instantiate, instantiateStreaming } = WebAssembly;
  self.fetch = async (input, options) => {
    const url = input instanceof Request ? input.url : String(input);
    const file = url.startsWith(folder) ? files.get(url.slice(folder.length)) : undefined;
    if (!file) return fetch(input, options);
    const type = url.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
    return new Response(await file, { headers: { 'content-type': type } });
  };
  /** @type {(error: unknown) => never} */
  const report = (error) => {
    fail(
      new LoadError(
        'E-WASM',
        `pyodide.asm.wasm was refused by this browser (${/** @type {Error} */ (error).message})`,
        'A content security policy without ’wasm-unsafe-eval’, too little memory or an old browser do this.',
      ),
    );
    throw error;
  };
  WebAssembly.instantiateStreaming = (/** @type {any[]} */ ...given) =>
    Reflect.apply(instantiateStreaming, WebAssembly, given).catch(report);
  WebAssembly.instantiate = /** @type {typeof instantiate} */ (
    (/** @type {any[]} */ ...given) => Reflect.apply(instantiate, WebAssembly, given).catch(report)
  );
  return () => {
    self.fetch = fetch;
    WebAssembly.instantiate = instantiate;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}
