/**
 * The site's compressed archives: gzip undone by the browser itself, tar read in a page of code.
 * Its files go straight into the interpreter's file system; Python's own unpacking would first
 * have to import half a dozen modules.
 *
 * @module
 */

const BLOCK = 512;

/**
 * @param {Uint8Array<ArrayBuffer>} data gzip
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {TypeError} the data are not gzip, or are damaged
 */
export async function gunzip(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The files of a POSIX (ustar) archive, as views of it.
 *
 * @param {Uint8Array<ArrayBuffer>} archive
 * @returns {Generator<{path: string, data: Uint8Array<ArrayBuffer>}>}
 */
export function* untar(archive) {
  const decoder = new TextDecoder();
  for (let at = 0; at + BLOCK <= archive.length; ) {
    /** @param {number} start @param {number} length */
    const text = (start, length) => decoder.decode(archive.subarray(at + start, at + start + length)).split('\0')[0];
    const name = text(0, 100);
    if (!name) return; // a block of zeros ends the archive
    const prefix = text(345, 155);
    const size = Number.parseInt(text(124, 12), 8);
    const begin = at + BLOCK;
    yield { path: prefix ? `${prefix}/${name}` : name, data: archive.subarray(begin, begin + size) };
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/**
 * Writes an archive's files below a folder of Pyodide's file system.
 *
 * @param {any} FS Emscripten's
 * @param {Uint8Array<ArrayBuffer>} archive tar; handed over, not to be used afterwards
 * @param {string} folder absolute
 */
export function unpack(FS, archive, folder) {
  const made = new Set();
  for (const { path, data } of untar(archive)) {
    const target = `${folder}/${path}`;
    const parent = target.slice(0, target.lastIndexOf('/'));
    if (!made.has(parent)) {
      FS.mkdirTree(parent);
      made.add(parent);
    }
    FS.writeFile(target, data, { canOwn: true });
  }
}
