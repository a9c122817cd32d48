/** A crash at any moment, then a resume: the same outputs, nothing completed twice, a sound journal. */
import type { Operation, RunEvent, RunId, TaskId } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { resumePlan, runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import {
  anyScenario,
  type Entries,
  expectedOutputs,
  grammarFaults,
  portsOfScenario,
  type Scenario,
  sound,
  worldOfScenario,
} from "./generated-runs.ts";
import { memoryJournal, portsOf, worldOf } from "./kit.ts";

async function runToEnd(scenario: Scenario, entries?: Entries) {
  const world = worldOfScenario(scenario, entries);
  const journal = memoryJournal();
  const result = await runPlan({ ...world, ...portsOfScenario(scenario, world, journal) });
  return { world, journal, result };
}

/** What a crash leaves when the first `kept` events had reached the disk. */
function crashed(log: readonly RunEvent[], payloads: ReadonlyMap<never, Uint8Array>, kept: number) {
  return memoryJournal({ log: log.slice(0, kept), payloads });
}

/** How many executions began and have no outcome. */
function interrupted(log: readonly RunEvent[]): number {
  const count = (type: RunEvent["type"]) => log.filter((event) => event.type === type).length;
  return count("EXECUTION_STARTED") - count("EXECUTION_COMPLETED") - count("OPERATION_ABORTED");
}

test("after a crash behind every single event, a resume gives the uninterrupted outputs (N1, S1)", async () => {
  await fc.assert(
    fc.asyncProperty(sound, async (scenario) => {
      const { world, journal, result } = await runToEnd(scenario);
      expect(result).toMatchObject({ status: "completed", outputs: expectedOutputs(scenario) });
      expect(grammarFaults(world, journal.log)).toEqual([]);

      for (let kept = 1; kept < journal.log.length; kept += 1) {
        const after = crashed(journal.log, journal.payloads as never, kept);
        const resumed = await resumePlan({ ...portsOfScenario(scenario, world, after), run: result.run });
        const { outputs, outputsDigest, status, verdicts } = result;
        expect(resumed).toMatchObject({ outputs, outputsDigest, status, verdicts });
        expect(after.log.slice(0, kept)).toEqual(journal.log.slice(0, kept));
        expect(grammarFaults(world, after.log)).toEqual([]);
        expect(resumed.events).toBe(after.log.length);
      }
    }),
    { numRuns: 12 },
  );
});

test("failures and refusals end in the same way after a crash behind every single event (D4)", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyScenario.map((scenario) => ({ ...scenario, jobs: 1 })),
      async (scenario) => {
        const { world, journal, result } = await runToEnd(scenario);
        expect(grammarFaults(world, journal.log)).toEqual([]);

        for (let kept = 1; kept < journal.log.length; kept += 1) {
          const after = crashed(journal.log, journal.payloads as never, kept);
          // What a crash interrupted is executed once more, and costs once more.
          const again = { ...scenario, invocations: scenario.invocations + interrupted(after.log) };
          const resumed = await resumePlan({ ...portsOfScenario(again, world, after), run: result.run });
          expect({ ...resumed, events: 0, counts: {} }).toEqual({ ...result, events: 0, counts: {} });
          expect(grammarFaults(world, after.log)).toEqual([]);
        }
      },
    ),
    { numRuns: 12 },
  );
});

test("any schedule of any scenario keeps the grammar, names every task, and counts itself (R2, D3)", async () => {
  let failures = 0;
  await fc.assert(
    fc.asyncProperty(anyScenario, async (scenario) => {
      const { world, journal, result } = await runToEnd(scenario);

      expect(grammarFaults(world, journal.log)).toEqual([]);
      const ended = ["EXECUTION_COMPLETED", "EXECUTION_DENIED", "OPERATION_ABORTED", "EXECUTION_SKIPPED"];
      if (result.status !== "completed") {
        failures += 1;
        expect(result).toMatchObject({ outputs: [], outputsDigest: null });
      } else expect(result.outputs).toEqual(expectedOutputs(scenario));
      expect(
        journal.log
          .filter(({ type }) => ended.includes(type))
          .map(({ subject }) => subject as string)
          .sort(),
      ).toEqual(world.plan.tasks.map(({ id }) => id as string));
      const counts: Record<string, number> = {};
      for (const { type } of journal.log) counts[type] = (counts[type] ?? 0) + 1;
      expect(journal.log.at(-1)?.data).toMatchObject({ events: journal.log.length, counts });
    }),
    { numRuns: 150 },
  );
  expect(failures).toBeGreaterThan(10);
});

test("crash after crash: each resume goes on from what the one before left (N1)", async () => {
  await fc.assert(
    fc.asyncProperty(sound, fc.array(fc.nat(), { minLength: 2, maxLength: 4 }), async (scenario, cuts) => {
      const { world, journal, result } = await runToEnd(scenario);
      let { log } = journal;

      for (const cut of cuts) {
        const after = crashed(log, journal.payloads as never, 1 + (cut % (log.length - 1)));
        const resumed = await resumePlan({ ...portsOfScenario(scenario, world, after), run: result.run });
        expect(resumed.outputs).toEqual(result.outputs);
        expect(grammarFaults(world, after.log)).toEqual([]);
        log = after.log;
      }
    }),
    { numRuns: 30 },
  );
});

