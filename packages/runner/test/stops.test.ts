/** Stops, voids and fences: a run that stands still, goes on, or is given up. */
import type { Operation, RunId } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type RunPorts, resumePlan, runPlan, voidRun } from "../src/index.ts";
import { allowanceOf, approving, authorityOf } from "./authority.ts";
import { boundWorld, lastOf, payloadOf, storyOf } from "./bound-world.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, type World, worldOf } from "./kit.ts";

const approvals = approving(["SG_1", "SG_2"]);
const TO_WRITE = "frozen token r0 a0 l0 s0 C0 asked recorded r1 a1 d1 l1 s1";

async function begin(of: World, changes: Partial<RunPorts> = {}) {
  const journal = memoryJournal();
  const result = await runPlan({ ...of, ...portsOf(of, journal, { approvals, ...changes }) });
  const story = () => storyOf(of, journal.log);
  const resume = (more: Partial<RunPorts> = {}) =>
    resumePlan({ ...portsOf(of, journal, { approvals, ...changes, ...more }), run: result.run });
  return { journal, result, story, resume };
}

/** Throws this once, then does what it should. */
function failingOnce(error: Error): Operation["run"] {
  let isFailed = false;
  return ({ first }) => {
    if (isFailed) return { written: first as string };
    isFailed = true;
    throw error;
  };
}

const refused = () => Object.assign(new Error("row 7 is locked by hunter2"), { code: "test.refused" });

test("a failure stops the run under its failure mode's code; the record says where, why and how much stays done", async () => {
  const world = boundWorld({ write: failingOnce(refused()) });
  const task = world.plan.tasks[1]?.id;

  const { journal, result, story } = await begin(world);

  const reasons = [{ code: "runner.failure-mode", place: "test.refused", message: "the source is locked" }];
  const stop = { code: "test.refused", task, gate: null, reasons };
  expect(result).toMatchObject({ status: "stopped", outputs: [], waiting: null, stop, failure: { status: "failed" } });
  expect(story()).toBe(`${TO_WRITE} A1 stopped`);
  const { record, ...data } = lastOf(journal.log, "RUN_STOPPED");
  expect(data).toEqual({ code: "test.refused", task, gate: null });
  expect(payloadOf(journal, record)).toEqual({
    schema: "canonic/stop/v1",
    run: result.run,
    plan: lastOf(journal.log, "PLAN_FROZEN").plan,
    completed: 1,
    ...stop,
  });
  expect(JSON.stringify(journal.log)).not.toContain("hunter2");
});

test("a resume begins the stopped task again, its attempts count on, and the run goes on to its seal", async () => {
  const world = boundWorld({ write: failingOnce(refused()) });
  const { journal, story, resume } = await begin(world);

  const result = await resume();

  expect(result).toMatchObject({ status: "completed", stop: null, failure: null });
  expect(result.outputs).toEqual(['{"units":["a","b"]}', '{"written":"a"}', '{"saw":"a"}', '{"fence":2}']);
  expect(story()).toBe(
    `${TO_WRITE} A1 stopped resumed token r1 a1 d1 l1 s1 C1 r2 a2 l2 s2 C2 asked recorded r3 a3 l3 s3 C3 sealed`,
  );
  const attempts = journal.log.flatMap((event) =>
    event.type === "EXECUTION_STARTED" && event.subject === world.plan.tasks[1]?.id ? [event.data.attempt] : [],
  );
  expect(attempts).toEqual([1, 2]);
});

test("under `abort` the same failure ends the run", async () => {
  const { result, story } = await begin(boundWorld({ write: failingOnce(refused()) }, "abort"));

  expect(result).toMatchObject({ status: "failed", stop: null, failure: { code: "runner.operation-failed" } });
  expect(story()).toBe(`${TO_WRITE} A1 K2 K3 sealed`);
});

test("a refused check stops the run at its task; with another token it begins again there", async () => {
  const world = boundWorld();
  const { operations } = allowanceOf(world);
  const authority = authorityOf({ operations: operations.filter((id) => id !== "target.write") });

  const { result, story, resume } = await begin(world, { authority });

  const code = "authority.method-refused";
  expect(result).toMatchObject({ status: "stopped", stop: { code, task: world.plan.tasks[1]?.id } });
  expect(await resume({ authority: authorityOf({ operations }) })).toMatchObject({ status: "completed" });
  expect(story()).toBe(
    "frozen token r0 a0 l0 s0 C0 asked recorded r1 a1 D1 stopped resumed token r1 a1 d1 l1 s1 C1 " +
      "r2 a2 l2 s2 C2 asked recorded r3 a3 l3 s3 C3 sealed",
  );
});

