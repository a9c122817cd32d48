/**
 * Determinism: executed again, in another order, each replayed task gives the same bytes at the same position.
 *
 * Invariants:
 *   D1. Comparison is by position, never as sets: two swapped outputs are a violation.
 *   D2. The plan says how many tasks are replayed; fewer is a violation.
 *
 * @module
 */
import type { RunRecord } from "./record.ts";
import { type CoreContractResult, Tally } from "./tally.ts";

export function checkDeterminism(record: Pick<RunRecord, "plan" | "outputs" | "replayed">): CoreContractResult {
  const { plan, outputs, replayed } = record;
  const tally = new Tally("determinism");
  const positions = new Set<number>();
  for (const { position, output } of replayed) {
    tally.check();
    const first = outputs[position]?.digest;
    const place = plan.tasks[position]?.id ?? `position ${position}`;
    if (positions.has(position)) tally.violate("replay-duplicate", place, `position ${position} was replayed twice`);
    positions.add(position);
    if (first === undefined) tally.violate("replay-unknown", place, `position ${position} has no first output`);
    else if (output === null)
      tally.violate("replay-missing", place, `position ${position} gave no output when replayed`);
    else if (output !== first)
      tally.violate("replay-differs", place, `position ${position} gave other bytes when replayed`);
  }
  outputs.forEach(({ task }, position) => {
    tally.check();
    const planned = plan.tasks[position]?.id;
    if (planned !== task)
      tally.violate("position-moved", task, `output \`${task}\` stands at position ${position} of another task`);
  });
  if (positions.size !== plan.expect.replay) {
    const message = `${positions.size} tasks were replayed where the plan expects ${plan.expect.replay}`;
    tally.violate("replay-count", "replay", message);
  }
  return tally.result({ replayed: replayed.map(({ position, output }) => [position, output]) });
}
