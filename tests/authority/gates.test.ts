/**
 * Gates and stops on the command line: what waits, what a person is shown and signs, what an approval cannot do.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { signApproval, signerFromPem } from "@canonic/authority";
import { canonicalJson, type Digest, type RunEvent, type RunId, type StopRecord } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type RunReport, workplace } from "./plans.ts";

const GATED = `
onFailure: stop
tasks:
  - { name: pin, operation: source.pin, parameters: { name: law } }
  - { name: count, operation: rows.count, bind: { digest: { task: pin, pointer: /digest } } }
  - { name: record, operation: ledger.record, parameters: { entry: a } }
gates:
  - { name: SG_1, before: count }
  - { name: SG_2, before: record, reviewDecision: true }
rechecks:
  - { before: record, task: pin }
`;

/** A run that waits at its first gate, and the keys of two people. */
async function waitingRun() {
  const at = workplace();
  const plan = await at.plan(GATED);
  await at.json(["keys", "approver", "ada", "--out", "ada.pem"]);
  const report = await at.json<RunReport>(["run", plan], 3);
  const approve = (gate: string, out: string, ...more: string[]) => {
    return ["approve", report.run, gate, "--key", "ada.pem", "--meaning", "I have read it", "--out", out, ...more];
  };
  const resume = (...approvals: string[]) => {
    return ["resume", report.run, ...approvals.flatMap((file) => ["--approval", file])];
  };
  return { at, plan, report, approve, resume };
}

const typesOf = (events: readonly RunEvent[], ...types: string[]) => {
  return events.map(({ type }) => type).filter((type) => types.includes(type));
};

test("a run waits at each gate for a person, and goes on with exactly that person's yes", async () => {
  const { at, plan, report, approve, resume } = await waitingRun();

  expect(report).toMatchObject({ status: "waiting", waiting: { gate: "SG_1" }, outputs: 0, bundle: null });
  expect(report.next[0]).toBe(`canonic approve ${report.run} SG_1 --key FILE --meaning TEXT --out approval.json`);
  const again = await at.json<RunReport>(["run", plan], 3);
  expect(again).toMatchObject({ run: report.run, status: "waiting", events: report.events });

  const shown = await at.json<{ done: { operation: string; output: string }[]; after: unknown[]; pins: string }>(
    approve("SG_1", "one.json"),
  );
  expect(shown.pins).toBe(report.waiting?.pins);
  expect(shown.done.map(({ operation, output }) => [operation, JSON.parse(output).name])).toEqual([
    ["source.pin", "law"],
  ]);
  expect(shown.after).toMatchObject([{ operation: "rows.count", effect: "pure" }]);

  const second = await at.json<RunReport>(resume("one.json"), 3);
  expect(second.waiting?.gate).toBe("SG_2");
  expect(second.next[0]).toContain("--review-decision ID");
  await at.json(approve("SG_2", "two.json", "--review-decision", "RD-7"));
  const done = await at.json<RunReport>(resume("two.json"));

  const events = await at.events(report.run);
  expect(done).toMatchObject({ run: report.run, status: "completed", outputs: 3 });
  expect(typesOf(events, "APPROVAL_REQUESTED", "APPROVAL_RECORDED", "DRIFT_CHECK", "RUN_SEALED")).toEqual([
    "APPROVAL_REQUESTED",
    "APPROVAL_RECORDED",
    "APPROVAL_REQUESTED",
    "APPROVAL_RECORDED",
    "DRIFT_CHECK",
    "RUN_SEALED",
  ]);
  await expect(at.verdict(report.run)).resolves.toBe("VALID");
});

