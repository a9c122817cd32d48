import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeFolder } from "../src/make-folder.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "canonic-make-"));
  made.push(path);
  return path;
}

test("a folder is made with those above it, and stays when it is there", async () => {
  const path = join(folder(), "a", "b", "c");

  await makeFolder(path);
  writeFileSync(join(path, "kept"), "kept");
  await makeFolder(path);

  expect(statSync(join(path, "kept")).isFile()).toBe(true);
});

test("below a file nothing is made", async () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");

  await expect(makeFolder(join(file, "a", "b"))).rejects.toThrow(expect.objectContaining({ code: "ENOTDIR" }));
});

test.skipIf(!existsSync("/proc/self"))(
  "a folder that takes none is an error, and not a wait for ever (F1)",
  async () => {
    for (const path of ["/proc/x", "/proc/x/y/z"])
      await expect(makeFolder(path)).rejects.toThrow(expect.objectContaining({ code: "ENOENT" }));
  },
);
