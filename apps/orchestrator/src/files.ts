/**
 * Files as commands read and write them: whole or not at all, with errors that name the file.
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { OrchestratorError } from "./errors.ts";

/**
 * Reads a file that a person named.
 *
 * @throws {OrchestratorError} `orchestrator.file-unreadable` with the system's code (`ENOENT`, `EISDIR`, …).
 */
export function readNamedFile(file: string): Uint8Array {
  return asReadable(file, () => readFileSync(file));
}

/** The first byte of a file that may be too large to be read; undefined when it is empty. Errors as above. */
export function firstByteOf(file: string): number | undefined {
  return asReadable(file, () => {
    const descriptor = openSync(file, "r");
    try {
      const byte = new Uint8Array(1);
      return readSync(descriptor, byte) === 1 ? byte[0] : undefined;
    } finally {
      closeSync(descriptor);
    }
  });
}

function asReadable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const system = systemCodeOf(cause);
    const why =
      { ENOENT: "does not exist", EISDIR: "is a folder", EACCES: "may not be read" }[system] ?? "cannot be read";
    throw new OrchestratorError("orchestrator.file-unreadable", `\`${file}\` ${why}`, { file, system }, { cause });
  }
}

/**
 * Writes a file so that a crash leaves either nothing or all of it, on disk.
 *
 * @throws {OrchestratorError} `orchestrator.out-unwritable`, as the others that write below.
 */
export function writeWhole(file: string, bytes: Uint8Array | string, mode = 0o644): void {
  asNamed(file, () => {
    const part = writePart(file, bytes, mode);
    try {
      renameSync(part, file);
    } catch (cause) {
      discard(part);
      throw cause;
    }
    syncFolder(dirname(file));
  });
}

/** The same, but a file that is there meanwhile, also one of another process, stays as it is. */
export function writeOnce(file: string, bytes: Uint8Array | string, mode = 0o644): void {
  writeNew(file, bytes, mode);
}

/** The same; false, and nothing written, when a file is there. */
export function writeNew(file: string, bytes: Uint8Array | string, mode = 0o644): boolean {
  return asNamed(file, () => {
    const part = writePart(file, bytes, mode);
    try {
      linkSync(part, file);
    } catch (cause) {
      if (systemCodeOf(cause) !== "EEXIST") throw cause;
      return false;
    } finally {
      unlinkSync(part);
    }
    syncFolder(dirname(file));
    return true;
  });
}

/** A world that does not take a file is named by the file and the system's code, never by the system's text. */
function asNamed<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    if (!/^E[A-Z0-9]+$/.test(systemCodeOf(cause))) throw cause;
    throw unwritable(file, cause);
  }
}

/** The answer for a place that the system, for the reason of `cause`, lets nobody write. */
export function unwritable(file: string, cause: unknown): OrchestratorError<"orchestrator.out-unwritable"> {
  const system = systemCodeOf(cause);
  const message = `\`${file}\` ${WHY_NOT[system] ?? `cannot be written (${system})`}`;
  return new OrchestratorError("orchestrator.out-unwritable", message, { directory: file }, { cause });
}

const WHY_NOT: Readonly<Record<string, string>> = {
  EISDIR: "is a folder",
  ENOTDIR: "lies below something that is no folder",
  EEXIST: "lies below something that is no folder",
  ENOENT: "lies in a folder that takes nothing new",
  EACCES: "may not be written",
  EPERM: "may not be written",
  EROFS: "may not be written: the disk is read-only",
  ENOSPC: "cannot be written: the disk is full",
};

/** The bytes on disk beside the file, under a name that no other process uses. */
function writePart(file: string, bytes: Uint8Array | string, mode: number): string {
  makeFolder(dirname(file));
  const part = `${file}.${process.pid}.part`;
  if (existsSync(part)) unlinkSync(part);
  const descriptor = openSync(part, "wx", mode);
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } catch (cause) {
    discard(part);
    throw cause;
  } finally {
    closeSync(descriptor);
  }
  return part;
}

/** Why the file was not written is told; that its part could not be taken away as well is not. */
function discard(part: string): void {
  try {
    unlinkSync(part);
  } catch {
    // A part has a name that nothing reads.
  }
}

/** Makes the folder that a file, or another folder, is to stand in. */
export function makeRoomFor(file: string): void {
  asNamed(file, () => makeFolder(dirname(file)));
}

/** Makes a folder and those above it, one by one: Node's own way never ends below a folder that takes none, as `/proc` is. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (cause) {
    if (systemCodeOf(cause) !== "EEXIST") throw cause;
  }
}

/** Makes the entries of a folder durable. */
export function syncFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function systemCodeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown";
}
