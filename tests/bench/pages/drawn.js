/**
 * Runs in a page before anything of its own: tells what a canvas really shows, by its pixels, and
 * which tasks were long. A property of an element says what is to be drawn; only the canvas says
 * what has been.
 */
(() => {
  /** A part of a canvas, read once: its colours in squares, by the number of a pixel of a picture of 28 × 28 that fills one. */
  const read = (canvas, left, top, width, height) => {
    const { data } = canvas.getContext('2d').getImageData(left, top, width, height);
    return ({ x, y, edge }) =>
      (i) => {
        const [row, column] = [Math.floor(i / 28), i % 28].map((at) => Math.floor(((at + 0.5) * edge) / 28));
        const at = 4 * ((y - top + row) * width + x - left + column);
        return data.subarray(at, at + 3);
      };
  };
  const apart = (one, other) => Math.max(...one.map((value, i) => Math.abs(value - other[i])));

  window.drawn = {
    /** Whether a digit is there: ink where its bytes (0..255) have much, paper where they have none. */
    digit(canvas, pixels, place) {
      if (!canvas?.width || !pixels?.length) return false;
      const { x, y, edge } = place ?? { x: 0, y: 0, edge: canvas.width };
      const colour = read(canvas, x, y, edge, edge)({ x, y, edge });
      const paper = colour(pixels.indexOf(0));
      return pixels.every((value, i) => {
        if (value > 0 && value < 128) return true; // too little ink to be told by every theme's colours
        return apart(colour(i), paper) > 16 === value > 0;
      });
    },

    /** Whether these tiles show these weights, (units, 784): each unit's largest is blue above zero, orange below. */
    weights(tiles, weights) {
      const canvas = tiles?.shadowRoot?.querySelector('canvas');
      if (!canvas?.width || !tiles.grid || !weights?.length) return false;
      const { tile, frame, gap, across } = tiles.grid;
      const pitch = tile + 2 * frame + gap;
      const square = read(canvas, 0, 0, canvas.width, canvas.height);
      let right = 0;
      for (let unit = 0; unit < tiles.units; unit++) {
        const own = weights.subarray(784 * unit, 784 * (unit + 1));
        const largest = own.reduce((best, value, i) => (Math.abs(value) > Math.abs(own[best]) ? i : best), 0);
        const place = { x: (unit % across) * pitch + frame, y: Math.floor(unit / across) * pitch + frame, edge: tile };
        const [red, , blue] = square(place)(largest);
        right += own[largest] > 0 ? blue > red : red > blue;
      }
      return right >= 0.9 * tiles.units; // small tiles are smoothed: a neighbour may win once
    },

    /** Whether anything is there: more than one colour. */
    anything(canvas) {
      if (!canvas?.width) return false;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      return pixels.some((value) => value !== pixels[0]);
    },
  };

  /** Looks again and again, each time after a picture has been handed to the painter, until `look` says that it has seen all. */
  window.afterPictures = (look) => {
    const next = () => requestAnimationFrame(() => setTimeout(() => timed(look) || next()));
    next();
  };

  /** What our own looking took, where it took long: no task of the page. */
  const own = [];
  const timed = (look) => {
    const begin = performance.now();
    const done = look();
    if (performance.now() - begin > 10) own.push(begin);
    return done;
  };

  const long = [];
  window.longTasks = long;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (!own.some((begin) => begin >= startTime && begin <= startTime + duration)) long.push([startTime, duration]);
    }
  }).observe({ type: 'longtask', buffered: true });
})();
