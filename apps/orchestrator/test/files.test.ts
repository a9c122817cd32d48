import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
