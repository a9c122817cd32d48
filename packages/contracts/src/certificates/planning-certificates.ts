/**
 * Certificates of how the run was planned: whatever the order of its input, and within which resources.
 *
 * @module
 */
import { digestJson } from "../digest.ts";
import { taskIdOf } from "../plan.ts";
import { questionNumber } from "../question.ts";
import { resourcePlanOf } from "../resource-plan.ts";
import type { CertifiedReading } from "./certified-run.ts";
import { type CertificateDefinition, isPolicyRun } from "./definition.ts";
import type { CertificateLedger } from "./ledger.ts";
import { artifactsOfSchema, PlanningProof, planningSubjectOf } from "./planning-proof.ts";
import { isRedacted, lackRecord, lackRedacted, redactedRecords } from "./redacted-evidence.ts";

export const PERMUTATION_INVARIANCE: CertificateDefinition = {
  id: "CERT-04",
  name: "permutation invariance",
  description:
    "The plan does not depend on the order in which its input came: it was built a second time from permuted input and had the same digest, and what it lists stands in an order that follows from the values alone.",
  successCriteria: [
    "The plan carries the record of two passes, of which the second permuted at least one list.",
    "Both passes gave this plan: the record names the digest of it without its planning evidence.",
    "Tasks stand in the order of their questions' numbers, artifacts in the order of their digests, and every task id derives from the task.",
  ],
  failureModes: [
    "There is no record of two passes, or it is of another plan.",
    "Tasks or artifacts stand in an order that their values do not give.",
  ],
  verificationMethod:
    "The digest of the plan without its planning evidence, the order and all ids are computed again; that two passes were made is the planner's word.",
  check: (run, ledger) => {
    if (!isPolicyRun(run, ledger)) return;
    ledger.saw("plan", run.planDigest);
    const { plan } = run;
    ledger.check(
      plan.artifacts.every((digest, at) => at === 0 || (plan.artifacts[at - 1] as string) < digest),
      "order-kept",
      "artifacts",
      "the artifacts of the plan are not in the order of their digests",
    );
    for (const [position, { task, question }] of run.tasks.entries()) {
      const given = task.inputs["question"];
      if (isRedacted(run, given)) lackRedacted(ledger, task.id, "the question of the task", given);
      else {
        const number = question === undefined ? 0 : numberOf(question);
        ledger.check(
          number === position + 1,
          "order-kept",
          task.id,
          `question ${number} stands at position ${position}, not at that of its number`,
        );
      }
      ledger.check(
        task.id === taskIdOf(plan.seed, task),
        "task-id",
        task.id,
        "the id of the task does not derive from it",
      );
    }
    const proof = proofOf(run, ledger);
    if (proof === undefined) return;
    const isOfPlan = proof.subject === planningSubjectOf(plan, run.artifacts);
    const [gone] = redactedRecords(run);
    // What it is of is counted without the plan's evidence, and one that is gone may have been some.
    if (!isOfPlan && gone !== undefined) lackRedacted(ledger, "planning-proof", "an artifact that it may count", gone);
    else ledger.check(isOfPlan, "proof-of-other-plan", "planning-proof", "the record of two passes is of another plan");
  },
};

export const RESOURCE_DETERMINISM: CertificateDefinition = {
  id: "CERT-11",
  name: "resource-planning determinism",
  description:
    "What the run may need at most was planned before it began, from its contracts' limits alone, and the same in both passes of planning.",
  successCriteria: [
    "The plan carries its resource bounds at 1, 2, 4, 8 and 16 tasks at once.",
    "Both passes of planning gave these bounds.",
    "Plan and snapshot give exactly these bounds again.",
  ],
  failureModes: [
    "There are no bounds, or the passes did not give these.",
    "The bounds are not those of the contracts' limits.",
  ],
  verificationMethod: "The bounds are computed again from plan and registry snapshot and compared byte for byte.",
  check: (run, ledger) => {
    const [digest, second] = artifactsOfSchema(run.plan, run.artifacts, "canonic/resource-plan/v1");
    ledger.saw("registry", run.plan.registry);
    if (digest === undefined) {
      lackRecord(run, ledger, "resource-plan", "the plan carries no resource plan");
      return;
    }
    ledger.saw("resource-plan", digest);
    ledger.check(second === undefined, "evidence-ambiguous", "resource-plan", "the plan carries two resource plans");
    const again = resourcePlanOf(run.plan, run.snapshot);
    const message = "plan and snapshot give other bounds than the resource plan states";
    ledger.check(again !== undefined && digestJson(again) === digest, "resources-differ", "resource-plan", message);
    const proof = proofOf(run, ledger);
    if (proof === undefined) return;
    ledger.check(
      proof.resources === digest,
      "resources-unproved",
      "planning-proof",
      "the two passes of planning gave another resource plan",
    );
  },
};

function proofOf(run: CertifiedReading, ledger: CertificateLedger): PlanningProof | undefined {
  const [digest, second] = artifactsOfSchema(run.plan, run.artifacts, "canonic/planning-proof/v1");
  const proof = PlanningProof.safeParse(digest === undefined ? undefined : run.artifacts.get(digest)).data;
  if (digest === undefined || proof === undefined) {
    lackRecord(run, ledger, "planning-proof", "the plan carries no record of two passes of planning");
    return undefined;
  }
  ledger.saw("planning-proof", digest);
  ledger.check(second === undefined, "evidence-ambiguous", "planning-proof", "the plan carries two records");
  return proof;
}

function numberOf({ area, dimension, q }: NonNullable<CertifiedReading["tasks"][number]["question"]>): number {
  return questionNumber(Number(area.slice(2)), Number(dimension.slice(3)), q);
}
