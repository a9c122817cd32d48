/**
 * The answers of rules over all services of one snapshot, each evaluated no more often than its readings differ.
 *
 * Invariants:
 *   X1. `when` is evaluated once for each distinct reading of request and identity.
 *   X2. What reads the service alone is evaluated once per snapshot and class of services; what reads the request, too, once
 *       for each distinct reading of it.
 *   X3. Behind a snapshot that shares most entries with the one before, only the others are evaluated anew.
 *   X4. What is kept for readings of requests is bounded: {@link KEPT_BYTES} of columns, the oldest leave.
 *
 * @module
 */
import type { CelInput } from "@bufbuild/cel";
import type { JsonObject, RouteIdentity, RouteRequest, Rule } from "@canonic/contracts";
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import { type Atom, atomsOf, type Formula } from "./atom.ts";
import { type BoundSnapshot, carriedFrom, NEW } from "./carried.ts";
import { stepsOf } from "./check.ts";
import type { Columns } from "./columns.ts";
import { IDENTITY, REQUEST } from "./environment.ts";
import { RULE_SATISFIED, RULE_UNKNOWN, RULE_VIOLATED, type RuleAnswers } from "./matcher.ts";
import { narrowed } from "./measured.ts";
import { keyOfReading, type Path, type Reading, readingAt } from "./paths.ts";
import { celValueOf } from "./program.ts";
import { Recent } from "./recent.ts";
import { and, FALSE, not, or, TRUE, type Truth, UNKNOWN } from "./truth.ts";
import type { RuleType } from "./types.ts";
import { identityView, requestView } from "./view.ts";

export interface BoundRule {
  readonly rule: Rule;
  readonly when: Formula;
  readonly effect: Formula;
}

/** About 32 MB of answers that depend on requests. */
const KEPT_BYTES = 1 << 25;
const KEPT_MAX = 65_536;

/** To answer a simple comparison; to enter the library, for each node and for each step of an evaluation as checks count them. */
const SIMPLE_STEPS = 20;
const CALL_STEPS = 400;
const NODE_STEPS = 8;
const LIBRARY_STEPS = 12;
/** What planning a node takes once, and keeps. */
const PLAN_STEPS = 1_000;
const PLAN_ROOM = 512;
/** Bytes that are kept for each service by a rule that not all satisfy, up to its letters and leaves. */
const ANSWER_ROOM = 4;

/** What was asked, read at every path that any rule reads. */
interface Asked {
  readonly readings: ReadonlyMap<string, Reading>;
  readonly keys: ReadonlyMap<string, string>;
  readonly request: () => CelInput;
  readonly identity: () => CelInput;
  readonly types: () => readonly (readonly [string, RuleType])[];
}

/** A formula with the paths of request and identity that it reads, sorted by key. */
interface Part {
  readonly formula: Formula;
  readonly asks: readonly Path[];
}

