/**
 * Types and costs of a rule's expression: the pinned library has no checker for more than constants and names.
 *
 * Invariants:
 *   K1. What passes speaks only of declared variables, fields and functions, and gives a boolean.
 *   K2. What passes has a bound on the steps of one evaluation, {@link STEPS_MAX}, from the bounds of the types alone.
 *   K3. Every fault is found, not the first: after a fault, the value counts as `any`.
 *   K4. A pattern of `matches` is a literal of RE2 syntax, so it is compiled once and matched in linear time.
 *
 * @module
 */
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import { callOf, textIn } from "./check-call.ts";
import { EFFECT_SCOPE } from "./environment.ts";
import type { Comprehension, Expr, Expression, ExpressionFault } from "./expression.ts";
import { isPattern } from "./pattern.ts";
import { ANY, BOOL, fits, INT, joined, listOf, mapTo, NULL, nameOf, type RuleType, textOf } from "./types.ts";

/** Steps of one evaluation at worst; about a second. */
const STEPS_MAX = 1_000_000;

const INT64_MAX = 9_223_372_036_854_775_807n;
const INT64_MIN = -9_223_372_036_854_775_808n;

/** A fault has a place, which is looked for in the whole text. */
const FAULT_STEPS = 1_000;
const FAULT_ROOM = 256;

/** What a part of an expression gives, and the steps that it takes at worst. */
export interface Checked {
  readonly type: RuleType;
  readonly steps: number;
}

/** What the parts of a check share. `fault` notes and gives `any`. */
export interface Checking {
  readonly budget: DecisionBudget;
  check(tree: Expr, scope: ReadonlyMap<string, RuleType>): Checked;
  fault(tree: Expr, expected: string): Checked;
  isPattern(source: string): boolean;
}

/** All faults of an expression whose variables are those of `scope`; none when it is sound. */
export function checkExpression(
  expression: Expression,
  scope: ReadonlyMap<string, RuleType>,
  budget: DecisionBudget = UNBOUNDED,
): ExpressionFault[] {
  const faults: ExpressionFault[] = [];
  const checking: Checking = {
    budget,
    isPattern,
    check: (tree, inner) => check(checking, tree, inner),
    fault(tree, expected) {
      budget.takeSteps(FAULT_STEPS);
      budget.takeRoom(FAULT_ROOM);
      faults.push({ ...expression.placeOf(tree.id), expected });
      return { type: ANY, steps: 1 };
    },
  };
  const { type, steps } = checking.check(expression.tree, scope);
  if (faults.length > 0) return faults;
  if (type.kind !== "bool") checking.fault(expression.tree, `bool, but ${nameOf(type)}`);
  else if (steps > STEPS_MAX) checking.fault(expression.tree, `done in ${STEPS_MAX} steps, but in ${steps}`);
  return faults;
}

/** The steps of one evaluation of a sound expression at worst, where `scope` has types as narrow as the values are. */
export function stepsOf(tree: Expr, scope: ReadonlyMap<string, RuleType>): number {
  const checking: Checking = {
    budget: UNBOUNDED,
    isPattern: () => true,
    check: (part, inner) => check(checking, part, inner),
    fault: () => ({ type: ANY, steps: 1 }),
  };
  return checking.check(tree, scope).steps;
}

function check(checking: Checking, tree: Expr, scope: ReadonlyMap<string, RuleType>): Checked {
  const { exprKind } = tree;
  switch (exprKind.case) {
    case "constExpr":
      return constantOf(checking, tree);
    case "identExpr": {
      const type = scope.get(exprKind.value.name);
      return type === undefined ? checking.fault(tree, "a variable of this expression") : { type, steps: 1 };
    }
    case "selectExpr":
      return selectOf(checking, tree, scope);
    case "callExpr":
      return callOf(checking, tree, exprKind.value, scope);
    case "listExpr":
      return elementsOf(checking, exprKind.value.elements, scope, (of, count) => listOf(of, count));
    case "structExpr":
      return mapOf(checking, tree, scope);
    case "comprehensionExpr":
      return comprehensionOf(checking, tree, exprKind.value, scope);
    default:
      return checking.fault(tree, "an expression of CEL");
  }
}

