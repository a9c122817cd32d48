/**
 * Decodes UTF-8, and only UTF-8: any other encoding is refused with the place where it shows.
 *
 * Nothing is guessed: a byte that is not UTF-8 has no right reading without knowing the encoding, and a wrong guess
 * would put letters into evidence that the document does not hold.
 *
 * @see The Unicode Standard, table 3-7 (well-formed UTF-8 byte sequences).
 * @module
 */
import { isUtf8 } from "node:buffer";
import { inBackticks, PolicyAnalysisError } from "../errors.ts";

/**
 * The text of UTF-8 bytes, without a byte order mark.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.document-encoding` with the offset of the first byte that cannot be
 *   UTF-8 text: a UTF-16 or UTF-32 byte order mark or zero byte, or an ill-formed sequence;
 *   `policy-analysis.document-binary` when more than one of the first bytes in 20 is a control character.
 */
export function decodeUtf8(bytes: Uint8Array, name: string): string {
  const wide = findWideEncoding(bytes);
  if (wide !== null) {
    throw new PolicyAnalysisError(
      "policy-analysis.document-encoding",
      `document ${inBackticks(name)} is ${wide.found} from byte ${wide.offset}, expected UTF-8; save it as UTF-8`,
      { name, ...wide },
    );
  }
  checkReadable(bytes, name);
  if (!isUtf8(bytes)) {
    const offset = findInvalidUtf8(bytes);
    const found = `0x${(bytes[offset] ?? 0).toString(16).padStart(2, "0")}`;
    throw new PolicyAnalysisError(
      "policy-analysis.document-encoding",
      `document ${inBackticks(name)} is not UTF-8: byte ${offset} (${found}) starts no valid sequence; save it as UTF-8`,
      { name, offset, found },
    );
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** The offset of the first sequence that table 3-7 does not allow, or -1. */
export function findInvalidUtf8(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0) return at;
    for (let next = 1; next < length; next += 1) {
      const byte = bytes[at + next] ?? 0;
      const least = next > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const most = next > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (byte < least || byte > most) return at;
    }
    at += length;
  }
  return -1;
}

/** Text in any encoding has few control characters; "not UTF-8" would send the reader of a broken archive the wrong way. */
function checkReadable(bytes: Uint8Array, name: string): void {
  const head = bytes.subarray(0, 4096);
  const isControl = (byte: number): boolean => (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) || byte === 0x7f;
  const controls = head.reduce((count, byte) => (isControl(byte) ? count + 1 : count), 0);
  if (controls * 20 <= head.length) return;
  throw new PolicyAnalysisError(
    "policy-analysis.document-binary",
    `document ${inBackticks(name)} is binary data, expected PDF, Markdown, HTML or plain text in UTF-8`,
    { name, offset: head.findIndex(isControl) },
  );
}

/** UTF-16 and UTF-32 by their mark, and UTF-16 without one by the zero bytes that Latin text has in every second place. */
function findWideEncoding(bytes: Uint8Array): { readonly offset: number; readonly found: string } | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return { offset: 0, found: c === 0 && d === 0 ? "UTF-32" : "UTF-16" };
  if (a === 0xfe && b === 0xff) return { offset: 0, found: "UTF-16" };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { offset: 0, found: "UTF-32" };
  const length = Math.min(bytes.length, 4096) & ~1;
  const zeros = [0, 0];
  for (let at = 0; at < length; at += 1) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (length >= 4 && Math.max(even, odd) * 5 >= length * 2 && Math.min(even, odd) * 20 <= length) {
    return { offset: bytes.indexOf(0), found: "UTF-16" };
  }
  return null;
}
