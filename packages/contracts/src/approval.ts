/**
 * Gates and approvals: a person's signed yes, or no, to exactly one thing.
 *
 * @see RFC 7515 section 7.2.2 for the signed form: a flattened JWS, signed with EdDSA (RFC 8037).
 * @module
 */
import { z } from "zod";
import { Digest, digestJson } from "./digest.ts";
import { RunId, type TaskId } from "./ids.ts";
import { boundedText } from "./text.ts";

/** Where a run waits for a person: `SG_1`. */
export const GateName = z.string().regex(/^[A-Z][A-Z0-9_]{0,30}$/);
export type GateName = z.infer<typeof GateName>;

/** Twelve hours: how long an approval can be used when its signer says nothing else, and at most. */
export const APPROVAL_TTL_SECONDS = 43_200;

/**
 * `origin` names the log that the run is journaled in, as its checkpoints and bundles do: a run's id says its plan and its
 * number in one log, and a run of another log may have the same. `plan` and `pins` are the digests of what was looked at:
 * the plan, and what its completed tasks had given. `iat` and `exp` are seconds since 1970, `exp` at most
 * {@link APPROVAL_TTL_SECONDS} after `iat`. `reviewDecision` names the decision that a gate with `reviewDecision` asks for.
 */
export const ApprovalClaims = z.strictObject({
  schema: z.literal("canonic/approval/v1"),
  origin: boundedText(128),
  run: RunId,
  gate: GateName,
  plan: Digest,
  pins: Digest,
  decision: z.enum(["approve", "reject"]),
  meaning: boundedText(2048),
  reviewDecision: boundedText(128).nullable(),
  iat: z.int().min(0),
  exp: z.int().min(1),
});
export type ApprovalClaims = z.infer<typeof ApprovalClaims>;

/** A signed approval: base64url of canonical JSON, header and claims. The header is `{alg: "EdDSA", kid, typ}`. */
export const SignedApproval = z.strictObject({
  payload: z.string().regex(/^[A-Za-z0-9_-]{1,16384}$/),
  protected: z.string().regex(/^[A-Za-z0-9_-]{1,1024}$/),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type SignedApproval = z.infer<typeof SignedApproval>;

/** `typ` of an approval's header. */
export const APPROVAL_TYPE = "canonic-approval+jws";

/** What a gate asks a person. */
export type GateRequest = {
  readonly run: RunId;
  readonly gate: GateName;
  readonly plan: Digest;
  readonly pins: Digest;
  /** True when the approval must name a review decision. */
  readonly reviewDecision: boolean;
};

/** The digest of all that completed before a gate: task ids to the digests of their outputs. */
export function pinsDigestOf(outputs: ReadonlyMap<TaskId, Digest>): Digest {
  return digestJson(Object.fromEntries(outputs));
}
