import {
  type Digest,
  digestJson,
  inputDigestOf,
  type JsonObject,
  type JsonValue,
  Plan,
  planDigestOf,
  snapshotDigestOf,
} from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type FreezeRequest, freezePlan, isPlannerError, planTasks } from "../src/index.ts";
import { contractOf, echo, faultsOf, snapshotOf, thrownBy } from "./support.ts";

const one = { payloadType: "demo/text" };
const expectations = { contracts: [], outputs: 1, chunks: null, fibre: null, replay: 0, coverage: null };
const request: FreezeRequest = {
  mode: "live",
  seed: 0,
  request: digestJson("a request"),
  registry: echo,
  tasks: [one],
  artifacts: new Map(),
  expect: expectations,
};
const artifactsOf = (...values: JsonValue[]) => new Map(values.map((value) => [digestJson(value), value]));

test("names a plan by the digest of its canonical bytes, and the plan is well-formed", () => {
  const { plan, planDigest } = freezePlan(request);

  expect(planDigest).toBe(planDigestOf(plan));
  expect(Plan.parse(plan)).toEqual(plan);
  expect(plan.registry).toBe(snapshotDigestOf(echo));
  expect(plan.groups).toEqual([[0]]);
});

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value).replaceAll("-0", "0")) as JsonValue);
const parameters = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), json, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;

test("gives the same plan whatever the key order of the request (F1, F5)", () => {
  fc.assert(
    fc.property(fc.array(parameters, { minLength: 1, maxLength: 5 }), (list) => {
      const turned = list.map((value) => Object.fromEntries(Object.entries(value).reverse()));
      const [first, second] = [list, turned].map((each) =>
        planTasks({ registry: echo, tasks: each.map((value) => ({ ...one, parameters: value })) }),
      );

      expect(second?.planDigest).toBe(first?.planDigest);
      expect(JSON.stringify(second?.plan)).toBe(JSON.stringify(first?.plan));
    }),
  );
});

test("another seed, parameter, input, position or contract gives another task id; the same give the same (F3)", () => {
  const idOf = (more: Partial<Parameters<typeof planTasks>[0]>, index = 0) =>
    planTasks({ registry: echo, tasks: [one, one], ...more }).plan.tasks[index]?.id;
  const changed = snapshotOf([contractOf("demo.echo", { description: "Other." })], [["demo/text", "demo.echo"]]);
  const ids = [
    idOf({}),
    idOf({}, 1),
    idOf({ seed: 1 }),
    idOf({ tasks: [{ ...one, parameters: { a: 1 } }] }),
    idOf({ tasks: [{ ...one, inputs: { a: 1 } }] }),
    idOf({ registry: changed }),
  ];

  expect(new Set(ids).size).toBe(ids.length);
  expect(idOf({})).toBe(ids[0]);
});

test("keeps a frozen copy: later changes to what was given reach neither plan nor artifacts (F5)", () => {
  const value = { text: ["a"] };
  const given = { ...one, parameters: { deep: { list: [1] } }, inputs: { value } };
  const frozen = planTasks({ registry: echo, tasks: [given] });
  value.text.push("b");
  given.parameters.deep.list.push(2);
  const [task] = frozen.plan.tasks;

  expect(task?.parameters).toEqual({ deep: { list: [1] } });
  expect(frozen.artifacts.get(task?.inputs["value"] as Digest)).toEqual({ text: ["a"] });
  expect(() => Object.assign(frozen.artifacts.get(task?.inputs["value"] as Digest) as object, { text: 1 })).toThrow();
  expect(() => (frozen.plan.tasks as unknown[]).push(1)).toThrow(TypeError);
});

test("artifacts are complete and sorted by code unit, and every input is among them", () => {
  fc.assert(
    fc.property(fc.array(json, { minLength: 1, maxLength: 6 }), (values) => {
      const { plan, artifacts } = planTasks({
        registry: echo,
        tasks: values.map((value) => ({ ...one, inputs: { value } })),
      });

      expect(plan.artifacts).toEqual([...new Set(values.map((value) => digestJson(value)))].sort());
      expect([...artifacts.keys()]).toEqual(plan.artifacts);
      for (const [digest, value] of artifacts) expect(digestJson(value)).toBe(digest);
      for (const task of plan.tasks) expect(inputDigestOf(task)).toMatch(/^sha256:/);
    }),
  );
});

test("refuses an empty plan", () => {
  const error = thrownBy(() => freezePlan({ ...request, tasks: [] }));

  expect(isPlannerError(error) && error.code).toBe("planner.empty-plan");
});

