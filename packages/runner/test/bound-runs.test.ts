/** Bound plans under crashes, stops, gates and denials: whatever lies between, the outputs are what they are. */
import type { EventDraft, RunEvent } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, newRun, type RunPorts, type RunResult, resumePlan, runPlan, shapeOf, voidRun } from "../src/index.ts";
import { allowanceOf, approvalOf, authorityOf } from "./authority.ts";
import { boundFaults, boundScenario, outputsOfBound, portsOfBound, taskFaults, worldOfBound } from "./bound-runs.ts";
import { memoryJournal, type World } from "./kit.ts";

const STEPS_MAX = 60;

/** Resumes until the run is sealed. */
async function untilSealed(first: RunResult, ports: () => RunPorts): Promise<RunResult> {
  let result = first;
  for (let step = 0; result.status === "stopped" || result.status === "waiting"; step += 1) {
    if (step > STEPS_MAX) throw new Error("the run never ends");
    result = await resumePlan({ ...ports(), run: result.run });
  }
  return result;
}

async function completedRun(scenario: Parameters<typeof worldOfBound>[0]) {
  const world = worldOfBound(scenario);
  const journal = memoryJournal();
  const ports = () => portsOfBound(scenario, world, journal);
  const result = await untilSealed(await runPlan({ ...world, ...ports() }), ports);
  return { world, journal, result };
}

test("stopped and resumed as often as its tasks fail, a run gives what adding up gives (N1)", async () => {
  const seen = { gates: 0, stops: 0, drifts: 0 };
  await fc.assert(
    fc.asyncProperty(boundScenario, async (scenario) => {
      const { world, journal, result } = await completedRun(scenario);

      expect(result).toMatchObject({ status: "completed", outputs: outputsOfBound(scenario), failure: null });
      expect(boundFaults(world, journal.log)).toEqual([]);
      seen.gates += journal.log.filter(({ type }) => type === "APPROVAL_RECORDED").length;
      seen.stops += journal.log.filter(({ type }) => type === "RUN_STOPPED").length;
      seen.drifts += journal.log.filter(({ type }) => type === "DRIFT_CHECK").length;
    }),
    { numRuns: 100 },
  );
  expect(Math.min(seen.gates, seen.stops, seen.drifts)).toBeGreaterThan(30);
});

test("after a crash behind every single event, resumes give the same outputs and keep the same order (N1, S1)", async () => {
  await fc.assert(
    fc.asyncProperty(boundScenario, async (scenario) => {
      const { journal, result } = await completedRun(scenario);
      for (let kept = 1; kept < journal.log.length; kept += 1) {
        const after = memoryJournal({ log: journal.log.slice(0, kept), payloads: journal.payloads });
        const world = worldOfBound(scenario, after.log);
        const ports = () => portsOfBound(scenario, world, after);

        const resumed = await untilSealed(await resumePlan({ ...ports(), run: result.run }), ports);

        expect(resumed).toMatchObject({ status: "completed", outputs: result.outputs, verdicts: result.verdicts });
        expect(after.log.slice(0, kept)).toEqual(journal.log.slice(0, kept));
        expect(boundFaults(world, after.log)).toEqual([]);
        expect(resumed.events).toBe(after.log.length);
      }
    }),
    { numRuns: 10 },
  );
});

