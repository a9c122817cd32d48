import { isCoreContractViolation, planningSubjectOf } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Arrange, isPlannerError, permute, planPolicy, planTasks, provePlan } from "../src/index.ts";
import { request } from "./policy-support.ts";
import { echo, thrownBy } from "./support.ts";

const values = [3, 1, 2].map((n) => ({ n, text: `value ${n}` }));

function build(arrange: Arrange, order: (list: { n: number; text: string }[]) => { n: number; text: string }[]) {
  const tasks = order([...arrange(values)]).map((parameters) => ({ payloadType: "demo/text", parameters }));
  return planTasks({ registry: echo, tasks });
}

test("proves a plan whose builder sorts what it is given, and says what was permuted", () => {
  const built = provePlan((arrange) => build(arrange, (list) => list.sort((a, b) => a.n - b.n)));

  expect(built.proof).toEqual({ passes: 2, seed: 1, lists: 1, items: 3, planDigest: built.planDigest });
});

test("a builder that keeps the order it is given is DeterminismViolation, naming the first differing task (P4)", () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const error = thrownBy(() => provePlan((arrange) => build(arrange, (list) => list), seed));
    const turned = permute(values, seed + 1).map(({ n }) => n);
    const first = turned.findIndex((n, index) => n !== values[index]?.n);

    expect(isCoreContractViolation(error) && error.name).toBe("DeterminismViolation");
    expect(isCoreContractViolation(error) && error.reasons.map(({ place }) => place)).toEqual([
      `/tasks/${first}/parameters/n`,
    ]);
  }
});

test("a builder that lets object key order through is caught (P2)", () => {
  const keyed = (arrange: Arrange) =>
    planTasks({
      registry: echo,
      tasks: arrange(values)
        .toSorted((a, b) => a.n - b.n)
        .map((value) => ({ payloadType: "demo/text", parameters: { first: Object.keys(value)[0] ?? "" } })),
    });
  const error = thrownBy(() => provePlan(keyed));

  expect(isCoreContractViolation(error) && error.reasons[0]?.place).toBe("/tasks/0/parameters/first");
});

test("a difference outside the tasks is named by its pointer (P4)", () => {
  const requests = ["one", "two"];
  const error = thrownBy(() =>
    provePlan((arrange) =>
      planTasks({
        registry: echo,
        tasks: [{ payloadType: "demo/text" }],
        seed: requests.indexOf(arrange(requests)[0] ?? ""),
      }),
    ),
  );

  expect(isCoreContractViolation(error) && error.reasons[0]?.place).toMatch(/^\/(seed|tasks\/0\/id)$/);
});

test("nothing permuted is nothing proved (P3)", () => {
  const error = thrownBy(() =>
    provePlan((arrange) => planTasks({ registry: echo, tasks: arrange([{ payloadType: "demo/text" }]) })),
  );

  expect(isPlannerError(error) && error.code).toBe("planner.nothing-permuted");
});

test("a permutation keeps all items, is fixed by its seed, and moves at least one (P1)", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 2, maxLength: 20 }), fc.nat(), (list, seed) => {
      const tagged = list.map((value, index) => ({ index, value }));
      const turned = permute(tagged, seed);

      expect(turned.toSorted((a, b) => a.index - b.index)).toEqual(tagged);
      expect(permute(tagged, seed)).toEqual(turned);
      expect(turned.map(({ index }) => index)).not.toEqual(tagged.map(({ index }) => index));
    }),
  );
  expect(permute([], 1)).toEqual([]);
  expect(permute(["a"], 1)).toEqual(["a"]);
});

test("the policy plan is proved over questions, chunks, bindings, signals and the snapshot's rows", () => {
  const { proof, plan, artifacts } = planPolicy(request);
  const planDigest = planningSubjectOf(plan, artifacts);

  expect(proof).toEqual({ passes: 2, seed: 7, lists: 6, items: 300 + 60 + 300 + 60 + 2 + 2, planDigest });
});

test("any order of the whole request gives the same policy plan (L1)", () => {
  const { planDigest } = planPolicy(request);
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { questions, chunks, signals, bindings, registry } = request;
      const turned = planPolicy({
        ...request,
        questions: permute(questions, seed),
        chunks: permute(chunks, seed + 1),
        signals: permute(signals, seed + 2),
        bindings: permute(bindings, seed + 3),
        registry: {
          ...registry,
          operations: permute(registry.operations, seed),
          routes: permute(registry.routes, seed),
        },
      });

      expect(turned.planDigest).toBe(planDigest);
    }),
    { numRuns: 5 },
  );
});