/** The rules' formulas must share their atoms: equal ones are recognised by identity. */
export function boundTo(
  rules: readonly BoundRule[],
  columns: Columns,
  before: BoundSnapshot | null,
  budget: DecisionBudget,
): BoundSnapshot {
  const carried = before === null ? null : carriedFrom(before, columns);
  const paths = new Map<string, Path>();
  const ids = new Map<Formula, number>();
  const whenAt = new Map<Formula, number>();
  for (const { when } of rules) if (!whenAt.has(when)) whenAt.set(when, whenAt.size);
  const whens = [...whenAt.keys()].map(partOf);
  const parts = rules.map(({ rule, when, effect }) => ({
    rule,
    whenAt: whenAt.get(when) as number,
    effect: partOf(effect),
  }));
  const asked = [...paths.values()];
  const fixed = new Map<Formula, Uint8Array>();
  const truths = new Recent<Truth>(KEPT_MAX);
  const perRequest = new Recent<Uint8Array>(
    Math.max(16, Math.min(KEPT_MAX, Math.floor(KEPT_BYTES / (columns.size + 64)))),
  );
  const unknown = new Uint8Array(columns.size).fill(RULE_UNKNOWN);
  const planned = new Set<Atom["tree"]>();
  const answers = new Map<Rule, WeakMap<Uint8Array, RuleAnswers>>();
  const satisfied = rules.map(({ rule }): RuleAnswers => ({ rule, answers: null }));
  /** Of rules whose effect asks nothing of the request, once they applied. */
  const settled: (RuleAnswers | undefined)[] = rules.map(() => undefined);
  const erred = rules.map(({ rule }): RuleAnswers => ({ rule, answers: unknown }));

  return { matcher: { match: (request, identity) => match(ask(request, identity)) }, columns, fixed };

  function partOf(formula: Formula): Part {
    const asks = new Map<string, Path>();
    for (const atom of atomsOf(formula)) {
      for (const path of atom.paths) if (path.root !== "service") asks.set(path.key, path);
    }
    for (const path of asks.values()) paths.set(path.key, path);
    if (!ids.has(formula)) ids.set(formula, ids.size);
    return { formula, asks: [...asks.values()] };
  }

  function ask(request: RouteRequest, identity: RouteIdentity | null): Asked {
    const views = { request: requestView(request), identity: identityView(identity) };
    const readings = new Map<string, Reading>();
    const keys = new Map<string, string>();
    for (const { key, root, names } of asked) {
      const reading = readingAt(root === "request" ? views.request : views.identity, names);
      readings.set(key, reading);
      keys.set(key, keyOfReading(reading));
    }
    return {
      readings,
      keys,
      request: once(() => celValueOf(views.request)),
      identity: once(() => celValueOf(views.identity)),
      types: once(() => [
        ["request", narrowed(REQUEST, views.request)],
        ["identity", narrowed(IDENTITY, views.identity)],
      ]),
    };
  }

  function match(question: Asked): readonly RuleAnswers[] {
    const applies = whens.map((when) => truths.get(keyOf(when, question), () => truthOf(when.formula, question, null)));
    return parts.map(({ effect, rule, whenAt }, index) => {
      const truth = applies[whenAt];
      if (truth !== TRUE) return (truth === FALSE ? satisfied : erred)[index] as RuleAnswers;
      const known = settled[index];
      if (known !== undefined) return known;
      const found = answered(rule, index, truthColumn(effect, question));
      if (effect.asks.length === 0) settled[index] = found;
      return found;
    });
  }

  /** One object of answers for each column of truths; null where nothing is violated or unknown. */
  function answered(rule: Rule, index: number, column: Uint8Array): RuleAnswers {
    const known = answers.get(rule) ?? new WeakMap<Uint8Array, RuleAnswers>();
    answers.set(rule, known);
    const found = known.get(column) ?? made(rule, index, column);
    known.set(column, found);
    return found;
  }

  function made(rule: Rule, index: number, column: Uint8Array): RuleAnswers {
    budget.takeSteps(column.length * ANSWER_ROOM);
    budget.takeRoom(column.length * ANSWER_ROOM);
    const isRequire = rule.effect.kind === "require";
    const good = isRequire ? TRUE : FALSE;
    const violated = column.map((truth) =>
      truth === UNKNOWN ? RULE_UNKNOWN : truth === good ? RULE_SATISFIED : RULE_VIOLATED,
    );
    return violated.every((answer) => answer === RULE_SATISFIED)
      ? (satisfied[index] as RuleAnswers)
      : { rule, answers: violated };
  }

  function keyOf({ formula, asks }: Part, { keys }: Asked): string {
    const key = asks.reduce((start, path) => `${start}\n${keys.get(path.key)}`, String(ids.get(formula)));
    budget.takeSteps(key.length);
    budget.takeRoom(key.length);
    return key;
  }

  function truthColumn(part: Part, question: Asked): Uint8Array {
    if (part.asks.length > 0) return perRequest.get(keyOf(part, question), () => columnOf(part.formula, question));
    const known = fixed.get(part.formula) ?? carriedColumn(part.formula, question) ?? columnOf(part.formula, question);
    fixed.set(part.formula, known);
    return known;
  }

  function carriedColumn(formula: Formula, question: Asked): Uint8Array | null {
    const old = carried?.fixed.get(formula);
    if (carried === null || old === undefined) return null;
    const column = new Uint8Array(columns.size);
    for (let service = 0; service < column.length; service += 1) {
      const place = carried.places[service] as number;
      column[service] = place === NEW ? truthOf(formula, question, service) : (old[place] as Truth);
    }
    return column;
  }

  /** Kleene's tables, over all services at a time. */
  function columnOf(formula: Formula, question: Asked): Uint8Array {
    budget.takeSteps(columns.size);
    budget.takeRoom(columns.size);
    if (formula.kind === "atom") return atomColumn(formula, question);
    if (formula.kind === "not") return columnOf(formula.of, question).map((truth) => not(truth as Truth));
    const left = columnOf(formula.left, question);
    const right = columnOf(formula.right, question);
    const join = formula.kind === "and" ? and : or;
    return left.map((truth, service) => join(truth as Truth, right[service] as Truth));
  }

  function atomColumn(atom: Atom, question: Asked): Uint8Array {
    const { of, first } = columns.classesBy(atom.paths.filter(({ root }) => root === "service"));
    const truths = first.map((service) => atomTruth(atom, question, service));
    const column = new Uint8Array(columns.size);
    for (let service = 0; service < column.length; service += 1)
      column[service] = truths[of[service] as number] as Truth;
    return column;
  }

  function truthOf(formula: Formula, question: Asked, service: number | null): Truth {
    switch (formula.kind) {
      case "atom":
        return atomTruth(formula, question, service);
      case "not":
        return not(truthOf(formula.of, question, service));
      case "and":
        return and(truthOf(formula.left, question, service), truthOf(formula.right, question, service));
      default:
        return or(truthOf(formula.left, question, service), truthOf(formula.right, question, service));
    }
  }

  function atomTruth({ simple, program, tree, nodes }: Atom, question: Asked, service: number | null): Truth {
    if (simple !== null) {
      const { path } = simple;
      const reading =
        path.root !== "service"
          ? (question.readings.get(path.key) as Reading)
          : readingAt(columns.view(service as number) as JsonObject, path.names);
      budget.takeSteps(SIMPLE_STEPS + nodes * 2 + lengthOf(reading));
      return simple.answer(reading);
    }
    if (budget !== UNBOUNDED) {
      if (!planned.has(tree)) {
        budget.takeSteps(nodes * PLAN_STEPS);
        budget.takeRoom(nodes * PLAN_ROOM);
        planned.add(tree);
      }
      const types = new Map(question.types());
      if (service !== null) types.set("service", columns.typeOf(service));
      budget.takeSteps(CALL_STEPS + nodes * NODE_STEPS);
      budget.takeSteps(stepsOf(tree, types) * LIBRARY_STEPS);
    }
    return program()({
      request: question.request(),
      identity: question.identity(),
      service: service === null ? null : columns.celValue(service),
    });
  }
}

/** How much of a text or list a comparison may go through; eight units of a text are one. */
function lengthOf(reading: Reading): number {
  if (!("value" in reading)) return 0;
  const { value } = reading;
  return typeof value === "string" ? value.length >> 3 : Array.isArray(value) ? value.length : 0;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
