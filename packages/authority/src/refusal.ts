/**
 * Every reason for which authority refuses, by code.
 *
 * Invariants:
 *   F1. A refusal's text is ours, with names that passed a schema: never a byte of a token, an approval or a policy.
 *
 * @module
 */
import type { LimitName, Reason } from "@canonic/contracts";

/** The codes, in the order in which they are looked for. Stable like an export. */
export const REFUSAL_CODES = [
  "authority.token-revoked",
  "authority.token-unknown",
  "authority.recursion",
  "authority.user-differs",
  "authority.token-expired",
  "authority.trigger-refused",
  "authority.mode-refused",
  "authority.halted",
  "authority.not-armed",
  "authority.domain-refused",
  "authority.method-refused",
  "authority.capability-refused",
  "authority.policy-refused",
  "authority.limit-invocations",
  "authority.limit-tokens-per-response",
  "authority.limit-tokens-total",
  "authority.limit-frequency",
  "authority.approval-malformed",
  "authority.approval-replayed",
  "authority.approval-signer-unknown",
  "authority.approval-signature-wrong",
  "authority.approval-other-log",
  "authority.approval-other-run",
  "authority.approval-other-gate",
  "authority.approval-ttl",
  "authority.approval-not-yet-valid",
  "authority.approval-expired",
  "authority.approval-plan-differs",
  "authority.approval-pins-differ",
  "authority.approval-decision-missing",
] as const satisfies readonly (`authority.${string}` | `authority.limit-${LimitName}`)[];
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export type Refusal = Reason & { readonly code: RefusalCode };

export function refusal(code: RefusalCode, place: string, message: string): Refusal {
  return { code, place, message };
}
