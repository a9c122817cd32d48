/**
 * The answers of all services to one clause, as two bit sets: what a decision folds is 32 services a step.
 *
 * Invariants:
 *   B1. Bit `index % 32` of word `index / 32` stands for the service at `index`; bits at and beyond the size are 0.
 *   B2. No bit is set in both; violated is what is set in neither.
 *
 * @module
 */

export const SATISFIED = 0;
export const VIOLATED = 1;
export const UNKNOWN = 2;
export type Answer = typeof SATISFIED | typeof VIOLATED | typeof UNKNOWN;

/** Shared between decisions and never written after it was made. */
export interface Answers {
  readonly satisfied: Int32Array;
  readonly unknown: Int32Array;
}

/** How many words `size` bits take. */
export function wordsFor(size: number): number {
  return (size + 31) >>> 5;
}

/** The set of all of `size` services. */
export function allBits(size: number): Int32Array {
  const words = new Int32Array(wordsFor(size)).fill(-1);
  const rest = size & 31;
  if (rest !== 0) words[words.length - 1] = (1 << rest) - 1;
  return words;
}

export function setBit(words: Int32Array, index: number): void {
  words[index >>> 5] = (words[index >>> 5] as number) | (1 << (index & 31));
}

export function hasBit(words: Int32Array, index: number): boolean {
  return (((words[index >>> 5] as number) >>> (index & 31)) & 1) === 1;
}

/** The answers that `ask` gives for 0 to `size` - 1. */
export function answersOf(size: number, ask: (index: number) => number): Answers {
  const satisfied = new Int32Array(wordsFor(size));
  const unknown = new Int32Array(wordsFor(size));
  for (let index = 0; index < size; index += 1) {
    const answer = ask(index);
    if (answer === SATISFIED) setBit(satisfied, index);
    else if (answer === UNKNOWN) setBit(unknown, index);
  }
  return { satisfied, unknown };
}

/** The same answer of everybody. */
export function uniform(size: number, answer: Answer): Answers {
  const none = new Int32Array(wordsFor(size));
  return { satisfied: answer === SATISFIED ? allBits(size) : none, unknown: answer === UNKNOWN ? allBits(size) : none };
}

export function answerAt(answers: Answers, index: number): Answer {
  if (hasBit(answers.satisfied, index)) return SATISFIED;
  return hasBit(answers.unknown, index) ? UNKNOWN : VIOLATED;
}

/** Leaves in `alive` what satisfied too. */
export function keepSatisfied(alive: Int32Array, { satisfied }: Pick<Answers, "satisfied">): void {
  for (let word = 0; word < alive.length; word += 1) {
    alive[word] = (alive[word] as number) & (satisfied[word] as number);
  }
}

/** The places of the bits that are set, ascending. */
export function setPlaces(words: Int32Array): number[] {
  const places: number[] = [];
  for (let word = 0; word < words.length; word += 1) {
    let bits = words[word] as number;
    while (bits !== 0) {
      const low = bits & -bits;
      bits ^= low;
      places.push(word * 32 + 31 - Math.clz32(low));
    }
  }
  return places;
}

/** @see Warren, Hacker's Delight, section 5-1. */
export function countBits(words: Int32Array): number {
  let count = 0;
  for (let word = 0; word < words.length; word += 1) {
    let bits = words[word] as number;
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
    count += Math.imul(bits, 0x01010101) >>> 24;
  }
  return count;
}
