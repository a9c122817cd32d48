/**
 * Routing policies in Cedar: opened once, validated against the schema, asked once per distinct profile.
 *
 * Invariants:
 *   Y1. A service is permitted when a policy permits it and none forbids it; a policy that fails in evaluation refuses.
 *   Y2. The engine is loaded when policies are opened, and not before.
 *   Y3. The set's digest names its policies by id and text, and the schema that they were held against.
 *
 * @see Cutler et al., Cedar: A New Language for Expressive, Fast, Safe, and Analyzable Authorization, OOPSLA 2024.
 * @module
 */
import {
  byCodeUnit,
  type DataClass,
  type Digest,
  digestJson,
  type JsonObject,
  type RouteIdentity,
} from "@canonic/contracts";
import type { EntityJson } from "@cedar-policy/cedar-wasm/nodejs";
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import { ROUTE_POLICY_SCHEMA } from "./policy-schema.ts";
import { offsetOf, type Policy, type PolicySource, policyFault, readPolicies } from "./policy-source.ts";

export type { PolicySource } from "./policy-source.ts";

type Cedar = typeof import("@cedar-policy/cedar-wasm/nodejs");

/** Who asks, for data of which class, and what is known of a service's security; `profile` as {@link securityProfileOf} makes it. */
export interface RoutePolicyQuestion {
  readonly identity: RouteIdentity | null;
  readonly dataClass: DataClass;
  readonly profile: JsonObject;
}

/** `policies` are the ids that decided, sorted; none when no policy permitted. */
export interface RoutePolicyAnswer {
  readonly decision: "allow" | "refuse";
  readonly policies: readonly string[];
}

export interface RoutePolicies {
  readonly digest: Digest;
  /** The ids of all policies, sorted. */
  readonly ids: readonly string[];
  decide(question: RoutePolicyQuestion): RoutePolicyAnswer;
}

/**
 * Opens a set of policies.
 *
 * @param budget - Of opening them and of every question; none without it.
 * @throws {CaioError} `caio.budget-spent`; `caio.policy-invalid` for a text that is not Cedar, a policy without an id of its own or with slots, that
 *   names a single service, speaks of what the schema does not know or can never apply, and for no policy at all.
 */
export async function openRoutePolicies(
  sources: readonly PolicySource[],
  budget: DecisionBudget = UNBOUNDED,
): Promise<RoutePolicies> {
  const cedar: Cedar = await import("@cedar-policy/cedar-wasm/nodejs");
  const policies = readPolicies(cedar, sources, budget);
  if (policies.length === 0) throw policyFault({ name: "", text: "" }, null, "there: nothing would be permitted", null);
  validate(cedar, policies);
  const texts = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const characters = policies.reduce((sum, { text }) => sum + text.length, 0);
  const digest = digestJson({ policies: texts, schema: ROUTE_POLICY_SCHEMA });
  const kept = [
    cedar.preparseSchema(digest, ROUTE_POLICY_SCHEMA),
    cedar.preparsePolicySet(digest, { staticPolicies: texts }),
  ];
  if (kept.some(({ type }) => type === "failure")) throw new Error("policies that were valid are not any more");
  return {
    digest,
    ids: policies.map(({ id }) => id).sort(byCodeUnit),
    decide(question) {
      budget.takeSteps(stepsOf(question, characters));
      return evaluate(cedar, digest, question);
    },
  };
}

function validate(cedar: Cedar, policies: readonly Policy[]): void {
  const texts = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = cedar.validate({ schema: ROUTE_POLICY_SCHEMA, policies: { staticPolicies: texts } });
  if (answer.type === "failure") throw new Error("the policy schema is not Cedar");
  const [fault] = [...answer.validationErrors, ...answer.validationWarnings];
  if (fault === undefined) return;
  const policy = policies.find(({ id }) => id === fault.policyId) as Policy;
  const offset = policy.offset + (offsetOf([fault.error]) ?? 0);
  throw policyFault(policy.source, policy.id, "one that the schema lets apply", offset);
}

/** To ask the engine, to hand it an element of a set, and, for 64 such elements, to evaluate a character of a policy. */
const ASK_STEPS = 5_000;
const ELEMENT_STEPS = 500;
const CHARACTER_STEPS = 8;

/** A policy may hold every set of a question against every other. */
function stepsOf({ identity, profile }: RoutePolicyQuestion, characters: number): number {
  const sets = Object.values(profile).filter((value) => Array.isArray(value));
  const elements = sets.reduce((sum, { length }) => sum + length, identity?.permissions.length ?? 0);
  return ASK_STEPS + elements * ELEMENT_STEPS + characters * CHARACTER_STEPS * (1 + Math.floor(elements / 64));
}

/** The engine keeps schema and policies parsed, under the digest that names both: parsing is most of an evaluation. */
function evaluate(
  cedar: Cedar,
  digest: Digest,
  { identity, dataClass, profile }: RoutePolicyQuestion,
): RoutePolicyAnswer {
  const resource = { type: "Service", id: "profile" };
  const answer = cedar.statefulIsAuthorized({
    principal: identity === null ? { type: "Anonymous", id: "nobody" } : { type: "User", id: identity.subject },
    action: { type: "Action", id: "route" },
    resource,
    context: { permissions: [...(identity?.permissions ?? [])], trust: identity?.trust ?? 0, dataClass },
    preparsedSchemaName: digest,
    preparsedPolicySetId: digest,
    validateRequest: true,
    entities: [{ uid: resource, attrs: profile as EntityJson["attrs"], parents: [] }],
  });
  if (answer.type === "failure") return { decision: "refuse", policies: [] };
  const { decision, diagnostics } = answer.response;
  const failed = diagnostics.errors.map(({ policyId }) => policyId);
  if (failed.length > 0) return { decision: "refuse", policies: failed.sort(byCodeUnit) };
  return { decision: decision === "allow" ? "allow" : "refuse", policies: diagnostics.reason.toSorted(byCodeUnit) };
}
