/** What is refused before an operation runs, and how it is written down. */
import { type Digest, digestJson, type Operation } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type Router, type RunPorts, runPlan } from "../src/index.ts";
import { allowanceOf, authorityOf } from "./authority.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, routerOf, worldOf } from "./kit.ts";

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

test("a limit of N lets N invocations pass, and the refused next one is denied and named", async () => {
  const { result, log, types } = await refusedRun({ authority: authorityOf(allowanceOf(world, 2)) });

  expect(runs).toBe(2);
  expect(result).toMatchObject({
    status: "denied",
    outputs: [],
    failure: { task: world.plan.tasks[2], status: "denied", code: "authority.limit-invocations" },
    skipped: world.plan.tasks.slice(3).map(({ id }) => id),
  });
  expect(types.slice(12)).toEqual([
    "ROUTING_DECISION",
    "AUTHORIZATION_SCOPE_CHECK",
    "RESOURCE_LIMIT_CHECK",
    "EXECUTION_DENIED",
    "RUN_SEALED",
  ]);
  const plenty = { used: 0, reserved: 0, max: 1_000_000 };
  expect(log[14]?.data).toMatchObject({
    limits: [
      { limit: "invocations", used: 2, reserved: 0, need: 1, max: 2 },
      { limit: "tokens-per-response", need: 0, ...plenty },
      { limit: "tokens-total", need: 0, ...plenty },
      { limit: "frequency", need: 1, ...plenty },
    ],
    decision: "refuse",
  });
  expect(log[15]?.data).toMatchObject({ stage: "limit", reasons: [{ code: "authority.limit-invocations" }] });
});

test.each([
  ["authority.domain-refused", ["tes.step"]],
  ["authority.method-refused", ["test.ste", "test.steps"]],
] as const)("a scope that authority refuses denies the task and skips the rest: %s", async (code, operations) => {
  const { result, log, types } = await refusedRun({ authority: authorityOf({ operations }) });

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

test("a token that is refused denies the first task, skips the rest, and nothing is routed", async () => {
  const reasons = [{ code: "authority.token-expired", place: "token", message: "expired" }];
  const authority = authorityOf({ ...allowanceOf(world), refusal: () => reasons });

  const { result, log, types } = await refusedRun({ authority });

  expect(runs).toBe(0);
  expect(result).toMatchObject({
    status: "denied",
    outputs: [],
    verdicts: [],
    failure: { task: world.plan.tasks[0], status: "denied", code: "authority.token-expired", reasons },
  });
  expect(types).toEqual([
    "PLAN_FROZEN",
    "TOKEN_VALIDATION",
    "EXECUTION_DENIED",
    "EXECUTION_SKIPPED",
    "EXECUTION_SKIPPED",
    "RUN_SEALED",
  ]);
  expect(log[1]?.data).toMatchObject({ decision: "refuse", reasons, claims: digestJson({ label: "test" }) });
  expect(log[2]).toMatchObject({ subject: world.plan.tasks[0]?.id, data: { stage: "token", reasons } });
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
