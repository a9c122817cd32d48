/**
 * Answers of ports: taken at once or later, and spelled as an event spells them.
 *
 * @module
 */
import type { Reason } from "@canonic/contracts";
import type { Answer } from "./ports.ts";
import { keptReasons } from "./reasons.ts";

/** Goes on in the same turn when the answer is there: an await for each check would cost a run of pure tasks its speed. */
export function whenAnswered<T, R>(answer: Answer<T>, next: (value: T) => Answer<R>): Answer<R> {
  return isPending(answer) ? answer.then(next) : next(answer);
}

/** True for an answer that is still to come, whoever made the promise. */
export function isPending<T>(answer: Answer<T>): answer is Promise<T> {
  return typeof answer === "object" && answer !== null && "then" in answer && typeof answer.then === "function";
}

/** The decision of an event, with the reasons that it keeps. */
export function answerOf(
  answer: { readonly kind: "allow" } | { readonly kind: "refuse"; readonly reasons: readonly Reason[] },
): { decision: "allow" | "refuse"; reasons: Reason[] } {
  return answer.kind === "allow"
    ? { decision: "allow", reasons: [] }
    : { decision: "refuse", reasons: keptReasons(answer.reasons) };
}
