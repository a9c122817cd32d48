/**
 * A task's security profile: all that a policy can decide by, and nothing else.
 *
 * @module
 */
import {
  domainOf,
  type ExecutionMode,
  methodOf,
  type OperationContract,
  type TokenClaims,
  type Trigger,
} from "@canonic/contracts";
import type { PolicyQuestion } from "./policies.ts";

/** The question that a policy set is asked for one operation under one token. */
export function questionOf(
  claims: TokenClaims,
  trigger: Trigger,
  executionMode: ExecutionMode,
  contract: OperationContract,
): PolicyQuestion {
  const { operation, version, effect, mode, determinism } = contract;
  const domain = domainOf(operation);
  return {
    user: claims.sub,
    operation: {
      id: operation,
      domain,
      attributes: {
        domain,
        method: methodOf(operation),
        version,
        effect,
        mode,
        determinism,
        isolation: contract.isolation ?? "trusted",
        capabilities: [...(contract.capabilities ?? [])],
        tokensMax: contract.tokensMax ?? 0,
      },
    },
    context: {
      operation,
      trigger,
      executionMode,
      token: {
        issuer: claims.iss,
        operations: claims.authorization_details.flatMap(({ identifier, actions }) =>
          actions.map((action) => `${identifier}.${action}`),
        ),
        modes: [...claims.modes],
        triggers: [...claims.triggers],
        capabilities: [...claims.capabilities],
        isAttenuated: claims.parent !== null,
      },
    },
  };
}
