/**
 * The one spelling of a tar member's header: POSIX ustar, plain files only, and nothing in it but path and size.
 *
 *     name 100 | mode 0000644 | uid, gid 0 | size | mtime 0 | checksum | '0' | linkname - | "ustar\0" "00" |
 *     uname, gname - | devmajor, devminor 0 | prefix 155 | zero to 512
 *
 * A path of at most 100 bytes stands in `name`; a longer one is cut at the first `/` behind which at most 100 are left.
 *
 * Invariants:
 *   H1. Strict by printing again: a header that is not what `printHeader` prints of its path and size is none. So links,
 *       devices, directories, sparse files, pax and GNU extensions, absolute paths and `..` are all refused in one place.
 *
 * @see POSIX.1-1988 ustar interchange format (pax(1), IEEE Std 1003.1).
 * @module
 */
import { BundlePath } from "@canonic/contracts";

export const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** Eleven octal digits. */
export const MEMBER_BYTES_MAX = 0o77777777777;

export interface TarMember {
  readonly path: string;
  readonly sizeBytes: number;
}

/** The header of a member; undefined for a path or size that this format cannot spell. */
export function printHeader({ path, sizeBytes }: TarMember): Uint8Array | undefined {
  const names = namesOf(path);
  if (names === undefined || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > MEMBER_BYTES_MAX)
    return undefined;
  const header = Buffer.alloc(BLOCK);
  header.write(names.name, 0, "latin1");
  header.write("0000644\0" + "0000000\0" + "0000000\0", 100, "latin1");
  header.write(`${octal(sizeBytes, 11)}\0${octal(0, 11)}\0`, 124, "latin1");
  header.write("        0", 148, "latin1");
  header.write("ustar\0" + "00", 257, "latin1");
  header.write("0000000\0" + "0000000\0", 329, "latin1");
  header.write(names.prefix, 345, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return header;
}

/** What a header spells, or in a few words why it is none (H1). */
export function parseHeader(block: Uint8Array): TarMember | string {
  const header = Buffer.from(block.buffer, block.byteOffset, block.length);
  if (header.length !== BLOCK) return "a header that is cut off";
  if (header.toString("latin1", 257, 265) !== "ustar\x0000") return "a block that is no ustar header";
  const type = header[156];
  if (type !== 0x30) return `a member of type \`${String.fromCharCode(type ?? 0)}\`, which is no plain file`;
  const [name, prefix] = [textAt(header, 0, NAME_BYTES), textAt(header, 345, PREFIX_BYTES)];
  const path = prefix === "" ? name : `${prefix}/${name}`;
  const size = header.toString("latin1", 124, 135);
  if (!/^[0-7]{11}$/.test(size)) return "a size that is not eleven octal digits";
  const member = { path, sizeBytes: Number.parseInt(size, 8) };
  const printed = printHeader(member);
  if (printed === undefined) return "a path that a bundle cannot have";
  return Buffer.compare(printed, header) === 0 ? member : "a header that is not written in the one way";
}

function namesOf(path: string): { readonly name: string; readonly prefix: string } | undefined {
  if (!BundlePath.safeParse(path).success) return undefined;
  if (path.length <= NAME_BYTES) return { name: path, prefix: "" };
  for (let cut = path.indexOf("/"); cut >= 0 && cut <= PREFIX_BYTES; cut = path.indexOf("/", cut + 1))
    if (path.length - cut - 1 <= NAME_BYTES) return { prefix: path.slice(0, cut), name: path.slice(cut + 1) };
  return undefined;
}

function textAt(header: Buffer, at: number, bytes: number): string {
  const text = header.toString("latin1", at, at + bytes);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
