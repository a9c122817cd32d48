/**
 * What a certificate is, before it is computed for a run.
 *
 * @module
 */
import type { Certificate } from "./certificate.ts";
import type { CertifiedReading } from "./certified-run.ts";
import type { CertificateLedger } from "./ledger.ts";

export type CertificateDefinition = Pick<
  Certificate,
  "id" | "name" | "description" | "successCriteria" | "failureModes" | "verificationMethod"
> & {
  /** Writes down what it looked at and what is missing; throws on no run. */
  readonly check: (run: CertifiedReading, ledger: CertificateLedger) => void;
};

/** True for a policy run; anything else lacks what the certificate speaks of. */
export function isPolicyRun({ isPolicy }: CertifiedReading, ledger: CertificateLedger): boolean {
  if (!isPolicy) ledger.lack("no-policy-run", "plan", "no task of the plan is bound to a question and a chunk");
  return isPolicy;
}
