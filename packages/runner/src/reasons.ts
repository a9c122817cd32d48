/**
 * Reasons as an event keeps them: cut to size, so that nothing that comes from outside can keep the event from being written.
 *
 * Invariants:
 *   E1. A place or a message that was cut is text still: a half character is no JSON, and an event with one cannot be written.
 *   E2. At most 20 reasons, and no more than leave an event room in its leaf; the first always.
 *
 * @module
 */
import { cutText, type Reason } from "@canonic/contracts";

const REASONS_MAX = 20;
/** Of the 65,535 bytes of a leaf; a reason of the longest place and message takes 15,360. */
const REASONS_BYTES_MAX = 49_152;

/** A reason with a place and a message of any length. */
export function reasonOf(code: string, place: string, message: string): Reason {
  return { code, place: cutText(place, 512), message: cutText(message, 2048) };
}

/** Those that an event keeps, the first ones. */
export function keptReasons(reasons: readonly Reason[]): Reason[] {
  let left = REASONS_BYTES_MAX;
  return reasons.slice(0, REASONS_MAX).filter((reason) => {
    left = left < 0 ? left : left - Buffer.byteLength(JSON.stringify(reason));
    return left >= 0;
  });
}
