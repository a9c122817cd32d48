/**
 * Whether a box of comparisons can be true at all: by trying the values at which the truth of comparisons changes.
 *
 * Invariants:
 *   D1. A box that is found empty is: no request, identity or service makes all of its parts true.
 *   D2. A box whose parts are all decided is not empty when it is not found so: the fields of the environment are
 *       independent of each other, apart from being there, which is looked at.
 *
 * @module
 */
import { isOptional, typeAt } from "./declared.ts";
import type { Box } from "./fragment.ts";
import type { Path } from "./paths.ts";
import type { Comparison, Literal, Question } from "./simple.ts";
import type { RuleType } from "./types.ts";

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
