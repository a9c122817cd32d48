/**
 * One decision: its choice and every service's answer to every clause, and on demand its record, verdicts and proofs.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  freezeDeep,
  type JsonObject,
  type RankedService,
  ROUTING_SEMANTICS_VERSION,
  type RouteDecision,
  type ServiceVerdict,
} from "@canonic/contracts";
import { CaioError } from "../errors.ts";
import type { AskedClause } from "./asked-clause.ts";
import { type Answers, answerAt, hasBit, SATISFIED, UNKNOWN } from "./bits.ts";
import { headOf } from "./choice.ts";
import { controlOf } from "./control.ts";
import type { PreparedWorld } from "./prepared-world.ts";
import type { OpenedQuestion } from "./question.ts";
import type { Scored } from "./score-columns.ts";
import type { ServiceProof } from "./service-proof.ts";
import { numberOrNull, Verdicts } from "./verdicts.ts";

/** How many services with the score of the chosen a decision names. */
export const TIES_MAX = 64;

/** A place in the snapshot, an id (of several versions the newest), or an id with a version. */
export type ServiceReference = number | string | { readonly service: string; readonly version: string };

/** What {@link decide} found; `alive` are those that passed, `head` the first of them in order. */
export interface Findings {
  readonly world: PreparedWorld;
  readonly question: OpenedQuestion;
  readonly intentWords: readonly string[];
  readonly clauses: readonly AskedClause[];
  readonly warnings: RouteDecision["warnings"];
  readonly counts: RouteDecision["counts"];
  readonly outcome: RouteDecision["outcome"];
  readonly alive: Int32Array;
  readonly head: readonly number[];
  readonly tied: number;
}

export class Decided {
  readonly world: PreparedWorld;
  readonly question: OpenedQuestion;
  /** The questions that every service was asked, in order, each with all answers. */
  readonly clauses: readonly AskedClause[];
  readonly warnings: RouteDecision["warnings"];
  readonly counts: RouteDecision["counts"];
  readonly outcome: RouteDecision["outcome"];
  /** How many have the score of the chosen. */
  readonly tied: number;
  readonly #found: Findings;
  #numbers: { readonly scored: Scored; readonly scores: Float64Array; readonly verdicts: Verdicts } | undefined;
  #record: RouteDecision | undefined;

  /** @internal */
  constructor(found: Findings) {
    this.world = found.world;
    this.question = found.question;
    this.clauses = found.clauses;
    this.warnings = found.warnings;
    this.counts = found.counts;
    this.outcome = found.outcome;
    this.tied = found.tied;
    this.#found = found;
  }

  /** For each clause the answers of all services, as bit sets in the snapshot's order. Shared: do not write into them. */
  get states(): readonly Answers[] {
    return this.clauses.map(({ answers }) => answers);
  }

  /** The place of the chosen service in the snapshot; undefined when refused. */
  get chosen(): number | undefined {
    return this.#found.head[0];
  }