test("nothing can be approved but what a run waits for now, and without a key nothing is signed", async () => {
  const { at, report, approve, resume } = await waitingRun();

  const shown = await at.json<{ pins: string; signed: unknown }>(["approve", report.run, "SG_1"]);
  expect(shown).toMatchObject({ pins: report.waiting?.pins, signed: null });
  const half = ["approve", report.run, "SG_1", "--key", "ada.pem"];
  await expect(at.refusal(half, 2)).resolves.toBe("orchestrator.option-invalid");
  await expect(at.refusal(approve("SG_2", "early.json"), 1)).resolves.toBe("orchestrator.gate-not-waiting");
  await at.json(approve("SG_1", "one.json"));
  await expect(at.refusal(approve("SG_1", "one.json"), 2)).resolves.toBe("orchestrator.out-not-empty");
  await at.json(resume("one.json"), 3);
  await expect(at.refusal(approve("SG_1", "late.json"), 1)).resolves.toBe("orchestrator.gate-not-waiting");
});

test("an approval that was used, or is of a stranger, stops the run at its gate by code; the next right one goes on", async () => {
  const { at, report, approve, resume } = await waitingRun();
  await at.json(approve("SG_1", "one.json"));
  await at.json(resume("one.json"), 3);

  const replayed = await at.json<RunReport>(resume("one.json"), 1);
  const trust = readFileSync(at.path(".canonic/trust.json"));
  await at.json(["keys", "approver", "eve", "--out", "eve.pem"]);
  writeFileSync(at.path(".canonic/trust.json"), trust);
  const eve = approve("SG_2", "eve.json", "--review-decision", "RD-7").map((word) =>
    word === "ada.pem" ? "eve.pem" : word,
  );
  await at.json(eve);
  const stranger = await at.json<RunReport>(resume("eve.json"), 1);
  await expect(at.refusal(approve("SG_2", "undecided.json"), 2)).resolves.toBe("orchestrator.option-invalid");
  // Another program of hers may sign it all the same.
  const { origin, plan, pins } = await at.json<{ origin: string; plan: Digest; pins: Digest }>([
    "approve",
    report.run,
    "SG_2",
  ]);
  const asked = { origin, run: report.run as RunId, gate: "SG_2", plan, pins };
  const claims = { ...asked, decision: "approve", meaning: "yes" } as const;
  const iat = Math.floor(Date.now() / 1000);
  const ada = signerFromPem("ada", readFileSync(at.path("ada.pem"), "utf8"));
  const unnamed = signApproval({ ...claims, reviewDecision: null, iat, exp: iat + 60 }, ada);
  writeFileSync(at.path("undecided.json"), canonicalJson(unnamed));
  const undecided = await at.json<RunReport>(resume("undecided.json"), 1);
  const { runs } = await at.json<{ runs: { standing: string }[] }>(["runs"]);
  await at.json(approve("SG_2", "two.json", "--review-decision", "RD-7"));
  const done = await at.json<RunReport>(resume("two.json"));

  expect([replayed, stranger, undecided].map(({ status, stop }) => [status, stop?.gate, stop?.code])).toEqual([
    ["stopped", "SG_2", "authority.approval-replayed"],
    ["stopped", "SG_2", "authority.approval-signer-unknown"],
    ["stopped", "SG_2", "authority.approval-decision-missing"],
  ]);
  expect(runs.map(({ standing }) => standing)).toEqual(["stopped authority.approval-decision-missing"]);
  expect(done.status).toBe("completed");
  await expect(at.verdict(report.run)).resolves.toBe("VALID");
});

test("an approval is of the log that asked: another store with the same run, plan and results refuses it at its gate", async () => {
  const [here, there] = [await waitingRun(), await waitingRun()];
  const trustOf = ({ at }: typeof here) => JSON.parse(readFileSync(at.path(".canonic/trust.json"), "utf8"));
  writeFileSync(here.at.path("ada.pem"), readFileSync(there.at.path("ada.pem")));
  const { approvers } = trustOf(there);
  writeFileSync(here.at.path(".canonic/trust.json"), JSON.stringify({ ...trustOf(here), approvers }));
  await there.at.json(there.approve("SG_1", "moved.json"));
  writeFileSync(here.at.path("moved.json"), readFileSync(there.at.path("moved.json")));

  const moved = await here.at.json<RunReport>(here.resume("moved.json"), 1);
  const shown = (await here.at.run("approve", here.report.run, "SG_1")).stdout;
  await here.at.json(here.approve("SG_1", "own.json"));
  const own = await here.at.json<RunReport>(here.resume("own.json"), 3);

  expect([there.report.run, there.report.waiting]).toEqual([here.report.run, here.report.waiting]);
  expect([moved.status, moved.stop]).toMatchObject(["stopped", { gate: "SG_1", code: "authority.approval-other-log" }]);
  expect(shown).toContain(`log      ${trustOf(here).logs[0].origin}`);
  expect(own.waiting?.gate).toBe("SG_2");
});

