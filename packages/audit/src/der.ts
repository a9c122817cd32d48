/**
 * DER, as far as time stamps need it: elements with one-byte tags, read strictly and written.
 *
 * Invariants:
 *   D1. One value has one spelling: lengths are definite and as short as they can be, and nothing stands behind the last.
 *
 * @see ITU-T X.690, section 10.
 * @module
 */
import { AuditError } from "./errors.ts";

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface Der {
  readonly tag: number;
  readonly content: Buffer;
  /** The whole element, tag and length included. */
  readonly bytes: Buffer;
}

/** Reads exactly one element. */
export function readDer(bytes: Uint8Array): Der {
  const [element, ...rest] = elementsIn(Buffer.from(bytes));
  if (element === undefined || rest.length > 0) throw derInvalid("one element of DER");
  return element;
}

/** The elements inside one that is constructed. */
export function elementsOf(parent: Der | undefined, tag?: number): Der[] {
  if (parent === undefined || (tag !== undefined && parent.tag !== tag) || (parent.tag & 0x20) === 0)
    throw derInvalid("of the structure that RFC 3161 gives it");
  return elementsIn(parent.content);
}

/** What an element of this tag holds. */
export function contentOf(element: Der | undefined, tag: number): Buffer {
  if (element?.tag === tag) return element.content;
  throw derInvalid("of the structure that RFC 3161 gives it");
}

export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const short = length < 0x80 ? Buffer.of(length) : undefined;
  const hex = length.toString(16);
  const long = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.of(tag), short ?? Buffer.concat([Buffer.of(0x80 | long.length), long]), content]);
}

/** A non-negative integer of these big-endian bytes. */
export function writeInteger(bytes: Uint8Array): Buffer {
  const from = bytes.findIndex((byte) => byte !== 0);
  const digits = from === -1 ? Buffer.of(0) : Buffer.from(bytes.subarray(from));
  return writeDer(TAG.integer, (digits[0] as number) < 0x80 ? digits : Buffer.concat([Buffer.of(0), digits]));
}

export function derInvalid(fault: string): AuditError<"audit.stamp-invalid"> {
  return new AuditError("audit.stamp-invalid", `a time stamp is not ${fault}`, { fault });
}

function elementsIn(bytes: Buffer): Der[] {
  const elements: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number;
    const first = bytes[at + 1];
    if ((tag & 0x1f) === 0x1f || first === undefined || first === 0x80 || first > 0x84) throw derInvalid("strict DER");
    const digits = first < 0x80 ? 0 : first - 0x80;
    const start = at + 2 + digits;
    if (start > bytes.length) throw derInvalid("whole");
    const length = digits === 0 ? first : bytes.readUIntBE(at + 2, digits);
    const isShortest = digits === 0 || (length >= 0x80 && bytes[at + 2] !== 0);
    if (!isShortest || start + length > bytes.length) throw derInvalid("whole, with lengths as short as they can be");
    elements.push({ tag, content: bytes.subarray(start, start + length), bytes: bytes.subarray(at, start + length) });
    at = start + length;
  }
  return elements;
}
