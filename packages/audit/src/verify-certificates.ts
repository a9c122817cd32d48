/**
 * The certificates of a bundle, computed again from its own evidence and compared byte for byte.
 *
 * Invariants:
 *   V1. A line that is not the one computed is false, whichever way it differs: status, evidence, run, order, spelling.
 *   V2. Absent certificates claim nothing. Certificates of a run that has none (unsealed, or no policy run) are false.
 *
 * @module
 */
import {
  type Certificate,
  Certificate as CertificateSchema,
  canonicalBytes,
  certify,
  type JsonValue,
  parseCanonicalJson,
} from "@canonic/contracts";
import { isCertifiable } from "./add-certificates.ts";
import { artifactPath, CERTIFICATES } from "./bundle-layout.ts";
import { CertificateFacts } from "./certificate-facts.ts";
import { environmentOf } from "./named-payloads.ts";
import { sameBytes } from "./tree-hash.ts";
import type { ReaderPart, VerifyContext } from "./verify-context.ts";

const LINE_BYTES_MAX = 1024 * 1024;

/** Keeps what certificates need of the events, where there are any, then holds the file against what follows. */
export const certificatesReader: ReaderPart = ({ files, findings, redacted }, { plan }) => {
  const facts = files.has(CERTIFICATES) ? new CertificateFacts(plan) : undefined;
  return {
    next: (event) => {
      facts?.next(event);
      for (const digest of environmentOf(event))
        if (!files.has(artifactPath(digest)) && !redacted.has(digest))
          findings.open("environment-missing", artifactPath(digest), "what a session was executed with is not there");
    },
    end: (context) => (facts === undefined ? undefined : verifyCertificates(context, facts)),
  };
};

async function verifyCertificates(context: VerifyContext, facts: CertificateFacts): Promise<void> {
  const { files, findings, planned, outputs, redacted } = context;
  const { plan, snapshot, artifacts } = planned;
  // A snapshot that is not there is reported with the plan; nothing can be certified without it.
  const run = snapshot === undefined ? undefined : facts.certified({ plan, snapshot, artifacts, outputs, redacted });
  const expected = run === undefined || !isCertifiable(plan) ? [] : certify(run);
  let line = 0;
  for await (const bytes of files.lines(CERTIFICATES, LINE_BYTES_MAX)) {
    const is = expected[line];
    line += 1;
    if (is !== undefined && sameBytes(bytes, canonicalBytes(is as unknown as JsonValue))) continue;
    findings.invalid("certificate-wrong", `${CERTIFICATES}:${line}`, difference(said(bytes), is));
  }
  if (line < expected.length)
    findings.invalid("certificate-wrong", CERTIFICATES, `${line} certificates of ${expected.length} are there`);
}

function said(bytes: Uint8Array): Certificate | undefined {
  try {
    return CertificateSchema.safeParse(parseCanonicalJson(bytes)).data;
  } catch {
    return undefined;
  }
}

function difference(given: Certificate | undefined, is: Certificate | undefined): string {
  if (given === undefined) return "the line is not the canonical JSON of a certificate";
  if (is === undefined) return `there is no certificate to be here, \`${given.id}\` is`;
  const [first] = is.missing;
  const why = first === undefined ? "" : ` (${first.code}: ${first.message})`;
  if (given.id !== is.id) return `\`${given.id}\` stands in the place of ${is.id}`;
  if (given.run !== is.run || given.plan !== is.plan) return `${is.id} is of another run`;
  if (given.status !== is.status)
    return `${is.id} is said to be ${given.status}; computed again it is ${is.status}${why}`;
  return `${is.id} is not what the evidence gives, computed again`;
}
