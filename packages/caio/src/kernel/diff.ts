/**
 * What changed between two decisions, and which of their inputs did.
 *
 * @module
 */
import type { JsonValue, RouteDecision } from "@canonic/contracts";
import { type Difference, differencesOf } from "./differences.ts";

/** How many differences a diff lists. */
export const DIFF_MAX = 1024;

export interface DecisionDiff {
  /** The inputs that differ, as pointers into the record: `/request`, `/world/snapshot`, `/at`, … */
  readonly causes: readonly string[];
  readonly isSameOutcome: boolean;
  /** All differing fields, in document order, at most {@link DIFF_MAX}. */
  readonly differences: readonly Difference[];
}

const INPUTS = /^\/(at|request|semantics|world\/[A-Za-z]+)$/;

export function diffDecisions(before: RouteDecision, after: RouteDecision): DecisionDiff {
  const differences = differencesOf(before as unknown as JsonValue, after as unknown as JsonValue, DIFF_MAX);
  return {
    causes: differences.map(({ pointer }) => pointer).filter((pointer) => INPUTS.test(pointer)),
    isSameOutcome: !differences.some(({ pointer }) => pointer === "/outcome" || pointer.startsWith("/outcome/")),
    differences,
  };
}
