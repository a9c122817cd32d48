/**
 * Regular expressions that answer in time linear in the text, whatever pattern a stranger wrote.
 *
 * All states that the text so far can lead to are followed at once; sets of states that were met are kept, so that a
 * character mostly costs one look-up.
 *
 * Invariants:
 *   L1. Answers as `new RegExp(source, "u").test(text)` does, for every pattern that compiles here.
 *   L2. A test takes at most `text.length + 1` times as many steps as the pattern has states, and how many does not depend on
 *       what was tested before.
 *   L3. What is kept has a fixed size, and is dropped when it is full.
 *
 * @see Cox, Regular expression matching can be simple and fast, 2007.
 * @module
 */
import { type Leaf, type PatternProgram, programOf, type State } from "./pattern-program.ts";

/** States and edges that one pattern keeps. */
const ROOM_MAX = 200_000;
/** Larger sets of states are followed and not kept: they hardly ever come twice. */
const KEPT_STATES_MAX = 64;
/** States that a kept set follows for one step: a look-up costs little. */
const STATES_PER_STEP = 4;
const ASCII = 128;
const SPEND_EACH = 65_536;

/**
 * Compiles a regular expression of ECMA-262 with the flag `u` for a search in linear time.
 *
 * @param source - At most 4,096 characters; without lookaround and backreferences; at most 5,000 states.
 * @param spend - Told the steps that a test took, before it took many more; what it throws ends the test.
 * @throws {ContractsError} `contracts.bad-pattern` when it is none, or none that an automaton can match.
 */
export function linearPattern(source: string, spend?: (steps: number) => void): (text: string) => boolean {
  const matcher = new Matcher(programOf(source), spend);
  return (text) => matcher.test(text);
}

/** The states that a text can have led to, before assertions are looked at: those depend on the next character. */
type Front = {
  readonly states: Uint16Array;
  readonly atStart: boolean;
  readonly afterWord: boolean;
  edges: Map<number, Edge>;
  /** The same by character, for those below 128: one look-up, for most of most texts. */
  ascii: (Edge | undefined)[];
};
/** Where a class of characters leads: a match, no match any more, or another front; and what it costs to see that. */
type Edge = { readonly to: Front | boolean; readonly steps: number };

/** Characters that no leaf tells apart. */
type CharacterClass = { readonly id: number; readonly isWord: boolean; readonly holds: readonly boolean[] };
const END: CharacterClass = { id: -1, isWord: false, holds: [] };

class Matcher {
  readonly #program: PatternProgram;
  readonly #seen: StateSet;
  readonly #next: StateSet;
  readonly #spend: ((steps: number) => void) | undefined;
  /** Leaves that are asked of the platform for each character beyond ASCII: an upper bound of what that costs. */
  readonly #sets: number;
  readonly #classByBits = new Map<string, CharacterClass>();
  readonly #classOf = new Map<number, CharacterClass>();
  readonly #fronts = new Map<string, Front>();
  #first: Front;
  #room = 0;
  #classes = 0;

  constructor(program: PatternProgram, spend: ((steps: number) => void) | undefined) {
    this.#program = program;
    this.#spend = spend;
    this.#seen = new StateSet(program.states.length);
    this.#next = new StateSet(program.states.length);
    this.#sets = program.leaves.filter((leaf) => "set" in leaf).length;
    this.#first = this.#front(Uint16Array.of(program.start), true, false);
  }

