/** Numbers that look random and are the same each time: a test that fails, fails again. */

/** @param {number} seed @returns {() => number} 0 to 1 (Mulberry32) */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {number} times @param {(next: () => number, seed: number) => void} holds for each of so many seeds */
export function each(times, holds) {
  for (let seed = 1; seed <= times; seed++) holds(random(seed), seed);
}
