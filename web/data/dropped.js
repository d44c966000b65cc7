/**
 * Files that a visitor drops on the page, also those in folders: a folder's name may tell which set
 * its files are.
 *
 * @module
 */

/** @typedef {import('./own-files.js').Given} Given */

/** Files of a folder that are looked at: one with more is no data set. */
const MOST = 200;
/** In a folder lie other files, too. */
const DATA = /ubyte|idx\d|\.idx|\.(txt|names)$/i;

/** @param {Iterable<File>} files chosen one by one @returns {Given[]} */
export function chosen(files) {
  return Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/**
 * @param {DataTransfer} transfer of a drop; it has to be read within its event
 * @returns {Promise<Given[]>}
 */
export async function dropped(transfer) {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return chosen(files);
  /** @type {Given[]} */
  const found = [];
  for (const entry of entries) if (entry) await gather(entry, found);
  return found;
}

/** @param {FileSystemEntry} entry @param {Given[]} found takes up its files */
async function gather(entry, found) {
  if (found.length > MOST) return;
  if (entry.isFile) {
    const file = await new Promise((/** @type {(file: File) => void} */ resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    const inFolder = entry.fullPath.lastIndexOf('/') > 0;
    if (!inFolder || DATA.test(file.name)) found.push({ file, path: entry.fullPath });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const one of some) await gather(one, found);
  }
}
