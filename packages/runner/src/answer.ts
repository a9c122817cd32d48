/**
 * A port's answer as an event spells it.
 *
 * @module
 */
import type { Reason } from "@canonic/contracts";

/** Allow, or refuse with reasons. */
export type Answer = { kind: "allow" } | { kind: "refuse"; reasons: readonly Reason[] };

/** An event keeps at most 20 reasons. */
export function answerOf(answer: Answer): { decision: "allow" | "refuse"; reasons: Reason[] } {
  return answer.kind === "allow"
    ? { decision: "allow", reasons: [] }
    : { decision: "refuse", reasons: answer.reasons.slice(0, 20) };
}
