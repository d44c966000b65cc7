/**
 * Runs in browse.html before anything of its own, after drawn.js: notes when the wall shows digits,
 * in milliseconds since navigation. The page marks its own drawings; a mark counts as soon as the
 * canvas shows that it is true.
 *
 *   first digits  something is drawn on the wall
 *   all digits    every digit of the set has ink in its place
 */
(() => {
  const seen = {};
  window.milestones = seen;
  const marked = (name) => performance.getEntriesByName(name, 'mark').length > 0;

  /** How dark each digit's place is, in the order of the wall, as a share of the darkest; null before they lie in a grid. */
  window.darkness = () => {
    const { collection } = document.querySelector('glass-browse');
    const canvas = wall();
    const { width, height } = canvas;
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
    const paper = pixels[0];
    const ink = (x, y) => pixels[y * width + x] !== paper;
    const columns = Array.from({ length: width }, (_, x) => x);
    const rows = Array.from({ length: height }, (_, y) => y);
    const [top, bottom] = [rows.findIndex((y) => columns.some((x) => ink(x, y))), rows.findLastIndex((y) => columns.some((x) => ink(x, y)))];
    const [left, right] = [columns.findIndex((x) => rows.some((y) => ink(x, y))), columns.findLastIndex((x) => rows.some((y) => ink(x, y)))];
    if (top < 0) return null;
    const across = collection.across.value;
    const count = collection.about.value.count;
    const edge = (right + 1 - left) / across;
    const grey = (value) => (value & 255) + ((value >> 8) & 255) + ((value >> 16) & 255);
    const dark = new Float32Array(count);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const id = Math.floor((y - top) / edge) * across + Math.floor((x - left) / edge);
        if (id < count) dark[id] += Math.abs(grey(pixels[y * width + x]) - grey(paper));
      }
    }
    return dark;
  };
  const wall = () => document.querySelector('glass-browse')?.renderRoot?.querySelector('glass-plane')?.renderRoot?.querySelector('canvas');

  window.afterPictures(() => {
    const note = (name, holds) => {
      if (!(name in seen) && marked(name) && holds()) seen[name] = performance.now();
    };
    note('first digits', () => window.drawn.anything(wall()));
    note('all digits', () => window.darkness()?.every((dark) => dark > 0));
    return 'all digits' in seen;
  });
})();
