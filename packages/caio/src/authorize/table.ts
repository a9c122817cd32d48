/**
 * What policies answer for one identity, one data class and every service of a snapshot.
 *
 * Invariants:
 *   Z1. The policies are asked once for each distinct security profile, and the table is that of asking for each service.
 *   Z2. Equal inputs give an equal table: it is part of what a decision is made from.
 *
 * @module
 */
import {
  type AuthorizationTable,
  type DataClass,
  digestJson,
  type JsonObject,
  type JsonValue,
  type RouteIdentity,
  type ServiceEntry,
  type ServiceSnapshot,
  serviceSnapshotDigestOf,
} from "@canonic/contracts";
import { serviceView } from "../rules/view.ts";
import type { RoutePolicies, RoutePolicyAnswer } from "./policies.ts";

/** Ids of policies that a row of the table can name. */
const POLICIES_MAX = 64;

/** The answers of one set of policies over one snapshot, for whoever asks. */
export interface Authorizer {
  tableOf(identity: RouteIdentity | null, dataClass: DataClass): AuthorizationTable;
}

/** Sorts the services of a snapshot by security profile once, for any number of tables. */
export function openAuthorizer(policies: RoutePolicies, snapshot: ServiceSnapshot): Authorizer {
  const digest = serviceSnapshotDigestOf(snapshot);
  const profiles = new Map<string, JsonObject>();
  const keys = snapshot.services.map((entry) => {
    const profile = securityProfileOf(entry);
    const key = JSON.stringify(profile);
    profiles.set(key, profile);
    return key;
  });
  return {
    tableOf(identity, dataClass) {
      const answers = new Map<string, RoutePolicyAnswer>();
      for (const [key, profile] of profiles) answers.set(key, policies.decide({ identity, dataClass, profile }));
      const refused = snapshot.services.flatMap(({ contract: { service, version } }, index) => {
        const answer = answers.get(keys[index] as string) as RoutePolicyAnswer;
        return answer.decision === "allow"
          ? []
          : [{ service, version, policies: answer.policies.slice(0, POLICIES_MAX) }];
      });
      return {
        schema: "canonic/authorization-table/v1",
        policies: policies.digest,
        identity: identity === null ? null : digestJson(identity),
        dataClass,
        snapshot: digest,
        profiles: profiles.size,
        refused,
      };
    },
  };
}

/** One table; `profiles` counts the distinct security profiles, and so the questions that were asked. */
export function authorizationTableOf(
  policies: RoutePolicies,
  identity: RouteIdentity | null,
  dataClass: DataClass,
  snapshot: ServiceSnapshot,
): AuthorizationTable {
  return openAuthorizer(policies, snapshot).tableOf(identity, dataClass);
}

/** In one order, whatever that of a contract's fields. */
const ATTRIBUTES = [
  "state",
  "capabilities",
  "determinism",
  "effect",
  "encryptedAtRest",
  "encryptedInTransit",
  "locality",
  "owner",
  "regions",
  "retentionDays",
  "trainsOnData",
  "trust",
  "trustRequired",
] as const;

/** The attributes of a service that policies see; what is not stated or was assumed is not there, as in rules. */
export function securityProfileOf(entry: ServiceEntry): JsonObject {
  const { privacy, security, ...view } = serviceView(entry);
  const all: JsonObject = { ...view, ...(privacy as JsonObject), ...(security as JsonObject) };
  const stated = ATTRIBUTES.flatMap((name): [string, JsonValue][] => {
    const value = all[name];
    // Lists are sets to a policy: their order is none of its business.
    return value === undefined ? [] : [[name, Array.isArray(value) ? value.toSorted() : value]];
  });
  return Object.fromEntries(stated);
}
