/**
 * What a token lets a task do, by equality.
 *
 * Invariants:
 *   O1. Domain and method are in the token by name, always, whatever policies say. Nothing matches but equality.
 *   O2. Every capability that a contract declares is in the token by name.
 *   O3. The answer is a function of claims, trigger, contract, policies and the store's mode: one answer per contract and mode
 *       is kept, and a run asks policies once for each.
 *
 * @module
 */
import {
  domainOf,
  type ExecutionMode,
  isInScope,
  methodOf,
  type OperationContract,
  type TokenClaims,
  type Trigger,
} from "@canonic/contracts";
import type { PolicySet } from "./policies.ts";
import { questionOf } from "./profile.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** Null is "allowed"; `policies` are the ids of those that decided. */
export type ScopeAnswer = { readonly reason: Refusal | null; readonly policies: readonly string[] };

type Asked = (contract: OperationContract, executionMode: ExecutionMode) => ScopeAnswer;

/** Makes the question of one token, with the answers that it has given. */
export function createScope(claims: TokenClaims, trigger: Trigger, policies: PolicySet | undefined): Asked {
  const answers: Readonly<Record<ExecutionMode, WeakMap<OperationContract, ScopeAnswer>>> = {
    safe: new WeakMap(),
    armed: new WeakMap(),
    halted: new WeakMap(),
  };
  return (contract, executionMode) => {
    const known = answers[executionMode].get(contract);
    if (known !== undefined) return known;
    const answer = answerOf(claims, trigger, policies, contract, executionMode);
    answers[executionMode].set(contract, answer);
    return answer;
  };
}

function answerOf(
  claims: TokenClaims,
  trigger: Trigger,
  policies: PolicySet | undefined,
  contract: OperationContract,
  executionMode: ExecutionMode,
): ScopeAnswer {
  const reason = scopeFault(claims, contract) ?? armedFault(contract, executionMode);
  if (reason !== null || policies === undefined) return { reason, policies: [] };
  const answer = policies.decide(questionOf(claims, trigger, executionMode, contract));
  const decided = answer.policies.slice(0, 64);
  if (answer.decision === "allow") return { reason: null, policies: decided };
  const message = decided.length === 0 ? "no policy permits it" : `refused by ${decided.slice(0, 8).join(", ")}`;
  return { reason: refusal("authority.policy-refused", contract.operation, message), policies: decided };
}

function scopeFault(claims: TokenClaims, { operation, capabilities = [], mode }: OperationContract): Refusal | null {
  const [domain, method] = [domainOf(operation), methodOf(operation)];
  if (!claims.authorization_details.some(({ identifier }) => identifier === domain)) {
    return refusal("authority.domain-refused", operation, `the token does not list domain \`${domain}\``);
  }
  if (!isInScope(claims, domain, method)) {
    const message = `the token does not list method \`${method}\` of domain \`${domain}\``;
    return refusal("authority.method-refused", operation, message);
  }
  const lacking = capabilities.find((capability) => !claims.capabilities.includes(capability));
  if (lacking !== undefined) {
    return refusal("authority.capability-refused", operation, `the token does not grant capability \`${lacking}\``);
  }
  if (!claims.modes.includes(mode)) {
    return refusal("authority.mode-refused", operation, `the token does not list mode \`${mode}\``);
  }
  return null;
}

/** A live write needs an armed store. */
export function armedFault(
  { operation, mode, effect }: OperationContract,
  executionMode: ExecutionMode,
): Refusal | null {
  if (mode !== "live" || effect !== "write" || executionMode === "armed") return null;
  return refusal("authority.not-armed", operation, "a live write needs a store that a person has armed");
}
