/**
 * For a projector: `f` leaves the figure alone on the page, in larger type; `f` or Escape brings the
 * page back.
 *
 * @module
 */

const PRESENTED = 'data-present';
const TYPING = 'input, textarea, select, [contenteditable]';

document.addEventListener('keydown', (event) => {
  const [target] = event.composedPath();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (target instanceof Element && target.closest(TYPING)) return;
  if (new URLSearchParams(location.search).get('keys') === 'off') return; // the visitor wants no single keys
  const root = document.documentElement;
  const on = root.hasAttribute(PRESENTED);
  if (event.key !== 'f' && !(on && event.key === 'Escape')) return;
  event.preventDefault();
  root.toggleAttribute(PRESENTED, !on);
});
