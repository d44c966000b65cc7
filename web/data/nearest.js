/**
 * The digits that are most like one: exact, by the Euclidean distance between their pixels.
 *
 * @module
 */

/** Pixels after which a candidate that is already too far is given up. */
const STRIDE = 112;

/**
 * @param {import('./examples.js').Examples} examples
 * @param {number} id of the one whose neighbours are wanted
 * @param {number} count how many
 * @param {boolean} [unlike] whether only those count that have another label
 * @returns {{ids: Uint32Array, distances: Float32Array}} nearest first; distances between pixels in 0..1
 */
export function nearest(examples, id, count, unlike = false) {
  const { images, area, labels, about: { count: total } } = examples;
  const [own, { pixels }] = [examples.pixels(id), images];
  const ids = new Uint32Array(count);
  const squares = new Float64Array(count).fill(Infinity);
  let candidates = 0;
  for (let other = 0; other < total; other++) {
    if (other === id || (unlike && labels[other] === labels[id])) continue;
    candidates += 1;
    const worst = squares[count - 1];
    let sum = 0;
    for (let i = 0, at = images.find(other); i < area && sum < worst; ) {
      for (const end = Math.min(area, i + STRIDE); i < end; i++, at++) {
        const difference = own[i] - pixels[at];
        sum += difference * difference;
      }
    }
    if (sum >= worst) continue;
    let place = count - 1;
    for (; place > 0 && squares[place - 1] > sum; place--) {
      squares[place] = squares[place - 1];
      ids[place] = ids[place - 1];
    }
    squares[place] = sum;
    ids[place] = other;
  }
  const found = Math.min(count, candidates);
  return { ids: ids.slice(0, found), distances: Float32Array.from(squares.subarray(0, found), (sum) => Math.sqrt(sum) / 255) };
}
