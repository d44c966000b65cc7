/**
 * Where the browser of digits finds its parts, as absolute addresses.
 *
 * @module
 */

import { places } from '../../wire/places.js';

/** @param {string} path relative to the site's root */
const absolute = (path) => new URL(`../${path}`, import.meta.url).href;

export function browsePlaces() {
  return { ...places(), wall: absolute(__ASSETS__.wall), model: absolute(__ASSETS__.model) };
}
