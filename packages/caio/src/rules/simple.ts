/**
 * Comparisons of one path with a literal, evaluated without the library.
 *
 * Invariants:
 *   S1. The answer is the library's for every reading; what is not of a form below is left to the library.
 *   S2. A reading that broke off is unknown to a comparison. `has` is false when only its last name was missing, or
 *       when its parent is null, and unknown when more was missing.
 *
 * @module
 */
import type { JsonValue } from "@canonic/contracts";
import type { Expr } from "./expression.ts";
import { type Path, pathOf, type Reading } from "./paths.ts";
import { FALSE, isTrue, TRUE, type Truth, UNKNOWN } from "./truth.ts";

export type Literal = string | bigint | boolean;
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** What is asked of the value at a path; `holds`: the list at the path holds the literal. */
export type Question =
  | { readonly kind: "compare"; readonly by: Comparison; readonly with: Literal }
  | { readonly kind: "in"; readonly values: readonly Literal[] }
  | { readonly kind: "holds"; readonly literal: string }
  | { readonly kind: "starts" | "ends" | "contains"; readonly literal: string }
  | { readonly kind: "is" }
  | { readonly kind: "has" };

export interface Simple {
  readonly path: Path;
  readonly question: Question;
  answer(reading: Reading): Truth;
}

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ["_==_", "=="],
  ["_!=_", "!="],
  ["_<_", "<"],
  ["_<=_", "<="],
  ["_>_", ">"],
  ["_>=_", ">="],
]);
const TURNED: Readonly<Record<Comparison, Comparison>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};
const METHODS: ReadonlyMap<string, "starts" | "ends" | "contains"> = new Map([
  ["startsWith", "starts"],
  ["endsWith", "ends"],
  ["contains", "contains"],
]);

/** The atom as a simple question, or null. */
export function simpleOf(tree: Expr): Simple | null {
  const found = questionOf(tree);
  if (found === null) return null;
  const { path, question } = found;
  if (question.kind === "has") return { path, question, answer: (reading) => isThere(reading, path.names.length) };
  const test = testOf(question);
  return { path, question, answer: (reading) => ("value" in reading ? test(reading.value) : UNKNOWN) };
}

function questionOf(tree: Expr): { path: Path; question: Question } | null {
  const { exprKind } = tree;
  if (exprKind.case === "selectExpr" || exprKind.case === "identExpr") {
    const path = pathOf(tree);
    if (path === null) return null;
    return { path, question: { kind: exprKind.case === "selectExpr" && exprKind.value.testOnly ? "has" : "is" } };
  }
  if (exprKind.case !== "callExpr") return null;
  const { function: name, target, args } = exprKind.value;
  const [first, second] = args;
  const method = METHODS.get(name);
  if (target !== undefined && method !== undefined && first !== undefined) {
    const path = pathOf(target);
    const literal = literalOf(first);
    return path === null || typeof literal !== "string" ? null : { path, question: { kind: method, literal } };
  }
  if (target !== undefined || first === undefined) return null;
  if (name === "_[_]") {
    const path = pathOf(tree);
    return path === null ? null : { path, question: { kind: "is" } };
  }
  return second === undefined ? null : pairOf(name, first, second);
}

function pairOf(name: string, first: Expr, second: Expr): { path: Path; question: Question } | null {
  const [left, right] = [pathOf(first), pathOf(second)];
  const by = COMPARISONS.get(name);
  if (by !== undefined) {
    const literal = literalOf(left === null ? first : second);
    const path = left ?? right;
    if (path === null || literal === null || (left !== null && right !== null)) return null;
    return { path, question: { kind: "compare", by: left === null ? TURNED[by] : by, with: literal } };
  }
  if (name !== "@in") return null;
  const literal = literalOf(first);
  if (right !== null && typeof literal === "string") return { path: right, question: { kind: "holds", literal } };
  if (left === null || second.exprKind.case !== "listExpr") return null;
  const values = second.exprKind.value.elements.map(literalOf);
  return values.some((value) => value === null)
    ? null
    : { path: left, question: { kind: "in", values: values as Literal[] } };
}

/** A text, a whole number (also with a minus) or a truth value. */
function literalOf({ exprKind }: Expr): Literal | null {
  if (exprKind.case !== "constExpr") return null;
  const { constantKind } = exprKind.value;
  if (constantKind.case === "stringValue" || constantKind.case === "boolValue" || constantKind.case === "int64Value")
    return constantKind.value;
  return null;
}

function testOf(question: Exclude<Question, { kind: "has" }>): (value: JsonValue) => Truth {
  switch (question.kind) {
    case "compare":
      return comparing(question.by, question.with);
    case "in": {
      const { values } = question;
      return (value) => isTrue(values.some((literal) => isEqual(value, literal)));
    }
    case "holds":
      return (value) => {
        if (Array.isArray(value)) return isTrue(value.includes(question.literal));
        if (typeof value !== "object" || value === null) return UNKNOWN;
        return isTrue(Object.hasOwn(value, question.literal));
      };
    case "is":
      return (value) => (typeof value === "boolean" ? isTrue(value) : UNKNOWN);
    default: {
      const { kind, literal } = question;
      const method = kind === "starts" ? "startsWith" : kind === "ends" ? "endsWith" : "includes";
      return (value) => (typeof value === "string" ? isTrue(value[method](literal)) : UNKNOWN);
    }
  }
}

/** Equality asks across types and is false there; an order needs one type, and there is none of truth values here. */
function comparing(by: Comparison, literal: Literal): (value: JsonValue) => Truth {
  if (by === "==") return (value) => isTrue(isEqual(value, literal));
  if (by === "!=") return (value) => isTrue(!isEqual(value, literal));
  const kind = typeof literal === "bigint" ? "number" : typeof literal;
  return (value) => {
    if (typeof value !== kind) return UNKNOWN;
    const [a, b] = [value as string | number | boolean, literal];
    if (by === "<") return isTrue(a < b);
    if (by === "<=") return isTrue(a <= b);
    return by === ">" ? isTrue(a > b) : isTrue(a >= b);
  };
}

function isEqual(value: JsonValue, literal: Literal): boolean {
  // A number and a bigint have an order by value, but are never strictly equal.
  if (typeof literal === "bigint") return typeof value === "number" && value >= literal && value <= literal;
  return value === literal;
}

function isThere(reading: Reading, length: number): Truth {
  if ("value" in reading) return TRUE;
  return reading.brokenAt === length - 1 ? FALSE : UNKNOWN;
}
