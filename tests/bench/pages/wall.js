/**
 * Runs in browse.html before anything of its own, after drawn.js: notes when the wall shows digits,
 * in milliseconds since navigation. The page marks its own drawings; a mark counts as soon as the
 * canvas shows that it is true.
 *
 *   first digits  something is drawn on the wall
 *   all digits    every digit of the set has ink in its place
 *   map           the map of all digits is drawn in colours
 */
(() => {
  /** More than the ten numerals on the map have: those are there without any digit. */
  const COLOURED = 20_000;
  /** Pixels around all of them. */
  const MARGIN = 12;
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
    if (pixels.every((pixel) => pixel === paper)) return null;
    // All of them in the middle of the wall, as large as there is room for beside a margin.
    const across = collection.across.value;
    const count = collection.about.value.count;
    const down = Math.ceil(count / across);
    const edge = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / down);
    const [left, top] = [(width - across * edge) / 2, (height - down * edge) / 2];
    const [right, bottom] = [left + across * edge, top + down * edge];
    const grey = (value) => (value & 255) + ((value >> 8) & 255) + ((value >> 16) & 255);
    const dark = new Float32Array(count);
    for (let y = Math.floor(top); y < bottom; y++) {
      for (let x = Math.floor(left); x < right; x++) {
        const id = Math.floor(Math.max(0, y + 0.5 - top) / edge) * across + Math.floor(Math.max(0, x + 0.5 - left) / edge);
        if (id < count) dark[id] += Math.abs(grey(pixels[y * width + x]) - grey(paper));
      }
    }
    return dark;
  };
  const wall = () => document.querySelector('glass-browse')?.renderRoot?.querySelector('glass-plane')?.renderRoot?.querySelector('canvas');

  /** How many pixels of the wall have a colour that is no grey. */
  const coloured = () => {
    const canvas = wall();
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) count += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 40;
    return count;
  };

  window.afterPictures(() => {
    const note = (name, holds) => {
      if (!(name in seen) && marked(name) && holds()) seen[name] = performance.now();
    };
    note('first digits', () => window.drawn.anything(wall()));
    const { settings } = document.querySelector('glass-browse')?.collection ?? {};
    if (settings?.get('shape') === 'grid') note('all digits', () => window.darkness()?.every((dark) => dark > 0));
    note('map', () => coloured() > COLOURED);
    return 'all digits' in seen || 'map' in seen;
  });
})();
