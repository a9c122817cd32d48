import { type Digest, digestBytes, type RunEvent } from "@canonic/contracts";
import { expect, test } from "vitest";
import { planCut } from "../src/plan-cut.ts";
import { stateOf } from "../src/states.ts";
import { snapshotOf } from "./cut-run.ts";

const digest = digestBytes("x") as Digest;
const { plan } = planCut({
  document: "a.md",
  expectedDigest: digest,
  mode: "dryrun",
  adapter: "simulator",
  seed: 0,
  registry: snapshotOf("dryrun"),
});
const event = (type: string, subject: string, data: object) => ({ type, subject, data }) as unknown as RunEvent;
const completed = (position: number) => event("EXECUTION_COMPLETED", String(plan.tasks[position]?.id), {});
const gate = (type: string, name: string, decision = "approve") => event(type, name, { gate: name, decision });

const WHOLE: readonly RunEvent[] = [
  ...[0, 1, 2, 3, 4].map(completed),
  gate("APPROVAL_REQUESTED", "SG_1"),
  gate("APPROVAL_RECORDED", "SG_1"),
  ...[5, 6, 7, 8].map(completed),
  gate("APPROVAL_REQUESTED", "SG_2"),
  gate("APPROVAL_RECORDED", "SG_2"),
  ...[9, 10].map(completed),
];

test("a run passes through the fourteen states in their order, each once (F1)", () => {
  const states = [...WHOLE.keys(), WHOLE.length].map((length) => stateOf(plan, WHOLE.slice(0, length)));

  expect([...new Set(states)]).toEqual([
    "pending",
    "source_pinned",
    "marked",
    "cutplan_ok",
    "pre_write_backup_taken",
    "grants_probed",
    "awaiting_cut_authorization",
    "cut_leg_a_committed",
    "structural_verified",
    "leg_b_recorded",
    "write_verified",
    "awaiting_lifecycle_authorization",
    "lifecycle_enacted",
    "closeout_reported",
  ]);
});

test("a stop names its reason and is left by a resume; a rejection and a void are ends", () => {
  const waiting = WHOLE.slice(0, 6);
  const stop = event("RUN_STOPPED", "", { code: "runner.drift" });

  expect(stateOf(plan, [...waiting, stop])).toBe("stopped_runner.drift");
  expect(stateOf(plan, [...waiting, stop, event("RUN_RESUMED", "", {})])).toBe("awaiting_cut_authorization");
  expect(stateOf(plan, [...waiting, gate("APPROVAL_RECORDED", "SG_1", "reject")])).toBe("failed_SG_1");
  expect(stateOf(plan, [...waiting, stop, event("RUN_VOIDED", "", { reason: "superseded" })])).toBe(
    "voided_superseded",
  );
});

test("the plan holds names and digests, two gates, and a recheck of the source before each write", () => {
  expect(plan).toMatchObject({ kind: "bound", onFailure: "stop", mode: "dryrun" });
  expect(plan.groups).toEqual(plan.tasks.map(({ position }) => [position]));
  expect(plan.gates).toEqual([
    { name: "SG_1", before: 5, reviewDecision: false },
    { name: "SG_2", before: 9, reviewDecision: true },
  ]);
  expect(plan.rechecks).toEqual([5, 7, 8, 9].map((before) => ({ before, task: 0 })));
  expect(new Set(plan.tasks.flatMap(({ parameters }) => Object.keys(parameters)))).toEqual(
    new Set(["document", "expectedDigest", "adapter"]),
  );
});
