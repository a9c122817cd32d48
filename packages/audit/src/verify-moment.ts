/**
 * A run as of a moment that the verifier gives. Without one there is no clock here, and times are held against each other
 * only.
 *
 * Invariants:
 *   M1. Nothing of the evidence was written after the moment at which it is verified.
 *   M2. A run that is not sealed needs its token still: one that has expired by the moment leaves the run open for good. What
 *       a sealed run was allowed by is judged at the time of its use, and expiry since takes nothing back.
 *   M3. An approval that was given after the moment had not been given: no gate was passed with it. One that has expired by the
 *       moment was used before, and stays, as a token does.
 *
 * @module
 */
import { type ApprovalClaims, type Digest, type JsonValue, TokenClaims } from "@canonic/contracts";
import { epochMsOf } from "./epoch.ts";
import { AuditError } from "./errors.ts";
import { readApproval } from "./signed-approval.ts";
import type { ReaderPart, VerifyOptions } from "./verify-context.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The verifier's moment in milliseconds since 1970; undefined without one. A bare day, as people write one, is its last
 * millisecond in UTC: what happened on the day had happened.
 *
 * @throws {AuditError} `audit.moment-invalid` for text that is no moment: the caller's fault, not the bundle's.
 */
export function momentOf({ at }: Pick<VerifyOptions, "at">): number | undefined {
  if (at === undefined) return undefined;
  const moment = epochMsOf(DAY.test(at) ? `${at}T23:59:59.999Z` : at);
  if (!Number.isNaN(moment)) return moment;
  const message = `\`${at.slice(0, 64)}\` is no moment like 2026-01-31T12:00:00.000Z, nor a day like 2026-01-31`;
  throw new AuditError("audit.moment-invalid", message, { expected: "a moment in UTC with milliseconds, or a day" });
}

export const momentReader: ReaderPart = ({ options, findings }) => {
  const moment = momentOf(options);
  let claims: Digest | null = null;
  let late = 0;
  const approvals: { readonly place: string; readonly approval: Digest }[] = [];
  return {
    next(event, { place }) {
      if (moment === undefined) return;
      if (event.type === "TOKEN_VALIDATION") claims = event.data.claims;
      if (event.type === "APPROVAL_RECORDED") approvals.push({ place, approval: event.data.approval });
      if (epochMsOf(event.at) <= moment) return;
      late += 1;
      if (late === 1) findings.invalid("event-future", place, "the event is dated after the moment of verification");
    },
    end({ facts, planned }) {
      if (moment === undefined) return;
      for (const { place, approval } of approvals) {
        const claims = claimsOf(planned.artifacts.get(approval));
        if (claims !== undefined && claims.iat * 1000 > moment)
          findings.invalid("approval-future", place, "the approval was given after the moment of verification");
      }
      if (facts.seal !== undefined || claims === null) return;
      const token = TokenClaims.safeParse(planned.artifacts.get(claims)).data;
      if (token !== undefined && token.exp * 1000 <= moment)
        findings.open("token-expired", "token", "the run is not sealed, and its token has expired at the moment given");
    },
  };
};

/** What an approval says, whoever signed it; that is judged with the gate. */
function claimsOf(value: JsonValue | undefined): ApprovalClaims | undefined {
  return value === undefined ? undefined : readApproval(value, [])?.claims;
}
