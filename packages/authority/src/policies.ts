/**
 * Authorization policies in Cedar: loaded once, validated against the schema, evaluated once per distinct question.
 *
 * Invariants:
 *   Y1. Nothing is permitted unless a policy permits it and none forbids it; a policy that fails in evaluation refuses.
 *   Y2. Equal questions get one evaluation and one answer; a question is its canonical JSON.
 *   Y3. The policy engine is loaded when policies are opened, and not before: who opens none does not pay for it.
 *   Y4. The set's digest names its policies by id and text, and the schema that they were held against.
 *
 * @see Cutler et al., Cedar: A New Language for Expressive, Fast, Safe, and Analyzable Authorization, OOPSLA 2024.
 * @module
 */

import { byCodeUnit, canonicalJson, type Digest, digestJson, type JsonValue } from "@canonic/contracts";
import type { Context, EntityJson } from "@cedar-policy/cedar-wasm/nodejs";
import { DEFAULT_POLICIES } from "./default-policies.ts";
import { POLICY_SCHEMA } from "./policy-schema.ts";
import { offsetOf, type Policy, type PolicySource, policyFault, readPolicies } from "./policy-source.ts";

export type { PolicySource } from "./policy-source.ts";

type Cedar = typeof import("@cedar-policy/cedar-wasm/nodejs");

/** What is asked: who wants to execute which operation under which facts, as the schema says. */
export interface PolicyQuestion {
  readonly user: string;
  readonly operation: { readonly id: string; readonly domain: string; readonly attributes: EntityJson["attrs"] };
  readonly context: Context;
}

/** `policies` are the ids that decided, sorted; none when no policy permitted. */
export interface PolicyAnswer {
  readonly decision: "allow" | "refuse";
  readonly policies: readonly string[];
}

export interface PolicySet {
  readonly digest: Digest;
  /** The ids of all policies, sorted. */
  readonly ids: readonly string[];
  decide(question: PolicyQuestion): PolicyAnswer;
}

/** Answers that are kept; beyond, all are forgotten and evaluated again. */
const ANSWERS_MAX = 10_000;

/**
 * Opens a set of policies. Give {@link DEFAULT_POLICIES} among them, unless they are to be replaced.
 *
 * @throws {AuthorityError} `authority.policy-invalid` for a text that is not Cedar, a policy without an id of its own or with
 *   slots, that speaks of what the schema does not know or that can never apply, and for no policy at all.
 */
export async function openPolicies(sources: readonly PolicySource[]): Promise<PolicySet> {
  const cedar: Cedar = await import("@cedar-policy/cedar-wasm/nodejs");
  const policies = readPolicies(cedar, sources);
  if (policies.length === 0) throw policyFault({ name: "", text: "" }, null, "there: nothing would be permitted", null);
  const texts = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  // A policy is valid by itself, and ours are proven by a test: half of the cost of opening them was to prove it again.
  validate(
    cedar,
    policies.filter(({ source }) => source.text !== DEFAULT_POLICIES.text),
  );
  const digest = digestJson({ policies: texts, schema: POLICY_SCHEMA });
  const kept = [
    cedar.preparseSchema(digest, POLICY_SCHEMA),
    cedar.preparsePolicySet(digest, { staticPolicies: texts }),
  ];
  if (kept.some(({ type }) => type === "failure")) throw new Error("policies that were valid are not any more");
  const answers = new Map<string, PolicyAnswer>();
  return {
    digest,
    ids: policies.map(({ id }) => id).sort(byCodeUnit),
    decide(question) {
      const key = canonicalJson(question as unknown as JsonValue);
      const known = answers.get(key);
      if (known !== undefined) return known;
      if (answers.size >= ANSWERS_MAX) answers.clear();
      const answer = evaluate(cedar, digest, question);
      answers.set(key, answer);
      return answer;
    },
  };
}

function validate(cedar: Cedar, policies: readonly Policy[]): void {
  if (policies.length === 0) return;
  const texts = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = cedar.validate({ schema: POLICY_SCHEMA, policies: { staticPolicies: texts } });
  if (answer.type === "failure") throw new Error("the policy schema is not Cedar");
  const [fault] = [...answer.validationErrors, ...answer.validationWarnings];
  if (fault === undefined) return;
  const policy = policies.find(({ id }) => id === fault.policyId) as Policy;
  const offset = policy.offset + (offsetOf([fault.error]) ?? 0);
  throw policyFault(policy.source, policy.id, "one that the schema lets apply", offset);
}

/** The engine keeps schema and policies parsed, under the digest that names both: parsing is most of an evaluation. */
function evaluate(cedar: Cedar, digest: Digest, question: PolicyQuestion): PolicyAnswer {
  const { user, operation, context } = question;
  const answer = cedar.statefulIsAuthorized({
    principal: { type: "User", id: user },
    action: { type: "Action", id: "execute" },
    resource: { type: "Operation", id: operation.id },
    context,
    preparsedSchemaName: digest,
    preparsedPolicySetId: digest,
    validateRequest: true,
    entities: [
      {
        uid: { type: "Operation", id: operation.id },
        attrs: operation.attributes,
        parents: [{ type: "Domain", id: operation.domain }],
      },
    ],
  });
  if (answer.type === "failure") return { decision: "refuse", policies: [] };
  const { decision, diagnostics } = answer.response;
  const failed = diagnostics.errors.map(({ policyId }) => policyId);
  if (failed.length > 0) return { decision: "refuse", policies: failed.sort(byCodeUnit) };
  return { decision: decision === "allow" ? "allow" : "refuse", policies: diagnostics.reason.toSorted(byCodeUnit) };
}
