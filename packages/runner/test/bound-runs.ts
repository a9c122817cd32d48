/**
 * Generated bound plans: gates, rechecks, bindings and operations that fail at first, with what they must come to, worked
 * out without the runner.
 *
 * @module
 */
import { canonicalJson, type Operation, type Plan, type RunEvent, type Task } from "@canonic/contracts";
import fc from "fast-check";
import type { RunPorts } from "../src/index.ts";
import { approving } from "./authority.ts";
import { LETTERS } from "./bound-world.ts";
import { contractOf } from "./contract-of.ts";
import { type MemoryJournal, portsOf, type World, worldOf } from "./kit.ts";

export type BoundScenario = {
  /** Of each task: its effect, how often it fails before it works, and which earlier tasks it takes from. */
  readonly tasks: readonly {
    readonly effect: "pure" | "read" | "write";
    readonly failures: number;
    readonly takes: readonly number[];
    readonly rechecks: readonly number[];
  }[];
  readonly groups: readonly number[];
  /** The groups with a gate in front of them, ascending. */
  readonly gates: readonly number[];
  readonly jobs: number;
  readonly onFailure: Plan["onFailure"];
};

/** Failures come only where the plan stops, so every one of these ends completed when it is resumed often enough. */
export const boundScenario: fc.Arbitrary<BoundScenario> = fc
  .record({
    groups: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    onFailure: fc.constantFrom("abort" as const, "stop" as const),
    jobs: fc.integer({ min: 1, max: 3 }),
    draws: fc.infiniteStream(fc.nat({ max: 999 })),
  })
  .map(({ groups, onFailure, jobs, draws }) => {
    const draw = (below: number): number => Number(draws.next().value) % below;
    const starts = groups.map((_, index) => groups.slice(0, index).reduce((sum, size) => sum + size, 0));
    const tasks = groups.flatMap((size, group) =>
      Array.from({ length: size }, () => {
        const earlier = Array.from({ length: starts[group] ?? 0 }, (_, position) => position);
        return {
          effect: (["pure", "read", "write"] as const)[draw(3)] ?? "pure",
          failures: onFailure === "stop" && draw(4) === 0 ? 1 + draw(2) : 0,
          takes: earlier.filter(() => draw(2) === 0),
          rechecks: earlier.filter(() => draw(3) === 0),
        };
      }),
    );
    const gates = groups.flatMap((_, group) => (group > 0 && draw(2) === 0 ? [group] : []));
    return { tasks, groups, gates, jobs, onFailure };
  });

/**
 * What each task gives: its number and the sum of what it takes; a failing one throws as often as it should.
 *
 * @param log - What happened before: failures that it holds are not made again.
 */
export function worldOfBound({ tasks, groups, gates, onFailure }: BoundScenario, log: readonly RunEvent[] = []): World {
  const left = tasks.map(({ failures }) => failures);
  const failOnce = (n: number): boolean => {
    const count = left[n] ?? 0;
    left[n] = Math.max(0, count - 1);
    return count > 0;
  };
  for (const event of log)
    if (event.type === "OPERATION_ABORTED") failOnce(Number.parseInt(event.subject.slice(5), 16));
  const run: Operation["run"] = (input) => {
    const n = Number(input["n"]);
    if (failOnce(n)) throw Object.assign(new Error("not yet"), { code: "test.not-yet" });
    const taken = Object.entries(input).filter(([name]) => name !== "n");
    return { sum: taken.reduce((sum, [, value]) => sum + Number(value), n) };
  };
  const failureModes = [{ code: "test.not-yet", when: "it is asked too early" }];
  return worldOf({
    operations: (["pure", "read", "write"] as const).map((effect) => ({
      contract: contractOf(`test.${effect}`, { effect, failureModes }),
      run,
    })),
    tasks: tasks.map(({ effect, takes }, n) => ({
      operation: `test.${effect}`,
      parameters: { n },
      bindings: Object.fromEntries(takes.map((task) => [`from${task}`, { task, pointer: "/sum" }])) as Task["bindings"],
    })),
    groups,
    replay: 2,
    bound: {
      gates: gates.map((before) => ({ name: `SG_${before}`, before, reviewDecision: before % 2 === 0 })),
      rechecks: tasks.flatMap(({ rechecks }, before) =>
        rechecks.filter((task) => tasks[task]?.effect !== "write").map((task) => ({ before, task })),
      ),
      onFailure,
    },
  });
}

