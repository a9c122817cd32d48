import fc from "fast-check";
import { expect, test } from "vitest";
import { planResources, planTasks } from "../src/index.ts";
import { contractOf, faultsOf, snapshotOf } from "./support.ts";

const limits = [
  [10, 16, 100],
  [70, 64, 200],
  [500, 32, 300],
] as const;
const registry = snapshotOf(
  limits.map(([timeoutMs, memoryLimitMb, outputBytesMax], index) =>
    contractOf(`demo.n${index}`, {
      termination: { timeoutMs, memoryLimitMb, outputBytesMax, condition: "It returns." },
    }),
  ),
  limits.map((_, index) => [`demo/n${index}`, `demo.n${index}`] as const),
);
const planOf = (kinds: readonly number[], order: "independent" | "sequential" = "independent") =>
  planTasks({ registry, order, tasks: kinds.map((kind) => ({ payloadType: `demo/n${kind}` })) }).plan;

/** Runs tasks in the order given, each on the worker that is free first. */
function makespan(times: readonly number[], jobs: number): number {
  const free = Array<number>(jobs).fill(0);
  for (const time of times) {
    const worker = free.indexOf(Math.min(...free));
    free[worker] = (free[worker] ?? 0) + time;
  }
  return Math.max(...free);
}

test("bounds every list schedule of the limits, and the memory of any tasks at once (R1, R2)", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 6 }), (kinds, jobs) => {
      const needs = kinds.map((kind) => limits[kind] ?? limits[0]);

      const { total, groups } = planResources(planOf(kinds), registry, jobs);

      expect(groups).toEqual([total]);
      expect(total.tasks).toBe(kinds.length);
      expect(total.timeMsMax).toBeGreaterThanOrEqual(
        makespan(
          needs.map(([time]) => time),
          jobs,
        ),
      );
      expect(total.outputBytesMax).toBe(needs.reduce((sum, [, , bytes]) => sum + bytes, 0));
      for (let from = 0; from + jobs <= needs.length; from += 1) {
        const window = needs.slice(from, from + jobs).reduce((sum, [, memory]) => sum + memory, 0);
        expect(total.memoryMbMax).toBeGreaterThanOrEqual(window);
      }
    }),
    { numRuns: 40 },
  );
});

test("one job needs the sum of the times and the largest memory", () => {
  expect(planResources(planOf([0, 1, 2]), registry, 1).total).toEqual({
    tasks: 3,
    timeMsMax: 580,
    memoryMbMax: 64,
    outputBytesMax: 600,
  });
});

test("groups are barriers: times add up, memory is that of the largest group", () => {
  const { total, groups } = planResources(planOf([0, 1, 2], "sequential"), registry, 8);

  expect(groups.map(({ timeMsMax, memoryMbMax }) => [timeMsMax, memoryMbMax])).toEqual([
    [10, 16],
    [70, 64],
    [500, 32],
  ]);
  expect([total.timeMsMax, total.memoryMbMax]).toEqual([580, 64]);
});

test("refuses no jobs, and a task whose contract the snapshot does not have", () => {
  const plan = planOf([0, 1]);

  expect(faultsOf(() => planResources(plan, registry, 0))).toEqual(["planner.request-invalid", "jobs"]);
  expect(faultsOf(() => planResources(plan, registry, 1.5))).toEqual(["planner.request-invalid", "jobs"]);
  expect(faultsOf(() => planResources(plan, { operations: registry.operations.slice(1) }, 1))).toEqual([
    "planner.request-invalid",
    plan.tasks[0]?.id,
  ]);
});
