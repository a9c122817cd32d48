/**
 * What a certificate cannot be computed from because it was removed on purpose: the reason says so, and not that what is gone
 * differs from what it should be.
 *
 * Invariants:
 *   G1. Only what is not there and is said to be redacted counts; what is there is compared, whatever is said of it.
 *   G2. A certificate that rests on something redacted is PENDING.
 *
 * @module
 */
import type { Digest } from "../digest.ts";
import type { CertifiedReading } from "./certified-run.ts";
import type { CertificateLedger } from "./ledger.ts";

type Part = Pick<CertifiedReading, "artifacts" | "redacted">;

/** True for an artifact that was redacted (G1). */
export function isRedacted({ artifacts, redacted }: Part, digest: Digest | undefined): digest is Digest {
  return digest !== undefined && !artifacts.has(digest) && (redacted?.has(digest) ?? false);
}

/** True for a task whose output was redacted (G1). */
export function isOutputRedacted({ outputs, completed, redacted }: CertifiedReading, position: number): boolean {
  const digest = completed[position];
  return outputs[position] === undefined && digest !== undefined && (redacted?.has(digest) ?? false);
}

/** Lacks something by the name of what was redacted (G2). */
export function lackRedacted(ledger: CertificateLedger, place: string, what: string, digest: Digest): void {
  ledger.lack("evidence-redacted", place, `${what} was redacted: \`${digest}\` cannot be looked at again`);
}

/**
 * The redacted artifacts of a plan that no task is given: each may have been any record that the plan carries, since
 * nothing but its value says of which schema it was.
 */
export function redactedRecords(run: CertifiedReading): readonly Digest[] {
  const gone = run.plan.artifacts.filter((digest) => isRedacted(run, digest));
  if (gone.length === 0) return [];
  const given = new Set(run.plan.tasks.flatMap(({ inputs }) => Object.values(inputs)));
  return gone.filter((digest) => !given.has(digest));
}

/** Lacks a record of the plan: as redacted when it may be one of those that were, else as missing. */
export function lackRecord(run: CertifiedReading, ledger: CertificateLedger, place: string, missing: string): void {
  const [digest] = redactedRecords(run);
  if (digest === undefined) ledger.lack("evidence-missing", place, missing);
  else lackRedacted(ledger, place, "an artifact that may be this record", digest);
}
