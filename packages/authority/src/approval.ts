/**
 * Approvals: signed by a person, read strictly, good for one gate of one run of one log, once.
 *
 * Invariants:
 *   P1. An approval has one spelling (`jws.ts` J1); its digest names it, so a second use is seen as what it is.
 *   P2. It is looked at in this order: form, replay, signer, signature, log, run, gate, lifetime, plan, pins, review decision.
 *   P3. What is approved is exactly what was asked: the plan and the results by digest.
 *
 * @see RFC 7515 section 7.2.2 (flattened form).
 * @module
 */
import {
  APPROVAL_TTL_SECONDS,
  APPROVAL_TYPE,
  ApprovalClaims,
  canonicalBytes,
  type Digest,
  digestBytes,
  type GateRequest,
  type JsonValue,
  type Payload,
  SignedApproval,
  shapeIssues,
  type Timestamp,
} from "@canonic/contracts";
import { AuthorityError } from "./errors.ts";
import { isSignedBy, readJws, signJws } from "./jws.ts";
import type { Signer } from "./keys.ts";
import { timestampOf } from "./moment.ts";
import { type Refusal, type RefusalCode, refusal } from "./refusal.ts";
import type { Trust } from "./trust.ts";

export type ApprovalDraft = Omit<ApprovalClaims, "schema">;

/** An approval that is what the gate asks for; it is not consumed yet. */
export interface ReadApproval {
  readonly approval: Payload;
  readonly signer: string;
  readonly claims: ApprovalClaims;
  readonly expiresAt: Timestamp;
}

export type ApprovalReading =
  | ({ readonly kind: "approval" } & ReadApproval)
  | { readonly kind: "refuse"; readonly reason: Refusal };

/**
 * Signs an approval, or a rejection.
 *
 * @throws {AuthorityError} `authority.claims-invalid`.
 */
export function signApproval(draft: ApprovalDraft, signer: Signer): SignedApproval {
  const parsed = ApprovalClaims.safeParse({ ...draft, schema: "canonic/approval/v1" });
  const issues = parsed.success ? lifetimeFaults(parsed.data) : shapeIssues(parsed.error);
  if (parsed.success && issues.length === 0)
    return signJws(parsed.data as JsonValue, APPROVAL_TYPE, signer.name, signer);
  const message = `no approval says this: ${issues[0]?.pointer}: ${issues[0]?.expected}`;
  throw new AuthorityError("authority.claims-invalid", message, { issues });
}

/** Reads an approval of a trusted approver, whatever it approves. `recorded` are approvals that were used before. */
export function readApproval(
  value: unknown,
  trust: Pick<Trust, "approvers">,
  recorded: readonly Digest[] = [],
): ApprovalReading {
  const parsed = SignedApproval.safeParse(value);
  if (!parsed.success) return no("approval-malformed", "form");
  const bytes = canonicalBytes(parsed.data);
  const approval = { digest: digestBytes(bytes), bytes };
  if (recorded.includes(approval.digest)) return no("approval-replayed", "approval");
  const reading = readJws(parsed.data, APPROVAL_TYPE);
  if (reading.kind === "malformed") return no("approval-malformed", reading.fault);
  const keys = trust.approvers.get(reading.kid);
  if (keys === undefined) return no("approval-signer-unknown", "kid");
  if (!isSignedBy(keys, parsed.data)) return no("approval-signature-wrong", "signature");
  const claims = ApprovalClaims.safeParse(reading.payload);
  if (!claims.success) return no("approval-malformed", "claims");
  const expiresAt = timestampOf(claims.data.exp);
  return { kind: "approval", approval, signer: reading.kid, claims: claims.data, expiresAt };
}

/** Reads an approval and holds it against what the gate asks; `origin` is the log that the run is journaled in. */
export function checkApproval(
  request: GateRequest & Pick<ApprovalClaims, "origin">,
  value: unknown,
  trust: Pick<Trust, "approvers">,
  now: Timestamp,
  recorded: readonly Digest[],
): ApprovalReading {
  const reading = readApproval(value, trust, recorded);
  if (reading.kind === "refuse") return reading;
  const { claims, expiresAt } = reading;
  const faults: readonly (readonly [boolean, ApprovalCode, string])[] = [
    [claims.origin !== request.origin, "approval-other-log", "origin"],
    [claims.run !== request.run, "approval-other-run", "run"],
    [claims.gate !== request.gate, "approval-other-gate", "gate"],
    [lifetimeFaults(claims).length > 0, "approval-ttl", "exp"],
    [now < timestampOf(claims.iat), "approval-not-yet-valid", "iat"],
    [now >= expiresAt, "approval-expired", "exp"],
    [claims.plan !== request.plan, "approval-plan-differs", "plan"],
    [claims.pins !== request.pins, "approval-pins-differ", "pins"],
    [request.reviewDecision && claims.reviewDecision === null, "approval-decision-missing", "reviewDecision"],
  ];
  const fault = faults.find(([isFault]) => isFault);
  return fault === undefined ? reading : no(fault[1], fault[2]);
}

/** What is said when the store has seen the approval at another gate. */
export function replayed(): Refusal {
  return refusal("authority.approval-replayed", "approval", MESSAGES["approval-replayed"]);
}

type ApprovalCode = keyof typeof MESSAGES;

const MESSAGES = {
  "approval-malformed": "not a signed approval in its one spelling",
  "approval-replayed": "the approval was used before",
  "approval-signer-unknown": "nobody who is trusted to approve has this name",
  "approval-signature-wrong": "the signature is not that of the person whom the approval names",
  "approval-other-log": "the approval was given for a run of another log",
  "approval-other-run": "the approval is for another run",
  "approval-other-gate": "the approval is for another gate",
  "approval-ttl": `an approval lives 1 to ${APPROVAL_TTL_SECONDS} seconds`,
  "approval-not-yet-valid": "the approval is not valid yet",
  "approval-expired": "the approval has expired",
  "approval-plan-differs": "the approval is for another plan",
  "approval-pins-differ": "the approval is for other results than the run has now",
  "approval-decision-missing": "the gate asks for a review decision, and the approval names none",
} as const satisfies {
  [Code in RefusalCode as Code extends `authority.${infer Short extends `approval-${string}`}` ? Short : never]: string;
};

function no(code: ApprovalCode, place: string): Extract<ApprovalReading, { kind: "refuse" }> {
  return { kind: "refuse", reason: refusal(`authority.${code}`, place, MESSAGES[code]) };
}

function lifetimeFaults({ iat, exp }: ApprovalClaims): { pointer: string; expected: string }[] {
  const isLasting = exp > iat && exp - iat <= APPROVAL_TTL_SECONDS;
  return isLasting ? [] : [{ pointer: "/exp", expected: `1 to ${APPROVAL_TTL_SECONDS} seconds after iat` }];
}
