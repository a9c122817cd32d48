/**
 * Named defects, planted between the runner and the world: what a broken port, or a runner that skips a duty, would do.
 *
 * @module
 */
import { canonicalJson, digestBytes, type JsonObject } from "@canonic/contracts";
import type { Authority, Execution, OperationsPort, RunJournal } from "@canonic/runner";
import type { SimulatedJournal } from "./log.ts";
import type { Defect } from "./session.ts";

type Execute = OperationsPort["execute"];
type Asked = Parameters<Execute>;

function operations(change: (inner: Execute, asked: Asked) => Promise<Execution>): Defect {
  return {
    operations: (inner) => ({
      execute: (...asked) => change((...call) => inner.execute(...call), asked),
      close: () => inner.close(),
    }),
  };
}

/** A journal that does some things otherwise; each change is given the sound one. */
function journal(change: (inner: SimulatedJournal) => Partial<RunJournal>): Defect {
  return {
    journal: (inner) => ({
      begin: (plan) => inner.begin(plan),
      append: (run, draft, payloads) => inner.append(run, draft, payloads),
      durable: () => inner.durable(),
      events: (run) => inner.events(run),
      payload: (digest) => inner.payload(digest),
      ...change(inner),
    }),
  };
}

function authority(change: (inner: Authority) => Partial<Authority>): Defect {
  return {
    authority: (inner) => ({
      validate: (plan, run) => inner.validate(plan, run),
      scope: (task, contract) => inner.scope(task, contract),
      reserve: (task, contract, attempt) => inner.reserve(task, contract, attempt),
      commit: (task, attempt, tokens) => inner.commit(task, attempt, tokens),
      approve: (request, approval, recorded) => inner.approve(request, approval, recorded),
      ...change(inner),
    }),
  };
}

