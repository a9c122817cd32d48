/**
 * Moments as text, and as milliseconds since 1970, without a clock's library.
 *
 * @see Hinnant, chrono-compatible low-level date algorithms (days_from_civil).
 * @module
 */

const DAY_MS = 86_400_000;
const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Milliseconds since 1970 of an RFC 3339 moment in UTC; NaN for text that is none. */
export function epochMsOf(timestamp: string): number {
  if (!FORM.test(timestamp)) return Number.NaN;
  const [year, month, day] = [numberAt(timestamp, 0, 4), numberAt(timestamp, 5, 2), numberAt(timestamp, 8, 2)];
  const [hour, minute] = [numberAt(timestamp, 11, 2), numberAt(timestamp, 14, 2)];
  const [second, millisecond] = [numberAt(timestamp, 17, 2), numberAt(timestamp, 20, 3)];
  const isMoment =
    month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second < 60;
  if (!isMoment) return Number.NaN;
  return daysBefore(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

/** The decimal number of `digits` digits at a place; a verifier of a long run asks for millions. */
function numberAt(text: string, at: number, digits: number): number {
  let number = 0;
  for (let place = at; place < at + digits; place += 1) number = number * 10 + text.charCodeAt(place) - 48;
  return number;
}

/** Days from 1970-01-01; years begin in March, so that the leap day is a year's last. */
function daysBefore(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
