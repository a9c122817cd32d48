/**
 * The functions and operators that a rule can call, each with what it takes, gives and costs.
 *
 * A closed list: no conversion, no time, no function of a host. Numbers are whole, so there is no division that rounds
 * otherwise than towards zero, and what leaves 64 bits is an error of evaluation.
 *
 * @module
 */
import type { Checked, Checking } from "./check.ts";
import type { Call, Expr } from "./expression.ts";
import { partsOf } from "./pattern.ts";
import { ANY, BOOL, fits, INT, joined, listOf, nameOf, type RuleType, textOf } from "./types.ts";

type Scope = ReadonlyMap<string, RuleType>;
type Operand = Checked & { readonly tree: Expr };
type Signature = (checking: Checking, tree: Expr, operands: readonly Operand[]) => Checked;

/** By the library's name, and the number of operands; the target of a method is its first. */
const FUNCTIONS: ReadonlyMap<string, Signature> = new Map([
  ["!_/1", all("bool", BOOL)],
  ["@not_strictly_false/1", all("bool", BOOL)],
  ["_&&_/2", all("bool", BOOL)],
  ["_||_/2", all("bool", BOOL)],
  ["-_/1", all("int", INT)],
  ["_-_/2", all("int", INT)],
  ["_*_/2", all("int", INT)],
  ["_/_/2", all("int", INT)],
  ["_%_/2", all("int", INT)],
  ["_<_/2", ordered],
  ["_<=_/2", ordered],
  ["_>_/2", ordered],
  ["_>=_/2", ordered],
  ["_==_/2", equal],
  ["_!=_/2", equal],
  ["_+_/2", sum],
  ["_?_:_/3", conditional],
  ["_[_]/2", indexed],
  ["@in/2", membership],
  ["size/1", sizeOf],
  [".size/1", sizeOf],
  [".contains/2", all("string", BOOL)],
  [".startsWith/2", all("string", BOOL)],
  [".endsWith/2", all("string", BOOL)],
  [".matches/2", matching],
]);

export function callOf(checking: Checking, tree: Expr, { function: name, target, args }: Call, scope: Scope): Checked {
  const trees = target === undefined ? args : [target, ...args];
  const operands = trees.map((operand): Operand => ({ tree: operand, ...checking.check(operand, scope) }));
  const signature = FUNCTIONS.get(`${target === undefined ? "" : "."}${name}/${trees.length}`);
  if (signature === undefined) return checking.fault(tree, "a function that rules have");
  const { type, steps } = signature(checking, tree, operands);
  return { type, steps: steps + operands.reduce((total, operand) => total + operand.steps, 0) };
}

/** Texts are looked at sixteen units a step. */
function lengthOf(type: RuleType): number {
  if (type.kind === "string") return Math.ceil(type.length / 16);
  if (type.kind === "list") return type.count * (1 + lengthOf(type.of ?? ANY));
  return type.kind === "any" ? 64 : 1;
}

function all(kind: "bool" | "int" | "string", gives: RuleType): Signature {
  return (checking, _, operands) => {
    for (const { tree, type } of operands) {
      if (type.kind !== kind && type.kind !== "any") return checking.fault(tree, `${kind}, but ${nameOf(type)}`);
    }
    return { type: gives, steps: operands.reduce((total, { type }) => total + lengthOf(type), 1) };
  };
}

function ordered(checking: Checking, _: Expr, [left, right]: readonly Operand[]): Checked {
  if (left === undefined || right === undefined) return { type: BOOL, steps: 1 };
  for (const { tree, type } of [left, right]) {
    if (!["int", "string", "any"].includes(type.kind))
      return checking.fault(tree, `int or string, but ${nameOf(type)}`);
  }
  if (!fits(left.type, right.type))
    return checking.fault(right.tree, `${nameOf(left.type)}, but ${nameOf(right.type)}`);
  return { type: BOOL, steps: 1 + Math.min(lengthOf(left.type), lengthOf(right.type)) };
}

