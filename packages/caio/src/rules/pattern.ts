/**
 * Patterns of `matches`: what is one, and how long it is.
 *
 * @see Cox, Regular Expression Matching in the Wild, 2010 (RE2).
 * @module
 */
import { RE2JS } from "@bufbuild/re2";

/** True for what RE2 takes as a pattern: no look-around, no back reference, no more than its repetitions. */
export function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** How long a pattern is, written out: `{8}` stands for eight of what is before it, which with groups can hold others. */
export function partsOf(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) =>
    Math.max(1, Number(most || least)),
  );
  if (!pattern.includes("(")) return pattern.length + counts.reduce((total, count) => total + count, 0);
  // RE2 refuses more than 1,000 repetitions within each other.
  return (
    pattern.length *
    Math.min(
      1000,
      counts.reduce((product, count) => product * count, 1),
    )
  );
}