test("a refused token in the middle of an end denies one more task, and each of the others is skipped once", async () => {
  const world = boundWorld({ write: failingOnce(refused()) }, "abort");
  const { journal, result } = await begin(world);
  const kept = journal.log.findIndex(({ type }) => type === "OPERATION_ABORTED") + 1;
  const cut = memoryJournal({ log: journal.log.slice(0, kept), payloads: journal.payloads });
  const reasons = [{ code: "authority.token-expired", place: "token", message: "expired" }];
  const authority = authorityOf({ ...allowanceOf(world), refusal: () => reasons });

  const resumed = await resumePlan({ ...portsOf(world, cut, { authority }), run: result.run });

  expect(storyOf(world, cut.log)).toBe(`${TO_WRITE} A1 resumed token D2 K3 sealed`);
  expect(resumed).toMatchObject({ status: "failed", failure: { task: world.plan.tasks[1] } });
});

test("what is in flight beside a failure is let finish before the run stops, and is not run again (D4, S3)", async () => {
  const entered: number[] = [];
  let isFailing = true;
  const world = worldOf({
    operations: [
      {
        contract: contractOf("test.step"),
        run: async ({ n }) => {
          entered.push(Number(n));
          await new Promise((resolve) => setImmediate(resolve));
          if (n === 0 && isFailing) throw new Error("once");
          return n ?? null;
        },
      },
    ],
    tasks: [0, 1, 2, 3].map((n) => ({ operation: "test.step", parameters: { n } })),
    groups: [3, 1],
    contracts: [],
    bound: { onFailure: "stop" },
  });

  const { result, story, resume } = await begin(world, { jobs: 2 });
  isFailing = false;

  expect(result).toMatchObject({ status: "stopped", stop: { code: "runner.operation-failed" } });
  expect(story()).toBe("frozen token r0 a0 l0 s0 r1 a1 l1 s1 A0 C1 stopped");
  expect(await resume()).toMatchObject({ status: "completed", outputs: ["0", "1", "2", "3"] });
  expect(entered).toEqual([0, 1, 0, 2, 3]);
});

const once = (error: Error) =>
  worldOf({
    operations: [
      {
        contract: contractOf("bank.transfer", {
          effect: "write",
          idempotent: false,
          failureModes: [{ code: "test.refused", when: "the account is closed" }],
        }),
        run: failingOnce(error),
      },
    ],
    tasks: [{ operation: "bank.transfer", parameters: { first: "a" } }],
    contracts: [],
    bound: { onFailure: "stop" },
  });

test("a write that aborted is repeated only when it named its failure mode, or is idempotent (N2)", async () => {
  const unknown = await begin(once(new Error("connection lost")));
  const known = await begin(once(refused()));

  const tasks = [unknown.journal.log.find(({ type }) => type === "OPERATION_ABORTED")?.subject];
  await expect(unknown.resume()).rejects.toMatchObject({
    code: "runner.write-indeterminate",
    details: { run: unknown.result.run, tasks },
  });
  expect(unknown.story()).toBe("frozen token r0 a0 l0 s0 A0 stopped");
  expect(await known.resume()).toMatchObject({ status: "completed", outputs: ['{"written":"a"}'] });
});

test("a write that was withheld was not made, and is begun again although it must not be repeated (N2)", async () => {
  const world = once(refused());
  const { operations } = portsOf(world, memoryJournal());
  const withheld = async () => ({ kind: "aborted", code: "runner.withheld", failure: null, operationMs: 0 }) as const;

  const { result, resume, story } = await begin(world, { operations: { ...operations, execute: withheld } });

  expect(result).toMatchObject({ status: "stopped", stop: { code: "runner.withheld" } });
  expect(await resume({ operations })).toMatchObject({ status: "stopped", stop: { code: "test.refused" } });
  expect(story()).toBe("frozen token r0 a0 l0 s0 A0 stopped resumed token r0 a0 l0 s0 A0 stopped");
});

test("a write in doubt stays in doubt when its next attempt is refused before it starts", async () => {
  const world = boundWorld();
  const { journal, result } = await begin(world);
  const at = journal.log.findIndex(({ type, subject }) => type === "EXECUTION_STARTED" && subject === writeOf(world));
  const cut = memoryJournal({ log: journal.log.slice(0, at + 1), payloads: journal.payloads });
  const refusing = authorityOf({ operations: ["source.look"] });

  const denied = await resumePlan({ ...portsOf(world, cut, { approvals, authority: refusing }), run: result.run });
  const resumed = await resumePlan({ ...portsOf(world, cut, { approvals }), run: result.run });

  expect([denied.status, resumed.status]).toEqual(["stopped", "completed"]);
  const inDoubt = cut.log.flatMap((event) => (event.type === "RUN_RESUMED" ? [event.data.indeterminate] : []));
  expect(inDoubt).toEqual([[writeOf(world)], [writeOf(world)]]);
});

