/**
 * Where an export goes: a folder, or one tar file. Files are gathered in a folder beside it either way.
 *
 * Invariants:
 *   T1. What was asked for appears whole, by one rename, or not at all.
 *   T2. Equal files give an equal tar, whatever machine, user and time.
 *
 * @module
 */
import { open, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type BundleSource, directorySource } from "./bundle-source.ts";
import { AuditError } from "./errors.ts";
import { makeFolder } from "./make-folder.ts";
import { BLOCK, printHeader } from "./tar-header.ts";

/** True for what is written as one tar file. */
function isTarPath(path: string): boolean {
  return path.endsWith(".tar");
}

/** Puts files below the target; paths are those of a bundle. */
export type PutFiles = (files: ReadonlyMap<string, Uint8Array>, below?: string) => Promise<void>;

/**
 * Lets `fill` put files, and makes them a folder or a tar file.
 *
 * @throws {AuditError} `audit.bundle-exists`, `audit.write-failed`, and what `fill` throws.
 */
export async function writeTarget<T>(target: string, fill: (put: PutFiles) => Promise<T>): Promise<T> {
  if ((await stat(target).catch(() => undefined)) !== undefined)
    throw new AuditError("audit.bundle-exists", `\`${target}\` exists already`, { path: target });
  const partial = join(dirname(target), `.${basename(target)}.partial`);
  const packed = `${partial}.tar`;
  const remove = async () => {
    await rm(partial, { recursive: true, force: true });
    await rm(packed, { force: true });
  };
  try {
    await writing(remove);
    await writing(() => makeFolder(partial));
    const result = await fill((files, below = "") => writing(() => putInto(join(partial, below), files)));
    await writing(async () => {
      if (!isTarPath(target)) return rename(partial, target);
      await packInto(packed, directorySource(partial));
      await rename(packed, target);
      await remove();
    });
    return result;
  } catch (cause) {
    await remove().catch(() => {});
    throw cause;
  }
}

async function putInto(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    await makeFolder(dirname(file));
    await writeFile(file, bytes, { flag: "wx" });
  }
}

/** Members in order of their paths, and two zero blocks (T2). */
async function packInto(file: string, source: BundleSource): Promise<void> {
  const handle = await open(file, "wx");
  try {
    for (const { path, sizeBytes } of await source.list()) {
      const header = printHeader({ path, sizeBytes });
      if (header === undefined) throw new AuditError("audit.bundle-path", `no tar can hold \`${path}\``, { path });
      await handle.writeFile(header);
      for await (const piece of source.read(path, sizeBytes)) await handle.writeFile(piece);
      await handle.writeFile(Buffer.alloc((BLOCK - (sizeBytes % BLOCK)) % BLOCK));
    }
    await handle.writeFile(Buffer.alloc(2 * BLOCK));
  } finally {
    await handle.close();
  }
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AuditError) throw cause;
    throw new AuditError("audit.write-failed", "the bundle cannot be written", { operation: "export" }, { cause });
  }
}