/** By name: the defect, and the invariants of which one must report it. */
export const DEFECTS: Readonly<Record<string, { readonly breaks: readonly string[]; readonly plant: () => Defect }>> = {
  "an operation port that runs a write twice": {
    breaks: ["V1"],
    plant: () =>
      operations(async (inner, asked) => {
        if (asked[2].effect === "write") await inner(...asked);
        return inner(...asked);
      }),
  },
  "an operation port that says a write is done and does nothing": {
    breaks: ["V2"],
    plant: () =>
      operations(async (inner, asked) => {
        const [task, input, contract, { idempotencyKey }] = asked;
        if (contract.effect !== "write") return inner(...asked);
        const n = input["n"] as number;
        const v = Number.parseInt(digestBytes(`${task.operation} ${canonicalJson(input)}`).slice(7, 15), 16);
        const receipt = digestBytes(idempotencyKey ?? "");
        return { kind: "completed", output: canonicalJson({ n, v, receipt }), tokens: 0, operationMs: 1 };
      }),
  },
  "an operation port that changes an output on its way": {
    breaks: ["V2", "V7"],
    plant: () =>
      operations(async (inner, asked) => {
        const execution = await inner(...asked);
        if (execution.kind !== "completed") return execution;
        const output = { ...(JSON.parse(execution.output) as JsonObject), n: 99 };
        return { ...execution, output: canonicalJson(output) };
      }),
  },
  "an operation port that presents the fence of an earlier holder": {
    breaks: ["V14"],
    plant: () =>
      operations((inner, [task, input, contract, entitlement]) => {
        const { fence } = entitlement;
        return inner(task, input, contract, { ...entitlement, fence: fence === null ? null : Math.max(0, fence - 1) });
      }),
  },
  "an operation port that never answers": {
    breaks: ["V11"],
    plant: () => operations((inner, asked) => (asked[2].effect === "read" ? new Promise(() => {}) : inner(...asked))),
  },
  "a runner that takes the first output for every recheck": {
    breaks: ["V7"],
    plant: () => {
      const first = new Map<string, Execution>();
      return operations(async (inner, asked) => {
        const known = first.get(asked[0].id);
        if (known !== undefined && asked[2].effect !== "write") return known;
        const execution = await inner(...asked);
        if (execution.kind === "completed") first.set(asked[0].id, execution);
        return execution;
      });
    },
  },
  "a journal that acknowledges early": {
    breaks: ["V3", "V13"],
    plant: () => journal(() => ({ durable: async () => {} })),
  },
  "a journal that hides that it has failed": {
    breaks: ["V8"],
    plant: () =>
      journal((inner) => {
        let seq = 0;
        return {
          append: (run, draft, payloads) => {
            try {
              const appended = inner.append(run, draft, payloads);
              seq = appended.seq;
              return appended;
            } catch {
              seq += 1;
              return { seq, leaf: digestBytes(`${seq}`) };
            }
          },
        };
      }),
  },
  "a journal that lets an overtaken holder write": {
    breaks: ["V5", "V9"],
    plant: () =>
      journal((inner) => ({
        append: (run, draft, payloads) => {
          const appended = inner.append(run, draft, payloads);
          if (inner.isOvertaken()) inner.flush(inner.buffer.length);
          return appended;
        },
      })),
  },
  "a journal that loses what stands beside the events": {
    breaks: ["V2", "V5", "V13"],
    plant: () => journal((inner) => ({ append: (run, draft) => inner.append(run, draft) })),
  },
  "a runner that leaves out the limit check": {
    breaks: ["V5"],
    plant: () =>
      journal((inner) => ({
        append: (run, draft, payloads) =>
          draft.type === "RESOURCE_LIMIT_CHECK"
            ? { seq: 0, leaf: digestBytes("") }
            : inner.append(run, draft, payloads),
      })),
  },
  "a runner that throws an error of its own instead of the journal's": {
    breaks: ["V8"],
    plant: () =>
      journal((inner) => ({
        durable: () =>
          inner.durable().catch(() => {
            throw new Error("something went wrong");
          }),
      })),
  },
  "an authority that does not look again": {
    breaks: ["V6"],
    plant: () =>
      authority((inner) => ({
        reserve: async (task, contract, attempt) => {
          const { token, limits } = await inner.reserve(task, contract, attempt);
          return { kind: "allow", token, limits };
        },
      })),
  },
  "an authority that refuses for no reason": {
    breaks: ["V11"],
    plant: () => {
      const reasons = [{ code: "authority.limit-invocations", place: "", message: "" }];
      return authority((inner) => ({
        reserve: async (task, contract, attempt) => {
          const { token, limits } = await inner.reserve(task, contract, attempt);
          return { kind: "refuse", token, limits, reasons };
        },
      }));
    },
  },
  "an authority that counts a task once, however often it is executed": {
    breaks: ["V6"],
    plant: () =>
      authority((inner) => ({
        reserve: (task, contract) => inner.reserve(task, contract, 1),
        commit: (task, _, tokens) => inner.commit(task, 1, tokens),
      })),
  },
  "an authority that forgets what was spent": {
    breaks: ["V6"],
    plant: () => authority(() => ({ commit: () => {} })),
  },
  "an authority that forgets what was consumed": {
    breaks: ["V4", "V5"],
    plant: () => {
      let used: Awaited<ReturnType<Authority["approve"]>> | null = null;
      return authority((inner) => ({
        approve: async (request, approval, recorded) => {
          const decision = await inner.approve(request, approval, recorded);
          if (decision.kind === "allow") used = decision;
          const wasUsed = decision.kind === "refuse" && decision.reasons[0]?.code === "authority.approval-replayed";
          return wasUsed && used !== null ? used : decision;
        },
      }));
    },
  },
  "an authority that opens every gate": {
    breaks: ["V5"],
    plant: () =>
      authority((inner) => ({
        approve: async (request, approval, recorded) => {
          const decision = await inner.approve(request, approval, recorded);
          return decision.kind === "allow" ? { ...decision, decision: "approve", reviewDecision: null } : decision;
        },
      })),
  },
};

/** A defect that is in no seed: every hundredth execution of this process fails. */
export function unrepeatable(): Defect {
  let executions = 0;
  return operations(async (inner, asked) => {
    executions += 1;
    const execution = await inner(...asked);
    return executions % 100 === 0 && execution.kind === "completed"
      ? { kind: "aborted", code: "runner.timeout", failure: null, operationMs: 1 }
      : execution;
  });
}
