/**
 * The rules' clauses, their answers, and what rules of severity `warn` have to say.
 *
 * @see docs/routing.md, section 3.
 * @module
 */
import {
  type Digest,
  digestJson,
  type JsonObject,
  type RouteDecision,
  type RouteIdentity,
  type RouteRequest,
  type RuleSet,
} from "@canonic/contracts";
import { RULE_SATISFIED, RULE_VIOLATED, type RuleAnswers, type RuleMatcher } from "../rules/matcher.ts";
import type { AskedClause } from "./asked-clause.ts";
import { type Answers, answersOf, hasBit, keepSatisfied, SATISFIED, UNKNOWN, uniform, VIOLATED } from "./bits.ts";
import { refuse } from "./world-check.ts";

/** What the rules say of one question. */
export interface RuleStage {
  readonly clauses: readonly AskedClause[];
  readonly warnings: RouteDecision["warnings"];
  /** Who satisfied all of these clauses. */
  readonly kept: Pick<Answers, "satisfied">;
}

/** `lenient` are the answers when a violation only warns; made when first needed. */
type Counted = { readonly answers: Answers; readonly violated: number; readonly unknown: number; lenient?: Answers };

export class RuleColumns {
  readonly #rules: RuleSet["rules"];
  readonly #digests: readonly Digest[];
  readonly #size: number;
  readonly #matcher: RuleMatcher;
  readonly #satisfied: Answers;
  /** By the matcher's own columns, which it shares and never changes. */
  readonly #counted = new WeakMap<Uint8Array, Counted>();
  #last: { readonly matched: readonly (Uint8Array | null)[]; readonly stage: RuleStage } | undefined;

  constructor({ rules }: RuleSet, size: number, matcher: RuleMatcher) {
    this.#rules = rules;
    this.#digests = rules.map((rule) => digestJson(rule as JsonObject));
    this.#size = size;
    this.#matcher = matcher;
    this.#satisfied = uniform(size, SATISFIED);
  }

  /** @throws {CaioError} `caio.world-invalid` when the matcher was compiled from other rules or another snapshot. */
  stage(request: RouteRequest, identity: RouteIdentity | null): RuleStage {
    if (this.#rules.length === 0) return { clauses: [], warnings: [], kept: this.#satisfied };
    const matched = this.#matcher.match(request, identity);
    if (this.#last !== undefined && isSame(matched, this.#last.matched)) return this.#last.stage;
    this.#check(matched);
    const stage = this.#stageOf(matched);
    this.#last = { matched: matched.map(({ answers }) => answers), stage };
    return stage;
  }

  #stageOf(matched: readonly RuleAnswers[]): RuleStage {
    const clauses: AskedClause[] = [];
    const warnings: { rule: string; services: number }[] = [];
    const kept = this.#satisfied.satisfied.slice();
    this.#rules.forEach(({ id, severity }, index) => {
      const column = matched[index]?.answers ?? null;
      const counted = column === null ? undefined : this.#count(column);
      if (severity === "warn" && counted !== undefined && counted.violated > 0) {
        warnings.push({ rule: id, services: counted.violated });
      }
      if (severity === "warn" && (counted === undefined || counted.unknown === 0)) return;
      const answers =
        counted === undefined ? this.#satisfied : severity === "warn" ? this.#lenient(counted) : counted.answers;
      if (answers !== this.#satisfied) keepSatisfied(kept, answers);
      clauses.push({
        stage: "rules",
        clause: `rule/${id}`,
        required: this.#digests[index] as Digest,
        about: { kind: "rule", index },
        answers,
      });
    });
    return { clauses, warnings, kept: { satisfied: kept } };
  }

  #count(column: Uint8Array): Counted {
    const known = this.#counted.get(column);
    if (known !== undefined) return known;
    let [violated, unknown] = [0, 0];
    const answers = answersOf(this.#size, (index) => {
      const answer = column[index];
      if (answer === RULE_SATISFIED) return SATISFIED;
      if (answer === RULE_VIOLATED) violated += 1;
      else unknown += 1;
      return answer === RULE_VIOLATED ? VIOLATED : UNKNOWN;
    });
    const counted = { answers, violated, unknown };
    this.#counted.set(column, counted);
    return counted;
  }

  /** A warning rejects nobody; only where the rule erred is the service rejected. */
  #lenient(counted: Counted): Answers {
    const { unknown } = counted.answers;
    counted.lenient ??= answersOf(this.#size, (index) => (hasBit(unknown, index) ? UNKNOWN : SATISFIED));
    return counted.lenient;
  }

  #check(matched: readonly RuleAnswers[]): void {
    const fits =
      matched.length === this.#rules.length &&
      matched.every(
        ({ rule, answers }, index) =>
          rule.id === this.#rules[index]?.id && (answers === null || answers.length === this.#size),
      );
    if (!fits) refuse("rules", [{ pointer: "", expected: "a matcher of these rules and this snapshot" }]);
  }
}

function isSame(matched: readonly RuleAnswers[], last: readonly (Uint8Array | null)[]): boolean {
  if (matched.length !== last.length) return false;
  for (let index = 0; index < last.length; index += 1) {
    if ((matched[index] as RuleAnswers).answers !== last[index]) return false;
  }
  return true;
}
