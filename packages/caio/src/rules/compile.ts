/**
 * Rules, parsed and checked once and then bound to one snapshot after the other.
 *
 * Invariants:
 *   R1. A rule set in which anything is unsound is refused whole, with all faults at once.
 *   R2. The answers are those of evaluating every rule for every service apart (held by a property test).
 *   R3. Nothing is thrown by an evaluation: what errs, or is no boolean, is {@link RULE_UNKNOWN}.
 *
 * @module
 */
import type { Rule, RuleSet, ServiceSnapshot } from "@canonic/contracts";
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import { CaioError, type CaioErrorDetails } from "../errors.ts";
import { type Atom, type Atoms, type Formula, formulaOf } from "./atom.ts";
import type { BoundSnapshot } from "./carried.ts";
import { checkExpression } from "./check.ts";
import { columnsOf, type Views } from "./columns.ts";
import { EFFECT_SCOPE, WHEN_SCOPE } from "./environment.ts";
import { type Expression, type ExpressionFault, parseExpression } from "./expression.ts";
import { type BoundRule, boundTo } from "./match.ts";
import type { RuleMatcher } from "./matcher.ts";
import { openPrograms } from "./program.ts";
import type { RuleType } from "./types.ts";

/** What parsing, checking and planning take for each character of an expression, and what its trees keep. */
const CHARACTER_STEPS = 200;
const CHARACTER_ROOM = 64;

export type RuleFault = CaioErrorDetails["caio.rule-invalid"]["faults"][number];

/**
 * Sound rules, in order of id, to be bound to any number of snapshots. Entries that stand in the snapshot before, too, are not
 * evaluated again: an entry is a value, and is not changed once it stands in a snapshot.
 */
export interface CompiledRules {
  readonly rules: readonly Rule[];
  bind(snapshot: ServiceSnapshot): RuleMatcher;
}

/** One rule and the trees of its two expressions. */
export interface ParsedRule {
  readonly rule: Rule;
  readonly when: Expression;
  readonly effect: Expression;
}

/**
 * Rules for one snapshot; where snapshots follow each other, {@link compileRuleSet} spares parsing the rules again.
 *
 * @param ruleSet - Read by its schema: sorted by id, each id once.
 * @param snapshot - Its order is that of the answers; it is read at the first question, and must be valid then.
 * @param budget - Of parsing and of every question; none without it.
 * @throws {CaioError} `caio.rule-invalid` with every fault: rule, field, line, column, and what was expected there;
 *   `caio.budget-spent`, as every question.
 */
export function compileRules(
  ruleSet: RuleSet,
  snapshot: ServiceSnapshot,
  budget: DecisionBudget = UNBOUNDED,
): RuleMatcher {
  return compileRuleSet(ruleSet, budget).bind(snapshot);
}

/**
 * Rules, parsed and checked.
 *
 * @throws {CaioError} `caio.rule-invalid` as {@link compileRules}.
 */
export function compileRuleSet(ruleSet: RuleSet, budget: DecisionBudget = UNBOUNDED): CompiledRules {
  const parsed = parseRules(ruleSet, budget);
  const atoms: Atoms = { byKey: new Map<string, Atom>(), programOf: openPrograms() };
  const formulas = new Map<Expression, Formula>();
  const bound = parsed.map(
    ({ rule, when, effect }): BoundRule => ({
      rule,
      when: formula(when),
      effect: formula(effect),
    }),
  );
  const views: Views = new WeakMap();
  let last: BoundSnapshot | null = null;
  return {
    rules: ruleSet.rules,
    bind(snapshot) {
      let opened: BoundSnapshot | null = null;
      return {
        match(request, identity) {
          // Not before the first question: until then, whoever opens a world has looked at its snapshot.
          if (opened === null) {
            opened = boundTo(bound, columnsOf(snapshot.services, views, budget), last, budget);
            last = opened;
          }
          return opened.matcher.match(request, identity);
        },
      };
    },
  };

  function formula(expression: Expression): Formula {
    const known = formulas.get(expression) ?? formulaOf(expression.tree, atoms);
    formulas.set(expression, known);
    return known;
  }
}

/** Every rule's trees, sound. @throws {CaioError} `caio.rule-invalid`. */
export function parseRules({ rules }: RuleSet, budget: DecisionBudget = UNBOUNDED): readonly ParsedRule[] {
  const faults: RuleFault[] = [];
  const whens = reader(WHEN_SCOPE, budget);
  const effects = reader(EFFECT_SCOPE, budget);
  const parsed = rules.flatMap((rule, index): ParsedRule[] => {
    const before = rules[index - 1];
    if (before !== undefined && before.id >= rule.id)
      faults.push({ rule: rule.id, field: "when", line: 1, column: 1, expected: "behind the rule before it, by id" });
    const when = read(whens, rule, "when", rule.when);
    const effect = read(effects, rule, rule.effect.kind, rule.effect.expression);
    return when === null || effect === null ? [] : [{ rule, when, effect }];
  });
  const [first] = faults;
  if (first === undefined) return parsed;
  const more = faults.length === 1 ? "" : `, and ${faults.length - 1} more`;
  throw new CaioError(
    "caio.rule-invalid",
    `rule \`${first.rule}\`, ${first.field} at line ${first.line}, column ${first.column}, is not ${first.expected}${more}`,
    { faults },
  );

  function read(from: Reader, { id }: Rule, field: RuleFault["field"], text: string): Expression | null {
    const { expression, faults: found } = from(text);
    faults.push(...found.map(({ line, column, expected }) => ({ rule: id, field, line, column, expected })));
    return expression;
  }
}

type Reader = (text: string) => { expression: Expression | null; faults: readonly ExpressionFault[] };

/** Parses and checks; equal texts once, and `true` is many rules' `when`. */
function reader(scope: ReadonlyMap<string, RuleType>, budget: DecisionBudget): Reader {
  const known = new Map<string, ReturnType<Reader>>();
  return (text) => {
    const found = known.get(text) ?? fresh(text);
    known.set(text, found);
    return found;
  };

  function fresh(text: string): ReturnType<Reader> {
    budget.takeSteps(text.length * CHARACTER_STEPS);
    budget.takeRoom(text.length * CHARACTER_ROOM);
    const expression = parseExpression(text);
    if (!("tree" in expression)) return { expression: null, faults: [expression] };
    return { expression, faults: checkExpression(expression, scope, budget) };
  }
}
