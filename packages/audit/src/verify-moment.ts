/**
 * A run as of a moment that the verifier gives. Without one there is no clock here, and times are held against each other
 * only.
 *
 * Invariants:
 *   M1. Nothing of the evidence was written after the moment at which it is verified.
 *   M2. A run that is not sealed needs its token still: one that has expired by the moment leaves the run open for good. What
 *       a sealed run was allowed by is judged at the time of its use, and expiry since takes nothing back.
 *
 * @module
 */
import { type Digest, TokenClaims } from "@canonic/contracts";
import { epochMsOf } from "./epoch.ts";
import { AuditError } from "./errors.ts";
import type { ReaderPart, VerifyOptions } from "./verify-context.ts";

/**
 * The verifier's moment in milliseconds since 1970; undefined without one.
 *
 * @throws {AuditError} `audit.moment-invalid` for text that is no moment: the caller's fault, not the bundle's.
 */
export function momentOf({ at }: Pick<VerifyOptions, "at">): number | undefined {
  const moment = at === undefined ? undefined : epochMsOf(at);
  if (moment === undefined || !Number.isNaN(moment)) return moment;
  throw new AuditError("audit.moment-invalid", `\`${at?.slice(0, 64)}\` is no moment like 2026-01-31T12:00:00.000Z`, {
    expected: "a moment in UTC with milliseconds",
  });
}

export const momentReader: ReaderPart = ({ options, findings }) => {
  const moment = momentOf(options);
  let claims: Digest | null = null;
  let late = 0;
  return {
    next(event, { place }) {
      if (moment === undefined) return;
      if (event.type === "TOKEN_VALIDATION") claims = event.data.claims;
      if (epochMsOf(event.at) <= moment) return;
      late += 1;
      if (late === 1) findings.invalid("event-future", place, "the event is dated after the moment of verification");
    },
    end({ facts, planned }) {
      if (moment === undefined || facts.seal !== undefined || claims === null) return;
      const token = TokenClaims.safeParse(planned.artifacts.get(claims)).data;
      if (token !== undefined && token.exp * 1000 <= moment)
        findings.open("token-expired", "token", "the run is not sealed, and its token has expired at the moment given");
    },
  };
};
