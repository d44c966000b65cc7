/**
 * Memory that is given back at once. Of a large buffer a browser's garbage collector sees only the
 * small handle, so a worker that makes little else may keep tens of megabytes that nobody can reach.
 * What is sent away is gone from here, and a port that leads nowhere keeps nothing. (`transfer(0)`
 * would do as well, but in Chromium not for what a stream has made: that stays, and is not counted
 * any more.)
 *
 * @module
 */

const { port1: nowhere, port2: end } = new MessageChannel();
end.close();

/**
 * Gives back what lies behind an array that nobody reads any more; it is empty afterwards. What is
 * only a part of a buffer stays, for the rest may be somebody else's.
 *
 * @param {ArrayBufferView<ArrayBuffer>} array
 */
export function release({ buffer, byteLength }) {
  if (byteLength === buffer.byteLength) drop(buffer);
}

/** The same for all of a buffer, whoever may look at parts of it. @param {ArrayBuffer} buffer */
export function drop(buffer) {
  if (buffer.byteLength) nowhere.postMessage(null, [buffer]);
}
