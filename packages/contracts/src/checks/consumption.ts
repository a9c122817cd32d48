/**
 * Consumption proofs: whether a task was given a signal, and whether its output shows that it read it.
 *
 * Invariants:
 *   K1. The first link follows the signal, each other link the one before it, by digest.
 *   K2. Every link names an annotation of the signal, or, with no span, the measured absence of a signal without any.
 *
 * @module
 */
import type { JsonValue } from "../canonical-json.ts";
import { type Digest, digestJson } from "../digest.ts";
import type { Output } from "../output.ts";
import type { Task } from "../plan.ts";
import { Question } from "../question.ts";
import { type Consumption, Signal, type SignalNeed } from "../signal.ts";

/** The name under which a task receives the signal of a kind. */
export function signalInputName(kind: Signal["kind"]): string {
  return `signal-${kind}`;
}

/** Whether every mandatory signal of the task's question is wired, present, well-formed and strong enough. */
export function isPlannedCovered(task: Task, artifacts: ReadonlyMap<Digest, JsonValue>): boolean {
  return needsOf(task, artifacts)?.every((need) => boundSignal(task, need, artifacts) !== undefined) ?? false;
}

/** Whether the output holds at least one verifiable consumption of every mandatory signal. */
export function isConsumedCovered(task: Task, output: Output, artifacts: ReadonlyMap<Digest, JsonValue>): boolean {
  return (
    needsOf(task, artifacts)?.every((need) => {
      const signal = boundSignal(task, need, artifacts);
      const digest = task.inputs[signalInputName(need.kind)];
      return signal !== undefined && output.signals.some((item) => item.signal === digest && isProofOf(item, signal));
    }) ?? false
  );
}

/** Whether a consumption is a valid chain of links over this signal. */
export function isProofOf(consumption: Consumption, signal: Signal): boolean {
  let previous: Digest = consumption.signal;
  const found = new Set(signal.annotations.map(({ pattern, span }) => `${pattern} ${span.start} ${span.end}`));
  for (const link of consumption.links) {
    if (link.previous !== previous || link.chunkDigest !== signal.chunkDigest) return false;
    if (link.span === null) {
      if (signal.annotations.length > 0) return false;
    } else if (!found.has(`${link.pattern} ${link.span.start} ${link.span.end}`)) {
      return false;
    }
    previous = digestJson(link);
  }
  return consumption.kind === signal.kind && consumption.links.length > 0;
}

function needsOf(task: Task, artifacts: ReadonlyMap<Digest, JsonValue>): readonly SignalNeed[] | undefined {
  const digest = task.inputs["question"];
  const parsed = Question.safeParse(digest === undefined ? undefined : artifacts.get(digest));
  return parsed.success ? parsed.data.signals.required : undefined;
}

function boundSignal(task: Task, need: SignalNeed, artifacts: ReadonlyMap<Digest, JsonValue>): Signal | undefined {
  const digest = task.inputs[signalInputName(need.kind)];
  const parsed = Signal.safeParse(digest === undefined ? undefined : artifacts.get(digest));
  if (!parsed.success || parsed.data.kind !== need.kind || parsed.data.strength < need.strengthMin) return undefined;
  return parsed.data.chunkDigest === task.binding?.chunkDigest ? parsed.data : undefined;
}
