/**
 * Cardinality: exactly as many outputs as the plan expects, one per task, each id once; and, where the plan says so,
 * exactly so many chunks with exactly so many tasks each.
 *
 * @module
 */
import type { RunRecord } from "./record.ts";
import { type CoreContractResult, Tally } from "./tally.ts";

export function checkCardinality(record: Pick<RunRecord, "plan" | "outputs">): CoreContractResult {
  const { plan, outputs } = record;
  const tally = new Tally("cardinality");
  expectCount(tally, "tasks", plan.tasks.length, plan.expect.outputs);
  expectCount(tally, "outputs", outputs.length, plan.expect.outputs);
  expectUnique(
    tally,
    "task",
    plan.tasks.map(({ id }) => id),
  );
  expectUnique(
    tally,
    "output",
    outputs.map(({ task }) => task),
  );
  checkFibres(tally, record);
  return tally.result({ outputs: outputs.map(({ task }) => task), plan: plan.tasks.map(({ id }) => id) });
}

/** The task -> chunk map is total, onto the expected number of chunks, and every fibre has the expected size. */
function checkFibres(tally: Tally, { plan }: Pick<RunRecord, "plan">): void {
  const { chunks, fibre } = plan.expect;
  if (chunks === null) return;
  const sizes = new Map<string, number>();
  for (const task of plan.tasks) {
    tally.check();
    if (task.binding === null) tally.violate("task-unbound", task.id, `task \`${task.id}\` is bound to no chunk`);
    else sizes.set(task.binding.chunk, (sizes.get(task.binding.chunk) ?? 0) + 1);
  }
  expectCount(tally, "chunks", sizes.size, chunks);
  expectUnique(
    tally,
    "question",
    plan.tasks.flatMap(({ binding }) => (binding === null ? [] : [binding.question])),
  );
  if (fibre === null) return;
  for (const [chunk, size] of sizes) {
    tally.check();
    if (size !== fibre) tally.violate("fibre-size", chunk, `chunk \`${chunk}\` has ${size} tasks, not ${fibre}`);
  }
}

function expectCount(tally: Tally, what: string, found: number, expected: number): void {
  tally.check();
  if (found !== expected) tally.violate(`${what}-count`, what, `${found} ${what} where the plan expects ${expected}`);
}

function expectUnique(tally: Tally, what: string, ids: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    tally.check();
    if (seen.has(id)) tally.violate(`${what}-duplicate`, id, `${what} \`${id}\` occurs more than once`);
    seen.add(id);
  }
}
