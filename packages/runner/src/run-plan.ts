/**
 * Runs a plan from its first event to where it can go no further: its seal, a stop or a gate.
 *
 * @module
 */
import { type EventDraft, type Payload, type Plan, type RegistrySnapshot, SEMANTICS_VERSION } from "@canonic/contracts";
import { composeRun, resultOf } from "./compose-run.ts";
import { createContractBook } from "./contract-book.ts";
import { drive } from "./drive.ts";
import { fenceOf } from "./fence.ts";
import { freezeRun } from "./frozen-run.ts";
import { recheckEffectFaults } from "./plan-faults.ts";
import type { Artifacts } from "./ports.ts";
import type { RunPorts, RunResult } from "./run-ports.ts";
import { personalFaults, saltedValues } from "./salted-values.ts";
import { assertFaultless, shapeOf } from "./shape.ts";
import { newRun } from "./state.ts";

/** Names the schedule's owner in PLAN_FROZEN: this process. */
const ENGINE = "local";

/**
 * Runs a plan.
 *
 * @param request.attachments - Further bytes that belong to the run (a source document), kept beside the log by digest.
 * @returns The result; a failed, denied, violated, rejected, stopped or waiting run is a value, not an error.
 * @throws {RunnerError} by code when the plan cannot be run; the journal's own error, unchanged, when it cannot be written.
 */
export async function runPlan(
  request: RunPorts & {
    readonly plan: Plan;
    readonly snapshot: RegistrySnapshot;
    readonly artifacts: Artifacts;
    readonly attachments?: readonly Payload[];
  },
): Promise<RunResult> {
  const contracts = request.contracts ?? createContractBook();
  const frozen = freezeRun(request.plan, request.snapshot, request.artifacts, contracts);
  const { plan, planDigest } = frozen;
  const shape = shapeOf(plan, request.jobs);
  assertFaultless(recheckEffectFaults(plan, frozen.snapshot));
  assertFaultless(personalFaults(plan, frozen.snapshot, frozen.artifacts));
  // Refused here already: nothing is journaled of a run that cannot salt.
  saltedValues(plan, planDigest, frozen.snapshot, request.salts);
  const fence = fenceOf(request.fence, 1, 0);
  const { run, number, checkpoint } = request.journal.begin(planDigest);
  const { environment } = request;
  const event: EventDraft = {
    type: "PLAN_FROZEN",
    subject: run,
    data: {
      number,
      plan: planDigest,
      registry: plan.registry,
      tasks: plan.tasks.length,
      mode: plan.mode,
      semantics: SEMANTICS_VERSION,
      engine: ENGINE,
      fence,
      ...(checkpoint === undefined ? {} : { checkpoint: checkpoint.digest }),
      ...(environment === undefined ? {} : { environment: environment.digest }),
    },
  };
  const driven = composeRun({ ...request, contracts }, { ...frozen, run, number, events: [] }, fence);
  const payloads = [
    ...frozen.payloads,
    ...(request.attachments ?? []),
    ...(checkpoint === undefined ? [] : [checkpoint]),
    ...(environment === undefined ? [] : [environment]),
  ];
  const standing = await drive(driven, newRun(shape), { event, payloads });
  return resultOf({ run, plan, outputs: driven.outputs }, standing);
}
