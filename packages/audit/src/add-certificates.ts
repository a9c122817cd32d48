/**
 * The certificates of a bundle, and the environments that they speak of.
 *
 * Invariants:
 *   A1. What is certified is what the bundle holds: a payload that was redacted is missing here too, and whoever computes
 *       the certificates again from the bundle has the same bytes.
 *
 * @module
 */
import { certificateLines, certify, type Digest, type JsonValue, parseCanonicalJson } from "@canonic/contracts";
import { artifactDigestOf, artifactPath, CERTIFICATES, OUTPUTS } from "./bundle-layout.ts";
import { CertificateFacts } from "./certificate-facts.ts";
import type { ExportContext } from "./export-context.ts";
import { environmentOf } from "./named-payloads.ts";

/** What each session of the run was executed with. */
export async function addEnvironments(context: ExportContext): Promise<void> {
  for (const digest of new Set(context.record.events.flatMap(environmentOf))) {
    const path = artifactPath(digest);
    const bytes = context.files.has(path) ? undefined : await context.payload(digest);
    if (bytes !== undefined) context.add(path, bytes);
  }
}

/** Fifteen lines, for a policy run that is sealed. */
export function addCertificates(context: ExportContext): void {
  const { plan, registry: snapshot, record, files, redacted } = context;
  if (!isCertifiable(plan)) return;
  const facts = new CertificateFacts(plan);
  for (const event of record.events) facts.next(event);
  const artifacts = new Map<Digest, JsonValue>();
  for (const [path, bytes] of files) {
    const digest = artifactDigestOf(path);
    if (digest !== undefined) artifacts.set(digest, parseCanonicalJson(bytes));
  }
  const outputs = outputsOf(files.get(OUTPUTS));
  const run = facts.certified({ plan, snapshot, artifacts, outputs, redacted });
  if (run !== undefined) context.add(CERTIFICATES, certificateLines(certify(run)));
}

/** Certificates speak of questions and chunks: other plans have none in their bundle. */
export function isCertifiable({ tasks }: ExportContext["plan"]): boolean {
  return tasks.some(({ binding }) => binding !== null);
}

/** By position; the line of a redacted output is empty. */
function outputsOf(bytes: Uint8Array | undefined): (JsonValue | undefined)[] {
  if (bytes === undefined) return [];
  const lines = Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line) => (line === "" ? undefined : parseCanonicalJson(line)));
}
