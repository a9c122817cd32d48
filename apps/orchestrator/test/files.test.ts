import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeNew, writeWhole } from "../src/files.ts";
import { testFolder } from "./folder.ts";

test.each([
  ["a folder", "taken"],
  ["a place below a file", "file/below"],
])("%s is no file to write: a coded answer, and nothing is left behind", (_, name) => {
  const folder = testFolder();
  mkdirSync(join(folder, "taken"));
  writeFileSync(join(folder, "file"), "kept");

  expect(() => writeWhole(join(folder, name), "x")).toThrow(
    expect.objectContaining({ code: "orchestrator.out-unwritable" }),
  );
  expect(readdirSync(folder).sort()).toEqual(["file", "taken"]);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("kept");
});

test("a new file leaves one that is there as it is", () => {
  const file = join(testFolder(), "a");

  expect([writeNew(file, "first"), writeNew(file, "second")]).toEqual([true, false]);
  expect(readFileSync(file, "utf8")).toBe("first");
});

test.skipIf(!existsSync("/proc/self"))(
  "a folder that takes no folder is a coded answer, and not a wait for ever",
  () => {
    expect(() => writeWhole("/proc/x/y/z", "x")).toThrow(
      expect.objectContaining({ code: "orchestrator.out-unwritable", details: { directory: "/proc/x/y/z" } }),
    );
  },
);

test("folders above a file are made, each once", () => {
  const folder = testFolder();

  for (const name of ["a/b/c/one", "a/b/c/two"]) writeWhole(join(folder, name), name);

  expect(readdirSync(join(folder, "a/b/c")).sort()).toEqual(["one", "two"]);
});
