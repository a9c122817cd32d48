import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "@canonic/audit";
import { expect, test } from "vitest";
import { newOutput, writeOutput } from "../src/new-output.ts";
import { testFolder } from "./folder.ts";

const NEVER = () => Promise.reject(new Error("nothing may be written"));
const coded = (code: string, directory: string) => expect.objectContaining({ code, details: { directory } });
const failed = (operation: string, system: string) => () => {
  const cause = Object.assign(new Error("of the system"), { code: system });
  return Promise.reject(new AuditError("audit.write-failed", "cannot be written", { operation }, { cause }));
};

test("what is there is no new output, whatever it is (N1)", () => {
  const folder = testFolder();
  writeFileSync(join(folder, "file"), "kept");
  mkdirSync(join(folder, "folder"));

  for (const name of ["file", "folder"])
    expect(() => newOutput(folder, name)).toThrow(coded("orchestrator.out-not-empty", join(folder, name)));
  expect(newOutput(folder, "new")).toBe(join(folder, "new"));
});

test("the folders above an output are made before it", async () => {
  const path = join(testFolder(), "a", "b", "bundle");

  expect(await writeOutput(path, async () => existsSync(join(path, "..")))).toBe(true);
});

test.skipIf(!existsSync("/proc/self"))("a place that takes no folder is answered, and not waited for", async () => {
  await expect(writeOutput("/proc/x/bundle", NEVER)).rejects.toThrow(
    coded("orchestrator.out-unwritable", "/proc/x/bundle"),
  );
});

test("what the system says of the output is the answer, and halts nothing (N1)", async () => {
  const path = join(testFolder(), "bundle");

  for (const [system, why] of [
    ["ENOSPC", "the disk is full"],
    ["ENOTDIR", "no folder"],
    ["EIO", "(EIO)"],
  ] as const) {
    const answer = writeOutput(path, failed("export", system));
    await expect(answer).rejects.toThrow(coded("orchestrator.out-unwritable", path));
    await expect(answer).rejects.toThrow(why);
  }
  expect(readdirSync(join(path, ".."))).toEqual([]);
});

test("a journal that cannot be written stays what it is", async () => {
  const path = join(testFolder(), "bundle");

  await expect(writeOutput(path, failed("append", "ENOSPC"))).rejects.toThrow(
    expect.objectContaining({ code: "audit.write-failed" }),
  );
});