test("no completed task is entered again, and every entry of a write has the same key (N1, N2)", async () => {
  await fc.assert(
    fc.asyncProperty(
      sound.map((scenario) => ({ ...scenario, replay: 0 })),
      fc.nat(),
      async (scenario, cut) => {
        const { world, journal, result } = await runToEnd(scenario);
        const kept = 1 + (cut % (journal.log.length - 1));
        const completed = journal.log.slice(0, kept).filter(({ type }) => type === "EXECUTION_COMPLETED");
        const entries: Entries = new Map();
        const again = worldOfScenario(scenario, entries);
        const after = crashed(journal.log, journal.payloads as never, kept);

        await resumePlan({ ...portsOfScenario(scenario, again, after), run: result.run });

        const positions = completed.map(
          ({ subject }) => world.plan.tasks.find(({ id }) => id === subject)?.position ?? -1,
        );
        for (const position of positions) expect(entries.has(position)).toBe(false);
        const keys = (log: readonly RunEvent[], id: TaskId) =>
          new Set(
            log.flatMap((event) =>
              event.type === "EXECUTION_STARTED" && event.subject === id ? [event.data.idempotencyKey] : [],
            ),
          );
        for (const { id } of world.plan.tasks) expect(keys(after.log, id).size).toBe(1);
      },
    ),
    { numRuns: 40 },
  );
});

const transfer: Operation = {
  contract: contractOf("bank.transfer", { effect: "write", idempotent: false }),
  run: () => null,
};
const twoTransfers = worldOf({
  operations: [transfer],
  tasks: [{ operation: "bank.transfer" }, { operation: "bank.transfer" }],
});

test("a write in flight that is not idempotent stops the run, and the journal stays as it is (N2)", async () => {
  const journal = memoryJournal();
  const { run } = await runPlan({ ...twoTransfers, ...portsOf(twoTransfers, journal) });
  const started = journal.log.findIndex(({ type }) => type === "EXECUTION_STARTED");
  const inFlight = crashed(journal.log, journal.payloads as never, started + 1);
  const between = crashed(journal.log, journal.payloads as never, started + 2);

  const details = { run, tasks: [twoTransfers.plan.tasks[0]?.id] };
  await expect(resumePlan({ ...portsOf(twoTransfers, inFlight), run })).rejects.toMatchObject({
    code: "runner.write-indeterminate",
    details,
  });
  expect(inFlight.log.length).toBe(started + 1);
  expect(await resumePlan({ ...portsOf(twoTransfers, between), run })).toMatchObject({ status: "completed" });
});

test("RUN_RESUMED names what is in doubt and counts the attempts", async () => {
  const world = worldOf({
    operations: [{ contract: contractOf("test.pure"), run: () => 1 }],
    tasks: [{ operation: "test.pure" }],
  });
  const journal = memoryJournal();
  const { run } = await runPlan({ ...world, ...portsOf(world, journal) });
  const id = world.plan.tasks[0]?.id;

  let after = crashed(journal.log, journal.payloads as never, 6);
  await resumePlan({ ...portsOf(world, after), run });
  after = crashed(after.log, after.payloads as never, 7);
  await resumePlan({ ...portsOf(world, after), run });

  const resumed = after.log.filter(({ type }) => type === "RUN_RESUMED").map(({ data }) => data);
  expect(resumed).toEqual([
    { completed: 0, indeterminate: [id], attempt: 2, fence: 2 },
    { completed: 0, indeterminate: [id], attempt: 3, fence: 3 },
  ]);
  const started = after.log.flatMap((event) => (event.type === "EXECUTION_STARTED" ? [event.data.attempt] : []));
  expect(started).toEqual([1, 2]);
});

test("a sealed run gives back its result and nothing is appended (N3)", async () => {
  const journal = memoryJournal();
  const result = await runPlan({ ...twoTransfers, ...portsOf(twoTransfers, journal) });
  const events = journal.log.length;

  const again = await resumePlan({ ...portsOf(twoTransfers, journal), run: result.run });

  expect(again).toEqual(result);
  expect(journal.log.length).toBe(events);
});

test("a run is not resumed without its payloads, or when there is none", async () => {
  const journal = memoryJournal();
  const { run } = await runPlan({ ...twoTransfers, ...portsOf(twoTransfers, journal) });
  const cut = crashed(journal.log, journal.payloads as never, 7);

  const emptied = memoryJournal({ log: cut.log });
  await expect(resumePlan({ ...portsOf(twoTransfers, emptied), run })).rejects.toMatchObject({
    code: "runner.payload-missing",
  });
  const unknown = "run_00000000000000000000" as RunId;
  await expect(resumePlan({ ...portsOf(twoTransfers, cut), run: unknown })).rejects.toMatchObject({
    code: "runner.run-unknown",
  });
});
