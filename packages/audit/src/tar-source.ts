/**
 * A bundle in a tar file, read in place: members are found by their headers, and nothing is unpacked anywhere.
 *
 * Invariants:
 *   S1. One bundle has one tar: members in order of their paths, each once; the last is followed by two zero blocks, and
 *       they by nothing.
 *   S2. Padding is zero, and no byte of the file is without a meaning.
 *   S3. Nothing is decompressed: what is compressed is refused, so that no small file becomes a large one.
 *
 * @see tar-header.ts
 * @module
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type BundleEntry, type BundleSource, ENTRIES_MAX } from "./bundle-source.ts";
import { AuditError } from "./errors.ts";
import { BLOCK, parseHeader } from "./tar-header.ts";

const WINDOW = 256 * 1024;

/** The first bytes of files that people compress bundles into. */
const COMPRESSED: readonly (readonly [string, string])[] = [
  ["1f8b", "gzip"],
  ["504b", "zip"],
  ["425a68", "bzip2"],
  ["fd377a585a00", "xz"],
  ["28b52ffd", "zstandard"],
];

/**
 * A bundle in a tar file.
 *
 * @throws {AuditError} `audit.tar-invalid` from `list` for anything but a strict tar; `audit.bundle-path` when the file
 *   cannot be read or a path is not in it.
 */
export function tarSource(file: string): BundleSource {
  let members: Promise<ReadonlyMap<string, Member>> | undefined;
  const scanned = () => {
    members ??= withFile(file, scan);
    return members;
  };
  return {
    list: async () =>
      [...(await scanned())].map(([path, { sizeBytes }]): BundleEntry => ({ path, sizeBytes, isFile: true })),
    async *read(path, sizeBytesMax) {
      const member = (await scanned()).get(path);
      if (member === undefined) throw unreadable(path);
      const handle = await openFile(file);
      try {
        let [at, left] = [member.offset, Math.min(member.sizeBytes, sizeBytesMax)];
        while (left > 0) {
          const piece = Buffer.allocUnsafe(Math.min(WINDOW, left));
          const { bytesRead } = await handle.read(piece, 0, piece.length, at);
          if (bytesRead === 0) throw unreadable(path);
          at += bytesRead;
          left -= bytesRead;
          yield piece.subarray(0, bytesRead);
        }
      } catch (cause) {
        throw cause instanceof AuditError ? cause : unreadable(path, cause);
      } finally {
        await handle.close();
      }
    },
  };
}

interface Member {
  readonly offset: number;
  readonly sizeBytes: number;
}

async function scan(handle: FileHandle): Promise<ReadonlyMap<string, Member>> {
  const { size } = await handle.stat();
  const bytes = new Window(handle, size);
  refuseCompressed(await bytes.at(0, Math.min(8, size)));
  if (size % BLOCK !== 0) throw invalid(size, "bytes that fill no block");
  const members = new Map<string, Member>();
  let previous = "";
  for (let at = 0; ; ) {
    const block = await bytes.at(at, BLOCK);
    if (isZero(block)) {
      if (!isZero(await bytes.at(at + BLOCK, BLOCK))) throw invalid(at + BLOCK, "one zero block where two end it");
      if (at + 2 * BLOCK !== size) throw invalid(at + 2 * BLOCK, "bytes behind its end");
      return members;
    }
    const header = parseHeader(block);
    if (typeof header === "string") throw invalid(at, header);
    const { path, sizeBytes } = header;
    if (path <= previous) throw invalid(at, `\`${path}\` out of order, or twice`);
    if (members.size >= ENTRIES_MAX) throw invalid(at, `more than ${ENTRIES_MAX} members`);
    const [offset, padded] = [at + BLOCK, Math.ceil(sizeBytes / BLOCK) * BLOCK];
    if (offset + padded > size) throw invalid(at, `\`${path}\`, which is larger than the file`);
    if (!isZero(await bytes.at(offset + sizeBytes, padded - sizeBytes)))
      throw invalid(offset + sizeBytes, `padding of \`${path}\` that is not zero`);
    members.set(path, { offset, sizeBytes });
    previous = path;
    at = offset + padded;
  }
}

/** Reads forward in large pieces: a million small members are not a million reads. */
class Window {
  readonly #handle: FileHandle;
  readonly #size: number;
  #bytes: Uint8Array = Buffer.alloc(0);
  #from = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  async at(offset: number, length: number): Promise<Uint8Array> {
    if (offset + length > this.#size) throw invalid(offset, "an end before its end");
    if (offset < this.#from || offset + length > this.#from + this.#bytes.length) {
      const piece = Buffer.alloc(Math.min(WINDOW, this.#size - offset));
      let read = 0;
      while (read < piece.length) {
        const { bytesRead } = await this.#handle.read(piece, read, piece.length - read, offset + read);
        if (bytesRead === 0) throw invalid(offset, "an end before its end");
        read += bytesRead;
      }
      this.#bytes = piece;
      this.#from = offset;
    }
    return this.#bytes.subarray(offset - this.#from, offset - this.#from + length);
  }
}

function refuseCompressed(first: Uint8Array): void {
  const hex = Buffer.from(first).toString("hex");
  const [, format] = COMPRESSED.find(([magic]) => hex.startsWith(magic)) ?? [];
  if (format !== undefined) throw invalid(0, `${format} data; unpack it first`);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openFile(file);
  try {
    return await use(handle);
  } catch (cause) {
    throw cause instanceof AuditError ? cause : unreadable("", cause);
  } finally {
    await handle.close();
  }
}

/** Without waiting for a pipe's other end, and without following a link. */
async function openFile(file: string): Promise<FileHandle> {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((cause: unknown) => {
    throw unreadable("", cause);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw unreadable("");
}

function invalid(offset: number, fault: string): AuditError<"audit.tar-invalid"> {
  return new AuditError("audit.tar-invalid", `the tar file holds at byte ${offset} ${fault}`, { offset, fault });
}

function unreadable(path: string, cause?: unknown): AuditError<"audit.bundle-path"> {
  const what = path === "" ? "the bundle" : `member \`${path.slice(0, 256)}\` of the bundle`;
  return new AuditError("audit.bundle-path", `${what} cannot be read`, { path: path.slice(0, 256) }, { cause });
}
