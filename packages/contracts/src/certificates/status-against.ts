/**
 * What became of a certificate since: it was issued over sources, and a source can change.
 *
 * Invariants:
 *   S1. Only evidence that is a source (`contract/…`, `source/…`, `questionnaire`, `vocabulary`, `labelled-cases`) is
 *       compared. A source that nobody has here any more is not known to have changed, and revokes nothing.
 *   S2. REVOKED names every source that changed. What was PENDING stays so: what never held cannot be revoked.
 *
 * @module
 */
import type { Digest } from "../digest.ts";
import type { Reason } from "../verdict.ts";
import type { Certificate } from "./certificate.ts";

const REASONS_MAX = 20;

/** The certificate as it stands against the sources that are installed now, by the names that evidence gives them. */
export function statusAgainst(certificate: Certificate, sources: ReadonlyMap<string, Digest>): Certificate {
  if (certificate.status !== "ACTIVE") return certificate;
  const changed = certificate.evidence.flatMap(({ name, digest }): Reason[] => {
    const now = sources.get(name);
    if (now === undefined || now === digest) return [];
    return [{ code: "source-changed", place: name, message: `\`${name}\` was \`${digest}\`, it is \`${now}\` now` }];
  });
  if (changed.length === 0) return certificate;
  return { ...certificate, status: "REVOKED", missing: changed.slice(0, REASONS_MAX) };
}
