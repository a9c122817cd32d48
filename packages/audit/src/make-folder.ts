/**
 * Makes folders, one below the other.
 *
 * Invariants:
 *   F1. It ends, whatever the place: Node's own recursive way tries for ever below a folder that takes none, as `/proc` is.
 *
 * @module
 */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a folder, and those above it that are not there; what is there already stays. The system's errors pass. */
export async function makeFolder(folder: string): Promise<void> {
  if (await isMade(folder)) return;
  await makeFolder(dirname(folder));
  if (await isMade(folder)) return;
  throw Object.assign(new Error("the folder above takes no folder"), { code: "ENOENT", path: folder });
}

/** False when the folder above is missing, or says that it is. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EEXIST") return true;
    if (code === "ENOENT" && dirname(folder) !== folder) return false;
    throw cause;
  }
}
