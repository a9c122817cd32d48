/**
 * What the tasks of a policy run were given and gave, each value parsed once: chunks, signals, questions, outputs.
 *
 * @module
 */
import { Chunk, type Digest, Output, Question, Signal } from "@canonic/contracts";
import type { LineageRecord } from "./record.ts";

/** By digest, in the order in which the plan names them. A run of another kind has none. */
export interface PolicyValues {
  readonly chunks: ReadonlyMap<Digest, Chunk>;
  readonly signals: ReadonlyMap<Digest, Signal>;
  readonly questions: ReadonlyMap<Digest, Question>;
  /** By position; undefined where a task gave nothing, or nothing of `canonic/output/v1`. */
  readonly outputs: readonly (Output | undefined)[];
}

export function policyValuesOf({ plan, artifacts, outputs }: LineageRecord): PolicyValues {
  const chunks = new Map<Digest, Chunk>();
  const signals = new Map<Digest, Signal>();
  const questions = new Map<Digest, Question>();
  for (const digest of new Set(plan.tasks.flatMap(({ inputs }) => Object.values(inputs)))) {
    const value = artifacts.get(digest);
    const { schema } = (value ?? {}) as { readonly schema?: unknown };
    if (schema === "canonic/chunk/v1") keep(chunks, digest, Chunk.safeParse(value).data);
    if (schema === "canonic/signal/v1") keep(signals, digest, Signal.safeParse(value).data);
    if (schema === "canonic/question/v1") keep(questions, digest, Question.safeParse(value).data);
  }
  return {
    chunks,
    signals,
    questions,
    outputs: plan.tasks.map((_, position) => Output.safeParse(outputs[position]).data),
  };
}

function keep<Value>(map: Map<Digest, Value>, digest: Digest, value: Value | undefined): void {
  if (value !== undefined) map.set(digest, value);
}
