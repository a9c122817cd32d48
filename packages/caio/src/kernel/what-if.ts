/**
 * The smallest relaxation of a request that admits a service.
 *
 * Smallest is fewest changed fields; then fewest demands given up; then the data class nearest to the request's own; then the
 * least taken from its quantities. A bound is relaxed to exactly what the service has; where that is not known, the demand is
 * given up. The service then passes every clause; whether it is chosen is a matter of its rivals.
 *
 * Invariants:
 *   I1. The request that is returned was decided again, in the same world, by the same identity, and the service passed.
 *   I2. What no request can change is never relaxed: a service that drains, is unhealthy, is forbidden by a rule or a policy, or
 *       asks of the identity what it has not.
 *
 * @module
 */
import { DataClass, millisecondsOf, type RouteRequest } from "@canonic/contracts";
import type { AskedClause, ClauseSubject } from "./asked-clause.ts";
import { decide } from "./decide.ts";
import type { Decided, ServiceReference } from "./decided.ts";
import { quantityChoices } from "./quantity-choices.ts";
import { relaxClause } from "./relax-clause.ts";
import { type RequestChange, RequestChanges } from "./request-changes.ts";
import { type FailedClause, failedClause, failedPlaces } from "./why-not.ts";

export type WhatIf =
  | { readonly kind: "admitted" }
  | { readonly kind: "relaxed"; readonly changes: readonly RequestChange[]; readonly request: RouteRequest }
  /** The clauses that no change of the request repairs. */
  | { readonly kind: "impossible"; readonly obstacles: readonly FailedClause[] };

type Candidate = { readonly changes: RequestChanges; readonly order: readonly number[] };

/** Lowering the data class may repair these. */
const OF_DATA_CLASS: readonly ClauseSubject["kind"][] = ["locality", "retention", "transit", "rest", "training"];
/** Changing quantities may repair these. */
const OF_QUANTITIES: readonly ClauseSubject["kind"][] = ["inputTokensMax", "outputTokensMax", "totalTokensMax"];

/**
 * Finds the smallest relaxation.
 *
 * @throws {CaioError} `caio.service-unknown` when the snapshot has no such service.
 */
export function whatIf(decided: Decided, reference: ServiceReference): WhatIf {
  const index = decided.indexOf(reference);
  if (decided.passed(index)) return { kind: "admitted" };
  const { request } = decided.question;
  const fixed = unrelaxed(decided, index, new RequestChanges(request));
  const isOfClass = (place: number) => OF_DATA_CLASS.includes(subjectOf(decided, place));
  const hard = fixed.filter((place) => !isOfClass(place) && !OF_QUANTITIES.includes(subjectOf(decided, place)));
  if (hard.length > 0) return impossible(decided, index, hard);
  const classes = classesToTry(decided, fixed.some(isOfClass));
  const choices = quantityChoices(request, decided.world.entry(index).contract);
  let best: Candidate | undefined;
  let unmoved: Decided | undefined;
  for (const [drop, dataClass] of classes.entries()) {
    for (const [place, { taken, quantities }] of choices.entries()) {
      const changes = new RequestChanges(request);
      if (drop > 0) changes.set("dataClass", dataClass);
      for (const unit of Object.keys(quantities)) changes.quantity(unit, quantities[unit] ?? null);
      const left = unrelaxed(again(decided, changes), index, changes);
      if (left.length > 0) continue;
      const order = [changes.count, changes.given, drop, taken, place];
      if (best !== undefined && !isLess(order, best.order)) continue;
      const relaxed = again(decided, changes);
      if (relaxed.passed(index)) best = { changes, order };
      else unmoved ??= relaxed;
    }
  }
  if (best === undefined) {
    const places = unmoved === undefined ? fixed : failedPlaces(unmoved, index);
    return impossible(unmoved ?? decided, index, places);
  }
  return { kind: "relaxed", changes: best.changes.list(), request: best.changes.request() };
}

/** Relaxes in `changes` what can be relaxed of what the service fails; gives the places of the other clauses. */
function unrelaxed(decided: Decided, index: number, changes: RequestChanges): number[] {
  return failedPlaces(decided, index).filter(
    (place) => !relaxClause(decided, (decided.clauses[place] as AskedClause).about, index, changes),
  );
}

function again({ world, question }: Decided, changes: RequestChanges): Decided {
  return decide(world, {
    request: changes.request(),
    identity: question.identity,
    authorization: question.authorization?.table ?? null,
    at: millisecondsOf(question.at) as number,
  });
}

/** The request's own class, then the lower ones; an authorization table speaks of one class alone. */
function classesToTry({ question: { request, authorization } }: Decided, isObstacle: boolean): DataClass[] {
  const lower = DataClass.options.slice(0, DataClass.options.indexOf(request.dataClass) + 1).toReversed();
  return isObstacle && authorization === null ? lower : [request.dataClass];
}

function impossible(decided: Decided, index: number, places: readonly number[]): WhatIf {
  return { kind: "impossible", obstacles: places.map((place) => failedClause(decided, place, index)) };
}

function subjectOf(decided: Decided, place: number): ClauseSubject["kind"] {
  return (decided.clauses[place] as AskedClause).about.kind;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place >= 0 && (a[place] as number) < (b[place] as number);
}
