/**
 * The dynamic libraries of a running Python (numpy's, and our kernel), described so that another
 * instance of the same interpreter can be given the very same ones: at the same addresses in its
 * memory and in its table of functions, which every pointer in a kept memory relies on.
 *
 * Emscripten gives a library the next free places, and writes its data there. Here it is told other
 * places; all that it writes besides is overwritten when the memory is put back.
 *
 * @module
 */

/**
 * Emscripten's module, as far as it is relied on here; private to it, so everything is tried with
 * care, and given up where it is not as expected.
 *
 * @typedef {any} Module
 *
 * @typedef {object} Library
 * @property {string} name its path
 * @property {number} handle address of its description in memory
 * @property {number} memory address of its data
 * @property {number} table index of its first function
 *
 * @typedef {object} Linked
 * @property {Library[]} libraries in their order in the table
 * @property {number} table functions in it, in all
 * @property {[index: number, library: number, name: string][]} functions those that stand in the table by themselves
 * @property {Record<string, number>} addresses of symbols, as libraries look them up (the global offset table)
 * @property {number[]} free indices in the table
 */

/** In the description that a handle points to (emscripten's `struct dso`). */
const MEMORY = 12;
const TABLE = 20;
const TABLE_SIZE = 24;

/**
 * @param {Module} module
 * @param {number} before functions in its table before the first library came
 * @returns {Linked}
 * @throws {Error} it holds something that cannot be described
 */
export function describe(module, before) {
  const { HEAPU32, LDSO, wasmTable, GOT, freeTableIndexes } = module;
  const word = (/** @type {number} */ address) => HEAPU32[address >>> 2];
  const loaded = Object.entries(LDSO.loadedLibsByHandle)
    .map(([handle, { name, exports }]) => ({ name, exports, handle: Number(handle) }))
    .filter(({ handle, exports }) => handle && typeof exports === 'object'); // else it was refused
  const libraries = loaded
    .map(({ name, handle }) => ({ name, handle, memory: word(handle + MEMORY), table: word(handle + TABLE), size: word(handle + TABLE_SIZE) }))
    .sort((a, b) => a.table - b.table);
  /** @type {Map<Function, [number, string]>} */
  const owners = new Map();
  libraries.forEach(({ name }, number) => {
    for (const [key, value] of Object.entries(LDSO.loadedLibsByName[name].exports)) if (typeof value === 'function') owners.set(value, [number, key]);
  });
  /** @type {Linked['functions']} */
  const functions = [];
  for (let index = before; index < wasmTable.length; index++) {
    const own = libraries.some(({ table, size }) => index >= table && index < table + size);
    const value = own ? null : wasmTable.get(index);
    if (!value) continue;
    const owner = owners.get(value);
    if (!owner) throw new Error(`nobody knows the function at ${index} of the table`);
    functions.push([index, ...owner]);
  }
  return {
    libraries: libraries.map(({ name, handle, memory, table }) => ({ name, handle, memory, table })),
    table: wasmTable.length,
    functions,
    addresses: Object.fromEntries(Object.entries(GOT).map(([name, entry]) => [name, entry.value])),
    free: [...freeTableIndexes],
  };
}

/**
 * Gives a new instance what another had. Its memory is put back afterwards.
 *
 * @param {Module} module its file system has the libraries
 * @param {Linked} linked
 * @throws {Error} it does not take them
 */
export function link(module, { libraries, table, functions, addresses, free }) {
  const { wasmTable, LDSO, GOT, freeTableIndexes } = module;
  wasmTable.grow(table - wasmTable.length);
  const { Instance } = WebAssembly;
  try {
    for (const { name, handle, memory, table } of libraries) {
      WebAssembly.Instance = /** @type {any} */ (placing(module, Instance, memory, table));
      module.loadDynamicLibrary(name, { global: false, nodelete: true, loadAsync: false }, {}, handle);
    }
  } finally {
    WebAssembly.Instance = Instance;
  }
  for (const [index, library, name] of functions) {
    module.setWasmTableEntry(index, LDSO.loadedLibsByName[libraries[library].name].exports[name]);
  }
  for (const [name, address] of Object.entries(addresses)) {
    GOT[name] ??= new WebAssembly.Global({ value: 'i32', mutable: true });
    GOT[name].value = address;
  }
  freeTableIndexes.splice(0, Infinity, ...free);
}

/**
 * Makes instances whose data and functions lie where they are told.
 *
 * @param {Module} module
 * @param {typeof WebAssembly.Instance} Instance
 * @param {number} memory
 * @param {number} table
 */
function placing(module, Instance, memory, table) {
  return function (/** @type {WebAssembly.Module} */ compiled, /** @type {any} */ imports) {
    const elsewhere = imports.env.__memory_base; // where emscripten would have it, and adds to each address
    /** @type {Record<string, number>} */
    const places = { __memory_base: memory, __table_base: table };
    const env = new Proxy(imports.env, { get: (target, name) => places[/** @type {string} */ (name)] ?? target[name] });
    const { exports } = new Instance(compiled, { ...imports, env });
    const moved = Object.entries(exports).map(([name, value]) => {
      const fixed = value instanceof WebAssembly.Global && module.isImmutableGlobal(value);
      return [name, fixed ? new WebAssembly.Global({ value: 'i32' }, value.value + memory - elsewhere) : value];
    });
    return { exports: Object.fromEntries(moved) };
  };
}
