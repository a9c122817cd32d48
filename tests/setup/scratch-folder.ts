/**
 * A folder for a helper that several test files of one worker share: each empties it, the session takes it away.
 *
 * @module
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SESSION_FOLDER } from "./session-folder.ts";

export function scratchFolder(name: string): string {
  return mkdtempSync(join(process.env[SESSION_FOLDER] ?? tmpdir(), `${name}-`));
}

export function emptyFolder(folder: string): void {
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
}
