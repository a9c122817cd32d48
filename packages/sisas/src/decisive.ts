/**
 * Decisive signals: silence one, answer again, compare. A signal whose silence changes nothing is decoration.
 *
 * Invariants:
 *   D1. What is compared is the answer without its consumption records: those name the signal and would always differ.
 *   D2. Silencing is a measured absence of the same signal, not a missing one: a task that lacks a mandatory signal
 *       aborts, which would call every signal decisive.
 *   D3. A signal that already measured an absence cannot be silenced; it is counted apart, as `silent`.
 *
 * @module
 */
import {
  canonicalJson,
  type Digest,
  freezeDeep,
  type JsonObject,
  type QuestionId,
  type Signal,
  type SignalKind,
} from "@canonic/contracts";
import type { EmittedSignal } from "./annotate.ts";
import type { Binding } from "./binding.ts";

/** The signal as it would be, had its annotator found nothing. */
export function silenceSignal(signal: Signal): Signal {
  return freezeDeep({ ...signal, strength: 0, annotations: [] });
}

export type BoundPair = { readonly question: QuestionId; readonly kind: SignalKind; readonly signal: Digest };

export type DecisiveReport = {
  readonly decisive: readonly BoundPair[];
  readonly decorations: readonly BoundPair[];
  readonly silent: readonly BoundPair[];
};

/**
 * Answers every question again with each of its mandatory signals silenced in turn.
 *
 * @param answer - A deterministic function from a question and its signals by kind to its output. It is called once for
 *   each question, and once more for each mandatory signal with annotations.
 */
export function findDecorations(input: {
  readonly bindings: readonly Binding[];
  readonly signals: readonly EmittedSignal[];
  readonly answer: (question: QuestionId, signals: ReadonlyMap<SignalKind, Signal>) => JsonObject;
}): DecisiveReport {
  const signalOf = new Map(input.signals.map(({ digest, signal }) => [digest, signal]));
  const report = { decisive: [] as BoundPair[], decorations: [] as BoundPair[], silent: [] as BoundPair[] };
  for (const { question, required, optional } of input.bindings) {
    const bound = new Map<SignalKind, Signal>();
    for (const { kind, signal } of [...optional, ...required]) {
      const value = signal === null ? undefined : signalOf.get(signal);
      if (value !== undefined) bound.set(kind, value);
    }
    const answered = comparable(input.answer(question, bound));
    for (const { kind, signal } of required) {
      const value = bound.get(kind);
      if (signal === null || value === undefined) continue;
      const pair = { question, kind, signal };
      if (value.annotations.length === 0) report.silent.push(pair);
      else if (comparable(input.answer(question, new Map(bound).set(kind, silenceSignal(value)))) === answered)
        report.decorations.push(pair);
      else report.decisive.push(pair);
    }
  }
  return report;
}

function comparable(output: JsonObject): string {
  const { signals: _consumed, ...answer } = output;
  return canonicalJson(answer);
}
