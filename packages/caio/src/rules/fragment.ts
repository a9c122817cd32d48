/**
 * The decidable part of rules: comparisons of one field with literals, joined by `&&`, `||` and `!`.
 *
 * Invariants:
 *   D1. A box without a solution has none: no request, identity or service makes all of its parts true.
 *   D2. A box whose parts are all decided has a solution when it is not found empty: the fields of the environment are
 *       independent of each other, apart from being there, which is looked at.
 *   D3. Being true is what counts: an expression that errs is as far from true as one that is false, so the negation of a
 *       comparison is the opposite comparison.
 *
 * @module
 */
import type { Atom, Formula } from "./atom.ts";
import { EFFECT_SCOPE } from "./environment.ts";
import type { Path } from "./paths.ts";
import type { Comparison, Literal, Question, Simple } from "./simple.ts";
import type { RuleType } from "./types.ts";

/** One comparison or its negation; opaque (without a path and a question) where nothing is known of it but its key. */
export interface Part {
  readonly key: string;
  readonly isNegated: boolean;
  readonly asks: { readonly path: Path; readonly question: Question } | null;
}

/** All parts must be true. */
export type Box = readonly Part[];

/** More alternatives than this are not looked at. */
export const BOXES_MAX = 64;

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

/** True when the parts cannot all be true. Opaque parts contradict only their own negation. */
export function isEmpty(box: Box): boolean {
  const negated = new Map<string, boolean>();
  for (const { key, isNegated } of box) {
    const before = negated.get(key);
    if (before !== undefined && before !== isNegated) return true;
    negated.set(key, isNegated);
  }
  const byPath = new Map<string, { path: Path; asked: Asked[number][] }>();
  const absent: Path[] = [];
  for (const { asks, isNegated } of box) {
    if (asks === null) continue;
    const { path, question } = asks;
    if (question.kind === "has" && isNegated) {
      absent.push(path);
      continue;
    }
    const known = byPath.get(path.key) ?? { path, asked: [] };
    known.asked.push({ question, isNegated });
    byPath.set(path.key, known);
  }
  const there = [...byPath.values()];
  if (absent.some((path) => !isOptional(path) || there.some((other) => reaches(other.path, path)))) return true;
  // A field can be missing only where its parents are there.
  if (
    absent.some((path) =>
      absent.some((other) => path !== other && path.names.length > other.names.length && reaches(path, other)),
    )
  )
    return true;
  return there.some(({ path, asked }) => !hasValue(typeAt(path), asked));
}

/** Whether a path goes through another, or ends there. */
function reaches(path: Path, through: Path): boolean {
  return path.root === through.root && through.names.every((name, index) => path.names[index] === name);
}

/** The declared type at a path; null where the schema says nothing of it. */
function typeAt(path: Path): RuleType | null {
  let type: RuleType | null = EFFECT_SCOPE.get(path.root) ?? null;
  for (const name of path.names) type = inside(type, name)?.type ?? null;
  return type;
}

function isOptional(path: Path): boolean {
  let type: RuleType | null = EFFECT_SCOPE.get(path.root) ?? null;
  let isLastOptional = type?.kind === "record" && type.isNullable;
  for (const name of path.names) {
    const field = inside(type, name);
    const isNullable = type?.kind === "record" && type.isNullable;
    isLastOptional = isNullable || (field?.isOptional ?? true);
    type = field?.type ?? null;
  }
  return isLastOptional;
}

function inside(type: RuleType | null, name: string): { type: RuleType; isOptional: boolean } | null {
  if (type?.kind === "map") return { type: type.of, isOptional: true };
  if (type?.kind !== "record" || !Object.hasOwn(type.fields, name)) return null;
  return type.fields[name] ?? null;
}

/** Whether some value of the type makes all parts true. */
function hasValue(type: RuleType | null, asked: Asked): boolean {
  if (asked.every(({ question }) => question.kind === "has")) return true;
  if (type?.kind === "list" || type?.kind === "map") return hasElements(type, asked);
  const candidates = candidatesOf(type, asked);
  return candidates.some((value) =>
    asked.every(({ question, isNegated }) => {
      const truth = holds(question, value);
      return truth !== null && truth !== isNegated;
    }),
  );
}

type Asked = readonly { readonly question: Question; readonly isNegated: boolean }[];

/** A list or a map can hold any texts; those that it must hold and must not were compared by their keys already. */
function hasElements(type: RuleType, asked: Asked): boolean {
  const needed = asked.filter(({ question, isNegated }) => question.kind === "holds" && !isNegated).length;
  return type.kind !== "list" || needed <= type.count;
}

/**
 * Values that decide: every literal and its neighbours, the ends of the type, and one that no literal names. A number
 * that fits lies at such a place, for the truth of comparisons changes nowhere else.
 */
function candidatesOf(type: RuleType | null, asked: Asked): readonly Literal[] {
  const literals = asked.flatMap(({ question }): readonly Literal[] =>
    question.kind === "compare" ? [question.with] : question.kind === "in" ? question.values : [],
  );
  if (type?.kind === "bool") return [true, false];
  if (type?.kind === "string" && type.values !== null) return type.values;
  const numbers = literals.filter((literal) => typeof literal === "bigint").flatMap((one) => [one - 1n, one, one + 1n]);
  const texts = literals.filter((literal) => typeof literal === "string");
  const other = `${texts.join("")}.`;
  if (type?.kind === "int") {
    const [least, greatest] = [
      BigInt(type.min ?? Number.MIN_SAFE_INTEGER),
      BigInt(type.max ?? Number.MAX_SAFE_INTEGER),
    ];
    return [...numbers, least, greatest].filter((value) => value >= least && value <= greatest);
  }
  if (type?.kind === "string") return [...texts.filter((text) => text.length <= type.length), other];
  const bounds = [BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER)] as const;
  return [
    ...numbers.filter((value) => value >= bounds[0] && value <= bounds[1]),
    ...bounds,
    ...texts,
    other,
    true,
    false,
  ];
}

/** Of a value that is there; an order between types is never true, and its negation neither (D3). */
function holds(question: Question, value: Literal): boolean | null {
  switch (question.kind) {
    case "has":
      return true;
    case "is":
      return typeof value === "boolean" ? value : null;
    case "in":
      return question.values.includes(value);
    case "compare":
      return compared(question.by, value, question.with);
    default:
      return null;
  }
}

function compared(by: Comparison, value: Literal, literal: Literal): boolean | null {
  if (by === "==") return value === literal;
  if (by === "!=") return value !== literal;
  if (typeof value !== typeof literal) return null;
  if (by === "<") return value < literal;
  if (by === "<=") return value <= literal;
  return by === ">" ? value > literal : value >= literal;
}
