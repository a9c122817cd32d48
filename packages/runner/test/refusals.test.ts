/** What is refused before an operation runs, and how it is written down. */
import { type Digest, digestJson, type Grant, type Operation } from "@canonic/contracts";
import { expect, test } from "vitest";
import { createLocalOperator, type Router, type RunPorts, runPlan } from "../src/index.ts";
import { contractOf } from "./contract-of.ts";
import { grantOf, memoryJournal, portsOf, routerOf, worldOf } from "./kit.ts";

let runs = 0;
const step: Operation = {
  contract: contractOf("test.step", {
    input: { type: "object", properties: { n: { type: "integer" } }, required: ["n"], additionalProperties: false },
  }),
  run: (input) => {
    runs += 1;
    return input;
  },
};
const world = worldOf({
  operations: [step],
  tasks: [1, 2, 3].map((n) => ({ operation: "test.step", parameters: { n } })),
});

async function refusedRun(changes: Partial<RunPorts>, of = world) {
  runs = 0;
  const journal = memoryJournal();
  const result = await runPlan({ ...of, ...portsOf(of, journal, changes) });
  return { result, log: journal.log, types: journal.log.map(({ type }) => type) };
}

const routed = (change: (router: Router) => Router): Partial<RunPorts> => ({ router: change(routerOf(world)) });

test("a limit of N lets N invocations pass and refuses the next (A2)", async () => {
  const { result, log, types } = await refusedRun({ authority: createLocalOperator(grantOf(world, 2)) });

  expect(runs).toBe(2);
  expect(result).toMatchObject({
    status: "denied",
    outputs: [],
    failure: { task: world.plan.tasks[2], status: "denied", code: "runner.limit-reached" },
  });
  expect(types.slice(12)).toEqual([
    "ROUTING_DECISION",
    "AUTHORIZATION_SCOPE_CHECK",
    "RESOURCE_LIMIT_CHECK",
    "EXECUTION_DENIED",
    "RUN_SEALED",
  ]);
  expect(log[14]?.data).toMatchObject({ limit: "invocations", used: 2, reserved: 0, max: 2, decision: "refuse" });
  expect(log[15]?.data).toMatchObject({ stage: "limit", reasons: [{ code: "runner.limit-reached" }] });
});

test.each([
  ["runner.domain-not-granted", [{ domain: "tes", methods: ["step"] }]],
  ["runner.method-not-granted", [{ domain: "test", methods: ["ste", "steps"] }]],
] as const)("nothing but the exact domain and method is granted: %s (A1)", async (code, scope) => {
  const grant = { ...grantOf(world), scope: scope.map(({ domain, methods }) => ({ domain, methods: [...methods] })) };

  const { result, log, types } = await refusedRun({ authority: createLocalOperator(grant) });

  expect(runs).toBe(0);
  expect(result.status).toBe("denied");
  expect(types.slice(2)).toEqual([
    "ROUTING_DECISION",
    "AUTHORIZATION_SCOPE_CHECK",
    "EXECUTION_DENIED",
    "EXECUTION_SKIPPED",
    "EXECUTION_SKIPPED",
    "RUN_SEALED",
  ]);
  expect(log[4]?.data).toMatchObject({ stage: "scope", reasons: [{ code }] });
  expect(log[5]).toMatchObject({ subject: world.plan.tasks[1]?.id, data: { because: world.plan.tasks[0]?.id } });
});

test("a token that is refused denies the whole plan before any task", async () => {
  const reasons = [{ code: "token-expired", place: "token", message: "expired" }];
  const authority = {
    ...createLocalOperator(grantOf(world)),
    validate: () => ({ kind: "refuse" as const, grant: digestJson(1), reasons }),
  };

  const { result, types } = await refusedRun({ authority });

  expect(result).toMatchObject({ status: "denied", outputs: [], verdicts: [], failure: null });
  expect(types).toEqual(["PLAN_FROZEN", "TOKEN_VALIDATION", "RUN_SEALED"]);
});

const allow = (changes: object) =>
  routed((router) => ({ route: (task) => ({ ...router.route(task), ...changes }) as ReturnType<Router["route"]> }));

test.each([
  ["operation", allow({ operation: "test.other" })],
  ["version", allow({ version: "1.0.1" })],
  ["contract", allow({ contract: contractOf("test.step", { description: "another" }) })],
  ["snapshot", allow({ snapshot: digestJson("other") })],
] as const)("a route that differs from the plan in its %s is refused", async (place, changes) => {
  const { result, log } = await refusedRun(changes);

  expect(runs).toBe(0);
  expect(result.status).toBe("denied");
  expect(log[2]?.data).toMatchObject({ decision: "refuse", reasons: [{ code: "runner.route-differs", place }] });
});

test("a live plan never reaches a dry-run operation", async () => {
  const simulated = worldOf({
    operations: [{ contract: contractOf("test.step", { mode: "dryrun" }), run: () => 1 }],
    tasks: [{ operation: "test.step" }],
  });

  const { result, log } = await refusedRun({}, simulated);

  expect(result.status).toBe("denied");
  expect(log[2]?.data).toMatchObject({ reasons: [{ code: "runner.route-differs", place: "mode" }] });
});

test("a router's refusal is journaled with its reasons", async () => {
  const reasons = [{ code: "routing.unknown", place: "test/step", message: "no route" }];
  const snapshot = digestJson("snapshot") as Digest;

  const { log } = await refusedRun({ router: { route: () => ({ kind: "refuse", snapshot, reasons }) } });

  expect(log[2]?.data).toMatchObject({
    operation: null,
    version: null,
    contract: null,
    snapshot,
    decision: "refuse",
    reasons,
  });
});

test("an input that is not what the contract takes is refused with all its faults, and none of its values", async () => {
  const wrong = worldOf({
    operations: [step],
    tasks: [{ operation: "test.step", parameters: { m: "hunter2", n: "hunter2" } }],
  });

  const { log, result } = await refusedRun({}, wrong);

  expect(runs).toBe(0);
  expect(result.status).toBe("denied");
  expect(log[2]?.data).toMatchObject({
    decision: "refuse",
    reasons: [{ code: "runner.input-invalid" }, { code: "runner.input-invalid" }],
  });
  expect(JSON.stringify(log)).not.toContain("hunter2");
});

test("a value that is no grant is a coded error", () => {
  const wildcard = { ...grantOf(world), scope: [{ domain: "*", methods: ["*"] }] } as Grant;

  expect(() => createLocalOperator(wildcard)).toThrowError(expect.objectContaining({ code: "runner.grant-invalid" }));
});
