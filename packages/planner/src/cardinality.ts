/**
 * The cardinality of a plan, before it runs: 299 and 301 tasks, 59 and 61 chunks, a fibre of 4 or 6 are refused.
 *
 * @module
 */

import type { Expectations, Reason, Task } from "@canonic/contracts";
import { byCodeUnit } from "@canonic/contracts";

type Counted = Pick<Task, "id" | "binding">;

/** Every way in which the tasks are not as many as expected; in order of what is counted, then of place. */
export function cardinalityFaults(tasks: readonly Counted[], expect: Expectations): Reason[] {
  const reasons: Reason[] = [];
  const count = (what: string, found: number, expected: number) => {
    if (found === expected) return;
    const message = `the plan has ${found} ${what}, ${expected} are expected`;
    reasons.push({ code: `${what}-count`, place: what, message });
  };
  count("tasks", tasks.length, expect.outputs);
  for (const id of repeated(tasks.map(({ id }) => id))) {
    reasons.push({ code: "task-duplicate", place: id, message: `task \`${id}\` occurs more than once` });
  }
  if (expect.chunks === null && expect.fibre === null) return reasons;
  const fibres = new Map<string, number>();
  for (const { id, binding } of tasks) {
    if (binding === null) reasons.push({ code: "task-unbound", place: id, message: `task \`${id}\` has no chunk` });
    else fibres.set(binding.chunk, (fibres.get(binding.chunk) ?? 0) + 1);
  }
  if (expect.chunks !== null) count("chunks", fibres.size, expect.chunks);
  for (const question of repeated(tasks.flatMap(({ binding }) => binding?.question ?? []))) {
    const message = `question \`${question}\` is asked more than once`;
    reasons.push({ code: "question-duplicate", place: question, message });
  }
  for (const [chunk, size] of [...fibres].sort(([a], [b]) => byCodeUnit(a, b))) {
    if (expect.fibre === null || size === expect.fibre) continue;
    const message = `chunk \`${chunk}\` has ${size} tasks, ${expect.fibre} are expected`;
    reasons.push({ code: "fibre-size", place: chunk, message });
  }
  return reasons;
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const id of ids) (seen.has(id) ? twice : seen).add(id);
  return [...twice].sort(byCodeUnit);
}
