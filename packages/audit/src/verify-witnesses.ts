/**
 * Whether enough witnesses cosigned the checkpoint of a bundle, by the trust file's quorum and by a log policy.
 *
 * Invariants:
 *   Q1. A wrong line of a witness that the verifier knows is a lie; too few lines are something that was not shown.
 *   Q2. A policy adds to the trust file and takes nothing from it.
 *
 * @module
 */
import { CHECKPOINT } from "./bundle-layout.ts";
import { cosignaturesOf } from "./cosignature.ts";
import type { Findings } from "./findings.ts";
import { judgeByPolicy, type LogPolicy } from "./tlog-policy.ts";
import { trustedWitnessesOf } from "./trust.ts";
import type { VerifyOpening } from "./verify-context.ts";

const CODE = "witness-quorum";

export function verifyWitnesses({ checkpoint, options, findings }: VerifyOpening): void {
  if (checkpoint === undefined) return;
  const { trust, policy } = options;
  const quorum = trust.witnessQuorum ?? 0;
  const found = unlessWrong(findings, () => cosignaturesOf(checkpoint.note, trustedWitnessesOf(trust)));
  const cosigned = new Set(found?.map(({ witness }) => witness)).size;
  if (found !== undefined && cosigned < quorum)
    findings.open(CODE, CHECKPOINT, `${cosigned} witnesses of the trust file cosigned, ${quorum} are asked for`);
  if (policy !== undefined) verifyPolicy(policy, checkpoint.note, findings);
}

function verifyPolicy(policy: LogPolicy, note: Uint8Array, findings: Findings): void {
  const judgement = unlessWrong(findings, () => judgeByPolicy(policy, note));
  if (judgement === undefined) return;
  if (!judgement.isOfKnownLog)
    findings.invalid("policy-log", CHECKPOINT, "no log of the policy signed the checkpoint under its own origin");
  if (!judgement.hasQuorum)
    findings.open(CODE, CHECKPOINT, "the witnesses that cosigned the checkpoint are not the policy's quorum");
}

/** Undefined, with a finding, when a line of a known witness is wrong (Q1). */
function unlessWrong<T>(findings: Findings, read: () => T): T | undefined {
  try {
    return read();
  } catch {
    findings.invalid(CODE, CHECKPOINT, "a signature of a known witness or log is not one of this checkpoint");
    return undefined;
  }
}