  test(text: string): boolean {
    let front = this.#first;
    let steps = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      let edge: Edge | undefined = front.ascii[unit];
      if (edge === undefined) {
        const codePoint = text.codePointAt(at) as number;
        if (codePoint > 0xffff) at += 1;
        if (codePoint >= ASCII) steps += this.#sets;
        edge = this.#edge(front, this.#classFor(codePoint));
        if (codePoint < ASCII && front.states.length <= KEPT_STATES_MAX) front.ascii[unit] = edge;
      }
      steps += edge.steps;
      if (steps > SPEND_EACH) {
        this.#spend?.(steps);
        steps = 0;
      }
      if (typeof edge.to === "boolean") {
        this.#spend?.(steps);
        return edge.to;
      }
      front = edge.to;
    }
    const last = this.#edge(front, END);
    this.#spend?.(steps + last.steps);
    return last.to === true;
  }

  #edge(front: Front, character: CharacterClass): Edge {
    const known = front.edges.get(character.id);
    if (known !== undefined) return known;
    const edge = this.#follow(front, character);
    if (front.states.length > KEPT_STATES_MAX) return edge;
    this.#keep(8);
    front.edges.set(character.id, edge);
    return edge;
  }

  #follow(front: Front, character: CharacterClass): Edge {
    const { states } = this.#program;
    const seen = this.#seen.restart();
    const next = this.#next.restart();
    for (const at of front.states) seen.add(at);
    for (let index = 0; index < seen.length; index += 1) {
      const state = states[seen.at(index)] as State;
      switch (state.kind) {
        case "match":
          return { to: true, steps: stepsOf(seen.length) };
        case "leaf":
          if (character.holds[state.leaf] === true) next.add(state.next);
          break;
        case "split":
          seen.add(state.first);
          seen.add(state.second);
          break;
        case "start":
          if (front.atStart) seen.add(state.next);
          break;
        case "end":
          if (character === END) seen.add(state.next);
          break;
        default:
          if ((front.afterWord !== character.isWord) === (state.kind === "word")) seen.add(state.next);
      }
    }
    const to = next.length === 0 ? false : this.#front(next.sorted(), false, character.isWord);
    return { to, steps: stepsOf(seen.length) };
  }

  #front(states: Uint16Array, atStart: boolean, afterWord: boolean): Front {
    const front: Front = { states, atStart, afterWord, edges: new Map(), ascii: [] };
    if (states.length > KEPT_STATES_MAX) return front;
    const key = `${atStart}${afterWord}${String.fromCharCode(...states)}`;
    const known = this.#fronts.get(key);
    if (known !== undefined) return known;
    this.#keep(ASCII + states.length);
    this.#fronts.set(key, front);
    return front;
  }

  #classFor(codePoint: number): CharacterClass {
    const known = this.#classOf.get(codePoint);
    if (known !== undefined) return known;
    const character = String.fromCodePoint(codePoint);
    const holds = this.#program.leaves.map((leaf) => holdsFor(leaf, codePoint, character));
    const isWord = /^[0-9A-Za-z_]$/.test(character);
    const bits = `${isWord}${holds.map(Number).join("")}`;
    let found = this.#classByBits.get(bits);
    if (found === undefined) {
      found = { id: this.#classes, isWord, holds };
      this.#classes += 1;
      this.#classByBits.set(bits, found);
      this.#keep(holds.length);
    }
    this.#keep(1);
    this.#classOf.set(codePoint, found);
    return found;
  }

  /** Forgets all when full. No id of a class is given twice, so what a front in hand still knows is never misread. */
  #keep(size: number): void {
    this.#room += size;
    if (this.#room <= ROOM_MAX) return;
    this.#room = 0;
    for (const front of this.#fronts.values()) {
      front.edges = new Map();
      front.ascii = [];
    }
    this.#fronts.clear();
    this.#classByBits.clear();
    this.#classOf.clear();
    this.#first = this.#front(Uint16Array.of(this.#program.start), true, false);
  }
}

function holdsFor(leaf: Leaf, codePoint: number, character: string): boolean {
  if ("any" in leaf) return true;
  return "set" in leaf ? leaf.set.test(character) : leaf.codePoint === codePoint;
}

function stepsOf(followed: number): number {
  return followed > STATES_PER_STEP * STATES_PER_STEP ? followed : Math.ceil(followed / STATES_PER_STEP);
}

/** Numbers below a limit, each once, in the order in which they came; emptied without being cleared. */
class StateSet {
  readonly #items: Uint16Array;
  readonly #round: Uint32Array;
  #current = 0;
  length = 0;

  constructor(limit: number) {
    this.#items = new Uint16Array(limit);
    this.#round = new Uint32Array(limit);
  }

  restart(): this {
    this.#current += 1;
    if (this.#current > 0xffff_ffff) {
      this.#round.fill(0);
      this.#current = 1;
    }
    this.length = 0;
    return this;
  }

  add(item: number): void {
    if (this.#round[item] === this.#current) return;
    this.#round[item] = this.#current;
    this.#items[this.length] = item;
    this.length += 1;
  }

  at(index: number): number {
    return this.#items[index] as number;
  }

  sorted(): Uint16Array {
    return this.#items.slice(0, this.length).sort();
  }
}
