/**
 * The fourteen states of a cut, for people: a pure function of the run's plan and events.
 *
 * ```text
 * pending -> source_pinned -> marked -> cutplan_ok -> pre_write_backup_taken -> grants_probed
 *   -> awaiting_cut_authorization (SG_1) -> cut_leg_a_committed -> structural_verified -> leg_b_recorded -> write_verified
 *   -> awaiting_lifecycle_authorization (SG_2) -> lifecycle_enacted -> closeout_reported
 * ends: failed_<gate> (terminal) · stopped_<reason> (resumable) · voided_<reason>
 * ```
 *
 * Invariants:
 *   F1. Each state has exactly one edge forward; a run that stops says where by its reason, and goes on from there.
 *
 * @module
 */
import type { Plan, RunEvent } from "@canonic/contracts";

/** Where a run is when so many of its phases are over. */
const AFTER: readonly string[] = [
  "pending",
  "source_pinned",
  "marked",
  "cutplan_ok",
  "pre_write_backup_taken",
  "grants_probed",
  "cut_leg_a_committed",
  "structural_verified",
  "leg_b_recorded",
  "write_verified",
  "lifecycle_enacted",
  "closeout_reported",
];

const AWAITING: ReadonlyMap<string, string> = new Map([
  ["SG_1", "awaiting_cut_authorization"],
  ["SG_2", "awaiting_lifecycle_authorization"],
]);

/** The state after these events, all of one run of a cut. */
export function stateOf(plan: Plan, events: readonly RunEvent[]): string {
  const positions = new Map(plan.tasks.map(({ id, position }) => [String(id), position]));
  let state = AFTER[0] as string;
  let beneath = state;
  for (const event of events) {
    switch (event.type) {
      case "EXECUTION_COMPLETED":
        beneath = AFTER[(positions.get(event.subject) ?? -1) + 1] ?? beneath;
        state = beneath;
        break;
      case "APPROVAL_REQUESTED":
        beneath = AWAITING.get(event.data.gate) ?? beneath;
        state = beneath;
        break;
      case "APPROVAL_RECORDED":
        if (event.data.decision === "reject") state = `failed_${event.data.gate}`;
        break;
      case "RUN_STOPPED":
        state = `stopped_${event.data.code}`;
        break;
      case "RUN_RESUMED":
        state = beneath;
        break;
      case "RUN_VOIDED":
        return `voided_${event.data.reason}`;
    }
  }
  return state;
}
