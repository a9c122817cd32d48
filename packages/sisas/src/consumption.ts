/**
 * Consumption proofs: the record that a task really read a signal.
 *
 * Invariants:
 *   P1. Links stand in the order of the signal's annotations, each once; the first follows the signal's digest, each
 *       other the digest of the link before it. All links are kept: dropping or swapping any breaks the chain.
 *   P2. A measured absence is consumed by one link without span, named {@link ABSENCE_PATTERN}. A signal that has
 *       annotations cannot be consumed that way: a task that looked at all of them and used none links them all.
 *   P3. What verification accepts, and only that, can be made again from the signal and the choice of annotations.
 *
 * @module
 */
import {
  ABSENCE_PATTERN,
  type Annotation,
  type Consumption,
  type ConsumptionLink,
  consumptionFaults,
  type Digest,
  digestJson,
  freezeDeep,
  type Reason,
  type Signal,
  type Verdict,
} from "@canonic/contracts";
import { SisasError } from "./errors.ts";

/**
 * Proves that a signal was read.
 *
 * @param signalDigest - The digest under which the task was given the signal; the chain starts from it.
 * @param annotationsUsed - Annotations of this signal that the task looked at, in any order; empty for an absence.
 * @throws {SisasError} `sisas.foreign-annotation` when one is not of this signal, `sisas.nothing-consumed` when none is
 *   given although the signal has some.
 */
export function proveConsumption(
  signal: Signal,
  signalDigest: Digest,
  annotationsUsed: readonly Annotation[],
): Consumption {
  const used = new Set(annotationsUsed.map(placeOf));
  const chosen = signal.annotations.filter((annotation) => used.has(placeOf(annotation)));
  if (chosen.length !== used.size) refuseForeign(signal, annotationsUsed);
  if (chosen.length === 0 && signal.annotations.length > 0) {
    const annotations = signal.annotations.length;
    throw new SisasError(
      "sisas.nothing-consumed",
      `a signal with ${annotations} annotations was read, but none named`,
      {
        annotations,
      },
    );
  }
  const places = chosen.length === 0 ? [{ pattern: ABSENCE_PATTERN, span: null }] : chosen;
  const links: ConsumptionLink[] = [];
  let previous = signalDigest;
  for (const { pattern, span } of places) {
    const link = { pattern, span: span === null ? null : { ...span }, chunkDigest: signal.chunkDigest, previous };
    links.push(link);
    previous = digestJson(link);
  }
  return freezeDeep({ signal: signalDigest, kind: signal.kind, links });
}

/** Checks a consumption against the signal that it names, from the bytes up; the refusal lists every fault. */
export function verifyConsumption(consumption: Consumption, signal: Signal): Verdict {
  return verifyConsumptionOf(consumption, signal, digestJson(signal));
}

/** {@link verifyConsumption} where the caller has already computed the signal's digest. */
export function verifyConsumptionOf(consumption: Consumption, signal: Signal, signalDigest: Digest): Verdict {
  const faults = consumptionFaults(consumption, signal, signalDigest);
  const reasons = faults.map((fault): Reason => ({ ...fault, code: `sisas.${fault.code}` }));
  const [first, ...others] = reasons;
  if (first === undefined) return { kind: "allow", rules: ["consumption-chain"] };
  return { kind: "refuse", rules: ["consumption-chain"], reasons: [first, ...others] };
}

function placeOf({ pattern, span }: Pick<Annotation, "pattern" | "span">): string {
  return `${pattern} ${span.start} ${span.end}`;
}

function refuseForeign(signal: Signal, used: readonly Annotation[]): never {
  const own = new Set(signal.annotations.map(placeOf));
  const foreign = used.find((annotation) => !own.has(placeOf(annotation)));
  const { pattern, span } = foreign ?? { pattern: "", span: { start: 0, end: 0 } };
  throw new SisasError("sisas.foreign-annotation", `the signal has no \`${pattern}\` at ${span.start}..${span.end}`, {
    pattern,
    start: span.start,
    end: span.end,
  });
}
