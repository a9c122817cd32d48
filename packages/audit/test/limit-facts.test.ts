import {
  type Digest,
  digestBytes,
  type OperationContract,
  type RunEvent,
  type Task,
  type TaskId,
} from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Findings } from "../src/findings.ts";
import { LimitFacts } from "../src/limit-facts.ts";

const NEED = 10;
const contract = digestBytes("contract");
const contracts = new Map([[contract, { tokensMax: NEED } as OperationContract]]);
const tokens = [digestBytes("one token"), digestBytes("another")] as const;
const tasks = [0, 1, 2, 3].map((n) => ({ id: `task_${"0".repeat(19)}${n}` as TaskId, contract }) as Task);

type Move = {
  readonly kind: "check" | "started" | "completed" | "aborted" | "resumed";
  readonly task: number;
  readonly at: number;
};

/** One execution, from its check on. */
type Execution = {
  readonly task: TaskId;
  readonly token: Digest;
  tokens: number;
  hasBegun: boolean;
  hasEnded: boolean;
};

/** What a run has under a token, added up anew from all that was executed. */
class Naive {
  executions: Execution[] = [];

  of(task: TaskId): Execution | undefined {
    return this.executions.find((execution) => execution.task === task && !execution.hasEnded);
  }

  leastFor(token: Digest): readonly [uses: number, tokens: number] {
    const own = this.executions.filter((execution) => execution.token === token);
    return [own.length, own.reduce((sum, { tokens: each }) => sum + each, 0)];
  }

  resume(): void {
    this.executions = this.executions.filter(({ hasBegun }) => hasBegun);
    for (const execution of this.executions) execution.hasEnded = true;
  }
}

/** Plays the moves that a run could make, holds each check against what it must show at least, and gives the last of these. */
function play(moves: readonly Move[]): readonly [uses: number, tokens: number] {
  let least: readonly [uses: number, tokens: number] = [0, 0];
  const naive = new Naive();
  const findings = new Findings();
  const facts = new LimitFacts(contracts, findings);
  const check = (task: Task, token: Digest, invocations: number, spent: number) => {
    const row = (limit: string, used: number, need: number) => ({ limit, used, reserved: 0, need, max: 1000 });
    const limits = [
      row("invocations", invocations, 1),
      row("tokens-per-response", 0, NEED),
      row("tokens-total", spent, NEED),
      row("frequency", 0, 1),
    ];
    const data = { token, limits, decision: "allow", reasons: [] };
    const event = { type: "RESOURCE_LIMIT_CHECK", data } as unknown as Parameters<LimitFacts["check"]>[1];
    facts.check("event", event, task, { claims: undefined, stated: [] });
  };
  for (const { kind, task: at, at: which } of moves) {
    const task = tasks[at] as Task;
    if (kind === "resumed") {
      facts.next({ type: "RUN_RESUMED" } as RunEvent, undefined);
      naive.resume();
    } else if (kind === "check" && naive.of(task.id) === undefined) {
      const token = tokens[which % 2] as Digest;
      least = naive.leastFor(token);
      const [uses, spent] = least;
      const before = findings.count;
      check(task, token, uses, spent);
      expect(findings.count).toBe(before);
      if (uses > 0) check(task, token, uses - 1, spent);
      if (spent > 0) check(task, token, uses, spent - 1);
      expect(findings.count).toBe(before + Number(uses > 0) + Number(spent > 0));
      naive.executions.push({ task: task.id, token, tokens: NEED, hasBegun: false, hasEnded: false });
    } else if (kind === "started" && naive.of(task.id)?.hasBegun === false) {
      facts.next({ type: "EXECUTION_STARTED", data: {} } as unknown as RunEvent, task);
      (naive.of(task.id) as Execution).hasBegun = true;
    } else if ((kind === "completed" || kind === "aborted") && naive.of(task.id)?.hasBegun === true) {
      const data = { tokens: which };
      const type = kind === "completed" ? "EXECUTION_COMPLETED" : "OPERATION_ABORTED";
      facts.next({ type, data } as unknown as RunEvent, task);
      const execution = naive.of(task.id) as Execution;
      execution.tokens = kind === "completed" ? which : NEED;
      execution.hasEnded = true;
    }
  }
  return least;
}

test("a check must show what adding up the run's own uses gives, each execution for itself, and may show no less (L3, L4)", () => {
  const move = fc.record({
    kind: fc.constantFrom(
      "check" as const,
      "started" as const,
      "started" as const,
      "completed" as const,
      "aborted" as const,
      "resumed" as const,
    ),
    task: fc.nat(3),
    at: fc.nat(NEED),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      play(moves);
    }),
  );
});

test.each<readonly [string, readonly Move["kind"][], uses: number]>([
  ["was let begin and did not", ["check", "resumed"], 0],
  ["began, and nobody knows how it ended", ["check", "started", "resumed"], 1],
  ["was aborted, and its run stopped", ["check", "started", "aborted", "resumed"], 1],
  [
    "was executed twice and aborted twice",
    ["check", "started", "aborted", "resumed", "check", "started", "aborted"],
    2,
  ],
])("a task that %s shows as so many executions in the next check", (_, kinds, uses) => {
  const check = { kind: "check", task: 1, at: 0 } as const;
  const least = play([...kinds.map((kind): Move => ({ kind, task: 0, at: 0 })), check]);

  expect(least).toEqual([uses, uses * NEED]);
});
