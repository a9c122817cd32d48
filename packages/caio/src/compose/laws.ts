/**
 * The laws by which bounds of parts become a bound of the whole, for the properties that have one.
 *
 * Invariants:
 *   Q1. Safe sides: a lower bound is rounded down, an upper bound is never made smaller; what cannot be said exactly is unknown.
 *   Q2. Without declared independence, a law holds under every joint distribution of the parts.
 *
 * @see Fréchet, Généralisations du théorème des probabilités totales, Fundamenta Mathematicae 25, 1935.
 * @module
 */
import type { Bound, Direction } from "./bounds.ts";
import type { CompositionRule, UnknownGuarantee } from "./composition.ts";

const MILLION = 1_000_000;
const MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** A bound of the whole, or why there is none and which parts are the reason. */
export type Outcome =
  | { readonly value: number; readonly rule: CompositionRule; readonly of: readonly Bound[] }
  | { readonly why: UnknownGuarantee["why"]; readonly parts: readonly number[] };

/** What a law asks of a part: its bound of a property in the unit of the law. */
export type Ask = (part: number, property: string) => Bound | null;

/** Shares in parts of a million: that every part is right, there, or done. */
const SHARES = new Set(["accuracy", "availability", "reliability"]);
const PERCENTILES = ["latency-p50", "latency-p95", "latency-p99", "latency-max"];

/** The bound of a sequence, or of parts that run at once and are all needed. */
export function boundOfAll(
  kind: "sequence" | "parallel",
  { property, unit, direction }: { property: string; unit: string; direction: Direction },
  isIndependent: boolean,
  count: number,
  ask: Ask,
): Outcome {
  if (PERCENTILES.includes(property) && direction === "max")
    return latency(
      property,
      count,
      ask,
      kind === "sequence" ? sum : (values) => Math.max(...values),
      kind === "sequence" ? "sum" : "greatest",
    );
  if (SHARES.has(property) && unit === "ppm" && direction === "min")
    return stated(count, ask, property, (bounds) => (isIndependent ? product(bounds) : frechet(bounds)));
  if (property === "throughput" && direction === "min")
    return stated(count, ask, property, (of) => ({
      value: Math.min(...of.map(({ value }) => value)),
      rule: "least",
      of,
    }));
  if (property === "cost" && direction === "max")
    return stated(count, ask, property, (of) => summed(of, sum(of.map(({ value }) => value)), "sum"));
  return { why: "no-rule", parts: [] };
}

/** The bound that holds whichever part answers; attempts take their time one after the other, and their money where billed. */
export function boundOfEither(
  { property, direction }: { property: string; direction: Direction },
  isBilled: boolean,
  count: number,
  ask: Ask,
): Outcome {
  if (PERCENTILES.includes(property) && direction === "max") return latency(property, count, ask, sum, "sum");
  if (property === "cost" && direction === "max" && isBilled)
    return stated(count, ask, property, (of) => summed(of, sum(of.map(({ value }) => value)), "sum"));
  return stated(count, ask, property, (of) => {
    const values = of.map(({ value }) => value);
    return { value: direction === "max" ? Math.max(...values) : Math.min(...values), rule: "meet", of };
  });
}

/**
 * Hard bounds are joined. Of percentiles one can be joined with hard bounds of all others; the best such choice counts, and a
 * percentile of a part is also given by its higher ones. Two percentiles say nothing of their sum or their maximum.
 */
function latency(
  property: string,
  count: number,
  ask: Ask,
  join: (values: readonly number[]) => number | null,
  rule: CompositionRule,
): Outcome {
  const parts = Array.from({ length: count }, (_, part) => part);
  const hard = parts.map((part) => ask(part, "latency-max"));
  const soft = parts.map((part) => atLeast(property, part, ask));
  const missing = parts.filter((part) => soft[part] === null);
  if (missing.length > 0) return { why: "not-stated", parts: missing };
  const unbounded = parts.filter((part) => hard[part] === null);
  if (unbounded.length > 1) return { why: "percentiles", parts: unbounded };
  const choices = property === "latency-max" ? [null] : parts.filter((part) => unbounded.every((one) => one === part));
  const outcomes = choices.map((chosen) => {
    const of = parts.map((part) => (part === chosen ? soft[part] : hard[part]) as Bound);
    const isPlain = chosen === null || soft[chosen]?.value === hard[chosen]?.value;
    return summed(of, join(of.map(({ value }) => value)), isPlain ? rule : "percentile-and-hard");
  });
  return outcomes.reduce((best, one) =>
    "value" in one && (!("value" in best) || one.value < best.value) ? one : best,
  );
}

/** The least that is stated of this percentile or a higher one, the hard bound last. */
function atLeast(property: string, part: number, ask: Ask): Bound | null {
  const higher = PERCENTILES.slice(PERCENTILES.indexOf(property)).toReversed();
  return higher.reduce<Bound | null>((best, name) => {
    const bound = ask(part, name);
    return bound !== null && (best === null || bound.value < best.value) ? bound : best;
  }, null);
}

/** Where every part states the property; unknown otherwise. */
function stated(count: number, ask: Ask, property: string, law: (bounds: readonly Bound[]) => Outcome): Outcome {
  const bounds = Array.from({ length: count }, (_, part) => ask(part, property));
  const missing = bounds.flatMap((bound, part) => (bound === null ? [part] : []));
  return missing.length > 0 ? { why: "not-stated", parts: missing } : law(bounds as Bound[]);
}

/** All parts at once: at least the sum of the shares less one for each part but one. */
function frechet(of: readonly Bound[]): Outcome {
  const total = of.reduce((rest, { value }) => rest - (MILLION - share(value)), MILLION);
  return { value: Math.max(0, total), rule: "frechet", of };
}

/** Rounded down once, behind the last factor. */
function product(of: readonly Bound[]): Outcome {
  const numerator = of.reduce((total, { value }) => total * BigInt(share(value)), 1n);
  return { value: Number(numerator / BigInt(MILLION) ** BigInt(of.length - 1)), rule: "product", of };
}

/** What is stated beyond the whole is the whole; below nothing is nothing. */
function share(value: number): number {
  return Math.min(MILLION, Math.max(0, value));
}

function sum(values: readonly number[]): number | null {
  const total = values.reduce((all, value) => all + BigInt(value), 0n);
  return total > MAX || total < -MAX ? null : Number(total);
}

function summed(of: readonly Bound[], value: number | null, rule: CompositionRule): Outcome {
  return value === null ? { why: "too-large", parts: [] } : { value, rule, of };
}
