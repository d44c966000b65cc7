/**
 * The bytes of a file, one after another, unpacked if they are packed: no more of them is in memory
 * than is asked for, and the piece that the browser read last.
 *
 * @module
 */

export class Bytes {
  #reader;
  #name;
  /** What has been read and not been asked for yet. */
  #piece = new Uint8Array(0);
  /** How many have been handed out. */
  taken = 0;

  /** @param {Blob} file @param {string} name for the error's text @param {boolean} packed whether it is gzip */
  constructor(file, name, packed) {
    /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */
    const bytes = packed ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
    this.#reader = bytes.getReader();
    this.#name = name;
  }

  /**
   * @param {Uint8Array} into
   * @returns {Promise<number>} how many bytes came: fewer than it holds only at the end
   * @throws {Error} if they cannot be read or unpacked
   */
  async fill(into) {
    let filled = 0;
    while (filled < into.length) {
      if (!this.#piece.length && !(await this.#more())) break;
      const part = this.#piece.subarray(0, into.length - filled);
      into.set(part, filled);
      filled += part.length;
      this.#piece = this.#piece.subarray(part.length);
    }
    this.taken += filled;
    return filled;
  }

  /** Nothing more is wanted. */
  close() {
    void this.#reader.cancel().catch(() => {});
  }

  /** @returns {Promise<boolean>} whether there was more */
  async #more() {
    try {
      const { done, value } = await this.#reader.read();
      if (value) this.#piece = value;
      return !done;
    } catch (error) {
      throw new Error(`${this.#name} cannot be unpacked (${/** @type {Error} */ (error).message})`);
    }
  }
}
