/**
 * Whether a service has a trait as it is wanted (table of section 1); wishes ask the same.
 *
 * @module
 */
import type { ServiceContract, TraitClause } from "@canonic/contracts";
import { isAssumed, ownValue, type State, satisfiedIf } from "./states.ts";

export function answerToTrait(clause: TraitClause, contract: ServiceContract): State {
  const value = ownValue(contract.traits, clause.trait);
  if (value === undefined || isAssumed(contract, `/traits/${clause.trait}`)) return "u";
  if (clause.bound === "equality") return satisfiedIf(value === clause.value);
  if (clause.bound === "one_of") return satisfiedIf(clause.value.some((allowed) => allowed === value));
  if (typeof value !== "number") return "v";
  return satisfiedIf(clause.bound === "min" ? value >= clause.value : value <= clause.value);
}
