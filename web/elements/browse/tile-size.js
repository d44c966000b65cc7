/** Edge of a tile in pixels: a whole number of digits at every size they are drawn in (2, 4, 7, 14, 28). */
export const TILE = 504;
