/**
 * Consumption proofs: whether a task was given a signal, and whether its output shows that it read it.
 *
 * Invariants:
 *   K1. The first link follows the signal, each other link the one before it, by digest.
 *   K2. Links stand in the order of the signal's annotations, each once; or there is one link, without span, for the
 *       measured absence of a signal that has no annotation.
 *
 * @module
 */
import type { JsonValue } from "../canonical-json.ts";
import { type Digest, digestJson } from "../digest.ts";
import type { Output } from "../output.ts";
import type { Task } from "../plan.ts";
import { Question } from "../question.ts";
import { type Consumption, Signal, SignalKind, type SignalNeed } from "../signal.ts";
import type { Span } from "../span.ts";
import type { Reason } from "../verdict.ts";

/** The pattern that the one link of a consumed absence names. */
export const ABSENCE_PATTERN = "measured-absence";

/** The name under which a task receives the signal of a kind. */
export function signalInputName(kind: Signal["kind"]): string {
  return `signal-${kind}`;
}

/** What became of one mandatory need of a task: whether it was given a fit signal, and whether its output shows that it read it. */
export type NeedState = { readonly bound: boolean; readonly consumed: boolean };

/** The state of every mandatory need of the task's question; undefined when the question is not there. */
export function needStatesOf(
  task: Task,
  output: Output | undefined,
  artifacts: ReadonlyMap<Digest, JsonValue>,
): readonly NeedState[] | undefined {
  return needsOf(task, artifacts)?.map((need) => {
    const signal = boundSignal(task, need, artifacts);
    const digest = task.inputs[signalInputName(need.kind)];
    if (signal === undefined || digest === undefined) return { bound: false, consumed: false };
    return {
      bound: true,
      consumed: output?.signals.some((item) => item.signal === digest && isProofOf(item, signal, digest)) ?? false,
    };
  });
}

/** Whether every mandatory signal of the task's question is wired, present, well-formed and strong enough. */
export function isPlannedCovered(task: Task, artifacts: ReadonlyMap<Digest, JsonValue>): boolean {
  return needStatesOf(task, undefined, artifacts)?.every(({ bound }) => bound) ?? false;
}

/** Whether the output holds at least one verifiable consumption of every mandatory signal. */
export function isConsumedCovered(task: Task, output: Output, artifacts: ReadonlyMap<Digest, JsonValue>): boolean {
  return needStatesOf(task, output, artifacts)?.every(({ consumed }) => consumed) ?? false;
}

/** Whether a consumption is a valid chain of links over this signal. */
export function isProofOf(consumption: Consumption, signal: Signal, signalDigest = digestJson(signal)): boolean {
  return consumptionFaults(consumption, signal, signalDigest).length === 0;
}

/** Everything that keeps a consumption from being a proof over this signal; `signalDigest` is the signal's own. */
export function consumptionFaults(consumption: Consumption, signal: Signal, signalDigest: Digest): Reason[] {
  const faults: Reason[] = [];
  const fault = (code: string, place: string, message: string) => faults.push({ code, place, message });
  const { links } = consumption;
  if (consumption.signal !== signalDigest) fault("other-signal", "signal", "the consumption names another signal");
  if (consumption.kind !== signal.kind) fault("other-kind", "kind", "the consumption names another kind of signal");
  if (links.length === 0) fault("no-link", "links", "a consumption without links proves nothing");
  const order = new Map(signal.annotations.map(({ pattern, span }, index) => [placeOf(pattern, span), index]));
  let previous = consumption.signal;
  let last = -1;
  links.forEach((link, index) => {
    const place = `links/${index}`;
    if (link.previous !== previous) fault("broken-chain", place, "the link does not follow the one before it");
    if (link.chunkDigest !== signal.chunkDigest) fault("other-chunk", place, "the link names another chunk");
    const at = link.span === null ? undefined : order.get(placeOf(link.pattern, link.span));
    if (link.span === null) {
      const isAbsence = signal.annotations.length === 0 && link.pattern === ABSENCE_PATTERN && links.length === 1;
      if (!isAbsence) fault("false-absence", place, "a link without span stands only for a measured absence, alone");
    } else if (at === undefined) {
      fault("unknown-annotation", place, "the signal has no such annotation");
    } else {
      if (at <= last) fault("out-of-order", place, "links repeat or leave the order of the signal");
      last = Math.max(last, at);
    }
    previous = digestJson(link);
  });
  return faults;
}

/** The signals that a task was given, by digest; what is no well-formed signal is left out. */
export function givenSignals(task: Task, artifacts: ReadonlyMap<Digest, JsonValue>): ReadonlyMap<Digest, Signal> {
  const given = new Map<Digest, Signal>();
  for (const kind of SignalKind.options) {
    const digest = task.inputs[signalInputName(kind)];
    const parsed = Signal.safeParse(digest === undefined ? undefined : artifacts.get(digest));
    if (digest !== undefined && parsed.success && parsed.data.kind === kind) given.set(digest, parsed.data);
  }
  return given;
}

function placeOf(pattern: string, span: Span): string {
  return `${pattern} ${span.start} ${span.end}`;
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
