import { digestJson } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { freezePlan, isPlannerError, planTasks } from "../src/index.ts";
import { echo, faultsOf, thrownBy } from "./support.ts";

const one = { payloadType: "demo/text" };

function withGroups(groups: number[][], tasks = 3) {
  return freezePlan({
    mode: "live",
    seed: 0,
    request: digestJson("a request"),
    registry: echo,
    tasks: Array.from({ length: tasks }, () => one),
    groups,
    artifacts: new Map(),
    expect: { contracts: [], outputs: tasks, chunks: null, fibre: null, replay: 0, coverage: null },
  });
}

test("groups in sequence give the positions in order; order inside a group has no meaning (G1)", () => {
  expect(withGroups([[1, 0], [2]]).plan.groups).toEqual([[0, 1], [2]]);
  expect(withGroups([[1, 0], [2]]).planDigest).toBe(withGroups([[0, 1], [2]]).planDigest);
});

test.each([
  ["a task in no group", [[0], [2]], ["/groups"]],
  ["a task in two groups", [[0], [0, 1, 2]], ["/groups/1"]],
  ["a task twice in one group", [[0, 0, 1, 2]], ["/groups/0"]],
  ["a task that does not exist", [[0, 1, 2, 3]], ["/groups/0"]],
  ["a fraction of a task", [[0, 1, 2, 0.5]], ["/groups/0"]],
  ["an empty group", [[0, 1, 2], []], ["/groups/1"]],
  ["a step backward", [[0, 2], [1]], ["/groups/1"]],
])("refuses %s (G1)", (_, groups, places) => {
  expect(faultsOf(() => withGroups(groups))).toEqual(["planner.groups-invalid", ...places]);
});

test("accepts exactly the forward-only partitions, as a search over all positions would (G1)", () => {
  const groups = fc.array(fc.array(fc.nat(3), { maxLength: 3 }), { minLength: 1, maxLength: 3 });
  let accepted = 0;
  fc.assert(
    fc.property(groups, (given) => {
      const flat = given.flatMap((group) => group.toSorted());
      const good = given.every((group) => group.length > 0) && flat.join() === "0,1,2";
      accepted += good ? 1 : 0;

      if (good) expect(withGroups(given).plan.groups.flat()).toEqual([0, 1, 2]);
      else expect(faultsOf(() => withGroups(given))[0]).toBe("planner.groups-invalid");
    }),
    { numRuns: 200, examples: [[[[0, 1, 2]]], [[[0], [2, 1]]]] },
  );
  expect(accepted).toBeGreaterThan(1);
});

test("sequential tasks stand one to a group, independent ones in one", () => {
  const tasks = [one, one, one];

  expect(planTasks({ registry: echo, tasks, order: "sequential" }).plan.groups).toEqual([[0], [1], [2]]);
  expect(planTasks({ registry: echo, tasks }).plan.groups).toEqual([[0, 1, 2]]);
});

test("a task comes in a later group than everything it waits for (G2)", () => {
  const graph = fc.array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(graph, (edges) => {
      const tasks = edges.map((after, index) => ({
        ...one,
        name: `t${index}`,
        parameters: { index },
        after: [...new Set(after.filter((other) => other < index).map((other) => `t${other}`))],
      }));
      const { plan } = planTasks({ registry: echo, tasks, order: "after" });
      const groupOf = new Map<unknown, number>();
      plan.groups.forEach((group, at) => {
        for (const position of group) groupOf.set(plan.tasks[position]?.parameters["index"], at);
      });

      for (const [index, { after }] of tasks.entries()) {
        const before = after.map((name) => groupOf.get(Number(name.slice(1))) ?? Number.NaN);
        expect(groupOf.get(index)).toBe(Math.max(-1, ...before) + 1);
      }
    }),
  );
});

test("names the tasks of a cycle, and refuses unknown and repeated names (G2)", () => {
  const tasks = (...edges: [string, string[]][]) => edges.map(([name, after]) => ({ ...one, name, after }));
  const cycle = tasks(["a", []], ["b", ["a", "d"]], ["c", ["b"]], ["d", ["c"]]);
  const error = thrownBy(() => planTasks({ registry: echo, tasks: cycle, order: "after" }));

  expect(isPlannerError(error) && error.code === "planner.cycle" && error.details.blocked).toEqual(["b", "c", "d"]);
  expect(
    faultsOf(() => planTasks({ registry: echo, tasks: tasks(["a", ["x"]], ["b", []], ["b", []]), order: "after" })),
  ).toEqual(["planner.request-invalid", "a", "b"]);
  expect(faultsOf(() => planTasks({ registry: echo, tasks: tasks(["a", []], ["b", ["a"]]) }))).toEqual([
    "planner.request-invalid",
    "/tasks/1/after",
  ]);
});
