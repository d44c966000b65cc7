/**
 * Whether the page around a figure is light or dark, where it says so in a way of its own: those of
 * JupyterLab, VS Code, marimo and MyST, Sphinx's and MkDocs's. What says nothing goes by
 * `color-scheme`, as our figures do anyway.
 *
 * @module
 */

/** @typedef {'light'|'dark'|''} HostTheme '': it does not say */

/** @returns {HostTheme} */
export function hostTheme() {
  const [{ dataset: page, classList: on }, { dataset: body, classList: within }] = [document.documentElement, document.body];
  if (body.jpThemeLight) return body.jpThemeLight === 'false' ? 'dark' : 'light';
  const named = body.vscodeThemeKind ?? page.theme ?? body.theme ?? page.mdColorScheme ?? body.mdColorScheme ?? '';
  if (/dark|slate/.test(named) || on.contains('dark') || within.contains('dark')) return 'dark';
  return /light|default/.test(named) || on.contains('light') || within.contains('light') ? 'light' : '';
}

/** @param {() => void} act called when it may have changed @returns {() => void} ends that */
export function watchHostTheme(act) {
  const observer = new MutationObserver(act);
  for (const element of [document.documentElement, document.body]) observer.observe(element, { attributes: true });
  return () => observer.disconnect();
}
