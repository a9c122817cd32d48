/**
 * What a gate and a writing phase refuse, on the command line: the stop code, a STOP record, and nothing half-done.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestBytes } from "@canonic/contracts";
import { afterEach, expect, test } from "vitest";
import { Desk, declaration, hasPostgres } from "./cutter-command.ts";

const postgres = await hasPostgres();
const desks: Desk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

type Standing = { readonly status: string; readonly stop: { readonly code: string } | null };

/** Resumes with what must not count; the database is afterwards what it was, and the run says why it stands. */
async function refused(desk: Desk, run: string, code: string, ...more: readonly string[]): Promise<void> {
  const before = await desk.everything();
  const standing = (await desk.resume(run, 1, ...more)) as unknown as Standing;
  expect([standing.status, standing.stop?.code]).toEqual(["stopped", code]);
  expect(await desk.everything()).toEqual(before);
  const shown = await desk.run(["show", run]);
  expect(shown.stdout).toContain("RUN_STOPPED");
  expect(shown.stdout).toContain(code);
}

test("an approval that was used, is another run's, another gate's, a stranger's or too old does not count", async () => {
  const desk = await Desk.open("sqlite");
  desks.push(desk);
  await desk.arm();
  writeFileSync(join(desk.folder, "other.md"), "# Other\n\nText.\n");
  const run = await desk.cut();
  const { run: other } = await desk.ok<{ run: string }>(["cut", "other.md", "--live"], 3);

  await refused(desk, run, "authority.approval-other-run", "--approval", await desk.approve(other, "SG_1"));
  await desk.ok(["keys", "init", "--store", join(desk.folder, "elsewhere")]);
  await desk.run(["keys", "approver", "eve", "--out", "eve.pem"]);
  const byEve = await desk.approve(run, "SG_1", "--key", "eve.pem");
  distrust(desk, "eve");
  await refused(desk, run, "authority.approval-signer-unknown", "--approval", byEve);
  const short = await desk.approve(run, "SG_1", "--ttl", "1");
  await new Promise((resolve) => setTimeout(resolve, 2100));
  await refused(desk, run, "authority.approval-expired", "--approval", short);
  const forged = await desk.approve(run, "SG_1");
  const text = readFileSync(join(desk.folder, forged), "utf8");
  const signature = /"signature":\s*"(.)/.exec(text)?.[1] === "A" ? "B" : "A";
  writeFileSync(join(desk.folder, forged), text.replace(/("signature":\s*")./, `$1${signature}`));
  await refused(desk, run, "authority.approval-signature-wrong", "--approval", forged);

  const first = await desk.approve(run, "SG_1");
  await desk.resume(run, 3, "--approval", first);
  await refused(desk, run, "authority.approval-replayed", "--approval", first);
  const done = await desk.resume(run, 0, "--approval", await desk.approve(run, "SG_2"));
  expect(done).toMatchObject({ status: "completed" });
});

test("a document that changes between request and approval, or before a later write, stops the run there", async () => {
  const desk = await Desk.open("sqlite");
  desks.push(desk);
  await desk.arm();
  const run = await desk.cut();
  const approval = await desk.approve(run, "SG_1");
  appendFileSync(desk.document, "\nInserted after the request.\n");
  await refused(desk, run, "runner.drift", "--approval", approval);
  expect(await desk.sql("SELECT * FROM units")).toEqual([]);

  writeFileSync(desk.document, declaration());
  await desk.resume(run, 3);
  const second = await desk.approve(run, "SG_2");
  writeFileSync(desk.document, declaration().replace("dignity", "vanity"));
  await refused(desk, run, "runner.drift", "--approval", second);
  expect(await desk.sql("SELECT DISTINCT status FROM units")).toEqual([{ status: "draft" }]);
  writeFileSync(desk.document, declaration());
  expect(await desk.resume(run, 0)).toMatchObject({ status: "completed" });
});

test("a rejection ends the run, a void too, and a live run that nobody armed does not begin to write", async () => {
  const desk = await Desk.open("sqlite");
  desks.push(desk);
  const unarmed = await desk.run(["cut", "declaration.md", "--live", "--json"]);
  expect(unarmed.code).not.toBe(0);
  expect(unarmed.code).not.toBe(3);
  await desk.arm();
  const run = await desk.cut();
  const rejection = await desk.approve(run, "SG_1", "--reject");
  expect(await desk.resume(run, 1, "--approval", rejection)).toMatchObject({ status: "rejected" });
  expect(await desk.sql("SELECT * FROM units")).toEqual([]);
});

test("a pin that was forgotten stops the run by its name", async () => {
  const desk = await Desk.open("sqlite");
  desks.push(desk);
  const expectedDigest = digestBytes(readFileSync(desk.document));
  const document = "declaration.md";
  const bound = (task: string, pointer: string) => ({ task, pointer });
  const request = {
    onFailure: "stop",
    tasks: [
      { name: "pin", operation: "cutter.source-pin", parameters: { document } },
      {
        name: "mark",
        operation: "cutter.mark",
        parameters: { document, expectedDigest },
        bind: { sourceDigest: bound("pin", "/digest"), regionDigest: bound("pin", "/regionDigest") },
      },
      {
        operation: "cutter.cutplan",
        parameters: { document, version: "1" },
        bind: { rows: bound("mark", "/rows/999") },
      },
    ],
  };
  writeFileSync(join(desk.folder, "request.json"), JSON.stringify(request));
  await desk.ok(["plan", "request.json", "--out", "plan.json"]);

  const standing = await desk.ok<{ run: string; stop: { code: string } }>(["run", "plan.json"], 1);

  expect(standing.stop.code).toBe("runner.pin-missing");
  const record = JSON.stringify(standing);
  expect(record).toContain("rows");
});

test("a store that is halted while a live run waits lets nothing more be written, until it is armed again", async () => {
  const desk = await Desk.open("sqlite");
  desks.push(desk);
  await desk.arm();
  const run = await desk.cut();
  const approval = await desk.approve(run, "SG_1");
  await desk.ok(["halt", "--reason", "something is wrong"]);

  const halted = await desk.run(["resume", run, "--approval", approval, "--json"]);

  expect(halted.code).not.toBe(0);
  expect(await desk.sql("SELECT * FROM units")).toEqual([]);
  await desk.arm();
  const again = await desk.run(["resume", run, "--approval", approval, "--json"]);
  if (again.code !== 3) await desk.resume(run, 3, "--approval", await desk.approve(run, "SG_1"));
  expect(await desk.sql("SELECT DISTINCT status FROM units")).toEqual([{ status: "draft" }]);
});

test.skipIf(!postgres)("what comes next of a run on PostgreSQL names the database that its resume needs", async () => {
  const desk = await Desk.open("postgres");
  desks.push(desk);
  await desk.arm();
  const run = await desk.cut();
  const approving = ["approve", run, "SG_1", "--key", "anna.pem", "--meaning", "yes", "--out", "yes.json"];

  const [shown, approved] = [await desk.run(["show", run]), await desk.run(approving)];

  expect(shown.stdout).toContain(`canonic resume ${run} --approval approval.json --database URL\n`);
  expect(approved.stdout).toContain(`canonic resume ${run} --approval yes.json --database URL\n`);
});

/** Takes an approver out of the store's trust. */
function distrust(desk: Desk, name: string): void {
  const file = join(desk.folder, "store", "trust.json");
  const trust = JSON.parse(readFileSync(file, "utf8")) as { approvers: { name: string }[] };
  trust.approvers = trust.approvers.filter((approver) => approver.name !== name);
  writeFileSync(file, JSON.stringify(trust));
}
