/**
 * The total order of those that passed (section 6).
 *
 * @module
 */
import type { Terms } from "./score.ts";

export interface Passed {
  readonly place: number;
  readonly service: string;
  readonly version: string;
  readonly score: bigint;
  readonly terms: Terms;
  readonly cost: bigint | null;
  readonly isCostAssumed: boolean;
  readonly latency: bigint | null;
}

/** Negative where `a` comes before `b`. */
function compare(a: Passed, b: Passed): number {
  if (a.score !== b.score) return a.score > b.score ? -1 : 1;
  return (
    compareLess(knownCost(a), knownCost(b)) ||
    compareLess(a.latency, b.latency) ||
    (a.service === b.service ? 0 : a.service < b.service ? -1 : 1) ||
    -compareVersions(a.version, b.version)
  );
}

/** A cost that was assumed orders like one that is not known. */
function knownCost({ cost, isCostAssumed }: Passed): bigint | null {
  return isCostAssumed ? null : cost;
}

function compareLess(a: bigint | null, b: bigint | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

/** By number, part by part. */
export function compareVersions(a: string, b: string): number {
  const right = b.split(".");
  for (const [index, part] of a.split(".").entries()) {
    const difference = BigInt(part) - BigInt(right[index] as string);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

/** First to last. */
export function inOrder(passed: readonly Passed[]): Passed[] {
  return [...passed].sort(compare);
}
