/**
 * SLSA verification summary (VSA) v1 of one ACTIVE certificate of a run.
 *
 * The policy is the certificate's own check, named by URI; the level is the certificate's id. Inputs are the certificate,
 * which names its evidence by digest, and the run's provenance. It states no SLSA level: levels of SLSA speak of builds of
 * software, and nothing here shows one.
 *
 * @see https://slsa.dev/spec/v1.0/verification_summary
 * @module
 */
import { type Digest, digestBytes } from "@canonic/contracts";
import { sha256Of, writeStatement } from "./in-toto.ts";
import type { StatedCertificate, StatementRecord } from "./record.ts";
import { logUri, runUri, subjectsOf } from "./subjects.ts";

const PREDICATE = "https://slsa.dev/verification_summary/v1";
const POLICIES = "https://canonic.dev/certificates/v1";

/** @param provenance - The run's provenance statement, exact bytes. */
export function verificationSummaryOf(
  record: StatementRecord,
  { id, effectiveDate, digest }: StatedCertificate,
  provenance: Uint8Array,
): Uint8Array {
  return writeStatement(subjectsOf(record), PREDICATE, {
    verifier: { id: logUri(record) },
    timeVerified: effectiveDate,
    resourceUri: runUri(record),
    policy: { uri: `${POLICIES}#${id}` },
    inputAttestations: [
      inputOf(`${runUri(record)}/certificates/${id}`, digest),
      inputOf(`${runUri(record)}/statements/provenance`, digestBytes(provenance)),
    ],
    verificationResult: "PASSED",
    verifiedLevels: [levelOf(id)],
    slsaVersion: "1.0",
  });
}

function inputOf(uri: string, digest: Digest) {
  return { uri, digest: sha256Of(digest) };
}

/** `CERT-01` becomes `CANONIC_CERT_01`: levels of others must not begin with `SLSA_`. */
function levelOf(id: string): string {
  return `CANONIC_${id.replaceAll("-", "_")}`;
}
