/**
 * Moments of tokens: the clock port speaks RFC 3339 text, tokens speak seconds since 1970.
 *
 * @module
 */
import { MOMENT_MAX, millisecondsOf, type Timestamp, timestampOf as timestampOfMs } from "@canonic/contracts";
import { AuthorityError } from "./errors.ts";

/**
 * Whole seconds since 1970; what is left of a second is dropped.
 *
 * @throws {AuthorityError} `authority.input-invalid` unless it is a timestamp of 1970 or later.
 */
export function secondsOf(timestamp: Timestamp): number {
  return Math.floor(msOf(timestamp) / 1000);
}

/** The timestamp of a second; beyond the year 9999, its last one. */
export function timestampOf(seconds: number): Timestamp {
  return timestampOfMs(Math.min(seconds, Math.floor(MOMENT_MAX / 1000)) * 1000);
}

/** `seconds` before or after a timestamp, and `milliseconds` more; never before 1970. */
export function shifted(timestamp: Timestamp, seconds: number, milliseconds = 0): Timestamp {
  return timestampOfMs(Math.max(0, msOf(timestamp) + seconds * 1000 + milliseconds));
}

function msOf(timestamp: Timestamp): number {
  const ms = millisecondsOf(timestamp);
  if (ms !== undefined) return ms;
  throw new AuthorityError("authority.input-invalid", "not a timestamp since 1970", {
    issues: [{ pointer: "/now", expected: "a timestamp since 1970" }],
  });
}
