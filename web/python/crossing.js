/**
 * Values on their way to Python and back.
 *
 * @module
 */

/**
 * A message as Python is to see it. Objects go as maps, so that no name in them, such as
 * `constructor`, means anything; arrays of numbers stay JavaScript buffers, which Python copies
 * straight into its own.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
export function toPython(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(toPython);
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return new Map(Object.entries(value).map(([name, part]) => [name, toPython(part)]));
}

/**
 * A Python value as plain JavaScript; arrays become typed arrays of their own, None is null.
 *
 * @param {any} proxy
 */
export function plain(proxy) {
  if (typeof proxy?.toJs !== 'function') return proxy ?? null;
  try {
    return proxy.toJs({ dict_converter: record, create_pyproxies: false });
  } finally {
    proxy.destroy();
  }
}

/** @param {Iterable<[string, any]>} entries */
function record(entries) {
  return Object.fromEntries(Array.from(entries, ([name, value]) => [name, value ?? null]));
}
