/**
 * Runs in train.html before anything of its own: notes when a visitor first has what, in
 * milliseconds since navigation, and presses Start as soon as there is such a button. What is noted
 * has been handed to the painter: it is looked for between two pictures. A page may say for itself
 * when its figure is interactive, by a performance mark of that name; otherwise it is when the
 * network shows its answer to a digit.
 */
(() => {
  const seen = {};
  const long = [];
  window.milestones = seen;
  window.longTasks = long;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) long.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });

  const marked = (name) => performance.getEntriesByName(name, 'mark').length > 0;
  const note = (name, holds) => {
    if (holds && !(name in seen)) seen[name] = performance.now();
  };
  const look = () => {
    const root = document.querySelector('glass-train')?.shadowRoot;
    if (root) {
      const frame = root.querySelector('glass-network')?.frame;
      note('first digits', root.querySelector('glass-strip')?.arrived > 0);
      note('interactive figure', marked('interactive figure') || frame?.arrays.x);
      note('first step', frame?.step > 0);
      const start = root.querySelector('[data-command=start]') ?? root.querySelector('glass-controls')?.shadowRoot?.querySelector('[data-command=start]');
      if (start && !start.disabled && !('pressed' in seen)) {
        seen.pressed = performance.now();
        start.click();
      }
    }
    if (!('first step' in seen && 'interactive figure' in seen)) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
