/**
 * Moments as milliseconds since 1970 and as text, without a clock's library.
 *
 * @see Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, for days and civil dates.
 * @module
 */
import type { Timestamp } from "./timestamp.ts";

/** The last millisecond that a timestamp of four-digit years spells. */
export const MOMENT_MAX = 253_402_300_799_999;

const DAY_MS = 86_400_000;

/** The timestamp of a whole number of milliseconds from 0 to {@link MOMENT_MAX}. */
export function timestampOf(ms: number): Timestamp {
  const days = Math.floor(ms / DAY_MS) + 719_468;
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
  const rest = ms % DAY_MS;
  const [hour, minute, second] = [
    Math.floor(rest / 3_600_000),
    Math.floor(rest / 60_000) % 60,
    Math.floor(rest / 1000) % 60,
  ];
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}.${digits(rest % 1000, 3)}Z`;
}

/** The milliseconds since 1970 of a timestamp; undefined for what {@link timestampOf} does not print. */
export function millisecondsOf(timestamp: Timestamp): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = timestamp
    .split(/[-T:.Z]/)
    .map(Number);
  const ms = (((daysOf(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millisecond;
  return ms >= 0 && ms <= MOMENT_MAX && timestampOf(ms) === timestamp ? ms : undefined;
}

/**
 * The timestamp `ms` whole milliseconds after another, at most the last of the year 9999; undefined for what is no moment since
 * 1970, such as `2026-02-30T00:00:00.000Z`.
 */
export function momentAfter(timestamp: Timestamp, ms: number): Timestamp | undefined {
  const from = millisecondsOf(timestamp);
  return from === undefined ? undefined : timestampOf(Math.max(0, Math.min(MOMENT_MAX, from + ms)));
}

/** Days since 1970-01-01 of a date of the Gregorian calendar; years begin in March, so that the leap day is a year's last. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
