/**
 * Moments as text and as numbers. The clock port speaks RFC 3339 text, tokens speak seconds since 1970.
 *
 * @see Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, for days and civil dates.
 * @module
 */
import type { Timestamp } from "@canonic/contracts";
import { AuthorityError } from "./errors.ts";

/** The last second that a timestamp of four-digit years spells. */
const SECONDS_MAX = 253_402_300_799;

/**
 * Whole seconds since 1970; what is left of a second is dropped.
 *
 * @throws {AuthorityError} `authority.input-invalid` unless it is a timestamp of 1970 or later.
 */
export function secondsOf(timestamp: Timestamp): number {
  return Math.floor(millisecondsOf(timestamp) / 1000);
}

/** The timestamp of a second; beyond the year 9999, its last one. */
export function timestampOf(seconds: number): Timestamp {
  return printed(Math.min(seconds, SECONDS_MAX) * 1000);
}

/** `seconds` before or after a timestamp, and `milliseconds` more; never before 1970. */
export function shifted(timestamp: Timestamp, seconds: number, milliseconds = 0): Timestamp {
  return printed(Math.max(0, millisecondsOf(timestamp) + seconds * 1000 + milliseconds));
}

function millisecondsOf(timestamp: Timestamp): number {
  const [year, month, day, hour, minute, second, millisecond] = timestamp.split(/[-T:.Z]/).map(Number) as number[];
  const ms =
    ((daysOf(year ?? 0, month ?? 0, day ?? 0) * 24 + (hour ?? 0)) * 60 + (minute ?? 0)) * 60_000 +
    (second ?? 0) * 1000 +
    (millisecond ?? 0);
  if (ms >= 0 && printed(ms) === timestamp) return ms;
  throw new AuthorityError("authority.input-invalid", "not a timestamp since 1970", {
    issues: [{ pointer: "/now", expected: "a timestamp since 1970" }],
  });
}

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function printed(ms: number): Timestamp {
  const days = Math.floor(ms / 86_400_000) + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const rest = ms % 86_400_000;
  const time = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60];
  const [hour, minute, second] = time.map((value) => digits(value, 2));
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${hour}:${minute}:${second}.${digits(rest % 1000, 3)}Z`;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
