/**
 * Dispatches signals: validate, scope, de-duplicate, value gate, capability route, deliver.
 *
 * Invariants:
 *   X1. A candidate is delivered or it is a dead letter; nothing disappears. One that reaches some consumers and fails
 *       at others is both, with a letter for each failure.
 *   X2. The stages run in the order above, and the first that refuses names the reason.
 *   X3. A measured absence passes the value gate for every consumer whose contract accepts it: silence is a finding.
 *   X4. Dead letters hold the candidate itself, so they can be dispatched again; what a handler threw is not kept.
 *   X5. No state outside the arguments and the result: `seen` goes in and comes out.
 *
 * @module
 */
import { assertJson, type ChunkId, type Digest, digestJson, Signal } from "@canonic/contracts";
import { SisasError } from "./errors.ts";
import type { ConsumptionContract, PublicationContract } from "./signal-contracts.ts";

export type DeadLetterReason =
  | "invalid-scope"
  | "duplicate"
  | "low-value"
  | "no-consumer"
  | "capability-mismatch"
  | "handler-error"
  | "invalid";

/** `consumer` is named when the signal was routed and only this consumer failed. */
export type DeadLetter = {
  readonly candidate: unknown;
  readonly digest: Digest | null;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly consumer: string | null;
};

export type Delivery = { readonly digest: Digest; readonly consumer: string; readonly acknowledged: boolean };

/** A consumer; it returns `acknowledged` once it has taken the signal for good. */
export type SignalHandler = (signal: Signal, digest: Digest) => "acknowledged" | "received";

export type DispatchInput = {
  readonly candidates: readonly unknown[];
  readonly publications: readonly PublicationContract[];
  readonly consumptions: readonly ConsumptionContract[];
  /** The chunks in scope, by the digest of their current version. */
  readonly scope: ReadonlyMap<ChunkId, Digest>;
  readonly handlers: ReadonlyMap<string, SignalHandler>;
  /** Content digests delivered before. */
  readonly seen?: ReadonlySet<Digest>;
  /** A monotonic clock in milliseconds, for contracts with a deadline. */
  readonly now?: () => number;
};

export type DispatchResult = {
  readonly deliveries: readonly Delivery[];
  readonly deadLetters: readonly DeadLetter[];
  readonly seen: ReadonlySet<Digest>;
};

/**
 * Dispatches candidates in order.
 *
 * @throws {SisasError} `sisas.contracts-conflict` when two contracts have one name, a consumer has no handler, or a
 *   deadline is promised and no clock given: nothing is dispatched then.
 */
export function dispatchSignals(input: DispatchInput): DispatchResult {
  return run(
    input,
    input.candidates.map((candidate) => ({ candidate, only: null })),
  );
}

/** Dispatches dead letters again, under contracts and handlers that may have been mended since; a letter about one consumer goes to that consumer alone. */
export function replayDeadLetters(
  letters: readonly DeadLetter[],
  input: Omit<DispatchInput, "candidates">,
): DispatchResult {
  return run(
    input,
    letters.map(({ candidate, consumer }) => ({ candidate, only: consumer })),
  );
}

type Candidate = { readonly candidate: unknown; readonly only: string | null };
type Refusal = { readonly reason: DeadLetterReason; readonly detail: string };
type Context = Omit<DispatchInput, "candidates">;

function run(input: Context, candidates: readonly Candidate[]): DispatchResult {
  requireContracts(input);
  const seen = new Set(input.seen ?? []);
  const emitted = new Map<string, number>();
  const deliveries: Delivery[] = [];
  const deadLetters: DeadLetter[] = [];
  for (const { candidate, only } of candidates) {
    const bury = (refusal: Refusal, digest: Digest | null, consumer: string | null) =>
      deadLetters.push({ candidate, digest, ...refusal, consumer });
    const checked = validate(candidate, input.publications);
    if ("reason" in checked) {
      bury(checked, null, only);
      continue;
    }
    const { signal, digest, rate } = checked;
    const refusal = scopeOf(signal, input.scope) ?? duplicateOf(digest, only === null ? seen : new Set());
    if (refusal !== null) {
      bury(refusal, digest, only);
      continue;
    }
    const key = `${signal.publisher} ${signal.chunk} ${signal.kind}`;
    const count = (emitted.get(key) ?? 0) + 1;
    if (count > rate && only === null) {
      bury({ reason: "invalid", detail: "rate-exceeded" }, digest, only);
      continue;
    }
    const routed = route(
      signal,
      input.consumptions.filter(({ consumer }) => only === null || consumer === only),
    );
    if ("reason" in routed) {
      bury(routed, digest, only);
      continue;
    }
    emitted.set(key, count);
    seen.add(digest);
    for (const contract of routed.consumers) {
      const outcome = deliver(signal, digest, contract, input);
      if (typeof outcome === "string") bury({ reason: "handler-error", detail: outcome }, digest, contract.consumer);
      else deliveries.push(outcome);
    }
  }
  return { deliveries, deadLetters, seen };
}

