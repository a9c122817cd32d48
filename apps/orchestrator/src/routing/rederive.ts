/**
 * Derives a decision again from what stands beside it, and says where it is not the same.
 *
 * Invariants:
 *   R1. Total: whatever the file holds, the answer is a verdict with reasons.
 *   R2. What takes more than a budget of counted steps and room is INDETERMINATE on every machine: nobody knows whether it holds.
 *   R3. VALID only when every field of the record is that of deciding the same question again, and the recorded answers of policies, where
 *       there are any, are those of the policies beside them.
 *
 * @module
 */
import {
  authorizationTableOf,
  compileRules,
  type DecisionBudget,
  rederive as deriveAgain,
  isCaioError,
  openBudget,
  openRoutePolicies,
  openWorld,
  type PolicySource,
  type RouteWorld,
} from "@canonic/caio";
import {
  type AuthorizationTable,
  canonicalJson,
  digestJson,
  type JsonObject,
  type Reason,
  type RouteDecision,
  type RouteIdentity,
  type RouteRequest,
} from "@canonic/contracts";

export type Rederivation = {
  readonly verdict: "VALID" | "INVALID" | "INDETERMINATE";
  readonly reasons: readonly Reason[];
};

/** A decision and all that it was made from. */
export type Derivable = {
  readonly decision: RouteDecision;
  readonly request: RouteRequest;
  readonly identity: RouteIdentity | null;
  readonly authorization: AuthorizationTable | null;
  readonly world: RouteWorld;
};

type Routed = Derivable & { readonly policies: readonly PolicySource[] };

/**
 * The reasons for which a decision is not the one of its question and world; none when it is. Policies are not asked.
 *
 * @throws {CaioError} `caio.budget-spent`.
 */
function differencesOf(derivable: Derivable, budget: DecisionBudget): Reason[] {
  const parts = partsOf(derivable);
  if (parts.length > 0) return parts;
  const { decision, request, identity, authorization, world } = derivable;
  try {
    const opened = openWorld(world, compileRules(world.rules, world.snapshot, budget), budget);
    return deriveAgain(decision, request, identity, authorization, opened).map(({ code, pointer, expected }) =>
      reason(code, pointer, `expected ${expected}`),
    );
  } catch (error) {
    if (!isCaioError(error) || error.code === "caio.budget-spent") throw error;
    return [reason("route.world-invalid", "", `the question cannot be decided: ${error.code}`)];
  }
}

/**
 * The same, with the policies asked again where there was an authorization table.
 *
 * @param budget - Of all of it; a verifier's own, without it.
 */
export async function rederive(routed: Routed, budget: DecisionBudget = openBudget()): Promise<Rederivation> {
  try {
    return await rederiveWithin(routed, budget);
  } catch (error) {
    if (!isCaioError(error) || error.code !== "caio.budget-spent") throw error;
    const { max, what } = error.details;
    return {
      verdict: "INDETERMINATE",
      reasons: [reason("route.budget-spent", "", `deciding again takes more than ${max} ${what}`)],
    };
  }
}

async function rederiveWithin(routed: Routed, budget: DecisionBudget): Promise<Rederivation> {
  const reasons = differencesOf(routed, budget);
  const { authorization, policies, identity, request, world } = routed;
  if (authorization === null && policies.length > 0)
    reasons.push(
      reason("route.policies-unused", "/policies", "policies are named that the decision was not made under"),
    );
  if (authorization === null || reasons.length > 0) return verdictOf(reasons);
  if (policies.length === 0) {
    const missing = reason(
      "route.policies-missing",
      "/policies",
      "the policies are not here: their answers are taken as recorded",
    );
    return { verdict: "INDETERMINATE", reasons: [missing] };
  }
  try {
    const table = authorizationTableOf(
      await openRoutePolicies(policies, budget),
      identity,
      request.dataClass,
      world.snapshot,
    );
    if (canonicalJson(table) !== canonicalJson(authorization))
      reasons.push(
        reason("route.authorization-differs", "/authorization", "the policies answer otherwise than recorded"),
      );
  } catch (error) {
    if (!isCaioError(error) || error.code === "caio.budget-spent") throw error;
    reasons.push(reason("route.policies-invalid", "/policies", `the policies cannot be asked: ${error.code}`));
  }
  return verdictOf(reasons);
}

function verdictOf(reasons: readonly Reason[]): Rederivation {
  return { verdict: reasons.length === 0 ? "VALID" : "INVALID", reasons };
}

/** Each part that is not the one that the record names by digest. */
function partsOf({ decision, request, identity, authorization, world }: Derivable): Reason[] {
  const named: JsonObject = { request: decision.request, ...decision.world };
  const found: Readonly<Record<string, unknown>> = { request, ...world, identity, authorization };
  return Object.entries(found).flatMap(([name, value]) => {
    const digest = value === null ? null : digestJson(value as JsonObject);
    const place = name === "request" ? "/request" : `/world/${name}`;
    if (digest === named[name]) return [];
    return [reason("route.part-differs", place, "the record names another one than the one that is here")];
  });
}

function reason(code: string, place: string, message: string): Reason {
  return { code, place, message };
}
