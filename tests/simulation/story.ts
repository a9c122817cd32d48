/**
 * What a story says before its first session and after its last.
 *
 * @module
 */
import type { World } from "./world.ts";

/** The plan in one line. */
export function tellPlan({ story, planned }: World): void {
  if (story === null) return;
  const { kind, mode, onFailure, tasks, groups, gates, rechecks, expect } = planned.plan;
  const operations = tasks.map(({ operation, bindings }) => [operation, bindings]);
  const upsets = [...planned.upsets];
  const { replay } = expect;
  story(`plan ${JSON.stringify({ kind, mode, onFailure, operations, groups, gates, rechecks, replay, upsets })}`);
}

/** Every event on disk, a line each: number, holder's fence, type, task position or subject, and what was decided. */
export function tellEvents({ story, log, planned }: World): void {
  if (story === null) return;
  for (const { event, fence } of log.entries) {
    const position = planned.plan.tasks.find(({ id }) => id === event.subject)?.position;
    const data = event.data as { decision?: string; status?: string; code?: string; attempt?: number };
    const said = [data.decision, data.status, data.code, data.attempt].filter((part) => part !== undefined);
    story([`${event.seq} [${fence}] ${event.type}`, position ?? event.subject, ...said].join(" "));
  }
}