test("refuses an input that names no artifact, and an artifact under another's digest (F2)", () => {
  const [absent, wrong] = [digestJson("absent"), digestJson("wrong")];

  expect(faultsOf(() => freezePlan({ ...request, tasks: [{ ...one, inputs: { a: absent, b: wrong } }] }))).toEqual([
    "planner.artifacts-invalid",
    "/tasks/0/inputs/a",
    "/tasks/0/inputs/b",
  ]);
  expect(faultsOf(() => freezePlan({ ...request, artifacts: new Map([[wrong, "other"]]) }))).toEqual([
    "planner.artifacts-invalid",
    wrong,
  ]);
});

test("refuses arguments that do not satisfy the contract, each with its task and pointer (F2)", () => {
  const input = {
    type: "object",
    properties: { amount: { type: "integer" }, text: { type: "string" } },
    required: ["amount"],
    additionalProperties: false,
  };
  const registry = snapshotOf([contractOf("demo.echo", { input })], [["demo/text", "demo.echo"]]);
  const tasks = [
    { ...one, parameters: { amount: 1 }, inputs: { text: digestJson("a") } },
    { ...one, parameters: { amount: "1" }, inputs: { amount: digestJson("a") } },
    { ...one, parameters: { more: 1 } },
  ];

  expect(faultsOf(() => freezePlan({ ...request, registry, tasks, artifacts: artifactsOf("a") })).toSorted()).toEqual([
    "/tasks/1/amount",
    "/tasks/1/inputs/amount",
    "/tasks/2",
    "/tasks/2",
    "planner.arguments-invalid",
  ]);
});

test("refuses unknown, ambiguous and dangling payload types as RoutingViolation (F2)", () => {
  const registry = snapshotOf(
    [contractOf("demo.echo"), contractOf("demo.sum")],
    [
      ["demo/text", "demo.echo"],
      ["demo/two", "demo.echo"],
      ["demo/two", "demo.sum"],
      ["demo/lost", "demo.gone"],
    ],
  );
  const tasks = ["demo/text", "demo/two", "demo/lost", "demo/none", "__proto__"].map((payloadType) => ({
    payloadType,
  }));

  expect(faultsOf(() => planTasks({ registry, tasks }))).toEqual([
    "RoutingViolation",
    "__proto__: payload-type-unknown",
    "demo/lost: route-dangling",
    "demo/none: payload-type-unknown",
    "demo/two: route-ambiguous",
  ]);
});

test("a live plan cannot hold a dry-run operation, nor a dry run a live one (F2)", () => {
  const dry = snapshotOf([contractOf("demo.echo", { mode: "dryrun" })], [["demo/text", "demo.echo"]]);

  expect(faultsOf(() => freezePlan({ ...request, registry: dry }))).toEqual(["planner.mode-mismatch", "demo/text"]);
  expect(faultsOf(() => freezePlan({ ...request, mode: "dryrun" }))).toEqual(["planner.mode-mismatch", "demo/text"]);
  expect(freezePlan({ ...request, registry: dry, mode: "dryrun" }).plan.mode).toBe("dryrun");
});

test("the order of the snapshot's rows does not reach the plan (F1)", () => {
  const operations = ["demo.a", "demo.b", "demo.c"].map((name) => contractOf(name));
  const routes = operations.map(({ operation }) => [operation.replace(".", "/"), operation] as const);
  const tasks = [{ payloadType: "demo/c" }, { payloadType: "demo/a" }];

  const first = planTasks({ registry: snapshotOf(operations, routes), tasks });
  const second = planTasks({ registry: snapshotOf(operations.toReversed(), routes.toReversed()), tasks });

  expect(second.planDigest).toBe(first.planDigest);
  expect(first.plan.registry).toBe(snapshotDigestOf(snapshotOf(operations, routes)));
});

test("refuses what makes no well-formed plan, with every pointer", () => {
  const bad = { ...request, seed: -1, mode: "live", expect: { ...expectations, replay: 0.5 } } as FreezeRequest;
  const twice = { ...expectations, contracts: ["routing" as const, "routing" as const] };
  const uncovered = { ...expectations, contracts: ["signal-coverage" as const] };

  expect(faultsOf(() => freezePlan(bad))).toEqual(["planner.request-invalid", "/seed", "/expect/replay"]);
  expect(faultsOf(() => freezePlan({ ...request, expect: twice }))).toEqual([
    "planner.request-invalid",
    "/expect/contracts",
  ]);
  expect(faultsOf(() => freezePlan({ ...request, expect: uncovered }))).toEqual([
    "planner.request-invalid",
    "/expect/coverage",
  ]);
});

test("plans 30,000 tasks, each with its own id", () => {
  const tasks = Array.from({ length: 30_000 }, (_, n) => ({ ...one, parameters: { n } }));

  const { plan } = planTasks({ registry: echo, tasks });

  expect(new Set(plan.tasks.map(({ id }) => id)).size).toBe(30_000);
  expect(plan.groups).toHaveLength(1);
});
