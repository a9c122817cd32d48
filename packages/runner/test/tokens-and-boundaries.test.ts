/** What executions spend, what they must not reach for, and an authority that answers later. */
import { digestJson, type OperationContract } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type Execution, type OperationsPort, resumePlan, runPlan } from "../src/index.ts";
import { type Allowance, allowanceOf, approving, authorityOf } from "./authority.ts";
import { boundWorld, lastOf, storyOf } from "./bound-world.ts";
import { contractOf } from "./contract-of.ts";
import { memoryJournal, portsOf, worldOf } from "./kit.ts";

const world = (changes: Partial<OperationContract> = { tokensMax: 100 }) =>
  worldOf({
    operations: [{ contract: contractOf("model.ask", changes), run: () => 1 }],
    tasks: [{ operation: "model.ask" }, { operation: "model.ask" }],
    contracts: [],
  });

/** Operations that end like this, task by task. */
function ending(...executions: readonly Execution[]): OperationsPort {
  return {
    execute: async ({ position }) => executions[position % executions.length] as Execution,
    close: async () => {},
  };
}

const spending = (tokens: number): Execution => ({ kind: "completed", output: "1", tokens, operationMs: 0 });
const aborting = (more: Partial<Extract<Execution, { kind: "aborted" }>>): Execution => ({
  kind: "aborted",
  code: "runner.operation-failed",
  failure: null,
  operationMs: 0,
  ...more,
});

async function runOf(of: ReturnType<typeof world>, operations: OperationsPort, allowance: Partial<Allowance> = {}) {
  const journal = memoryJournal();
  const authority = authorityOf({ ...allowanceOf(of), ...allowance });
  const result = await runPlan({ ...of, ...portsOf(of, journal, { authority, operations }) });
  return { journal, result, spent: [...authority.uses.values()], story: storyOf(of, journal.log) };
}

test("a completed task spends what it reported, and the journal says so", async () => {
  const { journal, result, spent } = await runOf(world(), ending(spending(7), spending(100)));

  expect(result.status).toBe("completed");
  expect(spent).toEqual([7, 100]);
  expect(journal.log.flatMap((event) => (event.type === "EXECUTION_COMPLETED" ? [event.data.tokens] : []))).toEqual([
    7, 100,
  ]);
});

test("an aborted task spends the most that its contract declares", async () => {
  expect(await runOf(world(), ending(spending(7), aborting({})))).toMatchObject({ spent: [7, 100] });
  expect(await runOf(world({}), ending(spending(0), aborting({})))).toMatchObject({ spent: [0, 0] });
});

test.each([
  ["one more than declared", { tokensMax: 100 }, 101],
  ["any, where none is declared", {}, 1],
  ["less than none", { tokensMax: 100 }, -1],
  ["a part of one", { tokensMax: 100 }, 0.5],
] as const)(
  "tokens reported by the port: %s is an abort, whatever the port has checked (O1)",
  async (_name, changes, tokens) => {
    const { journal, result, spent } = await runOf(world(changes), ending(spending(tokens)));

    expect(result).toMatchObject({ status: "failed", failure: { code: "runner.tokens-exceeded" } });
    expect(lastOf(journal.log, "OPERATION_ABORTED")).toEqual({
      code: "runner.tokens-exceeded",
      failure: null,
      reasons: [],
    });
    expect(spent).toEqual(["tokensMax" in changes ? changes.tokensMax : 0]);
  },
);

test("a total that the next response does not fit in refuses that response", async () => {
  const { result, story } = await runOf(world(), ending(spending(7)), { tokensTotal: 106 });

  expect(story).toBe("frozen token r0 a0 l0 s0 C0 r1 a1 l1 D1 sealed");
  expect(result).toMatchObject({ status: "denied", failure: { code: "authority.limit-tokens-total" } });
});

test("a violated boundary is journaled by category before its abort, and nothing comes between", async () => {
  const violation = { category: "network-access", attempted: "connect" } as const;
  const operations = ending(aborting({ code: "runner.boundary-violation", violation }), spending(0));
  const of = world();

  const journal = memoryJournal();
  const result = await runPlan({ ...of, ...portsOf(of, journal, { operations, jobs: 2 }) });

  expect(storyOf(of, journal.log)).toBe("frozen token r0 a0 l0 s0 r1 a1 l1 s1 B0 A0 C1 sealed");
  expect(lastOf(journal.log, "BOUNDARY_VIOLATION")).toEqual(violation);
  expect(lastOf(journal.log, "OPERATION_ABORTED")).toMatchObject({ code: "runner.boundary-violation" });
  expect(result).toMatchObject({ status: "failed", failure: { code: "runner.boundary-violation" } });
});

test("a violation decides the code, whatever else the port said of the abort", async () => {
  const violation = { category: "forks", attempted: "fork" } as const;

  const { result } = await runOf(world(), ending(aborting({ code: "runner.timeout", violation })));

  expect(result.failure).toMatchObject({ code: "runner.boundary-violation" });
});

test("an authority that answers later gives the same journal as one that answers at once", async () => {
  const bound = boundWorld();
  const logs = [];
  for (const isLater of [false, true]) {
    const journal = memoryJournal();
    const authority = authorityOf({ ...allowanceOf(bound), isLater });
    const approvals = approving(["SG_1", "SG_2"]);
    const later: typeof approvals = async (request) => approvals(request);
    const ports = portsOf(bound, journal, { authority, approvals: isLater ? later : approvals });
    expect(await runPlan({ ...bound, ...ports })).toMatchObject({ status: "completed" });
    logs.push(journal.log);
  }

  expect(logs[1]).toEqual(logs[0]);
});

