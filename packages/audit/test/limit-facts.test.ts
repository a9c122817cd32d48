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
  readonly kind: "check" | "completed" | "aborted" | "resumed";
  readonly task: number;
  readonly at: number;
};

/** What a run has under a token, added up anew from all that happened. */
class Naive {
  readonly spent = new Map<TaskId, number>();
  readonly held = new Map<TaskId, number>();
  readonly tokens = new Map<TaskId, Digest>();

  leastFor(id: TaskId, token: Digest): readonly [uses: number, tokens: number] {
    const others = new Map([...this.held, ...this.spent].filter(([other]) => this.tokens.get(other) === token));
    others.delete(id);
    return [others.size, [...others.values()].reduce((sum, each) => sum + each, 0)];
  }
}

/** Plays the moves that a run could make, and holds each check against what it must show at least. */
function play(moves: readonly Move[]): void {
  const naive = new Naive();
  const findings = new Findings();
  const facts = new LimitFacts(contracts, findings);
  const begun = new Set<TaskId>();
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
      naive.held.clear();
      begun.clear();
    } else if (kind === "check" && !begun.has(task.id)) {
      const token = tokens[which % 2] as Digest;
      const [uses, spent] = naive.leastFor(task.id, token);
      const before = findings.count;
      check(task, token, uses, spent);
      expect(findings.count).toBe(before);
      if (uses > 0) check(task, token, uses - 1, spent);
      if (spent > 0) check(task, token, uses, spent - 1);
      expect(findings.count).toBe(before + Number(uses > 0) + Number(spent > 0));
      naive.held.set(task.id, NEED);
      naive.tokens.set(task.id, token);
      begun.add(task.id);
    } else if (kind !== "check" && begun.delete(task.id)) {
      const data = { tokens: which };
      const type = kind === "completed" ? "EXECUTION_COMPLETED" : "OPERATION_ABORTED";
      facts.next({ type, data } as unknown as RunEvent, task);
      const spent = kind === "completed" ? which : NEED;
      naive.held.delete(task.id);
      naive.spent.set(task.id, Math.min(spent, naive.spent.get(task.id) ?? spent));
    }
  }
}

test("a check must show what adding up the run's own uses gives, and may show no less (L3, L4)", () => {
  const move = fc.record({
    kind: fc.constantFrom(
      "check" as const,
      "check" as const,
      "completed" as const,
      "aborted" as const,
      "resumed" as const,
    ),
    task: fc.nat(3),
    at: fc.nat(NEED),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      play(moves);
    }),
  );
});
