/**
 * Bytes that come in pieces and are wanted as one.
 *
 * @module
 */

/** Pieces are copied, so that a small one does not keep the buffer that it was cut from. */
export class ByteCollector {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.#bytes.length * 2, 1024));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  endsWith(bytes: Uint8Array): boolean {
    const from = this.#length - bytes.length;
    return from >= 0 && this.#bytes.subarray(from, this.#length).equals(bytes);
  }

  /** What was collected, and begins anew. The bytes count until the next `add`. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }
}
