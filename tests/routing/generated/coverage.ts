/**
 * What generated cases reached: a generator that makes nothing proves nothing.
 *
 * @module
 */
import type { OracleDecision } from "../oracle/oracle.ts";
import { MAX_NUMBER } from "./vocabulary.ts";
import type { Case } from "./worlds.ts";

const THREE = ["s", "v", "u"] as const;

/** All answers that each kind of clause has. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  state: ["s", "v"],
  health: THREE,
  capability: ["s", "v"],
  "input-tokens": THREE,
  "output-tokens": THREE,
  "total-tokens": THREE,
  guarantee: THREE,
  latency: THREE,
  budget: THREE,
  rule: THREE,
  authentication: ["s", "v"],
  authorization: ["s", "v"],
  policy: ["s", "v"],
  trust: ["s", "v"],
  "privacy/locality": THREE,
  "privacy/retention": THREE,
  "privacy/transit": THREE,
  "privacy/rest": THREE,
  "privacy/training": THREE,
  "privacy/regions": THREE,
  trait: THREE,
};

const SITUATIONS: Readonly<Record<string, (drawn: Case, decision: OracleDecision) => boolean>> = {
  "no service at all": (_, { verdicts }) => verdicts.length === 0,
  "two versions of a service": (_, { verdicts }) =>
    verdicts.some(({ service }, index) => verdicts[index + 1]?.service === service),
  "a tie": (_, { record }) => record.tied > 1,
  "more ties than are named": (_, { record }) => record.tied > 64,
  "a full ranking": (_, { record }) => record.ranking.length === 8,
  "a cost that is not known": (_, { record }) => record.ranking.some(({ costPicos }) => costPicos === null),
  "a cost at the end of numbers": (_, { verdicts }) => verdicts.some(({ costPicos }) => costPicos === MAX_NUMBER),
  "a product beyond doubles": (_, { verdicts }) =>
    verdicts.some(({ costPicos }) => (costPicos ?? 0) > MAX_NUMBER / 1e6),
  "a latency that is not known": (_, { record }) => record.ranking.some(({ latencyUs }) => latencyUs === null),
  "a latency that is known": (_, { record }) => record.ranking.some(({ latencyUs }) => latencyUs !== null),
  "more words than count": ({ question }, { record }) =>
    record.features.intentWords.length === 64 && question.request.intent.length > 200,
  "something learned": (_, { record }) => record.ranking.some(({ terms }) => terms.learned > 0),
  "a preference met": (_, { record }) => record.ranking.some(({ terms }) => terms.resonance > 0),
  "a score below nothing": (_, { record }) => record.ranking.some(({ score }) => score < 0),
  "one on probation chosen": (_, { record }) =>
    record.ranking[0]?.terms.risk === 1_000_000 && record.control?.concurrencyMax === 1,
  "concurrency over one": (_, { record }) => (record.control?.concurrencyMax ?? 0) > 1,
  "energy at its bound": (_, { record }) => (record.control?.energyPpm ?? 0) > 740_000,
  "no bound on the output": (_, { record }) => record.control !== null && record.control.outputTokensMax === null,
  "a statement kept with the decision": (_, { record }) => record.guarantees.length > 0,
  "an assumed statement dropped": ({ world }, { record, verdicts }) => {
    const { outcome } = record;
    if (outcome.kind !== "chosen") return false;
    const place = verdicts.findIndex(({ contract }) => contract === outcome.contract);
    return world.snapshot.services[place]?.contract.guarantees.some(({ basis }) => basis === "assumed") === true;
  },
  "a warning": (_, { record }) => record.warnings.length > 0,
  "a warning that erred": ({ world }, { record }) =>
    world.rules.rules.some(
      ({ id, severity }) => severity === "warn" && record.clauses.some(({ clause }) => clause === `rule/${id}`),
    ),
  "nobody asks": ({ question }) => question.identity === null,
  "a table of policies": ({ question }) => question.authorization !== null,
  "no observations": ({ world }) => world.observations === null,
  "a relative demand": ({ question }) => question.request.guarantees.some(({ of }) => of !== null),
};

export class Coverage {
  readonly #reached = new Map<string, number>();

  add(drawn: Case, decision: OracleDecision): void {
    const { record, verdicts } = decision;
    this.#count(record.outcome.kind === "chosen" ? "chosen" : record.outcome.code);
    for (const [place, { clause }] of record.clauses.entries()) {
      const kind = clause.startsWith("privacy/") ? clause : (clause.split("/")[0] as string);
      for (const { states } of verdicts) this.#count(`${kind} ${states[place]}`);
    }
    for (const [situation, holds] of Object.entries(SITUATIONS)) {
      if (holds(drawn, decision)) this.#count(situation);
    }
  }

  #count(what: string): void {
    this.#reached.set(what, (this.#reached.get(what) ?? 0) + 1);
  }

  /** What should have been reached and was not. */
  missing(): string[] {
    const outcomes = [
      "chosen",
      "caio.no-match",
      "caio.no-rule-satisfying",
      "caio.no-secure",
      "caio.no-trait-satisfying",
    ];
    const answers = Object.entries(ANSWERS).flatMap(([kind, states]) => states.map((state) => `${kind} ${state}`));
    return [...outcomes, ...answers, ...Object.keys(SITUATIONS)].filter((what) => !this.#reached.has(what));
  }

  /** Counts by name, in the order of the names. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#reached].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
