/**
 * The execution mode of a store: whether live writes may happen at all, and the kill switch.
 *
 * @module
 */
import { z } from "zod";
import { boundedText } from "./text.ts";
import { Timestamp } from "./timestamp.ts";
import { Principal } from "./token.ts";

/** `safe` is where every store begins and where `armed` returns by itself; `halted` stays until a person arms again. */
export const ExecutionMode = z.enum(["safe", "armed", "halted"]);
export type ExecutionMode = z.infer<typeof ExecutionMode>;

/** `until` is when an armed store is safe again; null for the other two. */
export const ModeRecord = z.strictObject({
  mode: ExecutionMode,
  by: Principal,
  reason: boundedText(2048),
  since: Timestamp,
  until: Timestamp.nullable(),
});
export type ModeRecord = z.infer<typeof ModeRecord>;

/** The mode that holds at a moment: an armed store whose time is over is safe. */
export function modeAt(record: ModeRecord | undefined, now: string): ExecutionMode {
  if (record === undefined) return "safe";
  return record.mode === "armed" && (record.until === null || record.until <= now) ? "safe" : record.mode;
}
