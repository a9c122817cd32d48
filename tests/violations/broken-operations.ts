/**
 * The operations of the policy pack, and what goes wrong in them on purpose: the query of this
 * module's URL says what, for a worker has no environment. Contracts and routes stay as they are, so that nothing but
 * the core contracts can notice.
 *
 * @module
 */
import type { JsonObject, JsonValue, Operation, Output } from "@canonic/contracts";
import { operations as sound } from "@canonic/policy-analysis";

const [what = "", count = "0"] = (new URL(import.meta.url).searchParams.get("break") ?? "").split(":");
const isHit = ({ question }: Output): boolean => Number(question.slice(1)) <= Number(count);
const executions = new Map<string, number>();

export const operations: readonly Operation[] = sound.map((operation) => ({
  ...operation,
  run: async (input, context) => broken((await operation.run(input, context)) as Output & JsonObject),
}));

function broken(output: Output & JsonObject): JsonValue {
  const execution = (executions.get(output.task) ?? 0) + 1;
  executions.set(output.task, execution);
  if (!isHit(output)) return output;
  switch (what) {
    case "orphan-output":
      return { ...output, task: "task_00000000000000000000" };
    case "orphan-span":
      return { ...output, evidence: output.evidence.map((item) => ({ ...item, span: { start: 0, end: 1 } })) };
    case "signals-unread":
      return { ...output, signals: [] };
    case "changing-output":
      return { ...output, confidence: execution / 100 };
    default:
      return output;
  }
}
