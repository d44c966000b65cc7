/**
 * What a visitor brings along: a set of their own, the names of its classes, or a network.
 *
 * @module
 */

/**
 * @param {import('./collection.js').Collection} collection stays as it was if they are refused
 * @param {Promise<import('../data/own-files.js').Given[]>} files
 */
export async function openFiles(collection, files) {
  const { about, reader, reading, refusal, settings, wall } = collection;
  collection.opened = true;
  refusal.value = null;
  try {
    const given = await files;
    const network = given.length === 1 && /\.safetensors$/i.test(given[0].path) ? given[0].file : null;
    if (network) {
      reader.take(new Uint8Array(await network.arrayBuffer()), network.name);
      settings.set('network', 'run');
      return;
    }
    const classes = await wall.take(given);
    if (classes && about.value) about.value = { ...about.value, classes };
  } catch (error) {
    refusal.value = /** @type {Error} */ (error).message;
  } finally {
    reading.value = null;
  }
}
