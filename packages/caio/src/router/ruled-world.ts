/**
 * A world and its rules, opened as one.
 *
 * Invariants:
 *   O1. The rules are compiled from, and asked of, the copies that the world keeps: a change of the values that it was opened with
 *       reaches neither, so no decision is made of two worlds.
 *
 * @module
 */
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import { openWorld, type PreparedWorld } from "../kernel/prepared-world.ts";
import type { RouteWorld } from "../kernel/world.ts";
import { compileRules } from "../rules/compile.ts";
import type { RuleMatcher } from "../rules/matcher.ts";

/**
 * Opens a world with its own rules.
 *
 * @param budget - Of opening the world and of every decision in it.
 * @throws {CaioError} `caio.world-invalid` when a part is not what its schema says, `caio.rule-invalid` for rules that are not sound,
 *   `caio.budget-spent`.
 */
export function openRuledWorld(world: RouteWorld, budget: DecisionBudget = UNBOUNDED): PreparedWorld {
  let rules: RuleMatcher | null = null;
  const matcher: RuleMatcher = {
    match: (request, identity) => (rules as RuleMatcher).match(request, identity),
  };
  const opened = openWorld(world, matcher, budget);
  rules = compileRules(opened.world.rules, opened.world.snapshot, budget);
  return opened;
}
