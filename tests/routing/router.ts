/**
 * The router under test, asked as its users ask it.
 *
 * @module
 */
import {
  compileRules,
  type Decided,
  decide,
  openWorld,
  type PreparedWorld,
  type RouteQuestion,
  type RouteWorld,
} from "@canonic/caio";
import { canonicalJson, type RouteDecision } from "@canonic/contracts";

export function open(world: RouteWorld): PreparedWorld {
  return openWorld(world, compileRules(world.rules, world.snapshot));
}

export function route(world: RouteWorld, question: RouteQuestion): Decided {
  return decide(open(world), question);
}

/** The bytes of a record, as text. */
export function bytesOf(record: RouteDecision): string {
  return canonicalJson(record);
}

/** The canonical verdicts of all services, in the snapshot's order. */
export function leavesOf(decided: Decided): string[] {
  return Array.from({ length: decided.counts.services }, (_, place) => canonicalJson(decided.verdict(place)));
}

/** Who was chosen, as `service version`; null when refused. */
export function chosenOf({ outcome }: Pick<RouteDecision, "outcome">): string | null {
  return outcome.kind === "chosen" ? `${outcome.service} ${outcome.version}` : null;
}
