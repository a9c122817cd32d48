/**
 * What of a request must change for one service to satisfy one clause.
 *
 * @module
 */
import {
  DataClass,
  type JsonValue,
  Locality,
  type PrivacyDemand,
  type RequiredGuarantee,
  type ServiceContract,
  type TraitClause,
} from "@canonic/contracts";
import type { z } from "zod";
import { guaranteeValue } from "./actual.ts";
import { latencyDemandOf } from "./ask.ts";
import type { ClauseSubject } from "./asked-clause.ts";
import { isAssumed } from "./assumed.ts";
import type { Decided } from "./decided.ts";
import { MAX } from "./exact.ts";
import { type Quantities, quantityOf } from "./guarantee-columns.ts";
import type { RequestChanges } from "./request-changes.ts";

const MILLION = 1_000_000n;

/** How many regions and alternatives of a trait a request may name. */
const LIST_MAX = 64;

/**
 * Adds to `changes` the least that makes the service satisfy a clause which it fails in `decided`. Tokens are no matter of
 * one clause and are left out.
 *
 * @returns False when no change of this one field does.
 */
export function relaxClause(decided: Decided, about: ClauseSubject, index: number, changes: RequestChanges): boolean {
  const { request } = decided.question;
  const { contract, state, health } = decided.world.entry(index);
  switch (about.kind) {
    case "state":
      return state === "probation" && changes.set("probation", "allow");
    case "health": {
      const isBelievable = health !== null && health.expiresAt > decided.question.at;
      return !isBelievable && changes.set("health", "any");
    }
    case "capability": {
      const kept = request.capabilities.filter((wanted) => contract.capabilities.includes(wanted));
      return kept.length > 0 && changes.set("capabilities", kept);
    }
    case "guarantee": {
      const demand = request.guarantees[about.index] as RequiredGuarantee;
      const value = guaranteeValue(decided, demand, index);
      return changes.demand("guarantees", about.index, relaxedGuarantee(demand, value, request.quantities));
    }
    case "latency": {
      if (request.latency === null) return false;
      const value = guaranteeValue(decided, latencyDemandOf(request.latency), index);
      return changes.set("latency", typeof value === "number" ? { ...request.latency, maxUs: value } : null);
    }
    case "budget": {
      const isKnown = !isAssumed(contract, "/cost");
      return changes.set("budgetPicos", isKnown ? decided.numbersOf(index).costPicos : null);
    }
    case "trust":
      return changes.set("serviceTrustMin", contract.security.trust);
    case "regions":
      return changes.set("regions", relaxedRegions(request.regions, contract));
    case "locality":
    case "retention":
      return relaxPrivacy(decided, about.kind, contract, changes);
    case "trait": {
      const demand = request.traits[about.index] as TraitClause;
      return changes.demand("traits", about.index, relaxedTrait(demand, contract));
    }
    default:
      return false;
  }
}

/** The value to ask for instead; null gives the demand up. */
function relaxedGuarantee({ bound, of }: RequiredGuarantee, value: JsonValue, quantities: Quantities): JsonValue {
  if (bound === "equality") return value;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return null;
  if (bound === "max" || bound === "min") return value;
  const quantity = BigInt(of === null ? 0 : (quantityOf(quantities, of) ?? 0));
  if (quantity === 0n) return null;
  const product = BigInt(value) * MILLION;
  const isWhole = product % quantity === 0n;
  const floor = product / quantity - (product < 0n && !isWhole ? 1n : 0n);
  const ppm = bound === "relative_max" && !isWhole ? floor + 1n : floor;
  return ppm > BigInt(MAX) || ppm < -BigInt(MAX) ? null : Number(ppm);
}

function relaxedRegions(asked: readonly string[], contract: ServiceContract): string[] {
  if (isAssumed(contract, "/privacy/regions")) return [];
  const missing = new Set(contract.privacy.regions.filter((region) => !asked.includes(region)));
  return missing.size === 0 || asked.length + missing.size > LIST_MAX ? [] : [...asked, ...missing];
}

function relaxedTrait(demand: TraitClause, contract: ServiceContract): JsonValue {
  const { trait } = demand;
  if (!Object.hasOwn(contract.traits, trait) || isAssumed(contract, `/traits/${trait}`)) return null;
  const actual = contract.traits[trait] ?? null;
  if (demand.bound === "equality") return actual;
  if (demand.bound === "one_of") {
    return actual === null || demand.value.length >= LIST_MAX ? null : [...demand.value, actual];
  }
  return typeof actual === "number" ? actual : null;
}

/** What the data class itself asks stays: only what the request asks beyond it can be relaxed here. */
function relaxPrivacy(
  { question: { request }, world }: Decided,
  kind: "locality" | "retention",
  contract: ServiceContract,
  changes: RequestChanges,
): boolean {
  const place = DataClass.options.indexOf(request.dataClass);
  const base = world.world.privacyProfile.demands[place] as z.infer<typeof PrivacyDemand>;
  if (kind === "locality") {
    const actual = isAssumed(contract, "/privacy/locality") ? null : contract.privacy.locality;
    if (actual === null) return base.localityMax === null && changes.set("localityMax", null);
    const far = (locality: Locality) => Locality.options.indexOf(locality);
    if (base.localityMax !== null && far(actual) > far(base.localityMax)) return false;
    return changes.set("localityMax", actual);
  }
  const actual = isAssumed(contract, "/privacy/retentionDays") ? null : contract.privacy.retentionDays;
  if (actual === null) return base.retentionDaysMax === null && changes.set("retentionDaysMax", null);
  if (base.retentionDaysMax !== null && actual > base.retentionDaysMax) return false;
  return changes.set("retentionDaysMax", actual);
}
