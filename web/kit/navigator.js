/**
 * The browser as a library of ours may ask for its language. uPlot formats numbers in it as soon as
 * it is read, and WebKitGTK on a system without a locale calls its language `C`, which is none: the
 * whole script would fail. The build puts this in the place of the global (see bundle.py).
 *
 * @module
 */

export const navigator = {
  /** A language that numbers can be formatted in. */
  get language() {
    const { language } = globalThis.navigator;
    try {
      return Intl.getCanonicalLocales(language)[0] ?? 'en';
    } catch {
      return 'en'; // nothing is to be told of it: what we draw looks the same in each
    }
  },
};