  /** The first of those that passed, in order, at most 8. */
  get ranking(): RankedService[] {
    const { scored, scores } = this.#counted();
    return this.#found.head.map((index) => ({
      service: this.world.entry(index).contract.service,
      version: this.world.entry(index).contract.version,
      contract: this.world.contractDigests[index] as Digest,
      score: scores[index] as number,
      terms: this.world.columns.score.terms(scored, index),
      costPicos: numberOrNull(scored.costs[index] as number),
      latencyUs: numberOrNull(scored.latencies.values[index] as number),
    }));
  }

  /** Those with the score of the chosen, in order, at most {@link TIES_MAX}. */
  get ties(): RouteDecision["ties"] {
    const { scored, scores } = this.#counted();
    const ordered = {
      scores,
      costs: scored.costs,
      costAssumed: scored.costAssumed,
      latencies: scored.latencies.values,
      places: this.world.columns.places,
    };
    return headOf(ordered, this.#found.alive, Math.min(TIES_MAX, this.tied)).first.map((index) => {
      const { service, version } = this.world.entry(index).contract;
      return { service, version };
    });
  }

  /** Null when refused. */
  get control(): RouteDecision["control"] {
    const index = this.chosen;
    if (index === undefined) return null;
    return controlOf(this.question.request, {
      entry: this.world.entry(index),
      learned: this.world.columns.score.learned(index),
      latencyUs: this.#counted().scored.latencies.values[index] as number,
      latencyReferenceUs: this.world.world.scoreProfile.latencyReferenceUs,
    });
  }

  /** True when the service answered `s` to every clause. */
  passed(reference: ServiceReference): boolean {
    return hasBit(this.#found.alive, this.indexOf(reference));
  }

  /** The letter of a clause, by its place, for a service. */
  stateOf(clause: number, reference: ServiceReference): "s" | "v" | "u" {
    const answer = answerAt((this.clauses[clause] as AskedClause).answers, this.indexOf(reference));
    return answer === SATISFIED ? "s" : answer === UNKNOWN ? "u" : "v";
  }

  /** @throws {CaioError} `caio.service-unknown` when the snapshot has no such service. */
  verdict(reference: ServiceReference): ServiceVerdict {
    return this.#counted().verdicts.at(this.indexOf(reference));
  }

  /**
   * Shows one service its own verdict, and of its rivals only hashes.
   *
   * @throws {CaioError} `caio.service-unknown` when the snapshot has no such service.
   */
  proof(reference: ServiceReference): ServiceProof {
    const index = this.indexOf(reference);
    return { index, size: this.world.size, path: this.#counted().verdicts.path(index) };
  }

  /** The record: everything that the decision says, frozen. Made once; its root takes two hashes for each service. */
  record(): RouteDecision {
    this.#record ??= freezeDeep(this.#made());
    return this.#record;
  }

  /** @throws {CaioError} `caio.service-unknown` */
  indexOf(reference: ServiceReference): number {
    const { services } = this.world.world.snapshot;
    const index =
      typeof reference === "number"
        ? reference
        : typeof reference === "string"
          ? services.findLastIndex(({ contract }) => contract.service === reference)
          : services.findIndex(
              ({ contract }) => contract.service === reference.service && contract.version === reference.version,
            );
    if (services[index] !== undefined) return index;
    throw new CaioError("caio.service-unknown", "the snapshot has no such service", { services: services.length });
  }

  /** The number of a service's cost or latency; null where it is not known. */
  numbersOf(index: number): { readonly costPicos: number | null; readonly latencyUs: number | null } {
    const { costs, latencies } = this.#counted().scored;
    return {
      costPicos: numberOrNull(costs[index] as number),
      latencyUs: numberOrNull(latencies.values[index] as number),
    };
  }

  #made(): RouteDecision {
    const { question, world, chosen } = this;
    return {
      schema: "canonic/route-decision/v1",
      semantics: ROUTING_SEMANTICS_VERSION,
      at: question.at,
      request: digestJson(question.request as unknown as JsonObject),
      world: {
        snapshot: world.digests.snapshot,
        identity: question.identity === null ? null : digestJson(question.identity),
        rules: world.digests.rules,
        observations: world.digests.observations,
        scoreProfile: world.digests.scoreProfile,
        privacyProfile: world.digests.privacyProfile,
        authorization: question.authorization?.digest ?? null,
      },
      features: { intentWords: [...this.#found.intentWords], quantities: question.request.quantities },
      clauses: this.clauses.map(({ stage, clause, required }) => ({ stage, clause, required })),
      counts: this.counts,
      warnings: this.warnings,
      outcome: this.outcome,
      tied: this.tied,
      ties: this.ties,
      ranking: this.ranking,
      control: this.control,
      guarantees:
        chosen === undefined ? [] : world.entry(chosen).contract.guarantees.filter(({ basis }) => basis !== "assumed"),
      root: this.#counted().verdicts.root,
    };
  }

  /** Costs and scores are computed again for this: a decision that nobody asks for its record keeps none of them. */
  #counted() {
    if (this.#numbers !== undefined) return this.#numbers;
    const { world, question, clauses, alive, intentWords } = this.#found;
    const costs = new Float64Array(world.size);
    world.columns.prices.costs(question.request.quantities, costs);
    const scored = scoredOf(world, question, intentWords, costs);
    const scores = new Float64Array(world.size).fill(Number.NaN);
    world.columns.score.scores(scored, alive, scores);
    const verdicts = new Verdicts({ world, clauses, costs, latencies: scored.latencies.values, scores });
    this.#numbers = { scored, scores, verdicts };
    return this.#numbers;
  }
}

/** What the scores of a question are computed from. */
export function scoredOf(
  { columns }: PreparedWorld,
  { request }: OpenedQuestion,
  intentWords: readonly string[],
  costs: Float64Array,
): Scored {
  return {
    request,
    intentWords,
    preferences: request.preferences.map((demand) => columns.traits.answers(demand)),
    costs,
    costAssumed: columns.prices.assumed,
    latencies: columns.guarantees.latencies(request.quantities),
  };
}
