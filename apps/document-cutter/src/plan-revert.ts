/**
 * The plan of a revert: exactly the compensation that a cut has pinned before it wrote anything, behind a gate of its own.
 *
 * @module
 */
import { digestJson, type JsonObject, parseCanonicalJson, type RegistrySnapshot } from "@canonic/contracts";
import type { StoredRun } from "@canonic/orchestrator";
import { type FrozenPlan, planTasks } from "@canonic/planner";
import { DocumentCutterError, inBackticks } from "./errors.ts";
import type { Compensation } from "./phases/before-writing.ts";
import { CUT_PHASES } from "./plan-cut.ts";

export const REVERT_PHASES: readonly string[] = ["revert-probe", "revert-apply", "revert-verify"];

/**
 * The compensation among a run's pins.
 *
 * @throws {DocumentCutterError} `document-cutter.run-not-revertible` for a run that is no live cut, or has written nothing.
 */
export function compensationOf(run: string, { plan, outputs }: Pick<StoredRun, "plan" | "outputs">): Compensation {
  const isCut = plan.mode === "live" && plan.tasks.every((task, at) => task.operation === `cutter.${CUT_PHASES[at]}`);
  const isWhole = plan.tasks.length === CUT_PHASES.length;
  const refuse = (reason: "not-a-cut" | "nothing-written", why: string) =>
    new DocumentCutterError("document-cutter.run-not-revertible", `run ${inBackticks(run)} ${why}`, { run, reason });
  if (!isCut || !isWhole) throw refuse("not-a-cut", "is no live cut");
  const backup = outputs[CUT_PHASES.indexOf("pre-write-backup")];
  const written = outputs[CUT_PHASES.indexOf("cut-leg-a")];
  if (backup === undefined || written === undefined) throw refuse("nothing-written", "has written nothing yet");
  return (parseCanonicalJson(backup) as unknown as { readonly compensation: Compensation }).compensation;
}

/**
 * Plans a revert.
 *
 * @throws As `planTasks`.
 */
export function planRevert(compensation: Compensation, seed: number, registry: RegistrySnapshot): FrozenPlan {
  const value = compensation as unknown as JsonObject;
  return planTasks({
    registry,
    mode: "live",
    seed,
    order: "sequential",
    onFailure: "stop",
    request: digestJson(value),
    context: new Map([[digestJson(value), value]]),
    tasks: REVERT_PHASES.map((phase) => ({
      name: phase,
      payloadType: `cutter/${phase}`,
      parameters: { compensation: value },
    })),
    gates: [{ name: "SG_R", before: "revert-apply" }],
    rechecks: [{ before: "revert-apply", task: "revert-probe" }],
  });
}
