/**
 * The STOP record: why a run stands still, and what would let it go on.
 *
 * @module
 */
import { z } from "zod";
import { GateName } from "./approval.ts";
import { Digest } from "./digest.ts";
import { RunId, TaskId } from "./ids.ts";
import { boundedText } from "./text.ts";
import { Reason } from "./verdict.ts";

/** `task` or `gate` is where; `completed` counts the tasks that stay done. */
export const StopRecord = z.strictObject({
  schema: z.literal("canonic/stop/v1"),
  run: RunId,
  plan: Digest,
  code: boundedText(128),
  task: TaskId.nullable(),
  gate: GateName.nullable(),
  completed: z.int().min(0),
  reasons: z.array(Reason).max(20),
});
export type StopRecord = z.infer<typeof StopRecord>;
