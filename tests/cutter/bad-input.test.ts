/**
 * What a person may get wrong: each a coded answer before anything is planned; and rights that differ, listed by name.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Desk, hasPostgres } from "./cutter-command.ts";

const postgres = await hasPostgres();
const desks: Desk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

test("bad input ends with 2 and its code, and an address is not repeated", async () => {
  const desk = await Desk.open("sqlite");
  desks.push(desk);
  const cases: readonly (readonly [code: string, args: readonly string[]])[] = [
    ["document-cutter.no-documents", ["cut"]],
    ["document-cutter.document-unreadable", ["cut", "none.md"]],
    ["document-cutter.document-unreadable", ["cut", "."]],
    ["document-cutter.not-markdown", ["cut", "law.html"]],
    ["document-cutter.name-twice", ["cut", "declaration.md", "./declaration.md"]],
    ["document-cutter.too-many-documents", ["cut", ...Array.from({ length: 101 }, (_, index) => `${index}.md`)]],
    ["document-cutter.database-url", ["cut", "declaration.md", "--live", "--database", "mysql://u:planted@h/x"]],
  ];

  for (const [code, args] of cases) {
    const ended = await desk.run(args);
    expect([code, ended.code]).toEqual([code, 2]);
    expect(ended.stderr).toContain(code);
    expect(ended.stdout + ended.stderr).not.toContain("planted");
  }
  writeFileSync(join(desk.folder, "small.md"), "# Small\n\nText.\n");
  const { run } = await desk.ok<{ run: string }>(["cut", "small.md"], 3);
  await desk.finish(run);
  const dry = await desk.run(["revert", run]);
  expect([dry.code, dry.stderr.includes("document-cutter.run-not-revertible")]).toEqual([2, true]);
});

test.skipIf(!postgres)("rights that differ stop a live cut before its gate, and every one is printed", async () => {
  const desk = await Desk.open("postgres");
  desks.push(desk);
  await desk.arm();
  await desk.sql("GRANT DELETE ON units TO cutter_verify");
  await desk.sql("REVOKE SELECT ON manifests FROM cutter_verify");

  const ended = await desk.run(["cut", "declaration.md", "--live", ...desk.database()]);

  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain("declaration.md: stopped_cutter.grant-delta\n");
  expect(ended.stderr.split("\n").filter((line) => line.startsWith("grant: "))).toEqual([
    "grant: missing: cutter_verify manifests SELECT",
    "grant: unexpected: cutter_verify units DELETE",
  ]);
  const run = /run_[0-9a-f]{20}/.exec(ended.stdout)?.[0] as string;
  await desk.ok(["cut", "--prepare-database", ...desk.database()]);
  await desk.resume(run, 3);
});

test.skipIf(!postgres)(
  "a run for one kind of database is not resumed on the other, and is told how to go on",
  async () => {
    const desk = await Desk.open("postgres");
    desks.push(desk);
    const begun = ["cut", "declaration.md", "--live", ...desk.database()];
    const { run, next } = await desk.ok<{ run: string; next: readonly string[] }>(begun, 1);
    expect(next).toEqual([
      "canonic arm --reason TEXT",
      `canonic resume ${run} --database URL`,
      `canonic void ${run} --reason TEXT`,
    ]);
    await desk.arm();

    const elsewhere = await desk.ok<{ stop: { code: string } }>(["resume", run], 1);

    expect(elsewhere.stop.code).toBe("cutter.database-differs");
    expect(existsSync(join(desk.folder, "store", "units.sqlite"))).toBe(false);
    await desk.resume(run, 3);
  },
);
