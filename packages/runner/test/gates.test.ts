/** Gates: who is asked what, and what each answer does to the run. */
import { digestJson, type GateRequest, type TaskId } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type RunPorts, resumePlan, runPlan } from "../src/index.ts";
import { allowanceOf, approvalOf, approving, authorityOf } from "./authority.ts";
import { boundWorld, lastOf, payloadOf, storyOf } from "./bound-world.ts";
import { memoryJournal, portsOf } from "./kit.ts";

const world = boundWorld();
const [look, write, verify] = world.plan.tasks.map(({ id }) => id) as [TaskId, TaskId, TaskId];
const outputs = ['{"units":["a","b"]}', '{"written":"a"}', '{"saw":"a"}', '{"fence":1}'];
const pinned = [{ units: ["a", "b"] }, { written: "a" }, { saw: "a" }].map(digestJson);

const BEFORE_SG_1 = "frozen token r0 a0 l0 s0 C0 asked";
const TO_SG_2 = "r1 a1 d1 l1 s1 C1 r2 a2 l2 s2 C2 asked";
const TO_SEAL = "r3 a3 l3 s3 C3 sealed";

async function begin(changes: Partial<RunPorts> = {}, of = world) {
  const journal = memoryJournal();
  const result = await runPlan({ ...of, ...portsOf(of, journal, changes) });
  const story = () => storyOf(of, journal.log);
  const resume = (more: Partial<RunPorts> = {}) =>
    resumePlan({ ...portsOf(of, journal, { ...changes, ...more }), run: result.run });
  return { journal, result, story, resume };
}

test("a bound plan with two gates that are answered at once runs to its seal, in exactly this order", async () => {
  const asked: GateRequest[] = [];

  const { journal, result, story } = await begin({ approvals: approving(["SG_1", "SG_2"], asked) });

  expect(result).toMatchObject({ status: "completed", outputs, waiting: null, stop: null });
  expect(story()).toBe(`${BEFORE_SG_1} recorded ${TO_SG_2} recorded ${TO_SEAL}`);
  const plan = lastOf(journal.log, "PLAN_FROZEN").plan;
  expect(asked).toEqual([
    { run: result.run, gate: "SG_1", plan, pins: digestJson({ [look]: pinned[0] as string }), reviewDecision: false },
    {
      run: result.run,
      gate: "SG_2",
      plan,
      pins: digestJson({ [look]: pinned[0], [write]: pinned[1], [verify]: pinned[2] } as never),
      reviewDecision: true,
    },
  ]);
  const { run: _run, ...requested } = asked[1] as GateRequest;
  expect(lastOf(journal.log, "APPROVAL_REQUESTED")).toEqual(requested);
});

test("what a person signed is stored with its record, byte for byte (G2)", async () => {
  const { journal, result } = await begin({ approvals: approving(["SG_1", "SG_2"]) });
  const { approval, ...data } = lastOf(journal.log, "APPROVAL_RECORDED");

  const { plan, pins } = lastOf(journal.log, "APPROVAL_REQUESTED");
  const request: GateRequest = { run: result.run, gate: "SG_2", plan, pins, reviewDecision: true };
  expect(payloadOf(journal, approval)).toEqual(approvalOf(request));
  expect(data).toEqual({
    gate: "SG_2",
    signer: "ada",
    decision: "approve",
    plan,
    pins,
    reviewDecision: "review-1",
    expiresAt: "2026-01-31T23:00:00.000Z",
  });
});

test("nobody has answered: the run waits, its journal is durable, and it says what it asks", async () => {
  const { journal, result, story } = await begin();

  expect(story()).toBe(BEFORE_SG_1);
  expect(journal.commits.at(-1)).toBe(journal.log.length);
  const { plan, pins } = lastOf(journal.log, "APPROVAL_REQUESTED");
  expect(result).toMatchObject({
    status: "waiting",
    outputs: [],
    outputsDigest: null,
    failure: null,
    stop: null,
    waiting: { run: result.run, gate: "SG_1", plan, pins, reviewDecision: false },
    events: journal.log.length,
  });
});

test("a resume without an answer appends nothing and asks the same (N4)", async () => {
  const { result, story, resume } = await begin();
  const authority = authorityOf(allowanceOf(world));

  expect(await resume({ authority })).toEqual(result);
  expect(await resume({ authority, approvals: approving(["SG_2"]) })).toEqual(result);

  expect(story()).toBe(BEFORE_SG_1);
  expect(authority.calls).toEqual([]);
});

test("a resume with an answer asks for it once, validates again, and goes on to the next gate", async () => {
  const { story, resume } = await begin();
  const asked: GateRequest[] = [];

  const second = await resume({ approvals: approving(["SG_1"], asked) });
  const third = await resume({ approvals: approving(["SG_1", "SG_2"], asked) });

  expect(second).toMatchObject({ status: "waiting", waiting: { gate: "SG_2" } });
  expect(third).toMatchObject({ status: "completed", outputs: [...outputs.slice(0, 3), '{"fence":3}'] });
  expect(asked.map(({ gate }) => gate)).toEqual(["SG_1", "SG_2", "SG_2"]);
  expect(story()).toBe(`${BEFORE_SG_1} resumed token recorded ${TO_SG_2} resumed token recorded ${TO_SEAL}`);
});

