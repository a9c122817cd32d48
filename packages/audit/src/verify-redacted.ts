/**
 * What was removed from the log on purpose, and what a verifier can therefore not compute again.
 *
 * Invariants:
 *   R1. A payload counts as redacted only when the log says so, proved under the checkpoint; every other that is missing is
 *       judged as missing.
 *   R2. Proofs stay: nothing of chain, tree and grammar needs a payload. What was removed leaves the verdict open, never
 *       INVALID by itself.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import { artifactPath } from "./bundle-layout.ts";
import type { VerifyContext } from "./verify-context.ts";

const NAMED_MAX = 5;

export function verifyRedacted({ files, findings, planned, facts, redacted, outputs }: VerifyContext): void {
  if (redacted.size === 0) return;
  const { plan } = planned;
  const uses = new Map<Digest, string[]>();
  const use = (digest: Digest | undefined, what: string) => {
    if (digest === undefined || !redacted.has(digest)) return;
    const known = uses.get(digest) ?? [];
    uses.set(digest, known);
    if (known.length < NAMED_MAX && !known.includes(what)) known.push(what);
  };
  use(plan.request, "the request");
  for (const { id, inputs, binding } of plan.tasks) {
    for (const digest of Object.values(inputs)) use(digest, `the input of ${id}`);
    use(binding?.chunkDigest, `the chunk of ${id}`);
  }
  for (const digest of plan.artifacts) use(digest, "the artifacts of the plan");
  for (const { contract, evidence } of facts.verdicts) use(evidence, `the ${contract} contract`);
  const namedByFacts = new Set(facts.named);
  for (const digest of redacted) if (namedByFacts.has(digest)) use(digest, "the decisions that name it");
  for (const [position, task] of facts.completed.entries()) {
    // An output that is there among the lines was not left out, whatever else has its bytes.
    if (outputs[position] === undefined) use(task?.output, `the output of ${plan.tasks[position]?.id ?? ""}`);
  }
  for (const digest of redacted) {
    if (files.has(artifactPath(digest))) continue;
    const what = uses.get(digest) ?? ["the text or statement of these bytes"];
    findings.cause("redacted", digest, `the payload was removed; not computed again: ${what.join(", ")}`);
  }
}