function validate(
  candidate: unknown,
  publications: readonly PublicationContract[],
): Refusal | { readonly signal: Signal; readonly digest: Digest; readonly rate: number } {
  const parsed = Signal.safeParse(candidate);
  if (!parsed.success) return { reason: "invalid", detail: "not-a-signal" };
  const signal = parsed.data;
  if ((signal.strength === 0) !== (signal.annotations.length === 0))
    return { reason: "invalid", detail: "strength-without-finding" };
  const contract = publications.find(({ publisher }) => publisher === signal.publisher);
  if (contract === undefined) return { reason: "invalid", detail: "unknown-publisher" };
  if (!contract.kinds.includes(signal.kind)) return { reason: "invalid", detail: "kind-not-published" };
  if (contract.vocabulary !== signal.vocabulary) return { reason: "invalid", detail: "other-vocabulary" };
  assertJson(signal);
  return { signal, digest: digestJson(signal), rate: contract.signalsPerChunkMax };
}

function scopeOf(signal: Signal, scope: DispatchInput["scope"]): Refusal | null {
  const digest = scope.get(signal.chunk);
  if (digest === undefined) return { reason: "invalid-scope", detail: "chunk-out-of-scope" };
  return digest === signal.chunkDigest ? null : { reason: "invalid-scope", detail: "other-chunk-version" };
}

function duplicateOf(digest: Digest, seen: ReadonlySet<Digest>): Refusal | null {
  return seen.has(digest) ? { reason: "duplicate", detail: "delivered-before" } : null;
}

/** Value gate, then capabilities. */
function route(
  signal: Signal,
  contracts: readonly ConsumptionContract[],
): Refusal | { readonly consumers: readonly ConsumptionContract[] } {
  const wanting = contracts.filter(({ needs }) => needs.some(({ kind }) => kind === signal.kind));
  if (wanting.length === 0) return { reason: "no-consumer", detail: `nobody needs ${signal.kind}` };
  const valued = wanting.filter(({ needs }) =>
    needs.some((need) => need.kind === signal.kind && isWorth(signal, need)),
  );
  if (valued.length === 0) return { reason: "low-value", detail: `strength ${signal.strength} is under every need` };
  const consumers = valued.filter(
    ({ languages, vocabulary }) => languages.includes(signal.language) && vocabulary === signal.vocabulary,
  );
  if (consumers.length === 0)
    return { reason: "capability-mismatch", detail: "no consumer reads this language and vocabulary" };
  return { consumers };
}

function isWorth(signal: Signal, need: ConsumptionContract["needs"][number]): boolean {
  return signal.strength === 0 ? need.acceptsAbsence : signal.strength >= need.strengthMin;
}

/** A delivery, or why it failed; what a handler threw stays with the handler. */
function deliver(
  signal: Signal,
  digest: Digest,
  contract: ConsumptionContract,
  { handlers, now }: Context,
): Delivery | string {
  const { consumer, withinMs, acknowledge } = contract;
  const startedAt = now?.() ?? 0;
  let answer: ReturnType<SignalHandler> | undefined;
  try {
    answer = handlers.get(consumer)?.(signal, digest);
  } catch {
    return "handler-threw";
  }
  if (withinMs !== null && (now?.() ?? 0) - startedAt > withinMs) return "too-late";
  if (acknowledge && answer !== "acknowledged") return "not-acknowledged";
  return { digest, consumer, acknowledged: answer === "acknowledged" };
}

function requireContracts({ publications, consumptions, handlers, now }: Context): void {
  const issues: { place: string; expected: string }[] = [];
  const once = (names: readonly string[]) => {
    for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
      issues.push({ place: name, expected: "one contract" });
  };
  once(publications.map(({ publisher }) => publisher));
  once(consumptions.map(({ consumer }) => consumer));
  for (const { consumer, withinMs } of consumptions) {
    if (!handlers.has(consumer)) issues.push({ place: consumer, expected: "a handler" });
    if (withinMs !== null && now === undefined) issues.push({ place: consumer, expected: "a clock, for its deadline" });
  }
  const [first] = issues;
  if (first === undefined) return;
  throw new SisasError("sisas.contracts-conflict", `\`${first.place}\` wants ${first.expected}`, { issues });
}