test("a no skips what is left because of the gate, and the run is sealed as rejected", async () => {
  const { journal, result, story, resume } = await begin({
    approvals: (request) => approvalOf(request, { decision: "reject" }),
  });

  expect(result).toMatchObject({ status: "rejected", outputs: [], failure: null, waiting: null, stop: null });
  expect(story()).toBe(`${BEFORE_SG_1} recorded K1 K2 K3 sealed`);
  expect(lastOf(journal.log, "APPROVAL_RECORDED").decision).toBe("reject");
  expect(lastOf(journal.log, "EXECUTION_SKIPPED")).toEqual({ because: "SG_1" });
  expect(await resume()).toEqual(result);
});

test("a no stays a no: after a crash behind every event of it, and under a token that is refused by then", async () => {
  const no: RunPorts["approvals"] = (request) => approvalOf(request, { decision: "reject" });
  const { journal, result } = await begin({ approvals: no });
  const recorded = journal.log.findIndex(({ type }) => type === "APPROVAL_RECORDED");
  const reasons = [{ code: "authority.token-expired", place: "token", message: "expired" }];
  const expired = { ...allowanceOf(world), refusal: () => reasons };

  for (let kept = recorded + 1; kept < journal.log.length; kept += 1) {
    const resume = async (authority = authorityOf(allowanceOf(world))) => {
      const cut = memoryJournal({ log: journal.log.slice(0, kept), payloads: journal.payloads });
      const resumed = await resumePlan({ ...portsOf(world, cut, { approvals: no, authority }), run: result.run });
      return { resumed, log: cut.log };
    };
    const again = await resume();
    const refused = await resume(authorityOf(expired));

    expect([again.resumed.status, refused.resumed.status]).toEqual(["rejected", "rejected"]);
    const skipped = again.log.filter(({ type }) => type === "EXECUTION_SKIPPED").map(({ subject }) => subject);
    expect(skipped).toEqual(world.plan.tasks.slice(1).map(({ id }) => id));
    const begun = refused.log.slice(kept).filter(({ type }) => type === "ROUTING_DECISION");
    expect(begun).toEqual([]);
  }
});

test("an approval that does not count stops the run at the gate, and is nowhere in the journal (G2)", async () => {
  const { journal, result, story } = await begin({
    approvals: (request) => approvalOf(request, { pins: digestJson("other"), signer: "mallory" }),
  });

  const code = "authority.approval-pins-differ";
  const reasons = [{ code, place: "SG_1", message: "SG_1 is not allowed" }];
  expect(result).toMatchObject({ status: "stopped", waiting: null, stop: { code, task: null, gate: "SG_1", reasons } });
  expect(story()).toBe(`${BEFORE_SG_1} stopped`);
  const { record, ...data } = lastOf(journal.log, "RUN_STOPPED");
  expect(data).toEqual({ code, task: null, gate: "SG_1" });
  expect(payloadOf(journal, record)).toEqual({
    schema: "canonic/stop/v1",
    run: result.run,
    plan: lastOf(journal.log, "PLAN_FROZEN").plan,
    code,
    task: null,
    gate: "SG_1",
    completed: 1,
    reasons,
  });
  expect(JSON.stringify([journal.log, [...journal.payloads.values()].map(String)])).not.toContain("mallory");
});

test("after a refused approval the gate is asked again, without a second request", async () => {
  const { story, resume, journal } = await begin({
    approvals: (request) => approvalOf(request, { pins: digestJson("other") }),
  });

  const none = { approvals: () => null };
  expect(await resume(none)).toMatchObject({ status: "waiting", stop: null, waiting: { gate: "SG_1" } });
  expect(await resume({ approvals: approving(["SG_1"]) })).toMatchObject({
    status: "waiting",
    waiting: { gate: "SG_2" },
  });

  expect(story()).toBe(`${BEFORE_SG_1} stopped resumed token recorded ${TO_SG_2}`);
  expect(journal.log.filter(({ subject }) => subject === "SG_1").map(({ type }) => type)).toEqual([
    "APPROVAL_REQUESTED",
    "APPROVAL_RECORDED",
  ]);
});

test("authority is told what is on record, so an approval is not used for a second gate", async () => {
  let first: unknown = null;
  const { result, story } = await begin({
    approvals: (request) => {
      first ??= approvalOf(request);
      return first;
    },
  });

  expect(result).toMatchObject({ status: "stopped", stop: { code: "authority.approval-replayed", gate: "SG_2" } });
  expect(story()).toBe(`${BEFORE_SG_1} recorded ${TO_SG_2} stopped`);
});

test("a gate holds back its group and no other: what is in flight before it is let finish first", async () => {
  const wide = boundWorld();
  const plan = { ...wide.plan, groups: [[0], [1], [2], [3]] };

  const { story } = await begin({ jobs: 4, approvals: approving(["SG_1"]) }, { ...wide, plan });

  expect(story()).toBe(`${BEFORE_SG_1} recorded ${TO_SG_2}`);
});

test("a refused token at a gate stops the run at its first open task, and the gate is asked after the next resume", async () => {
  const { story, resume } = await begin();
  const reasons = [{ code: "authority.token-expired", place: "token", message: "expired" }];
  const expired = authorityOf({ ...allowanceOf(world), refusal: () => reasons });

  const refused = await resume({ authority: expired, approvals: approving(["SG_1"]) });

  expect(refused).toMatchObject({
    status: "stopped",
    stop: { code: "authority.token-expired", task: write, gate: null },
  });
  expect(await resume()).toMatchObject({ status: "waiting", waiting: { gate: "SG_1" } });
  expect(story()).toBe(`${BEFORE_SG_1} resumed token D1 stopped`);
  expect(await resume({ approvals: approving(["SG_1"]) })).toMatchObject({ waiting: { gate: "SG_2" } });
  expect(story()).toBe(`${BEFORE_SG_1} resumed token D1 stopped resumed token recorded ${TO_SG_2}`);
});
