/**
 * What a journal asks of a payload before it takes it.
 *
 * @module
 */
import { type Digest, digestBytes, type EventType, type Payload } from "@canonic/contracts";
import { AuditError } from "./errors.ts";

/**
 * A payload has the bytes of its digest, and was not erased from this log: what somebody had removed does not come back
 * with the next run.
 *
 * @throws {AuditError} `audit.payload-mismatch`, `audit.payload-redacted`.
 */
export function checkPayload({ digest, bytes }: Payload, redacted: ReadonlySet<Digest>): void {
  if (digestBytes(bytes) !== digest)
    throw new AuditError("audit.payload-mismatch", `a payload's bytes do not have the digest \`${digest}\``, {
      claimed: digest,
    });
  if (redacted.has(digest))
    throw new AuditError(
      "audit.payload-redacted",
      `payload \`${digest}\` was redacted; this log does not take it again`,
      {
        digest,
      },
    );
}

/**
 * The payloads of an event that are kept. A run that is given what was redacted does not begin; what a run gives again is
 * journaled, for it happened, and stays away.
 *
 * @throws {AuditError} as {@link checkPayload}.
 */
export function payloadsToKeep(
  type: EventType,
  payloads: readonly Payload[],
  redacted: ReadonlySet<Digest>,
): readonly Payload[] {
  const kept = type === "PLAN_FROZEN" ? payloads : payloads.filter(({ digest }) => !redacted.has(digest));
  for (const payload of kept) checkPayload(payload, redacted);
  return kept;
}
