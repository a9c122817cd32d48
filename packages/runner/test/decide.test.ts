/** The decisions alone: no ports, no promises. */
import type { EventDraft, RunEvent } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, newRun, runPlan, shapeOf } from "../src/index.ts";
import { anyScenario, portsOfScenario, worldOfScenario } from "./generated-runs.ts";
import { memoryJournal } from "./kit.ts";

async function journalOf(scenario: Parameters<typeof worldOfScenario>[0]) {
  const world = worldOfScenario(scenario);
  const journal = memoryJournal();
  await runPlan({ ...world, ...portsOfScenario(scenario, world, journal) });
  return { shape: shapeOf(world.plan, scenario.jobs), log: journal.log };
}

const appending = (kind: string): boolean => kind !== "execute";

test("commands at most one event at a time, and nothing after the last (D2, D5)", async () => {
  await fc.assert(
    fc.asyncProperty(anyScenario, async (scenario) => {
      const { shape, log } = await journalOf(scenario);
      let state = newRun(shape);
      for (const event of log) {
        const decision = decide(state, event);
        state = decision.state;
        expect(decision.commands.filter(({ kind }) => appending(kind)).length).toBeLessThanOrEqual(1);
      }

      expect(state.phase).toBe("sealed");
      expect(decide.length).toBe(2);
    }),
    { numRuns: 40 },
  );
});

test("gives equal answers to equal questions and leaves the state that it was given alone (D1)", async () => {
  await fc.assert(
    fc.asyncProperty(anyScenario, async (scenario) => {
      const { shape, log } = await journalOf(scenario);
      let state = newRun(shape);
      for (const event of log) {
        const before = structuredClone(state);
        const first = decide(state, event);
        expect(decide(state, event)).toEqual(first);
        expect(structuredClone(state)).toEqual(before);
        state = first.state;
      }
    }),
    { numRuns: 15 },
  );
});

test("never has more in flight than jobs, nor a later group beside an earlier one (D3)", async () => {
  await fc.assert(
    fc.asyncProperty(anyScenario, async (scenario) => {
      const { shape, log } = await journalOf(scenario);
      let state = newRun(shape);
      for (const event of log) {
        state = decide(state, event).state;
        expect(state.active).toBeLessThanOrEqual(scenario.jobs);
      }
    }),
    { numRuns: 40 },
  );
});

/** Each changes a sound journal into one that no run could have written. */
const mutations: { readonly [name: string]: (log: readonly RunEvent[], at: number) => EventDraft[] } = {
  "an event twice": (log, at) => [...log.slice(0, at + 1), ...log.slice(at)],
  "an event left out": (log, at) => [...log.slice(0, at), ...log.slice(at + 1)],
  "an event of an unknown task": (log, at) =>
    log.map((event, index) =>
      index === at ? ({ ...event, subject: "task_ffffffffffffffffffff" } as EventDraft) : event,
    ),
  "two neighbours swapped": (log, at) => {
    const other = at + 1 < log.length ? at + 1 : at - 1;
    return log.map((event, index) =>
      index === at ? (log[other] as EventDraft) : index === other ? (log[at] as EventDraft) : event,
    );
  },
};

test.each(Object.keys(mutations))("refuses a sequential journal with %s (S2)", async (name) => {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(
      anyScenario.map((scenario) => ({ ...scenario, groups: scenario.kinds.map(() => 1), jobs: 1, replay: 0 })),
      fc.nat(),
      async (scenario, place) => {
        const { shape, log } = await journalOf(scenario);
        const taskEvents = log.flatMap((event, index) => (event.subject.startsWith("task_") ? [index] : []));
        const at = taskEvents[place % taskEvents.length] ?? 0;
        const mutated = mutations[name]?.(log, at) ?? [];
        tried += 1;

        const fold = () => mutated.reduce((state, event) => decide(state, event).state, newRun(shape));
        expect(fold).toThrowError(expect.objectContaining({ code: "runner.journal-unexpected" }));
      },
    ),
    { numRuns: 40 },
  );
  expect(tried).toBe(40);
});
