/**
 * What the kernel asks of compiled rules.
 *
 * @module
 */
import type { RouteIdentity, RouteRequest, Rule } from "@canonic/contracts";

/** The answer of one service to one rule. */
export const RULE_SATISFIED = 0;
export const RULE_VIOLATED = 1;
export const RULE_UNKNOWN = 2;

/** One rule over all services of a snapshot. `answers` has one of the three per service, in the snapshot's order; null is all satisfied. */
export interface RuleAnswers {
  readonly rule: Rule;
  readonly answers: Uint8Array | null;
}

/** Compiled against one snapshot; gives the rules by id, each one once. Answers are shared and never changed: do not write into them. */
export interface RuleMatcher {
  match(request: RouteRequest, identity: RouteIdentity | null): readonly RuleAnswers[];
}
