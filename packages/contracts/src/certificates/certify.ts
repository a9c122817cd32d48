/**
 * The fifteen certificates of a run, computed from nothing but the run.
 *
 * Invariants:
 *   Y1. Pure and total: equal runs give equal bytes, and no run throws.
 *   Y2. Fifteen, in the order of their ids. No certificate is ACTIVE by fiat: each comes of comparisons that can fail.
 *   Y3. A run that did not complete has none that is ACTIVE.
 *
 * @module
 */
import { canonicalJson, type JsonValue } from "../canonical-json.ts";
import type { Certificate } from "./certificate.ts";
import { type CertifiedReading, type CertifiedRun, readCertifiedRun } from "./certified-run.ts";
import type { CertificateDefinition } from "./definition.ts";
import { CARVER_DELIVERY, CHUNK_ALIGNMENT, OUTPUT_SCHEMA } from "./delivery-certificates.ts";
import { CONCURRENCY_DETERMINISM, CONTEXT_IMMUTABILITY, RUNTIME_CONTRACTS } from "./execution-certificates.ts";
import { CertificateLedger } from "./ledger.ts";
import { CONFIG_SCHEMA, PRECISION_INTEGRITY, SIGNAL_SYNCHRONISATION } from "./measure-certificates.ts";
import { PERMUTATION_INVARIANCE, RESOURCE_DETERMINISM } from "./planning-certificates.ts";
import { REGISTRY_COMPLETENESS, ROUTING, SIGNATURE_STRICTNESS, SOURCE_STRICTNESS } from "./registry-certificates.ts";

const DEFINITIONS: readonly CertificateDefinition[] = [
  ROUTING,
  CONCURRENCY_DETERMINISM,
  CONTEXT_IMMUTABILITY,
  PERMUTATION_INVARIANCE,
  RUNTIME_CONTRACTS,
  CONFIG_SCHEMA,
  OUTPUT_SCHEMA,
  CARVER_DELIVERY,
  CHUNK_ALIGNMENT,
  SIGNAL_SYNCHRONISATION,
  RESOURCE_DETERMINISM,
  PRECISION_INTEGRITY,
  REGISTRY_COMPLETENESS,
  SIGNATURE_STRICTNESS,
  SOURCE_STRICTNESS,
];

/** Computes them. */
export function certify(run: CertifiedRun): readonly Certificate[] {
  const reading = readCertifiedRun(run);
  return DEFINITIONS.map((definition) => certificateOf(definition, reading));
}

/** Their canonical bytes, one line each. */
export function certificateLines(certificates: readonly Certificate[]): Uint8Array {
  return Buffer.from(certificates.map((one) => `${canonicalJson(one as unknown as JsonValue)}\n`).join(""), "utf8");
}

function certificateOf({ check, ...definition }: CertificateDefinition, reading: CertifiedReading): Certificate {
  const ledger = new CertificateLedger();
  const { status, run, planDigest: plan, sealedAt: effectiveDate } = reading;
  if (status !== "completed") ledger.lack("run-not-completed", run, `the run was sealed as ${status}`);
  check(reading, ledger);
  const { evidence, missing } = ledger;
  const fields = { schema: "canonic/certificate/v1" as const, run, plan, effectiveDate, ...definition, evidence };
  return missing.length === 0
    ? { ...fields, status: "ACTIVE", missing: [] }
    : { ...fields, status: "PENDING", missing };
}
