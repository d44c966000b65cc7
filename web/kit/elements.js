/**
 * The registry of elements, as a module that may be read twice on a page takes it: of elements with
 * one name the first stays. The build puts this in the place of the global for the widget's module,
 * which each output of a notebook reads anew, and gives the names in it a mark of that module, so
 * that others' and other versions' are never those (see make/widget.py).
 *
 * @module
 */

const registry = globalThis.customElements;

export const customElements = {
  /** @param {string} name @param {CustomElementConstructor} element */
  define(name, element) {
    if (!registry.get(name)) registry.define(name, element);
  },
};
