/**
 * The cutter live, as a person runs it: both gates, a hundred and more units enacted, closeout, a VALID bundle, revert.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readUnits } from "@canonic/document-cutter";
import { afterEach, expect, test } from "vitest";
import { Desk, type Dialect, declaration, hasPostgres, occursBelow } from "./cutter-command.ts";

const postgres = await hasPostgres();
const dialects: readonly (readonly [Dialect])[] = postgres ? [["sqlite"], ["postgres"]] : [["sqlite"]];
if (!postgres) process.stderr.write("no PostgreSQL server answers: its half of these tests is left out\n");
const desks: Desk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});
const openDesk = async (dialect: Dialect, env?: Record<string, string>): Promise<Desk> => {
  const desk = await Desk.open(dialect, env);
  desks.push(desk);
  return desk;
};

test.each(dialects)("on %s a declaration is cut, enacted, proven, and taken back", async (dialect) => {
  const desk = await openDesk(dialect);
  await desk.arm();
  const { units } = readUnits(readFileSync(desk.document));
  expect(units.length).toBeGreaterThanOrEqual(100);

  const first = await desk.cut();
  const done = await desk.finish(first);

  expect(done).toMatchObject({ run: first, status: "completed" });
  const rows = await desk.sql(
    "SELECT address, body, content_digest, status, review_decision FROM units ORDER BY position",
  );
  expect(rows).toEqual(
    units.map(({ address, body, contentDigest }) => {
      return { address, body, content_digest: contentDigest, status: "enacted", review_decision: "board-7" };
    }),
  );
  for (const { body, content_digest } of rows) {
    expect(`sha256:${createHash("sha256").update(String(body)).digest("hex")}`).toBe(content_digest);
  }
  const [manifest] = await desk.sql("SELECT key_id, principal FROM manifests");
  const [verification] = await desk.sql("SELECT key_id, principal FROM verifications");
  expect([manifest?.["principal"], verification?.["principal"]]).toEqual(["cutter_exec", "cutter_verify"]);
  expect(manifest?.["key_id"]).not.toBe(verification?.["key_id"]);
  const results = join(desk.folder, "canonic-out", first);
  const report = JSON.parse(readFileSync(join(results, "report.json"), "utf8")) as Record<string, unknown>;
  expect(report).toMatchObject({ adapter: dialect, state: "closeout_reported", units: units.length, mode: "live" });
  const trust = join(desk.folder, "store", "trust.json");
  const verified = await desk.run(["verify", join(results, "bundle"), "--trust", trust]);
  expect([verified.code, verified.stdout.trim().split("\n")[0]]).toEqual([0, "VALID"]);

  const before = await desk.sql("SELECT * FROM units ORDER BY document, version, position");
  writeFileSync(desk.document, `${declaration().replace('"1948"', '"1949"')}\nOne more paragraph.\n`);
  const second = await desk.cut();
  await desk.finish(second);
  expect(await desk.sql("SELECT * FROM units")).toHaveLength(2 * units.length + 1);
  const { run } = await desk.ok<{ run: string }>(["revert", second, ...desk.database()], 3);
  const reverted = await desk.resume(run, 0, "--approval", await desk.approve(run, "SG_R"));

  expect(reverted).toMatchObject({ run, status: "completed" });
  expect(await desk.sql("SELECT * FROM units ORDER BY document, version, position")).toEqual(before);
  expect(await desk.sql("SELECT document, version FROM sources")).toEqual([
    { document: "declaration.md", version: "1948" },
  ]);
});

test("a dry run goes through both gates, ends completed and VALID, and makes no database", async () => {
  const desk = await openDesk("sqlite");
  const { run } = await desk.ok<{ run: string }>(["cut", "declaration.md"], 3);

  const done = await desk.finish(run);

  expect(done).toMatchObject({ status: "completed" });
  const report = readFileSync(join(desk.folder, "canonic-out", run, "report.json"), "utf8");
  expect(JSON.parse(report)).toMatchObject({ adapter: "simulator", mode: "dryrun" });
  expect(existsSync(join(desk.folder, "store", "units.sqlite"))).toBe(false);
  expect(existsSync(join(desk.folder, "store", "backups"))).toBe(false);
});

test.skipIf(!postgres)("a password is in no output, no file of the store and no bundle", async () => {
  const password = "planted-5d1f0c7e-password";
  const desk = await openDesk("postgres", { CANONIC_CUTTER_EXEC_PASSWORD: password });
  const withPassword = desk.database().map((text) => text.replace("root@", `cutter_exec:${password}@`));
  await desk.arm();
  const { run } = await desk.ok<{ run: string }>(["cut", "declaration.md", "--live", ...withPassword], 3);
  await desk.finish(run);
  const broken = await desk.run([
    "cut",
    "declaration.md",
    "--live",
    "--database",
    `postgres://x:${password}@127.0.0.1:1/none`,
  ]);

  expect(broken.code).not.toBe(0);
  expect(broken.stdout + broken.stderr).not.toContain(password);
  expect(occursBelow(desk.folder, password)).toBe(false);
});

test("of a batch, one document that cannot be cut stops alone, and the exit code tells of it though others wait", async () => {
  const desk = await openDesk("sqlite");
  const names = ["a.md", "b.md", "c.md", "d.md", "e.md"];
  for (const name of names) writeFileSync(join(desk.folder, name), name === "c.md" ? "\n" : `# ${name}\n\nText.\n`);

  const { runs } = await desk.ok<{ runs: readonly { status: string; run: string }[] }>(["cut", ...names], 1);

  expect(runs.map(({ status }) => status)).toEqual(["waiting", "waiting", "stopped", "waiting", "waiting"]);
  const stopped = await desk.run(["show", runs[2]?.run as string]);
  expect(stopped.stdout).toContain("cutter.no-units");
  await desk.finish(runs[4]?.run as string);
});

test("a live batch is a run for each document, each with approvals of its own; one that waits holds up none", async () => {
  const desk = await openDesk("sqlite");
  await desk.arm();
  const names = ["a.md", "b.md", "c.md"];
  for (const name of names) writeFileSync(join(desk.folder, name), `# ${name}\n\nText of ${name}.\n`);
  const { runs } = await desk.ok<{ runs: readonly { run: string }[] }>(["cut", ...names, "--live"], 3);
  const [a, b, c] = runs.map(({ run }) => run) as [string, string, string];

  await desk.resume(b, 3, "--approval", await desk.approve(b, "SG_1"));
  await desk.finish(c);

  const rows = await desk.sql(
    "SELECT document, status, count(*) AS units FROM units GROUP BY document, status ORDER BY 1",
  );
  expect(rows).toEqual([
    { document: "b.md", status: "draft", units: 2 },
    { document: "c.md", status: "enacted", units: 2 },
  ]);
  expect(new Set([a, b, c]).size).toBe(3);
});