test("answered one gate at a time, in any number of sittings, a run comes to the same", async () => {
  await fc.assert(
    fc.asyncProperty(boundScenario, async (scenario) => {
      const world = worldOfBound(scenario);
      const journal = memoryJournal();
      let result = await untilWaiting(await runPlan({ ...world, ...portsOfBound(scenario, world, journal, []) }), () =>
        portsOfBound(scenario, world, journal, []),
      );
      for (const gate of scenario.gates) {
        expect(result).toMatchObject({ status: "waiting", waiting: { gate: `SG_${gate}` } });
        const ports = () => portsOfBound(scenario, world, journal, [gate]);
        result = await untilWaiting(await resumePlan({ ...ports(), run: result.run }), ports);
      }

      expect(result).toMatchObject({ status: "completed", outputs: outputsOfBound(scenario) });
      expect(boundFaults(world, journal.log)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

/** Resumes over stops, not over gates. */
async function untilWaiting(first: RunResult, ports: () => RunPorts): Promise<RunResult> {
  let result = first;
  for (let step = 0; result.status === "stopped"; step += 1) {
    if (step > STEPS_MAX) throw new Error("the run never ends");
    result = await resumePlan({ ...ports(), run: result.run });
  }
  return result;
}

/** What meets a run in one sitting: a crash that loses the last events, a person's mood, and a token that has gone bad. */
const sitting = fc.record({
  lost: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 }), fc.nat({ max: 60 })),
  answer: fc.constantFrom("approve", "approve", "approve", "nothing", "reject", "forged"),
  token: fc.constantFrom("good", "good", "good", "expired", "narrow"),
});

test("whatever people, tokens and crashes do, no task ends twice, no gate is passed, and a seal is the end (S2, S3)", async () => {
  const statuses = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      boundScenario,
      fc.array(sitting, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      async (scenario, sittings, isVoided) => {
        const world = worldOfBound(scenario);
        let journal = memoryJournal();
        let result: RunResult | null = null;
        for (const { lost, answer, token } of sittings) {
          const log = journal.log.slice(0, Math.max(1, journal.log.length - lost));
          journal = memoryJournal({ log, payloads: journal.payloads });
          const ports: RunPorts = {
            ...portsOfBound(scenario, world, journal),
            authority: authorityOf({ ...allowanceOf(world), ...TOKENS[token] }),
            approvals: (request) => (answer === "nothing" ? null : approvalOf(request, ANSWERS[answer])),
          };
          result = await (result === null
            ? runPlan({ ...world, ...ports })
            : resumePlan({ ...ports, run: result.run }));
          statuses.add(result.status);
          expect([...taskFaults(world, journal.log), ...boundFaults(world, journal.log)]).toEqual([]);
        }
        if (isVoided && result !== null && journal.log.at(-1)?.type !== "RUN_SEALED") {
          await voidRun({ journal, run: result.run, reason: "given up", by: "ada" });
          expect(taskFaults(world, journal.log)).toEqual([]);
        }
        const seal = journal.log.findIndex(({ type }) => type === "RUN_SEALED");
        expect([-1, journal.log.length - 1]).toContain(seal);
      },
    ),
    { numRuns: 200 },
  );
  expect([...statuses].sort()).toEqual(["completed", "denied", "rejected", "stopped", "waiting"]);
});

const TOKENS = {
  good: {},
  expired: { refusal: () => [{ code: "authority.token-expired", place: "token", message: "expired" }] },
  narrow: { operations: ["test.pure"] },
};
const ANSWERS = { approve: {}, reject: { decision: "reject" }, forged: { pins: `sha256:${"0".repeat(64)}` } };

test("every decision of such a run makes one event at most, and the same one again (D1, D2)", async () => {
  await fc.assert(
    fc.asyncProperty(boundScenario, async (scenario) => {
      const { world, journal } = await completedRun(scenario);
      let state = newRun(shapeOf(world.plan, scenario.jobs));
      for (const event of journal.log) {
        const decision = decide(state, event);
        expect(decide(state, event)).toEqual(decision);
        expect(decision.commands.filter(({ kind }) => kind !== "execute").length).toBeLessThanOrEqual(1);
        state = decision.state;
      }
      expect(state.phase).toBe("sealed");
    }),
    { numRuns: 20 },
  );
});

type Mutation = (log: readonly RunEvent[], at: number) => EventDraft[];

const dropped: Mutation = (log, at) => [...log.slice(0, at), ...log.slice(at + 1)];
const doubled: Mutation = (log, at) => [...log.slice(0, at + 1), ...log.slice(at)];
const changed =
  (data: object): Mutation =>
  (log, at) =>
    log.map((event, index) => (index === at ? ({ ...event, data: { ...event.data, ...data } } as EventDraft) : event));
const other = `sha256:${"0".repeat(64)}`;

/** Each makes a sound journal into one that no run could have written. */
const mutations: readonly (readonly [string, RunEvent["type"], Mutation])[] = [
  ["a gate that nobody was asked at", "APPROVAL_REQUESTED", dropped],
  ["a gate asked twice", "APPROVAL_REQUESTED", doubled],
  ["a request for another gate", "APPROVAL_REQUESTED", changed({ gate: "SG_9" })],
  ["a request over another plan", "APPROVAL_REQUESTED", changed({ plan: other })],
  ["a request over other pins", "APPROVAL_REQUESTED", changed({ pins: other })],
  ["a request that forgets its review decision", "APPROVAL_REQUESTED", changed({ reviewDecision: null })],
  ["a gate passed without an approval", "APPROVAL_RECORDED", dropped],
  ["an approval recorded twice", "APPROVAL_RECORDED", doubled],
  ["an approval of other pins", "APPROVAL_RECORDED", changed({ pins: other })],
  ["work after a no", "APPROVAL_RECORDED", changed({ decision: "reject" })],
  ["a drift check left out", "DRIFT_CHECK", dropped],
  ["a drift check twice", "DRIFT_CHECK", doubled],
  ["a drift check of other bytes", "DRIFT_CHECK", changed({ expected: other })],
  ["a task that starts over drift", "DRIFT_CHECK", changed({ decision: "refuse" })],
  ["a stop that nobody resumed from", "RUN_STOPPED", (log, at) => [...log.slice(0, at + 1), ...log.slice(at + 2)]],
  ["a stop under another code", "RUN_STOPPED", changed({ code: "runner.other" })],
  ["a stop at a gate that is not there", "RUN_STOPPED", changed({ task: null, gate: "SG_9" })],
  ["a resume without a validation", "TOKEN_VALIDATION", dropped],
  ["work after a refused token", "TOKEN_VALIDATION", changed({ decision: "refuse" })],
  ["a fence that does not grow", "RUN_RESUMED", changed({ fence: 1 })],
  ["a resume that counts otherwise", "RUN_RESUMED", changed({ completed: 99 })],
  ["a resume that doubts otherwise", "RUN_RESUMED", changed({ indeterminate: ["task_ffffffffffffffffffff"] })],
  [
    "a boundary violated by a task that completed",
    "EXECUTION_COMPLETED",
    (log, at) => [
      ...log.slice(0, at),
      {
        type: "BOUNDARY_VIOLATION",
        subject: log[at]?.subject ?? "",
        data: { category: "forks", attempted: "fork" },
      },
      ...log.slice(at),
    ],
  ],
  [
    "a void in the middle",
    "ROUTING_DECISION",
    (log, at) => [
      ...log.slice(0, at),
      { type: "RUN_VOIDED", subject: log[0]?.subject ?? "", data: { reason: "given up", by: "ada" } },
      ...log.slice(at),
    ],
  ],
];

test.each(mutations)("refuses a journal with %s (S2)", async (_name, type, mutate) => {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(boundScenario, fc.nat(), async (scenario, place) => {
      const { world, journal } = await completedRun(scenario);
      const places = journal.log.flatMap((event, index) => (event.type === type ? [index] : []));
      const at = places[place % places.length];
      if (at === undefined) return;
      tried += 1;

      expect(() => fold(world, mutate(journal.log, at))).toThrowError(
        expect.objectContaining({ code: "runner.journal-unexpected" }),
      );
    }),
    { numRuns: 150 },
  );
  expect(tried).toBeGreaterThan(5);
});

function fold({ plan }: World, events: readonly EventDraft[]) {
  return events.reduce((state, event) => decide(state, event).state, newRun(shapeOf(plan, 3)));
}
