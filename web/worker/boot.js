/**
 * Starts Pyodide so that it either runs or says why not. Left alone, `loadPyodide()` never settles
 * when its WebAssembly file is missing, damaged or forbidden, and does not check its standard
 * library at all. So every file is fetched here, in parallel, and checked; Pyodide is then handed
 * the verified bytes, and a failure to compile them rejects instead of hanging.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from './download.js';

/**
 * @typedef {object} Manifest
 * @property {number} version
 * @property {Record<string, string>} versions
 * @property {string[]} packages what to load into the interpreter
 * @property {{name: string, bytes: number, sha256: string}[]} files beside the manifest
 *
 * @typedef {import('./protocol.js').Stage} Stage
 * @typedef {(stage: Stage, loaded: number, total: number) => void} OnProgress
 */

/** Milliseconds the interpreter may take to start once all its bytes are here. */
const START_MS = 90_000;

/**
 * @param {string} manifestURL absolute
 * @param {OnProgress} onProgress
 * @returns {Promise<{pyodide: import('pyodide').PyodideAPI, manifest: Manifest}>}
 * @throws {LoadError}
 */
export async function boot(manifestURL, onProgress) {
  if (typeof WebAssembly === 'undefined') {
    throw new LoadError(
      'E-NO-WASM',
      'this browser does not run WebAssembly, which Python needs here',
      'Digits can still be browsed. Another browser, or switching off “lockdown” for this page, brings Python.',
    );
  }
  const manifest = /** @type {Manifest} */ (await downloadJSON(manifestURL));
  const files = await fetchAll(manifestURL, manifest, onProgress);
  onProgress('interpreter', 0, 0);
  const pyodide = await start(manifestURL, manifest, files, onProgress);
  return { pyodide, manifest };
}

/**
 * @param {string} base
 * @param {Manifest} manifest
 * @param {OnProgress} onProgress
 * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>} verified bytes by absolute URL
 */
async function fetchAll(base, manifest, onProgress) {
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const others = new AbortController();
  let loaded = 0;
  /** @type {(bytes: number) => void} */
  const count = (bytes) => onProgress('download', (loaded += bytes), total);
  onProgress('download', 0, total);
  try {
    return new Map(
      await Promise.all(
        manifest.files.map(async (file) => {
          const url = new URL(file.name, base).href;
          return /** @type {const} */ ([url, await download(url, file, count, others.signal)]);
        }),
      ),
    );
  } finally {
    others.abort(); // one file failed: the rest need not come
  }
}

/**
 * @param {string} base
 * @param {Manifest} manifest
 * @param {Map<string, Uint8Array<ArrayBuffer>>} files
 * @param {OnProgress} onProgress
 */
async function start(base, manifest, files, onProgress) {
  const failure = /** @type {PromiseWithResolvers<never>} */ (Promise.withResolvers());
  failure.promise.catch(() => {}); // it may lose the race and still be rejected
  const restore = guard(files, failure.reject);
  const watchdog = setTimeout(
    () => failure.reject(new LoadError('E-START', 'Python did not start in time', 'Reload the page to try again.')),
    START_MS,
  );
  try {
    // The two modules come from the browser's cache: their bytes have just been fetched and checked.
    const { loadPyodide } = await importModule(new URL('pyodide.mjs', base).href);
    const { default: createPyodideModule } = await importModule(new URL('pyodide.asm.mjs', base).href);
    const lock = /** @type {Uint8Array} */ (files.get(new URL('pyodide-lock.json', base).href));
    const pyodide = await Promise.race([
      failure.promise,
      loadPyodide({
        indexURL: new URL('.', base).href,
        packageBaseUrl: new URL('.', base).href,
        lockFileContents: new TextDecoder().decode(lock),
        createPyodideModule,
        checkAPIVersion: false,
      }),
    ]);
    onProgress('packages', 0, 0);
    await Promise.race([
      failure.promise,
      pyodide.loadPackage(manifest.packages, {
        messageCallback: () => {},
        errorCallback: (/** @type {string} */ text) => failure.reject(new LoadError('E-PACKAGE', text, 'Reload the page.')),
      }),
    ]);
    return pyodide;
  } finally {
    clearTimeout(watchdog);
    restore();
  }
}

/**
 * For as long as Pyodide starts: its requests are answered with the verified bytes, and a
 * WebAssembly failure, which it would only warn of, is reported.
 *
 * @param {Map<string, Uint8Array<ArrayBuffer>>} files
 * @param {(error: LoadError) => void} fail
 * @returns {() => void} puts everything back
 */
function guard(files, fail) {
  const { fetch } = self;
  const { instantiate, instantiateStreaming } = WebAssembly;
  self.fetch = async (input, options) => {
    const url = input instanceof Request ? input.url : String(input);
    const data = files.get(url);
    if (!data) return fetch(input, options);
    const type = url.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
    return new Response(data, { headers: { 'content-type': type } });
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

/** @param {string} url @returns {Promise<any>} */
async function importModule(url) {
  try {
    return await import(/* @vite-ignore */ url);
  } catch (error) {
    const name = url.split('/').pop();
    throw new LoadError('E-MODULE', `${name} could not be started (${/** @type {Error} */ (error).message})`, 'Reload the page.');
  }
}
