/**
 * A regular expression as a program of states, for the linear matcher.
 *
 * The language is ECMA-262 with the `u` flag. A set of characters (`\s`, `[^a-z]`, `\p{L}`, `.`) is asked of the platform's
 * own RegExp, one code point at a time, so that no set means anything else here.
 *
 * Invariants:
 *   P1. A program has at most {@link PATTERN_STATES_MAX} states, counted repetitions written out.
 *   P2. Lookaround and backreferences are refused: no automaton of this size does them.
 *
 * @see Thompson, Regular expression search algorithm, CACM 11(6), 1968. ECMA-262, 22.2.
 * @module
 */
import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { ContractsError } from "../errors.ts";
import { cutText } from "../text.ts";

export const PATTERN_CHARACTERS_MAX = 4096;
export const PATTERN_STATES_MAX = 5000;
/** Groups in groups; the parser is recursive. */
const PATTERN_DEPTH_MAX = 64;

/** What one character must be: this code point, or one that the platform's own set contains. */
export type Leaf = { readonly codePoint: number } | { readonly set: RegExp } | { readonly any: true };

export type State =
  | { readonly kind: "leaf"; readonly leaf: number; next: number }
  | { readonly kind: "split"; first: number; second: number }
  | { readonly kind: "start" | "end" | "word" | "not-word"; readonly next: number }
  | { readonly kind: "match" };

export type PatternProgram = {
  readonly states: readonly State[];
  readonly leaves: readonly Leaf[];
  readonly start: number;
};

/** @throws {ContractsError} `contracts.bad-pattern` for what is no ECMA-262 pattern with `u`, or not one for an automaton. */
export function programOf(source: string): PatternProgram {
  if (source.length > PATTERN_CHARACTERS_MAX) refuse(source, `is longer than ${PATTERN_CHARACTERS_MAX} characters`);
  if (depthOf(source) > PATTERN_DEPTH_MAX) refuse(source, `has groups nested deeper than ${PATTERN_DEPTH_MAX}`);
  return new Builder(source).program(parsed(source));
}

function parsed(source: string): AST.Pattern {
  try {
    return new RegExpParser({ ecmaVersion: 2024 }).parsePattern(source, 0, source.length, { unicode: true });
  } catch {
    return refuse(source, "is no regular expression of ECMA-262 with the flag `u`");
  }
}

/** Built from its end: each piece is told the state that follows it. */
class Builder {
  readonly #source: string;
  readonly #states: State[] = [{ kind: "match" }];
  readonly #leaves: Leaf[] = [];
  readonly #leafByKey = new Map<string, number>();
  #built = 0;

  constructor(source: string) {
    this.#source = source;
  }

  program(pattern: AST.Pattern): PatternProgram {
    const body = this.#alternatives(pattern.alternatives, 0);
    const anchored = pattern.alternatives.every(({ elements: [first] }) => {
      return first?.type === "Assertion" && first.kind === "start";
    });
    const start = anchored ? body : this.#anywhere(body);
    return { states: this.#states, leaves: this.#leaves, start };
  }

  /** A match may begin at any character. */
  #anywhere(body: number): number {
    const skip: State = { kind: "leaf", leaf: this.#leaf("", { any: true }), next: 0 };
    const start = this.#add({ kind: "split", first: body, second: this.#add(skip) });
    skip.next = start;
    return start;
  }

  #alternatives(alternatives: readonly AST.Alternative[], next: number): number {
    return alternatives
      .map(({ elements }) => elements.reduceRight((after, element) => this.#element(element, after), next))
      .reduceRight((second, first) => this.#add({ kind: "split", first, second }));
  }

  #element(element: AST.Element, next: number): number {
    this.#count();
    switch (element.type) {
      case "Character":
        return this.#character(`=${element.value}`, { codePoint: element.value }, next);
      case "CharacterSet":
      case "CharacterClass":
        return this.#character(element.raw, { set: this.#setOf(element.raw) }, next);
      case "Group":
      case "CapturingGroup":
        return this.#alternatives(element.alternatives, next);
      case "Quantifier":
        return this.#quantifier(element, next);
      case "Assertion":
        if (element.kind === "word") return this.#add({ kind: element.negate ? "not-word" : "word", next });
        if (element.kind === "start" || element.kind === "end") return this.#add({ kind: element.kind, next });
        return refuse(this.#source, `uses ${element.kind}, which cannot be matched in linear time`);
      case "Backreference":
        return refuse(this.#source, "uses a backreference, which cannot be matched in linear time");
      default:
        return refuse(this.#source, "uses what the flag `u` does not have");
    }
  }

  #quantifier({ element, min, max }: AST.Quantifier, next: number): number {
    let entry = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop: State = { kind: "split", first: 0, second: next };
      entry = this.#add(loop);
      loop.first = this.#element(element, entry);
    } else {
      for (let more = min; more < max; more += 1)
        entry = this.#add({ kind: "split", first: this.#element(element, entry), second: next });
    }
    for (let count = 0; count < min; count += 1) entry = this.#element(element, entry);
    return entry;
  }

  #character(key: string, leaf: Leaf, next: number): number {
    return this.#add({ kind: "leaf", leaf: this.#leaf(key, leaf), next });
  }

  #leaf(key: string, leaf: Leaf): number {
    const known = this.#leafByKey.get(key);
    if (known !== undefined) return known;
    this.#leafByKey.set(key, this.#leaves.push(leaf) - 1);
    return this.#leaves.length - 1;
  }

  #setOf(raw: string): RegExp {
    const known = this.#leaves[this.#leafByKey.get(raw) ?? -1];
    if (known !== undefined && "set" in known) return known.set;
    try {
      return new RegExp(`^${raw}$`, "u");
    } catch {
      return refuse(this.#source, `uses \`${cutText(raw, 80)}\`, which this platform does not know`);
    }
  }

  #add(state: State): number {
    this.#count();
    return this.#states.push(state) - 1;
  }

  /** Pieces of no state at all are counted too: `(?:){9999999}` has ten million of them. */
  #count(): void {
    this.#built += 1;
    if (this.#built > PATTERN_STATES_MAX * 2 || this.#states.length >= PATTERN_STATES_MAX)
      refuse(this.#source, `needs more than ${PATTERN_STATES_MAX} states`);
  }
}

function depthOf(source: string): number {
  let depth = 0;
  let deepest = 0;
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    if (character === "\\") at += 1;
    else if (inClass) inClass = character !== "]";
    else if (character === "[") inClass = true;
    else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function refuse(source: string, reason: string): never {
  throw new ContractsError("contracts.bad-pattern", `the pattern \`${cutText(source, 80)}\` ${reason}`, { reason });
}
