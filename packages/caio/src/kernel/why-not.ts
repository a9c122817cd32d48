/**
 * Why a service was not chosen: every clause that it failed, with what was asked and what it has.
 *
 * @module
 */
import type { JsonValue, RouteClause, ServiceId } from "@canonic/contracts";
import { actualOf } from "./actual.ts";
import type { AskedClause } from "./asked-clause.ts";
import { answerAt, SATISFIED, UNKNOWN } from "./bits.ts";
import type { Decided, ServiceReference } from "./decided.ts";

/** A clause that a service did not satisfy. `isAssumed` says that `actual` was only assumed, and so counts for nothing. */
export interface FailedClause extends RouteClause {
  readonly state: "violated" | "unknown";
  readonly actual: JsonValue;
  readonly isAssumed: boolean;
}

/** What put the chosen service before another that passed too: the first part of the order in which they differ. */
export type Precedence = "score" | "cost" | "latency" | "id" | "version";

export interface WhyNot {
  readonly service: ServiceId;
  readonly version: string;
  readonly kind: "chosen" | "outranked" | "rejected";
  /** The first of `failed`, null when there is none. */
  readonly first: FailedClause | null;
  /** All of them, in the order of the clauses. */
  readonly failed: readonly FailedClause[];
  /** Set when outranked. */
  readonly lostBy: Precedence | null;
}

/**
 * Says why a service was not chosen.
 *
 * @throws {CaioError} `caio.service-unknown` when the snapshot has no such service.
 */
export function whyNot(decided: Decided, reference: ServiceReference): WhyNot {
  const index = decided.indexOf(reference);
  const { service, version } = decided.world.entry(index).contract;
  const failed = failedPlaces(decided, index).map((place) => failedClause(decided, place, index));
  const isChosen = decided.chosen === index;
  return {
    service,
    version,
    kind: failed.length > 0 ? "rejected" : isChosen ? "chosen" : "outranked",
    first: failed[0] ?? null,
    failed,
    lostBy: failed.length > 0 || isChosen ? null : precedence(decided, index),
  };
}

/** The places of the clauses that a service did not answer with `s`, in order. */
export function failedPlaces(decided: Decided, index: number): number[] {
  return decided.clauses.flatMap(({ answers }, place) => (answerAt(answers, index) === SATISFIED ? [] : [place]));
}

/** What a service that failed a clause was asked for and has. */
export function failedClause(decided: Decided, place: number, index: number): FailedClause {
  const asked = decided.clauses[place] as AskedClause;
  const { stage, clause, required, answers } = asked;
  const state = answerAt(answers, index) === UNKNOWN ? "unknown" : "violated";
  return { stage, clause, required, state, ...actualOf(decided, asked, index) };
}

/** Both passed, so both have a score. */
function precedence(decided: Decided, index: number): Precedence {
  const [chosen, other] = [decided.verdict(decided.chosen as number), decided.verdict(index)];
  if (chosen.score !== other.score) return "score";
  if (chosen.costPicos !== other.costPicos) return "cost";
  if (chosen.latencyUs !== other.latencyUs) return "latency";
  return chosen.service !== other.service ? "id" : "version";
}
