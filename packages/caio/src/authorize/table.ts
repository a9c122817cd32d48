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
  canonicalJson,
  type DataClass,
  digestJson,
  type JsonObject,
  type RouteIdentity,
  type ServiceEntry,
  type ServiceSnapshot,
  serviceSnapshotDigestOf,
} from "@canonic/contracts";
import { serviceView } from "../rules/view.ts";
import type { RoutePolicies, RoutePolicyAnswer } from "./policies.ts";

/** Ids of policies that a row of the table can name. */
const POLICIES_MAX = 64;

/** `profiles` counts the distinct ones, and so the questions that were asked. */
export function authorizationTableOf(
  policies: RoutePolicies,
  identity: RouteIdentity | null,
  dataClass: DataClass,
  snapshot: ServiceSnapshot,
): AuthorizationTable {
  const answers = new Map<string, RoutePolicyAnswer>();
  const refused = snapshot.services.flatMap((entry) => {
    const profile = securityProfileOf(entry);
    const key = canonicalJson(profile);
    const answer = answers.get(key) ?? policies.decide({ identity, dataClass, profile });
    answers.set(key, answer);
    if (answer.decision === "allow") return [];
    const { service, version } = entry.contract;
    return [{ service, version, policies: answer.policies.slice(0, POLICIES_MAX) }];
  });
  return {
    schema: "canonic/authorization-table/v1",
    policies: policies.digest,
    identity: identity === null ? null : digestJson(identity),
    dataClass,
    snapshot: serviceSnapshotDigestOf(snapshot),
    profiles: answers.size,
    refused,
  };
}

/** The attributes of a service that policies see; what is not stated or was assumed is not there, as in rules. */
export function securityProfileOf(entry: ServiceEntry): JsonObject {
  const { state, capabilities, privacy, security, owner, effect, determinism } = serviceView(entry);
  const named = { capabilities, owner, effect, determinism };
  const stated = Object.entries(named).filter(([, value]) => value !== undefined);
  return {
    state,
    ...Object.fromEntries(stated),
    ...(privacy as JsonObject),
    ...(security as JsonObject),
  } as JsonObject;
}
