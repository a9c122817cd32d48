/**
 * What can be said of rules among themselves, before there is a request or a service.
 *
 * Invariants:
 *   F1. What is reported is so: `never-applies` and `never-passes` for every request and service, `contradiction` for some
 *       request at which both apply, or for all that make their common `when` true.
 *   F2. A rule that is not decided in full is listed as undecided; its decidable part still counts.
 *
 * @module
 */
import { byCodeUnit, type RuleSet } from "@canonic/contracts";
import { type Atom, type Atoms, type Formula, formulaOf, keyOf } from "./atom.ts";
import { parseRules } from "./compile.ts";
import { isEmpty } from "./empty.ts";
import { type Box, boxesOf, isDecided } from "./fragment.ts";
import { openPrograms } from "./program.ts";

export interface RuleConflict {
  readonly kind: "duplicate" | "never-applies" | "never-passes" | "contradiction";
  /** Ids, sorted. */
  readonly rules: readonly string[];
  /** The fields that it is about, sorted, such as `service.privacy.locality`; none for a duplicate. */
  readonly fields: readonly string[];
  readonly why: string;
}

/** `field` as in faults of rules. */
export interface UndecidedRule {
  readonly rule: string;
  readonly field: "when" | "require" | "forbid";
}

/** Conflicts by kind, then rules. `isComplete` is false when there were too many pairs of rules to look at all. */
export interface RuleConflicts {
  readonly conflicts: readonly RuleConflict[];
  readonly undecided: readonly UndecidedRule[];
  readonly isComplete: boolean;
}

/** Pairs of boxes that are looked at. */
const STEPS_MAX = 2_000_000;

/** A rule whose `applies` and `passes` are lists of boxes; null when there were too many. */
interface Read {
  readonly id: string;
  readonly when: string;
  readonly effect: string;
  readonly refuses: boolean;
  /** What the effect speaks of, also where nothing can make it true. */
  readonly fields: readonly string[];
  readonly applies: readonly Box[] | null;
  readonly passes: readonly Box[] | null;
}

/**
 * Duplicates, rules that can never apply or never be passed, and pairs that contradict each other.
 *
 * @throws {CaioError} `caio.rule-invalid` as `compileRules`.
 */
export function ruleConflicts(ruleSet: RuleSet): RuleConflicts {
  const atoms: Atoms = { byKey: new Map<string, Atom>(), programOf: openPrograms() };
  const undecided: UndecidedRule[] = [];
  const rules = parseRules(ruleSet).map(({ rule, when, effect }): Read => {
    const { kind } = rule.effect;
    const read = (field: UndecidedRule["field"], formula: Formula, isNegated: boolean) => {
      const boxes = boxesOf(formula, isNegated);
      if (boxes === null || !boxes.every(isDecided)) undecided.push({ rule: rule.id, field });
      return boxes?.filter((box) => !isEmpty(box)) ?? null;
    };
    return {
      id: rule.id,
      when: keyOf(when.tree),
      effect: `${kind} ${keyOf(effect.tree)}`,
      refuses: rule.severity === "refuse",
      fields: fieldsOf(boxesOf(formulaOf(effect.tree, atoms), kind === "forbid") ?? []),
      applies: read("when", formulaOf(when.tree, atoms), false),
      passes: read(kind, formulaOf(effect.tree, atoms), kind === "forbid"),
    };
  });
  const alone = rules.flatMap(conflictAlone);
  const idle = new Set(alone.flatMap((conflict) => conflict.rules));
  const pairs = contradictions(rules.filter(({ id, refuses }) => refuses && !idle.has(id)));
  return {
    conflicts: [...duplicates(rules), ...alone, ...pairs.conflicts].sort(
      (a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.rules.join(), b.rules.join()),
    ),
    undecided,
    isComplete: pairs.isComplete,
  };
}

function duplicates(rules: readonly Read[]): RuleConflict[] {
  const alike = new Map<string, string[]>();
  for (const { id, when, effect } of rules) {
    const key = `${when}\n${effect}`;
    alike.set(key, [...(alike.get(key) ?? []), id]);
  }
  return [...alike.values()]
    .filter((ids) => ids.length > 1)
    .map((ids) => ({
      kind: "duplicate",
      rules: ids.sort(byCodeUnit),
      fields: [],
      why: "they have the same `when` and the same effect",
    }));
}

function conflictAlone({ id, fields, applies, passes }: Read): RuleConflict[] {
  if (applies?.length === 0)
    return [{ kind: "never-applies", rules: [id], fields: [], why: "no request and identity make `when` true" }];
  const isNever =
    passes?.length === 0 ||
    (applies !== null && passes !== null && applies.every((when) => passes.every((box) => isEmpty([...when, ...box]))));
  if (!isNever) return [];
  return [{ kind: "never-passes", rules: [id], fields, why: "no service passes it where it applies" }];
}

function contradictions(rules: readonly Read[]): { conflicts: RuleConflict[]; isComplete: boolean } {
  const conflicts: RuleConflict[] = [];
  let steps = 0;
  for (const [index, a] of rules.entries()) {
    for (const b of rules.slice(index + 1)) {
      if (a.passes === null || b.passes === null || !touch(a, b)) continue;
      const overlaps = overlapsOf(a, b);
      steps += overlaps.length * a.passes.length * b.passes.length;
      if (steps > STEPS_MAX) return { conflicts, isComplete: false };
      const found = overlaps.find((when) => excludes(when, a.passes ?? [], b.passes ?? []));
      if (found === undefined) continue;
      conflicts.push({
        kind: "contradiction",
        rules: [a.id, b.id].sort(byCodeUnit),
        fields: [...new Set([...a.fields, ...b.fields])].sort(byCodeUnit),
        why: isDecided(found)
          ? "both apply to some request, and then no service passes both"
          : "no service passes both where their common `when` is true",
      });
    }
  }
  return { conflicts, isComplete: true };
}

function excludes(when: Box, a: readonly Box[], b: readonly Box[]): boolean {
  return a.every((one) => b.every((other) => isEmpty([...when, ...one, ...other])));
}

/** Requests at which both surely apply: decided and not empty, or whatever makes their common `when` true. */
function overlapsOf(a: Read, b: Read): readonly Box[] {
  if (a.applies === null || b.applies === null) return a.when === b.when ? [[]] : [];
  const whens = a.applies.flatMap((one) => b.applies?.map((other) => [...one, ...other]) ?? []);
  const decided = whens.filter((when) => isDecided(when) && !isEmpty(when));
  return a.when === b.when && decided.length === 0 ? a.applies : decided;
}

/** Rules that share no field and no opaque part cannot exclude each other. */
function touch(a: Read, b: Read): boolean {
  const keys = new Set(keysOf(a.passes ?? []));
  return keysOf(b.passes ?? []).some((key) => keys.has(key));
}

function keysOf(boxes: readonly Box[]): string[] {
  return boxes.flat().map(({ key, asks }) => (asks === null ? key : topOf(asks.path.root, asks.path.names)));
}

/** A field can exclude its parents, so fields are told apart by their first name only. */
function topOf(root: string, names: readonly string[]): string {
  return `${root}.${names[0] ?? ""}`;
}

function fieldsOf(boxes: readonly Box[]): string[] {
  const fields = boxes
    .flat()
    .flatMap(({ asks }) => (asks === null ? [] : [[asks.path.root, ...asks.path.names].join(".")]));
  return [...new Set(fields)].sort(byCodeUnit);
}
