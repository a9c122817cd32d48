/**
 * What authority answers, in the shapes of the journal's events.
 *
 * Invariants:
 *   D1. A decision holds digests and claims; never a token's text.
 *
 * @module
 */
import type { Digest, Payload, Reason, Timestamp } from "@canonic/contracts";
import type { LimitUse } from "./limits.ts";
import type { Refusal } from "./refusal.ts";

type Allow = { readonly kind: "allow" };
export type Refuse = { readonly kind: "refuse"; readonly reasons: readonly Reason[] };

export type TokenDecision = {
  readonly token: Digest;
  readonly claims: Payload | null;
  readonly user: string;
  readonly trigger: string;
} & (Allow | Refuse);
export type ScopeDecision = {
  readonly token: Digest;
  readonly policySet: Digest | null;
  readonly policies: readonly string[];
} & (Allow | Refuse);
export type Reservation = { readonly token: Digest; readonly limits: readonly LimitUse[] } & (Allow | Refuse);
export type ApprovalDecision =
  | (Allow & {
      readonly approval: Payload;
      readonly signer: string;
      readonly decision: "approve" | "reject";
      readonly reviewDecision: string | null;
      readonly expiresAt: Timestamp;
    })
  | Refuse;

export function refuse(reason: Refusal): Refuse {
  return { kind: "refuse", reasons: [reason] };
}
