/**
 * What a service has where a clause asks for something: derived when somebody asks, never stored.
 *
 * @module
 */
import type { JsonValue, RequiredGuarantee, ServiceContract } from "@canonic/contracts";
import { latencyDemandOf } from "./ask.ts";
import type { AskedClause } from "./asked-clause.ts";
import { isAssumed } from "./assumed.ts";
import type { Decided } from "./decided.ts";
import { absoluteDemandOf } from "./guarantee-demand.ts";

/** `actual` is null where nothing is known; what is assumed is told, though it satisfies nothing. */
export interface Actual {
  readonly actual: JsonValue;
  readonly isAssumed: boolean;
}

const PRIVACY_FIELDS = {
  locality: "locality",
  retention: "retentionDays",
  transit: "encryptedInTransit",
  rest: "encryptedAtRest",
  training: "trainsOnData",
  regions: "regions",
} as const;

export function actualOf(decided: Decided, { about }: AskedClause, index: number): Actual {
  const { request, authorization } = decided.question;
  const { contract, state, health } = decided.world.entry(index);
  const plain = (actual: JsonValue): Actual => ({ actual, isAssumed: false });
  const stated = (actual: JsonValue, pointer: string): Actual => ({ actual, isAssumed: isAssumed(contract, pointer) });
  switch (about.kind) {
    case "state":
      return plain(state);
    case "health":
      return plain(health);
    case "capability":
      return plain(request.capabilities.filter((wanted) => contract.capabilities.includes(wanted)));
    case "inputTokensMax":
    case "outputTokensMax":
    case "totalTokensMax":
      return stated(contract.constraints[about.kind], `/constraints/${about.kind}`);
    case "guarantee":
      return plain(guaranteeValue(decided, request.guarantees[about.index] as RequiredGuarantee, index));
    case "latency":
      return plain(request.latency === null ? null : guaranteeValue(decided, latencyDemandOf(request.latency), index));
    case "budget":
      return stated(decided.numbersOf(index).costPicos, "/cost");
    case "rule":
      return plain(null);
    case "authentication":
    case "authorization":
      return plain({ permission: contract.security.permission, trustRequired: contract.security.trustRequired });
    case "policy":
      return plain(authorization?.table.refused.find((refused) => isOf(contract, refused))?.policies ?? []);
    case "trust":
      return plain(contract.security.trust);
    case "trait": {
      const trait = request.traits[about.index]?.trait ?? "";
      const actual = Object.hasOwn(contract.traits, trait) ? (contract.traits[trait] ?? null) : null;
      return stated(actual, `/traits/${trait}`);
    }
    default: {
      const field = PRIVACY_FIELDS[about.kind];
      return stated(contract.privacy[field], `/privacy/${field}`);
    }
  }
}

/** The bound, or for an equality the value, that a demand is held against; null where nothing is known. */
export function guaranteeValue(decided: Decided, demand: RequiredGuarantee, index: number) {
  const { property, unit, basis } = demand;
  const { guarantees } = decided.world.columns;
  const { quantities } = decided.question.request;
  const absolute = absoluteDemandOf(demand, quantities);
  if (absolute.kind === "unanswerable") return null;
  if (absolute.kind === "equality") {
    return basis === "measured" ? null : (guarantees.statements(property, unit)?.equalities.get(index) ?? null);
  }
  const value = guarantees.bounds(property, unit, absolute.kind, basis, quantities).values[index] as number;
  return Number.isNaN(value) ? null : value;
}

function isOf(contract: ServiceContract, { service, version }: { service: string; version: string }): boolean {
  return contract.service === service && contract.version === version;
}
