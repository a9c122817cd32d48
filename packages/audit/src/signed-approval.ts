/**
 * A signed approval, read strictly, and who signed it.
 *
 *     {"payload": base64url(canonical JSON of ApprovalClaims),
 *      "protected": base64url({"alg":"EdDSA","kid":…,"typ":"canonic-approval+jws"}),
 *      "signature": base64url(Ed25519 over `protected.payload`)}
 *
 * Invariants:
 *   A1. One approval has one spelling: what does not print again as it was read is none.
 *   A2. The signer is whose key verifies, never what the header says alone; the header must name that signer.
 *
 * @see RFC 7515 section 7.2.2, RFC 8037.
 * @module
 */
import { APPROVAL_TYPE, ApprovalClaims, type JsonValue, parseCanonicalJson, SignedApproval } from "@canonic/contracts";
import { isEd25519Signature, type NoteKey } from "./keys.ts";

/** `signer` is null when no given key made the signature. */
export interface ReadApproval {
  readonly claims: ApprovalClaims;
  readonly signer: string | null;
}

/** What the value says; undefined when it is no signed approval in its one spelling (A1). */
export function readApproval(value: JsonValue, approvers: readonly NoteKey[]): ReadApproval | undefined {
  const signed = SignedApproval.safeParse(value);
  if (!signed.success) return undefined;
  const { payload, protected: header, signature } = signed.data;
  const kid = kidOf(header);
  const claims = ApprovalClaims.safeParse(jsonOf(payload));
  const signatureBytes = bytesOf(signature);
  if (kid === undefined || !claims.success || signatureBytes === undefined) return undefined;
  const message = Buffer.from(`${header}.${payload}`, "ascii");
  const signer = approvers.find((key) => key.name === kid && isEd25519Signature(key, message, signatureBytes));
  return { claims: claims.data, signer: signer?.name ?? null };
}

/** The signer that a header names; undefined for a header of another kind, or with more in it. */
function kidOf(header: string): string | undefined {
  const value = jsonOf(header);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { alg, kid, typ } = value as Readonly<Record<string, JsonValue>>;
  const isKnown = alg === "EdDSA" && typ === APPROVAL_TYPE && Object.keys(value).length === 3;
  return isKnown && typeof kid === "string" ? kid : undefined;
}

function jsonOf(text: string): JsonValue | undefined {
  const bytes = bytesOf(text);
  try {
    return bytes && parseCanonicalJson(bytes);
  } catch {
    return undefined;
  }
}

function bytesOf(base64url: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64url, "base64url");
  return bytes.toString("base64url") === base64url ? bytes : undefined;
}
