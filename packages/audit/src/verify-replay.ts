/**
 * Executes the operations of a run again, with what the bundle says they were given, and compares what they give.
 *
 * Invariants:
 *   R1. Only what has no effect is executed: operations that are pure or read, and that do not depend on the time: what is
 *       seeded gets its seed again.
 *   R2. What gives other bytes than the run's is false. What cannot be executed here, for want of its code or its input, is
 *       left open: nothing says that it is false.
 *   R3. Every completed task is counted, under one of four words.
 *
 * @module
 */
import {
  type Digest,
  digestBytes,
  digestJson,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  parseCanonicalJson,
  saltedDigest,
  type Task,
} from "@canonic/contracts";
import { boundValues } from "./verify-bound.ts";
import type { VerifyContext } from "./verify-context.ts";
import { inputValueOf } from "./verify-inputs.ts";

/** One execution of one task, asked for by the verifier; the input was assembled from the bundle's artifacts and outputs. */
export interface ReplayRequest {
  readonly task: Task;
  readonly contract: OperationContract;
  readonly input: JsonObject;
  /** Where the random stream of a seeded operation begins. */
  readonly seed: Digest | null;
}

/** `output` is canonical JSON. `unavailable`: the code for exactly this contract is not here. */
export type ReplayAnswer =
  | { readonly kind: "completed"; readonly output: Uint8Array }
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "unavailable" };

/** Who executes: the verifier itself has no operation. */
export interface ReplayPort {
  execute(request: ReplayRequest): Promise<ReplayAnswer>;
}

export interface ReplayCount {
  /** Executed again, with the same bytes. */
  readonly same: number;
  readonly different: number;
  readonly unavailable: number;
  /** Not to be executed again: writes, and what depends on when it is executed. */
  readonly excluded: number;
}

/** Undefined when nobody asked for a replay. */
export async function verifyReplay(context: VerifyContext): Promise<ReplayCount | undefined> {
  const { options, planned, facts, findings } = context;
  const port = options.replay;
  if (port === undefined) return undefined;
  const count = { same: 0, different: 0, unavailable: 0, excluded: 0 };
  const missing = new Set<string>();
  for (const task of planned.plan.tasks) {
    const completed = facts.completed[task.position];
    if (completed === undefined) continue;
    const contract = planned.contracts.get(task.contract);
    if (contract !== undefined && (contract.effect === "write" || contract.determinism === "recorded")) {
      count.excluded += 1;
      continue;
    }
    const input = inputOf(context, task);
    const answer =
      contract === undefined || input === undefined
        ? ({ kind: "unavailable" } as const)
        : await port.execute({ task, contract, input, seed: seedOf(planned.plan.seed, task, contract) });
    if (answer.kind === "unavailable") {
      count.unavailable += 1;
      missing.add(`${task.operation}@${task.version}`);
    } else if (answer.kind === "completed" && digestUnder(context, task, answer.output) === completed.output)
      count.same += 1;
    else {
      count.different += 1;
      const what = answer.kind === "failed" ? `fails with \`${answer.code}\`` : "gives another output";
      findings.invalid("replay-differs", task.id, `executed again, \`${task.operation}\` ${what}`);
    }
  }
  if (count.unavailable > 0) {
    const names = [...missing].sort().slice(0, 10).join(", ");
    findings.open("replay-unavailable", "replay", `${count.unavailable} tasks cannot be executed again here: ${names}`);
  }
  return count;
}

/** Of a personal output, under the salt that the run's has: the key is not needed, and not here. */
function digestUnder({ salts }: VerifyContext, { position }: Task, output: Uint8Array): Digest {
  const salt = salts.get(position);
  return salt === undefined ? digestBytes(output) : saltedDigest(parseCanonicalJson(output), salt);
}

function seedOf(plan: number, { id }: Task, { determinism }: OperationContract): Digest | null {
  return determinism === "seeded" ? digestJson({ plan, task: id }) : null;
}

/** Parameters, artifacts and bound values under their names; undefined when one of them is not in the bundle. */
function inputOf({ planned, outputs }: VerifyContext, task: Task): JsonObject | undefined {
  if (Object.values(task.bindings).some((binding) => outputs[binding.task] === undefined)) return undefined;
  const input: Record<string, JsonValue> = { ...task.parameters };
  for (const [name, value] of Object.entries(boundValues(task, outputs))) {
    if (value === undefined) return undefined;
    input[name] = value;
  }
  for (const name of Object.keys(task.inputs)) {
    const value = inputValueOf(planned, task, name);
    if (value === undefined) return undefined;
    input[name] = value;
  }
  return input;
}
