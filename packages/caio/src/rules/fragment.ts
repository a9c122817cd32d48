/**
 * The decidable part of rules: comparisons of one field with literals, joined by `&&`, `||` and `!`.
 *
 * Invariants:
 *   D3. Being true is what counts: an expression that errs is as far from true as one that is false, so the negation of a
 *       comparison is the opposite comparison.
 *
 * @module
 */
import type { Atom, Formula } from "./atom.ts";
import { typeAt } from "./declared.ts";
import type { Path } from "./paths.ts";
import type { Question, Simple } from "./simple.ts";

/** One comparison or its negation; opaque (without a path and a question) where nothing is known of it but its key. */
export interface Part {
  readonly key: string;
  readonly isNegated: boolean;
  readonly asks: { readonly path: Path; readonly question: Question } | null;
}

/** All parts must be true. */
export type Box = readonly Part[];

/** More alternatives than this are not looked at. */
const BOXES_MAX = 64;

/** The boxes of which one must hold for the formula (or its negation) to be true; null when there are too many. */
export function boxesOf(formula: Formula, isNegated = false): readonly Box[] | null {
  if (formula.kind === "not") return boxesOf(formula.of, !isNegated);
  if (formula.kind === "atom") {
    const literal = truthIn(formula.key);
    if (literal !== null) return literal === isNegated ? [] : [[]];
    return [[partOf(formula, isNegated)]];
  }
  const left = boxesOf(formula.left, isNegated);
  const right = boxesOf(formula.right, isNegated);
  if (left === null || right === null) return null;
  const isEither = (formula.kind === "or") !== isNegated;
  const count = isEither ? left.length + right.length : left.length * right.length;
  if (count > BOXES_MAX) return null;
  return isEither ? [...left, ...right] : left.flatMap((one) => right.map((other) => [...one, ...other]));
}

/** `true` and `false` stand as atoms. */
function truthIn(key: string): boolean | null {
  return key === '["boolValue","true"]' ? true : key === '["boolValue","false"]' ? false : null;
}

/** Whether there is an identity, and whether a map has a key, are questions of presence, however they are asked. */
function partOf({ key, simple }: Atom, isNegated: boolean): Part {
  const isNull = IDENTITY_TESTS.get(key);
  if (isNull !== undefined) return presenceOf(IDENTITY_PATH, isNegated !== isNull);
  if (simple === null || !isDecidable(simple)) return { key, isNegated, asks: null };
  const { path, question } = simple;
  if (question.kind === "has") return presenceOf(path.root === "identity" ? IDENTITY_PATH : path, isNegated);
  if (question.kind === "holds" && typeAt(path)?.kind === "map")
    return presenceOf(extended(path, question.literal), isNegated);
  return { key, isNegated, asks: { path, question } };
}

function presenceOf(path: Path, isNegated: boolean): Part {
  return { key: `has ${path.key}`, isNegated, asks: { path, question: { kind: "has" } } };
}

function extended({ root, names }: Path, name: string): Path {
  return { root, names: [...names, name], key: JSON.stringify([root, ...names, name]) };
}

const IDENTITY_PATH: Path = { key: '["identity"]', root: "identity", names: [] };
/** The keys of `identity == null` and the like; true where they ask for its absence. */
const IDENTITY_TESTS = new Map(
  ["==", "!="].flatMap((by) =>
    [
      ["name", "identity"],
      ["nullValue", "0"],
    ].map((first, index, both): [string, boolean] => [
      JSON.stringify(["call", `_${by}_`, first, both[1 - index]]),
      by === "==",
    ]),
  ),
);

/** Whether every part of a box is decided. */
export function isDecided(box: Box): boolean {
  return box.every(({ asks }) => asks !== null);
}

function isDecidable({ question, path }: Simple): boolean {
  if (["starts", "ends", "contains"].includes(question.kind)) return false;
  // What is assumed takes other fields away, so it is not independent of them.
  if (path.root === "service" && path.names[0] === "assumed") return false;
  // An order of texts is dense in ways that are of no use to find a conflict.
  if (question.kind === "compare" && typeof question.with === "string")
    return question.by === "==" || question.by === "!=";
  return question.kind !== "is" || typeAt(path)?.kind === "bool";
}
