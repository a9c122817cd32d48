/**
 * What the core-contract checks look at: values of one finished run, nothing live.
 *
 * @module
 */
import type { JsonValue } from "../canonical-json.ts";
import type { Chunk } from "../chunk.ts";
import type { Coverage } from "../coverage.ts";
import type { Digest } from "../digest.ts";
import type { TaskId } from "../ids.ts";
import type { Output } from "../output.ts";
import type { Plan } from "../plan.ts";
import type { RegistrySnapshot } from "../registry-snapshot.ts";

/** A second execution of the task at `position`; `output` is null when it did not complete. */
export type ReplayedOutput = { readonly position: number; readonly output: Digest | null };

/** The output journaled for the task at the same position of the plan. */
export type RecordedOutput = { readonly task: TaskId; readonly digest: Digest };

/** `outputs` in plan order. The policy part is there when the plan's outputs are policy outputs. */
export type RunRecord = {
  readonly plan: Plan;
  readonly snapshot: RegistrySnapshot;
  readonly outputs: readonly RecordedOutput[];
  readonly replayed: readonly ReplayedOutput[];
  readonly policy?: PolicyRecord;
};

/**
 * `text` is the normalised document; `values` are the outputs themselves, in plan order; `artifacts` hold the questions
 * and signals that tasks name as inputs.
 */
export type PolicyRecord = {
  readonly text: Uint8Array;
  readonly chunks: ReadonlyMap<Digest, Chunk>;
  readonly values: readonly Output[];
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly coverage: Coverage;
};
