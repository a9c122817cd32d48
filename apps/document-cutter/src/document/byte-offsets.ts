/**
 * From positions in a string to positions in its UTF-8 bytes.
 *
 * @module
 */

/** `offsets[i]` is the number of UTF-8 bytes before the UTF-16 code unit `i`; there is one entry more than code units. */
export function byteOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    offsets[index] = bytes;
    const unit = text.charCodeAt(index);
    // Both halves of a surrogate pair count two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  offsets[text.length] = bytes;
  return offsets;
}
