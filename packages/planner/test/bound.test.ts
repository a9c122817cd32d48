import type { JsonValue } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlannedTask, planTasks, type TasksRequest } from "../src/index.ts";
import { contractOf, faultsOf, snapshotOf } from "./support.ts";

const output = {
  type: "object",
  properties: { rows: { type: "array", items: { type: "integer" }, maxItems: 3 }, digest: { type: "string" } },
  required: ["digest"],
  additionalProperties: false,
};
const input = {
  type: "object",
  properties: { digest: { type: "string" }, limit: { type: "integer" } },
  required: ["digest", "limit"],
  additionalProperties: false,
};
const registry = snapshotOf(
  [
    contractOf("source.pin", { effect: "read", output }),
    contractOf("rows.mark", { input, output }),
    contractOf("model.ask", { effect: "read", output, tokensMax: 100 }),
    contractOf("rows.cut", { effect: "write", output }),
    contractOf("vault.open", { output: { type: "object", properties: { apiKey: { type: "string" } } } }),
  ],
  [
    ["source/pin", "source.pin"],
    ["rows/mark", "rows.mark"],
    ["model/ask", "model.ask"],
    ["rows/cut", "rows.cut"],
    ["vault/open", "vault.open"],
  ],
);
const pin: PlannedTask = { name: "pin", payloadType: "source/pin" };
const mark: PlannedTask = {
  name: "mark",
  payloadType: "rows/mark",
  parameters: { limit: 3 },
  bindings: { digest: { task: "pin", pointer: "/digest" } },
};
const cut: PlannedTask = { name: "cut", payloadType: "rows/cut" };
const planOf = (more: Partial<TasksRequest> = {}) =>
  planTasks({ registry, order: "sequential", tasks: [pin, mark, cut], ...more }).plan;
const markWith = (more: Partial<PlannedTask>): Partial<TasksRequest> => ({ tasks: [pin, { ...mark, ...more }, cut] });

test("a plan is for the local operator, isolated, and aborts, unless it says otherwise", () => {
  const { kind, user, gates, rechecks, onFailure } = planOf({ tasks: [pin, cut] });

  expect({ kind, user, gates, rechecks, onFailure }).toEqual({
    kind: "isolated",
    user: "local-operator",
    gates: [],
    rechecks: [],
    onFailure: "abort",
  });
  expect(planOf({ tasks: [pin], user: "ada" }).user).toBe("ada");
});

test("a binding, a gate, a recheck or stopping makes a plan bound", () => {
  const parts: Partial<TasksRequest>[] = [
    { tasks: [pin, mark] },
    { tasks: [pin, cut], gates: [{ name: "SG_1", before: "cut" }] },
    { tasks: [pin, cut], rechecks: [{ before: "cut", task: "pin" }] },
    { tasks: [pin, cut], onFailure: "stop" },
  ];

  expect(parts.map((part) => planOf(part).kind)).toEqual(["bound", "bound", "bound", "bound"]);
});

test("a binding names its source by position, however the request names it", () => {
  const named = planOf();
  const numbered = planOf(markWith({ bindings: { digest: { task: 0, pointer: "/digest" } } }));

  expect(named.tasks[1]?.bindings).toEqual({ digest: { task: 0, pointer: "/digest" } });
  expect(numbered.tasks).toEqual(named.tasks);
  expect(numbered.groups).toEqual(named.groups);
});

test("under `after`, a task waits for what it is bound to, and an index still means the list", () => {
  const plan = planOf({
    order: "after",
    tasks: [{ ...mark, bindings: { digest: { task: 1, pointer: "/digest" } } }, pin],
  });

  expect(plan.groups).toEqual([[0], [1]]);
  expect(plan.tasks.map(({ operation }) => operation)).toEqual(["source.pin", "rows.mark"]);
  expect(plan.tasks[1]?.bindings).toEqual({ digest: { task: 0, pointer: "/digest" } });
});

test("another binding gives another task id (F3)", () => {
  const ids = ["/digest", "/rows", ""].map((pointer) => {
    return planOf(markWith({ bindings: { digest: { task: "pin", pointer } } })).tasks[1]?.id;
  });

  expect(new Set(ids).size).toBe(3);
});

