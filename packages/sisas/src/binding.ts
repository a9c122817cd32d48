/**
 * Binds signals to questions: for each need, the one signal of the question's chunk, or the stage where it was lost.
 *
 * Invariants:
 *   B1. A need reaches the stages declared, wired, emitted, valid, fresh in this order; `stage` is the last it reached.
 *   B2. `signal` is there only when the signal is of the need's chunk, kind and language, well-formed and fresh: what
 *       is stale or foreign is never handed to a task. A signal that is merely weaker than asked is handed over, for it
 *       is true; its need stays at `emitted` and its task is not covered.
 *   B3. Bindings stand in the order of the questions; no order of signals or chunks changes them.
 *
 * @module
 */
import {
  type AreaId,
  type ChunkId,
  type Digest,
  type DimensionId,
  type Question,
  type QuestionId,
  Signal,
  type SignalKind,
  type SignalNeed,
} from "@canonic/contracts";
import type { EmittedSignal } from "./annotate.ts";
import type { SignalGap } from "./signal-gap.ts";

/** How far a need came; `consumed` follows only after the run (see coverage.ts). */
export type BindingStage = "declared" | "wired" | "emitted" | "valid" | "fresh";

export type BoundNeed = {
  readonly kind: SignalKind;
  readonly strengthMin: number;
  readonly signal: Digest | null;
  readonly stage: BindingStage;
  /** Null when nothing is missing. */
  readonly lost: { readonly at: BindingStage; readonly reason: string; readonly owner: string } | null;
};

export type Binding = {
  readonly question: QuestionId;
  readonly area: AreaId;
  readonly dimension: DimensionId;
  readonly chunk: ChunkId;
  readonly chunkDigest: Digest | null;
  readonly required: readonly BoundNeed[];
  readonly optional: readonly BoundNeed[];
};

/** A need that no signal meets. */
export type BindingGap = {
  readonly question: QuestionId;
  readonly kind: SignalKind;
  readonly required: boolean;
  readonly stage: BindingStage;
  readonly reason: string;
  readonly owner: string;
};

export type BindInput = {
  readonly questions: readonly Question[];
  readonly chunks: readonly { readonly id: ChunkId; readonly digest: Digest }[];
  readonly signals: readonly EmittedSignal[];
  /** What {@link annotateChunks} could not measure; it names the reason where a signal is absent. */
  readonly gaps?: readonly SignalGap[];
  /** Digest of the current vocabulary. */
  readonly vocabulary: Digest;
};

/** Binds every need of every question. */
export function bindSignals(input: BindInput): {
  readonly bindings: readonly Binding[];
  readonly gaps: readonly BindingGap[];
} {
  const chunks = groupBy(input.chunks, ({ id }) => id);
  const signals = groupBy(input.signals, ({ signal }) => `${signal.chunk} ${signal.kind}`);
  const unmeasured = groupBy(input.gaps ?? [], ({ chunk, kind }) => `${chunk} ${kind}`);
  const bindings = input.questions.map((question): Binding => {
    const chunk = `${question.area}-${question.dimension}` as ChunkId;
    const candidates = chunks.get(chunk) ?? [];
    const chunkDigest = candidates.length === 1 ? (candidates[0]?.digest ?? null) : null;
    const bind = (need: SignalNeed): BoundNeed => {
      if (chunkDigest === null) {
        return lost(need, "declared", "wired", candidates.length === 0 ? "chunk-missing" : "chunk-ambiguous", "carver");
      }
      const key = `${chunk} ${need.kind}`;
      return bindNeed(need, question, chunkDigest, signals.get(key) ?? [], unmeasured.get(key)?.[0], input.vocabulary);
    };
    const { id, area, dimension } = question;
    const required = question.signals.required.map(bind);
    return {
      question: id,
      area,
      dimension,
      chunk,
      chunkDigest,
      required,
      optional: question.signals.optional.map(bind),
    };
  });
  return { bindings, gaps: bindings.flatMap(gapsOf) };
}

/** The inputs that a task gets: `signal-<kind>` to digest, for every bound signal. */
export function signalInputsOf(binding: Binding): Readonly<Record<string, Digest>> {
  const bound = [...binding.required, ...binding.optional].flatMap(({ kind, signal }) =>
    signal === null ? [] : [[`signal-${kind}`, signal] as const],
  );
  return Object.fromEntries(bound.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function bindNeed(
  need: SignalNeed,
  question: Question,
  chunkDigest: Digest,
  candidates: readonly EmittedSignal[],
  unmeasured: SignalGap | undefined,
  vocabulary: Digest,
): BoundNeed {
  const [candidate, ...others] = distinct(candidates);
  if (candidate === undefined) {
    return lost(need, "wired", "emitted", unmeasured?.reason ?? "not-emitted", unmeasured?.owner ?? "publisher");
  }
  if (others.length > 0) return lost(need, "wired", "emitted", "signal-ambiguous", "publisher");
  const { signal, digest } = candidate;
  if (!Signal.safeParse(signal).success) return lost(need, "emitted", "valid", "malformed", "publisher");
  if (signal.chunkDigest !== chunkDigest) return lost(need, "emitted", "valid", "other-chunk-version", "publisher");
  if (signal.language !== question.language) return lost(need, "emitted", "valid", "other-language", "questionnaire");
  const fresh = signal.vocabulary === vocabulary;
  if (signal.strength < need.strengthMin) {
    return { ...lost(need, "emitted", "valid", "too-weak", "document"), signal: fresh ? digest : null };
  }
  if (!fresh) return lost(need, "valid", "fresh", "stale-vocabulary", "vocabulary");
  return { ...need, signal: digest, stage: "fresh", lost: null };
}

function lost(need: SignalNeed, stage: BindingStage, at: BindingStage, reason: string, owner: string): BoundNeed {
  return { ...need, signal: null, stage, lost: { at, reason, owner } };
}

function gapsOf(binding: Binding): BindingGap[] {
  const of = (required: boolean) => (need: BoundNeed) =>
    need.lost === null
      ? []
      : [
          {
            question: binding.question,
            kind: need.kind,
            required,
            stage: need.lost.at,
            reason: need.lost.reason,
            owner: need.lost.owner,
          },
        ];
  return [...binding.required.flatMap(of(true)), ...binding.optional.flatMap(of(false))];
}

function distinct(candidates: readonly EmittedSignal[]): readonly EmittedSignal[] {
  return [...new Map(candidates.map((candidate) => [candidate.digest, candidate])).values()];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
