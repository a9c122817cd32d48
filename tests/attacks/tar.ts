/**
 * Tar files as an attacker writes them: members in any order, headers with any field. Written for itself, so that the good one
 * also shows that the reader reads what another writer wrote.
 *
 * @see POSIX.1-1988 ustar.
 * @module
 */

export type TarFields = {
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly type?: string;
  readonly mode?: string;
  readonly mtime?: string;
  readonly owner?: string;
  readonly link?: string;
  readonly magic?: string;
  readonly prefix?: string;
  /** As the header says it; what follows is as long as the bytes. */
  readonly size?: string;
  readonly checksum?: string;
  readonly padding?: number;
};

const BLOCK = 512;

export function tarMember(given: TarFields): Buffer {
  const fields = given.prefix === undefined ? { ...given, ...splitPath(given.path) } : given;
  const { bytes = new Uint8Array(), padding = 0 } = fields;
  const rest = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK, padding);
  return Buffer.concat([headerOf(fields, bytes.length), bytes, rest]);
}

/** A path of more than 100 bytes is cut at the first slash that leaves so few. */
function splitPath(path: string): Pick<TarFields, "path" | "prefix"> {
  const cut = path.length <= 100 ? -1 : path.indexOf("/", path.length - 101);
  return cut < 0 ? { path } : { path: path.slice(cut + 1), prefix: path.slice(0, cut) };
}

export function headerOf(fields: TarFields, sizeBytes: number): Buffer {
  const { path, type = "0", mode = "0000644\0", mtime = "00000000000\0", owner = "", link = "", prefix = "" } = fields;
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 100);
  header.write(`${mode}0000000\x000000000\0`, 100, "latin1");
  header.write(fields.size ?? `${sizeBytes.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.write(mtime, 136, "latin1");
  header.write(`        ${type}`, 148, "latin1");
  header.write(link, 157, 100);
  header.write(fields.magic ?? "ustar\x0000", 257, "latin1");
  header.write(owner, 265, 32);
  header.write("0000000\x000000000\0", 329, "latin1");
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(fields.checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** All members, in the order of their paths unless they stand in their own, and the two empty blocks of the end. */
export function tarOf(members: readonly TarFields[], isSorted = true): Buffer {
  const ordered = isSorted ? [...members].sort((a, b) => (a.path < b.path ? -1 : 1)) : members;
  return Buffer.concat([...ordered.map(tarMember), Buffer.alloc(2 * BLOCK)]);
}
