/**
 * Signal bindings: which signal each question's task is given, as values from outside.
 *
 * A signal that a question wants and that is not bound stays unbound: that is a gap, which the signal coverage contract
 * counts. A binding that is wrong is refused.
 *
 * Invariants:
 *   B1. A bound signal is present, of the kind that it is bound as, about the question's own chunk by digest, and of a
 *       kind that the question declared.
 *   B2. A question is bound to at most one signal of a kind.
 *
 * @module
 */
import {
  byCodeUnit,
  type Digest,
  digestJson,
  type JsonValue,
  type Question,
  type QuestionId,
  type Signal,
  type SignalKind,
} from "@canonic/contracts";
import { assertNoFaults, type Fault } from "./errors.ts";
import type { JoinRow } from "./join.ts";

type BoundKind = { readonly kind: SignalKind; readonly signal: Digest | null };

/** What each need of a question was bound to; null where no signal meets it. */
export type SignalBinding = {
  readonly question: QuestionId;
  readonly required: readonly BoundKind[];
  readonly optional: readonly BoundKind[];
};

/**
 * Checks bindings and gives each question its signals, kinds in code-unit order.
 *
 * @throws {PlannerError} `planner.signals-invalid` with every fault.
 */
export function bindSignals(
  bindings: readonly SignalBinding[],
  signals: readonly Signal[],
  questions: ReadonlyMap<QuestionId, Question>,
  rows: readonly JoinRow[],
): ReadonlyMap<QuestionId, readonly Signal[]> {
  const values = new Map(signals.map((signal) => [digestJson(signal as JsonValue), signal]));
  const chunks = new Map(rows.map(({ question, chunk, chunkDigest }) => [question, { chunk, chunkDigest }]));
  const bound = new Map<QuestionId, Map<SignalKind, Signal>>();
  const faults: Fault[] = [];
  for (const { id, kind, digest } of bindings.flatMap(boundOf)) {
    const fault = (message: string) => faults.push({ place: `${id}/${kind}`, message: `\`${id}/${kind}\` ${message}` });
    const question = questions.get(id);
    const signal = values.get(digest);
    const place = chunks.get(id);
    if (question === undefined || place === undefined) fault("is bound to no question of the plan");
    else if (![...question.signals.required, ...question.signals.optional].some((need) => need.kind === kind)) {
      fault("was not declared by the question");
    }
    if (signal === undefined) {
      fault(`names \`${digest}\`, which is no signal given`);
      continue;
    }
    if (signal.kind !== kind) fault(`is bound to a signal of kind \`${signal.kind}\``);
    if (signal.chunk !== place?.chunk || signal.chunkDigest !== place.chunkDigest) {
      fault(`is bound to a signal about \`${signal.chunk}\`, or about other bytes of it`);
    }
    const own = bound.get(id) ?? new Map<SignalKind, Signal>();
    if (own.has(kind)) fault("is bound twice");
    bound.set(id, own.set(kind, signal));
  }
  faults.sort((a, b) => byCodeUnit(a.place, b.place) || byCodeUnit(a.message, b.message));
  assertNoFaults("planner.signals-invalid", "the signals cannot be bound", faults);
  return new Map(
    [...bound].map(([id, own]) => [id, [...own.values()].sort((a, b) => byCodeUnit(a.kind, b.kind))] as const),
  );
}

function boundOf({
  question,
  required,
  optional,
}: SignalBinding): { id: QuestionId; kind: SignalKind; digest: Digest }[] {
  return [...required, ...optional].flatMap(({ kind, signal }) =>
    signal === null ? [] : [{ id: question, kind, digest: signal }],
  );
}