test("a no ends the run at its gate: rejected, the rest skipped by the gate's name, VALID", async () => {
  const { at, report, approve, resume } = await waitingRun();
  await at.json(approve("SG_1", "no.json", "--reject"));

  const rejected = await at.json<RunReport>(resume("no.json"), 1);

  const events = await at.events(report.run);
  expect(rejected.status).toBe("rejected");
  expect(events.flatMap((event) => (event.type === "EXECUTION_SKIPPED" ? [event.data.because] : []))).toEqual([
    "SG_1",
    "SG_1",
  ]);
  await expect(at.verdict(report.run)).resolves.toBe("VALID");
});

test("a run that nobody will go on with is voided by a person, once", async () => {
  const { at, report, resume } = await waitingRun();
  const order = ["void", report.run, "--reason", "the source was withdrawn"];

  await at.json(order);

  await expect(at.refusal(order, 1)).resolves.toBe("runner.run-sealed");
  await expect(at.json<RunReport>(resume(), 1)).resolves.toMatchObject({ status: "voided" });
  const { type, data } = (await at.events(report.run)).at(-2) ?? {};
  expect({ type, data }).toEqual({
    type: "RUN_VOIDED",
    data: { reason: "the source was withdrawn", by: "local-operator" },
  });
  await expect(at.verdict(report.run)).resolves.toBe("VALID");
});

test("a stopped run says where and why, shows its STOP record, and goes on under another token", async () => {
  const at = workplace();
  const plan = await at.plan(GATED.slice(0, GATED.indexOf("gates:")));
  await at.token(plan, "narrow.txt", "--operation", "source.pin", "rows.count");

  const stopped = await at.json<RunReport>(["run", plan, "--token", "narrow.txt"], 1);
  const shown = await at.json<{ status: string; stop: { code: string; record: string } }>(["show", stopped.run]);
  const resumed = await at.json<RunReport>(["resume", stopped.run]);

  const record = (await at.events(stopped.run)).find((event) => event.type === "RUN_STOPPED");
  expect(stopped).toMatchObject({ status: "stopped", stop: { code: "authority.domain-refused", gate: null } });
  expect(stopped.next[0]).toBe(`canonic resume ${stopped.run}`);
  expect(shown).toMatchObject({ status: "stopped", stop: { code: "authority.domain-refused" } });
  expect(record?.data).toMatchObject({ record: shown.stop.record } satisfies Partial<
    Record<keyof StopRecord | "record", unknown>
  >);
  expect(resumed).toMatchObject({ run: stopped.run, status: "completed" });
  await expect(at.verdict(stopped.run)).resolves.toBe("VALID");
});

test("an approver's key is a file of the person, readable by nobody else, and no command prints it", async () => {
  const at = workplace();
  const made = await at.run("keys", "approver", "ada", "--out", "ada.pem");
  const secret = readFileSync(at.path("ada.pem"), "utf8").split("\n")[2] ?? "";

  expect(made.code).toBe(0);
  expect(statSync(at.path("ada.pem")).mode & 0o777).toBe(0o600);
  expect(secret).toMatch(/^[A-Za-z0-9+/=]{60,}$/);
  expect(made.stdout + made.stderr).not.toContain(secret);
  expect(readFileSync(at.path(".canonic/trust.json"), "utf8")).not.toContain(secret);
  await expect(at.refusal(["keys", "approver", "ada", "--out", "ada.pem"], 2)).resolves.toBe(
    "orchestrator.out-not-empty",
  );
  await expect(at.refusal(["keys", "approver", "task-runner", "--out", "bot.pem"], 2)).resolves.toBe(
    "authority.trust-invalid",
  );
});
