/**
 * Converts between UTF-16 indices, which strings count in, and UTF-8 byte offsets, which spans count in.
 *
 * Invariants:
 *   B1. `byteAt(i)` is the number of UTF-8 bytes of the first i code units, for every i on a code point boundary.
 *   B2. `unitAt(byteAt(i)) === i`.
 *
 * @module
 */
import type { Span } from "@canonic/contracts";

export type ByteIndex = {
  readonly sizeBytes: number;
  /** The byte offset of a UTF-16 index, 0 to the text's length; inside a surrogate pair it is the pair's start. */
  byteAt(unit: number): number;
  /** The UTF-16 index of a byte offset; inside a character it is the character's start. */
  unitAt(byte: number): number;
};

/**
 * Indexes a well-formed text once, in linear time; look-ups are constant (`byteAt`) or logarithmic (`unitAt`).
 *
 * @throws {RangeError} from both look-ups when the offset lies outside the text: a mistake of the caller.
 */
export function indexBytes(text: string): ByteIndex {
  const offsets = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let unit = 0; unit < text.length; unit += 1) {
    offsets[unit] = bytes;
    const code = text.charCodeAt(unit);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code <= 0xdbff) {
      unit += 1;
      offsets[unit] = bytes;
      bytes += 4;
    } else bytes += 3;
  }
  offsets[text.length] = bytes;

  const byteAt = (unit: number): number => {
    const byte = offsets[unit];
    if (byte === undefined) throw new RangeError(`index ${unit} lies outside a text of ${text.length} code units`);
    return byte;
  };
  const unitAt = (byte: number): number => {
    if (!(byte >= 0 && byte <= bytes)) throw new RangeError(`offset ${byte} lies outside a text of ${bytes} bytes`);
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (byteAt(middle) <= byte) low = middle;
      else high = middle - 1;
    }
    return low > 0 && byteAt(low - 1) === byteAt(low) ? low - 1 : low;
  };
  return { sizeBytes: bytes, byteAt, unitAt };
}

/** The bytes of a span, as a view: nothing is copied. */
export function sliceBytes(bytes: Uint8Array, span: Span): Uint8Array {
  if (!(span.start >= 0 && span.start <= span.end && span.end <= bytes.length)) {
    throw new RangeError(`span ${span.start}..${span.end} lies outside ${bytes.length} bytes`);
  }
  return bytes.subarray(span.start, span.end);
}
