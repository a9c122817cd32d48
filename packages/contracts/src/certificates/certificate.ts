/**
 * Certificates: fifteen promises about a policy run, each computed from the run's own evidence.
 *
 * Invariants:
 *   C1. ACTIVE lacks nothing and names evidence; PENDING and REVOKED say what is missing or has changed.
 *   C2. A certificate names its run and its plan: it says nothing about any other.
 *   C3. Only what stands now can revoke: a certificate in a bundle is ACTIVE or PENDING.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "../digest.ts";
import { RunId } from "../ids.ts";
import { boundedText } from "../text.ts";
import { Timestamp } from "../timestamp.ts";
import { Reason } from "../verdict.ts";

export const CertificateId = z.enum([
  "CERT-01",
  "CERT-02",
  "CERT-03",
  "CERT-04",
  "CERT-05",
  "CERT-06",
  "CERT-07",
  "CERT-08",
  "CERT-09",
  "CERT-10",
  "CERT-11",
  "CERT-12",
  "CERT-13",
  "CERT-14",
  "CERT-15",
]);
export type CertificateId = z.infer<typeof CertificateId>;

const statements = z.array(boundedText(512)).min(1);

/** What was looked at, by digest; names sorted by code unit, each once. */
const CertificateEvidence = z.strictObject({ name: boundedText(256), digest: Digest });

const fields = {
  schema: z.literal("canonic/certificate/v1"),
  id: CertificateId,
  name: boundedText(64),
  run: RunId,
  plan: Digest,
  effectiveDate: Timestamp,
  description: boundedText(1024),
  successCriteria: statements,
  failureModes: statements,
  verificationMethod: boundedText(1024),
};

/** `effectiveDate` is when the run was sealed; `missing` holds twenty reasons at most. */
export const Certificate = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("ACTIVE"),
    ...fields,
    evidence: z.array(CertificateEvidence).min(1),
    missing: z.array(Reason).max(0),
  }),
  z.strictObject({
    status: z.literal("PENDING"),
    ...fields,
    evidence: z.array(CertificateEvidence),
    missing: z.array(Reason).min(1).max(20),
  }),
  z.strictObject({
    status: z.literal("REVOKED"),
    ...fields,
    evidence: z.array(CertificateEvidence),
    missing: z.array(Reason).min(1).max(20),
  }),
]);
export type Certificate = z.infer<typeof Certificate>;