test.each<[string, Partial<TasksRequest>, string[]]>([
  [
    "a task that is not there",
    markWith({ bindings: { digest: { task: "gone", pointer: "" } } }),
    ["planner.request-invalid", "/tasks/1/bindings/digest"],
  ],
  [
    "itself (B1)",
    markWith({ bindings: { digest: { task: "mark", pointer: "" } } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  [
    "a later task (B1)",
    markWith({ bindings: { digest: { task: "cut", pointer: "" } } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  ["a task of the same group (B1)", { order: "independent" }, ["planner.bindings-invalid", "/tasks/1/bindings/digest"]],
  [
    "a property that no output has (B2)",
    markWith({ bindings: { digest: { task: 0, pointer: "/digests" } } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  [
    "an item beyond the most (B2)",
    markWith({ bindings: { digest: { task: 0, pointer: "/rows/3" } } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  [
    "an item of a text (B2)",
    markWith({ bindings: { digest: { task: 0, pointer: "/digest/0" } } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  [
    "a name that is a parameter too",
    markWith({ parameters: { limit: 3, digest: "a" } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  [
    "a name that is an input too",
    markWith({ inputs: { digest: "a" } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  [
    "a name that the task does not take (B2)",
    markWith({ bindings: { ...mark.bindings, extra: { task: 0, pointer: "" } } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/extra"],
  ],
  [
    "no pointer at all",
    markWith({ bindings: { digest: { task: 0, pointer: "digest" } } }),
    ["planner.bindings-invalid", "/tasks/1/bindings/digest"],
  ],
  ["a required name that nothing gives", markWith({ bindings: {} }), ["planner.arguments-invalid", "/tasks/1"]],
  [
    "a required name that nothing gives, beside a bound one",
    markWith({ parameters: {} }),
    ["planner.arguments-invalid", "/tasks/1"],
  ],
  [
    "a wrong parameter beside a bound name",
    markWith({ parameters: { limit: "3" } }),
    ["planner.arguments-invalid", "/tasks/1/limit"],
  ],
])("refuses %s", (_what, more, faults) => {
  expect(faultsOf(() => planOf(more))).toEqual(faults);
});

test("gates stand before the group of the task that they name, sorted by it (B5)", () => {
  const gates = [
    { name: "SG_2", before: "cut", reviewDecision: true },
    { name: "SG_1", before: "mark" },
  ];

  expect(planOf({ gates }).gates).toEqual([
    { name: "SG_1", before: 1, reviewDecision: false },
    { name: "SG_2", before: 2, reviewDecision: true },
  ]);
});

test.each<[string, TasksRequest["gates"], string[]]>([
  ["before the first group", [{ name: "SG_1", before: 0 }], ["planner.gates-invalid", "/gates/0"]],
  [
    "twice before a group",
    [
      { name: "SG_1", before: 2 },
      { name: "SG_2", before: 2 },
    ],
    ["planner.gates-invalid", "/gates/1"],
  ],
  [
    "twice under a name",
    [
      { name: "SG_1", before: 1 },
      { name: "SG_1", before: 2 },
    ],
    ["planner.gates-invalid", "/gates/1"],
  ],
  ["before no task", [{ name: "SG_1", before: "gone" }], ["planner.request-invalid", "/gates/0"]],
  ["under no gate's name", [{ name: "sg-1", before: 1 }], ["planner.request-invalid", "/gates/0/name"]],
])("refuses a gate that stands %s (B5)", (_what, gates, faults) => {
  expect(faultsOf(() => planOf({ gates: gates ?? [] }))).toEqual(faults);
});

test("rechecks are positions, sorted by where they are made (B4)", () => {
  const rechecks = [
    { before: "cut", task: "mark" },
    { before: "cut", task: "pin" },
    { before: "mark", task: "pin" },
  ];

  expect(planOf({ rechecks }).rechecks).toEqual([
    { before: 1, task: 0 },
    { before: 2, task: 0 },
    { before: 2, task: 1 },
  ]);
});

test("gates and rechecks make the same plan in whatever order they are asked for", () => {
  const gates = [
    { name: "SG_1", before: "mark" },
    { name: "SG_2", before: "cut" },
  ];
  const rechecks = [
    { before: "mark", task: "pin" },
    { before: "cut", task: "pin" },
  ];

  expect(planOf({ gates: gates.toReversed(), rechecks: rechecks.toReversed() })).toEqual(planOf({ gates, rechecks }));
});

test.each<[string, TasksRequest["rechecks"], string[]]>([
  ["a later task (B1)", [{ before: "pin", task: "mark" }], ["planner.rechecks-invalid", "/rechecks/0"]],
  ["itself (B1)", [{ before: "pin", task: "pin" }], ["planner.rechecks-invalid", "/rechecks/0"]],
  [
    "the same twice",
    [
      { before: 1, task: 0 },
      { before: 1, task: 0 },
    ],
    ["planner.rechecks-invalid", "/rechecks/1"],
  ],
  ["no task", [{ before: 1, task: 7 }], ["planner.request-invalid", "/rechecks/0"]],
])("refuses to recheck %s", (_what, rechecks, faults) => {
  expect(faultsOf(() => planOf({ rechecks: rechecks ?? [] }))).toEqual(faults);
});

test("refuses to recheck what costs model tokens (B4)", () => {
  const ask: PlannedTask = { name: "ask", payloadType: "model/ask" };
  const faults = faultsOf(() => planOf({ tasks: [ask, cut], rechecks: [{ before: "cut", task: "ask" }] }));

  expect(faults).toEqual(["planner.rechecks-invalid", "/rechecks/0"]);
});

test("refuses to recheck a write (B4)", () => {
  const tasks = [cut, pin];

  expect(faultsOf(() => planOf({ tasks, rechecks: [{ before: "pin", task: "cut" }] }))).toEqual([
    "planner.rechecks-invalid",
    "/rechecks/0",
  ]);
});

test("refuses a bound plan with an output that is named like a secret; an isolated one pins nothing (B3)", () => {
  const tasks = [{ name: "vault", payloadType: "vault/open" }, pin];

  expect(faultsOf(() => planOf({ tasks, onFailure: "stop" }))).toEqual([
    "planner.pin-secret",
    "vault.open@1.0.0/properties/apiKey",
  ]);
  expect(planOf({ tasks }).kind).toBe("isolated");
});

test("a bound plan is frozen in depth (F5)", () => {
  const gates = [{ name: "SG_1", before: "cut" }];
  const plan = planOf({ gates, rechecks: [{ before: "cut", task: "pin" }] });
  const parts: unknown[] = [
    plan.gates,
    plan.gates[0],
    plan.rechecks,
    plan.rechecks[0],
    plan.tasks[1]?.bindings["digest"],
  ];

  expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true, true]);
});

/** The naive oracle of forward-only: a graph walk over what each task is bound to and rechecked against. */
test("accepts exactly the references that go to an earlier group, as a search would (B1)", () => {
  const groupings = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(groupings, fc.nat(11), fc.nat(11), (sizes, from, to) => {
      const groupOf = sizes.flatMap((size, group) => Array.from({ length: size }, () => group));
      const [target, source] = [from % groupOf.length, to % groupOf.length];
      const tasks = groupOf.map((group, index) => ({
        ...pin,
        name: `t${index}`,
        after: group === 0 ? [] : groupOf.flatMap((other, earlier) => (other === group - 1 ? [`t${earlier}`] : [])),
      }));
      const rechecks = [{ before: target, task: source }];
      let later: number[] = [];
      for (let frontier = [source]; frontier.length > 0; ) {
        frontier = tasks.flatMap(({ after }, index) =>
          after.some((name) => frontier.includes(Number(name.slice(1)))) ? [index] : [],
        );
        later = [...later, ...frontier];
      }

      const outcome = later.includes(target) ? "accepted" : "refused";
      const found = (() => {
        try {
          return planOf({ order: "after", tasks, rechecks }).rechecks.length === 1 ? "accepted" : "lost";
        } catch {
          return "refused";
        }
      })();
      expect(found).toBe(outcome);
    }),
  );
});

const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom("a", "b"),
  fc.constant(null),
);

test("what is bound counts as given, and what is not bound is checked as ever: as the whole input would be", () => {
  const names = ["a", "b", "c"] as const;
  fc.assert(
    fc.property(
      fc.subarray([...names]),
      fc.subarray([...names]),
      fc.dictionary(fc.constantFrom(...names), scalar, { maxKeys: 3 }),
      (required, bound, given) => {
        const properties = Object.fromEntries(names.map((name) => [name, { type: "integer" }]));
        const demo = snapshotOf(
          [contractOf("demo.give"), contractOf("demo.take", { input: { type: "object", properties, required } })],
          [
            ["demo/give", "demo.give"],
            ["demo/take", "demo.take"],
          ],
        );
        const free = bound.filter((name) => !Object.hasOwn(given, name));
        const bindings = Object.fromEntries(free.map((name) => [name, { task: 0, pointer: "" }]));
        const plan = () =>
          planTasks({
            registry: demo,
            order: "sequential",
            tasks: [{ payloadType: "demo/give" }, { payloadType: "demo/take", parameters: given, bindings }],
          });
        const whole = { ...given, ...Object.fromEntries(free.map((name) => [name, 1])) };
        const isValid =
          required.every((name) => Object.hasOwn(whole, name)) &&
          Object.values(whole).every((value) => typeof value === "number");

        if (isValid) expect(plan().plan.tasks).toHaveLength(2);
        else expect(faultsOf(plan)[0]).toBe("planner.arguments-invalid");
      },
    ),
  );
});
