/**
 * Determinism: executed again, in another order, each replayed task gives the same bytes at the same position.
 *
 * Invariants:
 *   D1. Comparison is by position, never as sets: two swapped outputs are a violation.
 *   D2. The plan says how many tasks are replayed, and its digest says which; other ones and fewer are violations.
 *   D3. Only replays count as checks: a run of which nothing was replayed has shown nothing.
 *
 * @module
 */
import { expectedReplay } from "../replay.ts";
import type { RunRecord } from "./record.ts";
import { type CoreContractResult, Tally } from "./tally.ts";

export function checkDeterminism(record: Omit<RunRecord, "policy">): CoreContractResult {
  const { plan, snapshot, outputs, replayed } = record;
  const tally = new Tally("determinism");
  const positions = new Set<number>();
  const expected = new Set(expectedReplay(plan, snapshot));
  for (const { position, output } of replayed) {
    tally.check();
    const first = outputs[position]?.digest;
    const place = plan.tasks[position]?.id ?? `position ${position}`;
    if (positions.has(position)) tally.violate("replay-duplicate", place, `position ${position} was replayed twice`);
    positions.add(position);
    if (!expected.has(position))
      tally.violate("replay-unexpected", place, `position ${position} is not one that the plan's digest chooses`);
    if (first === undefined) tally.violate("replay-unknown", place, `position ${position} has no first output`);
    else if (output === null)
      tally.violate("replay-missing", place, `position ${position} gave no output when replayed`);
    else if (output !== first)
      tally.violate("replay-differs", place, `position ${position} gave other bytes when replayed`);
  }
  outputs.forEach(({ task }, position) => {
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
