/**
 * Makes folders that are their owner's alone, one below the other.
 *
 * Invariants:
 *   F1. It ends, whatever the place: Node's own recursive way tries for ever below a folder that takes none, as `/proc` is.
 *
 * @module
 */
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes a folder, and those above it that are not there, with mode 700; what is there already stays. The system's errors pass. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  }
}
