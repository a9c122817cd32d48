/**
 * How annotations become a strength: `strongest-plus-variety/v1`.
 *
 * The heaviest pattern found, plus 6 for each further distinct pattern, plus 2 for each further annotation, at most 100;
 * nothing found is 0. Integers only.
 *
 * Invariants:
 *   T1. Strength 0 and "no annotation" are the same statement.
 *   T2. One annotation more never lowers the strength.
 *
 * @module
 */

/** The name of the rule; a vocabulary states it, so another rule is another vocabulary. */
export const STRENGTH_RULE = "strongest-plus-variety/v1";

/**
 * @param patterns - The pattern id of every annotation.
 * @param weights - Integer 1..100 for every pattern id.
 */
export function strengthOf(patterns: readonly string[], weights: Readonly<Record<string, number>>): number {
  if (patterns.length === 0) return 0;
  const distinct = new Set(patterns);
  const heaviest = Math.max(...[...distinct].map((pattern) => weights[pattern] ?? 1));
  return Math.min(100, heaviest + 6 * (distinct.size - 1) + 2 * (patterns.length - 1));
}