const writeOf = ({ plan }: World) => plan.tasks[1]?.id;

test("a voided run is sealed at once: nothing is skipped by name, and nothing can follow (V1)", async () => {
  const world = boundWorld({ write: failingOnce(refused()) });
  const { journal, result, story, resume } = await begin(world);

  const voided = await voidRun({ journal, run: result.run, reason: "the source was withdrawn", by: "ada" });

  expect(voided).toMatchObject({ status: "voided", outputs: [], outputsDigest: null, waiting: null, stop: null });
  expect(story()).toBe(`${TO_WRITE} A1 stopped voided sealed`);
  expect(lastOf(journal.log, "RUN_VOIDED")).toEqual({ reason: "the source was withdrawn", by: "ada" });
  expect(journal.commits.at(-1)).toBe(journal.log.length);
  expect(await resume()).toEqual(voided);
  await expect(voidRun({ journal, run: result.run, reason: "again", by: "ada" })).rejects.toMatchObject({
    code: "runner.run-sealed",
    details: { run: result.run, status: "voided" },
  });
});

test("a waiting run, and one that crashed at any moment, can be voided", async () => {
  const world = boundWorld();
  const { journal, result } = await begin(world);

  for (let kept = 1; kept < journal.log.length; kept += 1) {
    const cut = memoryJournal({ log: journal.log.slice(0, kept), payloads: journal.payloads });
    const voided = await voidRun({ journal: cut, run: result.run, reason: "given up", by: "ada" });
    expect(voided).toMatchObject({ status: "voided", events: kept + 2 });
    expect(cut.log.slice(kept).map(({ type }) => type)).toEqual(["RUN_VOIDED", "RUN_SEALED"]);
  }
});

test("a void whose seal was lost is sealed by the next call or resume, under the same head (V2)", async () => {
  const world = boundWorld();
  const { journal, result } = await begin(world, { approvals: () => null });
  await voidRun({ journal, run: result.run, reason: "given up", by: "ada" });
  const cut = () => memoryJournal({ log: journal.log.slice(0, -1), payloads: journal.payloads });

  const again = cut();
  await voidRun({ journal: again, run: result.run, reason: "given up", by: "ada" });
  const resumed = cut();
  await resumePlan({ ...portsOf(world, resumed), run: result.run });

  expect(again.log).toEqual(journal.log);
  expect(resumed.log).toEqual(journal.log);
});

test.each([
  ["no reason", { reason: "", by: "ada" }, "/reason"],
  ["a reason of 2049 characters", { reason: "x".repeat(2049), by: "ada" }, "/reason"],
  ["nobody's word", { reason: "given up", by: "" }, "/by"],
])("a void with %s is refused before the journal is read", async (_name, word, pointer) => {
  const run = "run_00000000000000000000" as RunId;

  const voiding = voidRun({ journal: memoryJournal(), run, ...word });

  await expect(voiding).rejects.toMatchObject({ code: "runner.void-invalid", details: { issues: [{ pointer }] } });
});

test("without a lock the holders of a run are counted 1, 2, 3; each write is told the number of its own", async () => {
  const world = boundWorld();
  const { journal, resume } = await begin(world, { approvals: () => null });
  await resume({ approvals: approving(["SG_1"]) });

  const result = await resume({ approvals });

  expect(result.outputs[3]).toBe('{"fence":3}');
  expect(journal.log.flatMap(({ data }) => ("fence" in data ? [data.fence] : []))).toEqual([1, 2, 3]);
});

test("a lock's fence is written down, and one that is not above it goes no further (N5)", async () => {
  const world = boundWorld();
  const { journal, resume } = await begin(world, { approvals: () => null, fence: 7 });
  const events = journal.log.length;

  for (const fence of [7, 6, 8.5, Number.NaN, undefined]) {
    const resuming = resume({ approvals, ...(fence === undefined ? {} : { fence }) });
    if (fence === undefined) await expect(resuming).rejects.toMatchObject({ details: { fence: 7, journaled: 7 } });
    else await expect(resuming).rejects.toMatchObject({ code: "runner.fence-stale", details: { fence, journaled: 7 } });
  }
  expect(journal.log.length).toBe(events);
  const result = await resume({ approvals, fence: 12 });
  expect(result.outputs[3]).toBe('{"fence":12}');
  expect(journal.log.flatMap(({ data }) => ("fence" in data ? [data.fence] : []))).toEqual([7, 12]);
});

test.each([0, -1, 1.5])("a run does not begin under fence %d", async (fence) => {
  const journal = memoryJournal();
  const world = boundWorld();

  const running = runPlan({ ...world, ...portsOf(world, journal, { fence }) });

  await expect(running).rejects.toMatchObject({ code: "runner.fence-stale", details: { fence, journaled: 0 } });
  expect(journal.log).toEqual([]);
});
