/**
 * A world and its rules, opened as one.
 *
 * Invariants:
 *   O1. The rules are compiled from, and asked of, the copies that the world keeps: a change of the values that it was opened with
 *       reaches neither, so no decision is made of two worlds.
 *
 * @module
 */
import { openWorld, type PreparedWorld } from "../kernel/prepared-world.ts";
import type { RouteWorld } from "../kernel/world.ts";
import { compileRules } from "../rules/compile.ts";
import type { RuleMatcher } from "../rules/matcher.ts";

/**
 * Opens a world with its own rules.
 *
 * @throws {CaioError} `caio.world-invalid` when a part is not what its schema says, `caio.rule-invalid` for rules that are not sound.
 */
export function openRuledWorld(world: RouteWorld): PreparedWorld {
  let rules: RuleMatcher | null = null;
  const opened = openWorld(world, {
    match: (request, identity) => (rules as RuleMatcher).match(request, identity),
  });
  rules = compileRules(opened.world.rules, opened.world.snapshot);
  return opened;
}
