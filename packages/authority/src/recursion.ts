/**
 * Who must not hold, issue or be the object of authority: the machinery that executes under it.
 *
 * Invariants:
 *   R1. A token is issued by a person or their system to a person or their system. What plans, schedules, executes or decides
 *       by itself neither issues one nor holds one, and no domain is such a thing: a run that could issue would go on for ever.
 *   R2. The answer depends on the words of a name alone, however they are written together or apart.
 *
 * @module
 */

/** Refused as a word of a name. */
const WORDS = new Set(
  ["agent", "automation", "automaton", "autonomous", "autopilot", "bot", "cron", "daemon", "robot", "runner"].flatMap(
    (word) => [word, `${word}s`],
  ),
);

/** Refused anywhere in a name: these words are in no other. */
const PARTS = ["executor", "orchestrator", "planner", "scheduler"];

/** True for a name of something that executes, plans, schedules or acts on its own. */
export function isAutomaton(name: string): boolean {
  const plain = name.normalize("NFKC");
  const words = plain
    .replaceAll(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, "$1 ")
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  const joined = words.join("");
  return words.some((word) => WORDS.has(word)) || PARTS.some((part) => joined.includes(part));
}