function constantOf(checking: Checking, tree: Expr): Checked {
  const constant = tree.exprKind.case === "constExpr" ? tree.exprKind.value.constantKind : { case: undefined };
  switch (constant.case) {
    case "boolValue":
      return { type: BOOL, steps: 1 };
    case "nullValue":
      return { type: NULL, steps: 1 };
    case "stringValue":
      return { type: textOf(constant.value.length), steps: 1 };
    case "int64Value":
      if (constant.value > INT64_MAX || constant.value < INT64_MIN) return checking.fault(tree, "a number of 64 bits");
      return { type: INT, steps: 1 };
    default:
      return checking.fault(tree, "a text, a whole number, a truth value or null");
  }
}

/** A field of a record, or a key of a map; `has` asks for its presence. */
function selectOf(checking: Checking, tree: Expr, scope: ReadonlyMap<string, RuleType>): Checked {
  if (tree.exprKind.case !== "selectExpr" || tree.exprKind.value.operand === undefined)
    return checking.fault(tree, "a field");
  const { operand, field, testOnly } = tree.exprKind.value;
  const { type, steps } = checking.check(operand, scope);
  const found = type.kind === "record" && Object.hasOwn(type.fields, field) ? type.fields[field]?.type : undefined;
  const value = type.kind === "map" ? type.of : type.kind === "any" ? ANY : found;
  if (value === undefined) return checking.fault(tree, `a field of ${nameOf(type)}`);
  return { type: testOnly ? BOOL : value, steps: steps + 1 };
}

function mapOf(checking: Checking, tree: Expr, scope: ReadonlyMap<string, RuleType>): Checked {
  if (tree.exprKind.case !== "structExpr" || tree.exprKind.value.messageName !== "")
    return checking.fault(tree, "a map, for there are no messages");
  const keys: Expr[] = [];
  const values: Expr[] = [];
  for (const { keyKind, value } of tree.exprKind.value.entries) {
    if (keyKind.case === "mapKey") keys.push(keyKind.value);
    if (value !== undefined) values.push(value);
  }
  const texts = keys.map(textIn);
  for (const [index, key] of keys.entries()) {
    if (texts[index] === null) checking.fault(key, "a literal text as the key of a map");
  }
  if (new Set(texts).size < texts.length) checking.fault(tree, "a map with each key once");
  return elementsOf(checking, values, scope, (of) => mapTo(of ?? ANY));
}

function elementsOf(
  checking: Checking,
  elements: readonly Expr[],
  scope: ReadonlyMap<string, RuleType>,
  make: (of: RuleType | null, count: number) => RuleType,
): Checked {
  let of: RuleType | null = null;
  let steps = 1;
  for (const element of elements) {
    const { type, steps: more } = checking.check(element, scope);
    steps += more;
    const next: RuleType | null = of === null ? type : joined(of, type);
    if (next === null) checking.fault(element, `${nameOf(of ?? ANY)}, as the elements before it`);
    else of = next;
  }
  return { type: make(of, elements.length), steps };
}

/** `all`, `exists`, `exists_one`, `map` and `filter`: macros, which the parser has written out. */
function comprehensionOf(
  checking: Checking,
  tree: Expr,
  { iterRange, iterVar, accuVar, accuInit, loopCondition, loopStep, result }: Comprehension,
  scope: ReadonlyMap<string, RuleType>,
): Checked {
  if (!iterRange || !accuInit || !loopCondition || !loopStep || !result) return checking.fault(tree, "a macro of CEL");
  if (scope.has(iterVar) || EFFECT_SCOPE.has(iterVar))
    return checking.fault(tree, "a macro whose variable has a name of its own");
  const range = checking.check(iterRange, scope);
  if (range.type.kind !== "list") return checking.fault(iterRange, `a list, but ${nameOf(range.type)}`);
  const { count, of } = range.type;
  const initial = checking.check(accuInit, scope);
  const inner = new Map(scope).set(iterVar, of ?? ANY).set(accuVar, initial.type);
  const step = checking.check(loopStep, inner);
  const gathered = step.type.kind === "list" ? listOf(step.type.of, count) : step.type;
  if (!fits(gathered, initial.type)) return checking.fault(tree, `a macro over ${nameOf(initial.type)}`);
  const condition = checking.check(loopCondition, inner);
  const { type, steps } = checking.check(result, new Map(scope).set(accuVar, gathered));
  // Each element of a gathered list lies one list deeper in the library, so gathering is quadratic.
  const gathering = gathered.kind === "list" ? Math.ceil((count * count) / 2) : 0;
  return { type, steps: range.steps + initial.steps + count * (step.steps + condition.steps + 1) + gathering + steps };
}