test("an authority that fails ends the run with its own error, and nothing is appended after it", async () => {
  const of = world();
  const down = Object.assign(new Error("store down"), { code: "store.down" });
  for (const verb of ["validate", "scope", "reserve", "commit"] as const) {
    for (const fail of [
      () => Promise.reject(down),
      () => {
        throw down;
      },
    ]) {
      const journal = memoryJournal();
      const authority = { ...authorityOf(allowanceOf(of)), [verb]: fail };

      await expect(runPlan({ ...of, ...portsOf(of, journal, { authority }) })).rejects.toBe(down);

      const last = {
        validate: "PLAN_FROZEN",
        scope: "ROUTING_DECISION",
        reserve: "AUTHORIZATION_SCOPE_CHECK",
        commit: "EXECUTION_STARTED",
      };
      expect(journal.log.at(-1)?.type).toBe(last[verb]);
    }
  }
});

test("a resume spends again every execution that began, whole where nobody knows its end, under the same token only", async () => {
  const of = world();
  const whole = memoryJournal();
  const { run } = await runPlan({ ...of, ...portsOf(of, whole, { operations: ending(spending(7)) }) });
  const kept = whole.log.findLastIndex(({ type }) => type === "EXECUTION_STARTED") + 1;
  const resume = async (allowance: Allowance) => {
    const journal = memoryJournal({ log: whole.log.slice(0, kept), payloads: whole.payloads });
    const authority = authorityOf(allowance);
    await resumePlan({ ...portsOf(of, journal, { authority, operations: ending(spending(9)) }), run });
    return { calls: authority.calls, uses: [...authority.uses.values()] };
  };

  const same = await resume(allowanceOf(of));
  const other = await resume({ operations: ["model.ask", "model.tell"], invocations: 1 });

  const again = ["reserve 0 1", "commit 0 1 7", "reserve 1 1", "commit 1 1 100"];
  const second = ["scope model.ask", "reserve 1 2", "commit 1 2 9"];
  expect(same).toEqual({ calls: ["validate", ...again, ...second], uses: [7, 100, 9] });
  expect(other).toEqual({ calls: ["validate", ...second], uses: [9] });
});

test("a task that a crash interrupted is denied when its token allows no second execution", async () => {
  const of = world();
  const whole = memoryJournal();
  const { run } = await runPlan({ ...of, ...portsOf(of, whole, { operations: ending(spending(7)) }) });
  const started = whole.log.findLastIndex(({ type }) => type === "EXECUTION_STARTED") + 1;
  const resume = async (invocations: number, kept: number) => {
    const journal = memoryJournal({ log: whole.log.slice(0, kept), payloads: whole.payloads });
    const authority = authorityOf(allowanceOf(of, invocations));
    const result = await resumePlan({ ...portsOf(of, journal, { authority, operations: ending(spending(9)) }), run });
    return [result.status, result.failure?.code ?? null, authority.uses.size];
  };

  expect(await resume(2, started)).toEqual(["denied", "authority.limit-invocations", 2]);
  expect(await resume(3, started)).toEqual(["completed", null, 3]);
  expect(await resume(2, started - 1)).toEqual(["completed", null, 2]);
});

test("a refused token holds and spends nothing again", async () => {
  const of = world();
  const whole = memoryJournal();
  const { run } = await runPlan({ ...of, ...portsOf(of, whole, { operations: ending(spending(7)) }) });
  const kept = whole.log.findIndex(({ type }) => type === "EXECUTION_COMPLETED") + 1;
  const journal = memoryJournal({ log: whole.log.slice(0, kept), payloads: whole.payloads });
  const reasons = [{ code: "authority.token-revoked", place: "token", message: "revoked" }];
  const authority = authorityOf({ ...allowanceOf(of), refusal: () => reasons });

  const result = await resumePlan({ ...portsOf(of, journal, { authority }), run });

  expect(authority.calls).toEqual(["validate"]);
  expect(result).toMatchObject({
    status: "denied",
    failure: { task: of.plan.tasks[1], code: "authority.token-revoked" },
  });
  expect(storyOf(of, journal.log)).toBe("frozen token r0 a0 l0 s0 C0 resumed token D1 sealed");
});

test("a token that is refused when all tasks have completed keeps nothing from being sealed", async () => {
  const of = world();
  const whole = memoryJournal();
  const operations = ending(spending(7));
  const result = await runPlan({ ...of, ...portsOf(of, whole, { operations }) });
  const journal = memoryJournal({ log: whole.log.slice(0, -1), payloads: whole.payloads });
  const reasons = [{ code: "authority.token-expired", place: "token", message: "expired" }];
  const authority = authorityOf({ ...allowanceOf(of), refusal: () => reasons });

  const resumed = await resumePlan({ ...portsOf(of, journal, { authority, operations }), run: result.run });

  expect(resumed).toMatchObject({ status: "completed", outputsDigest: result.outputsDigest });
  expect(storyOf(of, journal.log)).toBe("frozen token r0 a0 l0 s0 C0 r1 a1 l1 s1 C1 resumed token sealed");
  expect(lastOf(journal.log, "TOKEN_VALIDATION")).toMatchObject({
    decision: "refuse",
    claims: digestJson({ label: "test" }),
  });
});
