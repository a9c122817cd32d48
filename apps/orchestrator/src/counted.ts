/**
 * Counts as people read them.
 *
 * @module
 */

/** `1 run`, `2 runs`, `0 runs`; for words whose plural ends in s. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
