/**
 * A folder of a test's own, gone after it.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "canonic-orchestrator-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