/** Records and maps are compared by no rule; only whether there is an identity can be asked. */
function equal(checking: Checking, _: Expr, [left, right]: readonly Operand[]): Checked {
  if (left === undefined || right === undefined) return { type: BOOL, steps: 1 };
  for (const [{ type }, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (type.kind === "record" && type.isNullable && other.type.kind === "null") return { type: BOOL, steps: 1 };
  }
  for (const { tree, type } of [left, right]) {
    if (type.kind === "null" || !isComparable(type))
      return checking.fault(tree, `a value that can be compared, but ${nameOf(type)}`);
  }
  if (!fits(left.type, right.type))
    return checking.fault(right.tree, `${nameOf(left.type)}, but ${nameOf(right.type)}`);
  const closed = [left, right].find(({ type }) => type.kind === "string" && type.values !== null);
  const literal = [left, right].map(({ tree }) => textIn(tree)).find((text) => text !== null);
  if (closed?.type.kind === "string" && literal !== undefined && !closed.type.values?.includes(literal ?? ""))
    return checking.fault(right.tree, `one of ${closed.type.values?.join(", ")}`);
  return { type: BOOL, steps: 1 + Math.min(lengthOf(left.type), lengthOf(right.type)) };
}

function isComparable(type: RuleType): boolean {
  if (type.kind === "list") return type.of === null || isComparable(type.of);
  return type.kind !== "record" && type.kind !== "map";
}

function sum(checking: Checking, tree: Expr, [left, right]: readonly Operand[]): Checked {
  if (left === undefined || right === undefined) return checking.fault(tree, "a sum");
  const [a, b] = [left.type, right.type];
  const steps = 1 + lengthOf(a) + lengthOf(b);
  if (a.kind === "string" && b.kind === "string") return { type: textOf(a.length + b.length), steps };
  if (a.kind === "list" && b.kind === "list" && fits(a, b)) {
    const wider = joined(a, b);
    return { type: listOf(wider?.kind === "list" ? wider.of : null, a.count + b.count), steps: 1 };
  }
  if (a.kind === "int" && b.kind === "int") return { type: INT, steps: 1 };
  return checking.fault(tree, "a sum of two numbers, two texts or two lists");
}

function conditional(checking: Checking, tree: Expr, [condition, yes, no]: readonly Operand[]): Checked {
  if (condition === undefined || yes === undefined || no === undefined) return checking.fault(tree, "a condition");
  if (condition.type.kind !== "bool" && condition.type.kind !== "any")
    return checking.fault(condition.tree, `bool, but ${nameOf(condition.type)}`);
  const type = joined(yes.type, no.type);
  if (type === null) return checking.fault(no.tree, `${nameOf(yes.type)}, as the branch before it`);
  return { type, steps: 1 };
}

function indexed(checking: Checking, tree: Expr, [operand, index]: readonly Operand[]): Checked {
  if (operand === undefined || index === undefined) return checking.fault(tree, "an index");
  const { type } = operand;
  const expected = type.kind === "list" ? "int" : type.kind === "map" ? "string" : null;
  if (expected === null) return checking.fault(operand.tree, `a list or a map, but ${nameOf(type)}`);
  if (index.type.kind !== expected) return checking.fault(index.tree, `${expected}, but ${nameOf(index.type)}`);
  // A list that was put together of others is walked to where the element lies.
  return type.kind === "list"
    ? { type: type.of ?? ANY, steps: 1 + type.count }
    : { type: type.kind === "map" ? type.of : ANY, steps: 1 };
}

function membership(checking: Checking, tree: Expr, [value, range]: readonly Operand[]): Checked {
  if (value === undefined || range === undefined) return checking.fault(tree, "a membership");
  const { type } = range;
  if (type.kind === "map") {
    if (value.type.kind !== "string") return checking.fault(value.tree, `string, but ${nameOf(value.type)}`);
    return { type: BOOL, steps: 1 };
  }
  if (type.kind !== "list") return checking.fault(range.tree, `a list or a map, but ${nameOf(type)}`);
  const of = type.of ?? ANY;
  if (!isComparable(of) || !isComparable(value.type))
    return checking.fault(range.tree, "a list of what can be compared");
  if (!fits(value.type, of)) return checking.fault(value.tree, `${nameOf(of)}, but ${nameOf(value.type)}`);
  return { type: BOOL, steps: 1 + type.count * (1 + Math.min(lengthOf(of), lengthOf(value.type))) };
}

function sizeOf(checking: Checking, tree: Expr, [operand]: readonly Operand[]): Checked {
  if (operand === undefined) return checking.fault(tree, "a size");
  const { type } = operand;
  if (!["string", "list", "map"].includes(type.kind))
    return checking.fault(operand.tree, `a text, a list or a map, but ${nameOf(type)}`);
  return { type: INT, steps: 1 + (type.kind === "string" ? type.length : 0) };
}

/** Parts of a pattern, written out, at most: whoever compiles it takes time for each, whatever the text. */
const PARTS_MAX = 65_536;
/** To compile one part, once to look at it and once to match with it. */
const PART_STEPS = 500;

/** The product of text and pattern bounds a match in RE2: 16 parts of a pattern at one unit of text take about a step. */
function matching(checking: Checking, tree: Expr, [text, pattern]: readonly Operand[]): Checked {
  if (text === undefined || pattern === undefined) return checking.fault(tree, "a match");
  if (text.type.kind !== "string") return checking.fault(text.tree, `string, but ${nameOf(text.type)}`);
  const source = textIn(pattern.tree);
  const parts = source === null ? 0 : partsOf(source);
  if (parts > PARTS_MAX) return checking.fault(pattern.tree, `a pattern of ${PARTS_MAX} parts, but of ${parts}`);
  const steps = 1 + text.type.length * (1 + Math.ceil(parts / 16));
  checking.budget.takeSteps(parts * PART_STEPS);
  if (source === null || !checking.isPattern(source)) return checking.fault(pattern.tree, "a literal pattern of RE2");
  return { type: BOOL, steps };
}

/** The literal text that a node is, or null. */
export function textIn({ exprKind }: Expr): string | null {
  if (exprKind.case !== "constExpr" || exprKind.value.constantKind.case !== "stringValue") return null;
  return exprKind.value.constantKind.value;
}
