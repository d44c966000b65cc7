/**
 * Light, dark, or as the system says; remembered where the browser lets us remember.
 *
 * @module
 */

import { signal } from '@preact/signals-core';

/** @typedef {'system'|'light'|'dark'} Theme */

export const THEMES = /** @type {const} */ (['system', 'light', 'dark']);
const KEY = 'glassnet.theme';

/** The theme chosen by the visitor. Whoever draws with colours reads it to know of a change. */
export const theme = signal(/** @type {Theme} */ ('system'));

/** Takes up the theme chosen on an earlier visit. */
export function restoreTheme() {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') showTheme(kept);
  } catch {
    // Storage is denied in some frames: the system's theme will do.
  }
}

/** @param {Theme} chosen */
export function chooseTheme(chosen) {
  showTheme(chosen);
  try {
    if (chosen === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
  } catch {
    // Not remembered, but shown.
  }
}

/** Shows it, without keeping it for another visit. @param {Theme} chosen */
export function showTheme(chosen) {
  const root = document.documentElement;
  if (chosen === 'system') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', chosen);
  theme.value = chosen;
}