/** The outputs by position, by adding up. */
export function outputsOfBound({ tasks }: BoundScenario): string[] {
  const sums: number[] = [];
  for (const [n, { takes }] of tasks.entries()) sums.push(takes.reduce((sum, task) => sum + (sums[task] ?? 0), n));
  return sums.map((sum) => canonicalJson({ sum }));
}

/** Ports whose person approves these gates. */
export function portsOfBound(
  { jobs, gates }: BoundScenario,
  world: World,
  journal: MemoryJournal,
  approved = gates,
): RunPorts {
  return portsOf(world, journal, { jobs, approvals: approving(approved.map((before) => `SG_${before}`)) });
}

const BROKEN = "(?:r(?:a(?:d*(?:l(?:sB?)?)?)?)?)?";
const FAILED = "(?:D|rD|raD|rad+D|rad*lD|rad*lsB?A)";
const DONE = "(?:rad*lsC|K)";

/**
 * A naive grammar of each task: its events as letters, resumes as `|`. Attempts that a crash broke, then one end; where
 * the plan stops, a failure is an attempt like a broken one.
 */
export function taskFaults(world: World, events: readonly RunEvent[]): string[] {
  const again = world.plan.onFailure === "stop" ? `(?:${BROKEN}|${FAILED})` : BROKEN;
  const grammar = new RegExp(`^(?:${again}\\|)*(?:${BROKEN}|${FAILED}|${DONE})\\|*$`);
  return world.plan.tasks.flatMap(({ id, position }) => {
    const letters = events.flatMap(({ type, subject }) =>
      type === "RUN_RESUMED" ? ["|"] : subject === id ? [LETTERS[type] ?? "?"] : [],
    );
    return grammar.test(letters.join("")) ? [] : [`task ${position}: ${letters.join("")}`];
  });
}

/** A naive reading of the order of gates, stops and rechecks in a journal: faults in words. */
export function boundFaults(world: World, events: readonly RunEvent[]): string[] {
  const faults: string[] = [];
  const { plan } = world;
  const at = (type: RunEvent["type"], subject: string) =>
    events.findIndex((event) => event.type === type && event.subject === subject);
  for (const { name, before } of plan.gates) {
    const asked = events.filter(({ type, subject }) => type === "APPROVAL_REQUESTED" && subject === name).length;
    if (asked > 1) faults.push(`${name} asked ${asked} times`);
    const recorded = at("APPROVAL_RECORDED", name);
    for (const [group, positions] of plan.groups.entries()) {
      for (const position of positions) {
        const id = plan.tasks[position]?.id as string;
        const began = at("ROUTING_DECISION", id);
        if (group >= before && began >= 0 && (recorded < 0 || began < recorded)) faults.push(`${id} passed ${name}`);
        if (group < before && asked > 0 && at("EXECUTION_COMPLETED", id) > at("APPROVAL_REQUESTED", name))
          faults.push(`${name} was asked before ${id} completed`);
      }
    }
  }
  for (const [index, event] of events.entries()) {
    if (event.type === "RUN_STOPPED" && events[index + 1] !== undefined && events[index + 1]?.type !== "RUN_RESUMED")
      faults.push(`${events[index + 1]?.type} after a stop`);
    if (event.type !== "EXECUTION_STARTED") continue;
    const position = plan.tasks.findIndex(({ id }) => id === event.subject);
    const due = plan.rechecks.filter(({ before }) => before === position).map(({ task }) => plan.tasks[task]?.id);
    const since = events
      .slice(0, index)
      .findLastIndex(({ type, subject }) => type === "ROUTING_DECISION" && subject === event.subject);
    const checked = events
      .slice(since, index)
      .flatMap((one) => (one.type === "DRIFT_CHECK" && one.subject === event.subject ? [one.data.of] : []));
    if (checked.join() !== due.join()) faults.push(`${event.subject} started after drift checks of ${checked.join()}`);
  }
  return faults;
}
