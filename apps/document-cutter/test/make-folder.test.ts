import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeFolder } from "../src/make-folder.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

test("a folder is made with those above it, each its owner's alone, and stays when it is there", () => {
  const scratch = mkdtempSync(join(tmpdir(), "canonic-make-"));
  made.push(scratch);
  const above = join(scratch, "a");

  makeFolder(join(above, "b"));
  makeFolder(join(above, "b"));

  for (const folder of [above, join(above, "b")]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test.skipIf(!existsSync("/proc/self"))("a place that takes no folder is an error, and not a wait for ever (F1)", () => {
  for (const folder of ["/proc/x", "/proc/x/y/z"])
    expect(() => makeFolder(folder)).toThrow(expect.objectContaining({ code: "ENOENT" }));
});
