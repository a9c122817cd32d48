/**
 * Words of a text, letter by letter (section 5).
 *
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";

/** Runs of ASCII letters and digits, lower-cased, two or more long, each once, by code unit. */
export function wordsIn(text: string): string[] {
  const found = new Set<string>();
  let run = "";
  for (const letter of [...text, " "]) {
    const capital = CAPITALS.indexOf(letter);
    const lower = capital === -1 ? letter : (LETTERS[capital] as string);
    if (LETTERS.includes(lower) || DIGITS.includes(lower)) {
      run += lower;
      continue;
    }
    if (run.length >= 2) found.add(run);
    run = "";
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

export function intentWordsOf(intent: string): string[] {
  return wordsIn(intent).slice(0, 64);
}

const remembered = new WeakMap<ServiceContract, ReadonlySet<string>>();

/** Words of a contract's name, description and capabilities; kept, since contracts never change. */
export function serviceWordsOf(contract: ServiceContract): ReadonlySet<string> {
  const known = remembered.get(contract);
  if (known !== undefined) return known;
  const made = new Set(wordsIn([contract.name, contract.description, ...contract.capabilities].join(" ")));
  remembered.set(contract, made);
  return made;
}
