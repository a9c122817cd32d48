/**
 * One folder for all workers of one test session: what is dear to make and never changed is made there once.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Workers inherit the environment of the process that starts them. */
export const SESSION_FOLDER = "CANONIC_SESSION_FOLDER";

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "canonic-session-"));
  process.env[SESSION_FOLDER] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
