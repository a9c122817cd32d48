import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { markLogBegun, wasLogBegun } from "../src/checkpoint-file.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

test("the mark is made with the folders above it, and stays (P2)", () => {
  const scratch = mkdtempSync(join(tmpdir(), "canonic-checkpoint-"));
  made.push(scratch);
  const folder = join(scratch, "a", "b");
  expect(wasLogBegun(folder)).toBe(false);

  markLogBegun(folder);
  markLogBegun(folder);

  expect(wasLogBegun(folder)).toBe(true);
});

test.skipIf(!existsSync("/proc/self"))("a place that takes no folder is an error, and not a wait for ever (P3)", () => {
  const code = "store-postgres.checkpoint-failed";
  for (const folder of ["/proc/x", "/proc/x/y/z"])
    expect(() => markLogBegun(folder)).toThrow(expect.objectContaining({ code, details: { system: "ENOENT" } }));
});
