/**
 * A world made ready for many decisions: checked, frozen, digested once, and laid out in columns.
 *
 * Invariants:
 *   P1. It never changes: what the caller does to the values that it was opened with does not reach it.
 *   P2. Its memory of past questions changes how fast it answers, never what.
 *
 * @module
 */
import {
  type AuthorizationTable,
  byVersion,
  type Digest,
  digestJson,
  frozenJson,
  type JsonValue,
  type ServiceContract,
  type ServiceEntry,
  serviceContractDigestOf,
  serviceSnapshotDigestOf,
} from "@canonic/contracts";
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import type { RuleMatcher } from "../rules/matcher.ts";
import type { Answers } from "./bits.ts";
import { GuaranteeColumns } from "./guarantee-columns.ts";
import { MatchColumns } from "./match-columns.ts";
import { Memo } from "./memo.ts";
import { PriceColumns } from "./price-columns.ts";
import type { OpenedTable } from "./question.ts";
import { RuleColumns } from "./rule-columns.ts";
import { ScoreColumns } from "./score-columns.ts";
import { SecurityColumns } from "./security-columns.ts";
import { TraitColumns } from "./trait-columns.ts";
import type { RouteWorld } from "./world.ts";
import { checkedWorld } from "./world-check.ts";

/** How many columns of answers are kept; each takes a quarter of a byte for each service. */
export const ANSWERS_MAX = 4096;

/** The digests of the parts of a world, as decisions name them. */
export interface WorldDigests {
  readonly snapshot: Digest;
  readonly rules: Digest;
  readonly observations: Digest | null;
  readonly scoreProfile: Digest;
  readonly privacyProfile: Digest;
}

/** The layout, for the files of the kernel. */
export interface Columns {
  readonly match: MatchColumns;
  readonly prices: PriceColumns;
  readonly guarantees: GuaranteeColumns;
  readonly rules: RuleColumns;
  readonly security: SecurityColumns;
  readonly traits: TraitColumns;
  readonly score: ScoreColumns;
  readonly memo: Memo<Answers>;
  /** Authorization tables that were read, by themselves: only such as cannot change. */
  readonly tables: WeakMap<AuthorizationTable, OpenedTable>;
  /** The place of each service in the order by id, then version, newer first. */
  readonly places: Int32Array;
  /** Room for the costs and scores of one decision. */
  readonly room: { readonly costs: Float64Array; readonly scores: Float64Array };
}

export class PreparedWorld {
  readonly world: RouteWorld;
  readonly digests: WorldDigests;
  /** In the snapshot's order. */
  readonly contractDigests: readonly Digest[];
  /** @internal */
  readonly columns: Columns;
  /** @internal */
  readonly budget: DecisionBudget;

  /** @internal */
  constructor(world: RouteWorld, matcher: RuleMatcher, budget: DecisionBudget) {
    this.world = world;
    this.budget = budget;
    const { snapshot, rules, observations, scoreProfile, privacyProfile } = world;
    const contracts = snapshot.services.map(({ contract }) => contract);
    this.digests = {
      snapshot: serviceSnapshotDigestOf(snapshot),
      rules: digestJson(rules),
      observations: observations === null ? null : digestJson(observations),
      scoreProfile: digestJson(scoreProfile),
      privacyProfile: digestJson(privacyProfile),
    };
    this.contractDigests = contracts.map(serviceContractDigestOf);
    this.columns = columnsOf(world, contracts, matcher, budget);
  }

  /** How many services it has. */
  get size(): number {
    return this.contractDigests.length;
  }

  /** The entry at a place of the snapshot. */
  entry(index: number): ServiceEntry {
    return this.world.snapshot.services[index] as ServiceEntry;
  }
}

/**
 * Makes a world ready.
 *
 * @param rules - Compiled from exactly `world.rules` against exactly `world.snapshot`.
 * @param budget - Of opening it, and of the records of its decisions; none without it.
 * @throws {CaioError} `caio.world-invalid` when a part is not what its schema says, not in order, or has no
 *   canonical form; `caio.budget-spent`.
 */
export function openWorld(world: RouteWorld, rules: RuleMatcher, budget: DecisionBudget = UNBOUNDED): PreparedWorld {
  const frozen = frozenJson(checkedWorld(world) as unknown as JsonValue) as unknown as RouteWorld;
  return new PreparedWorld(frozen, rules, budget);
}

function columnsOf(
  world: RouteWorld,
  contracts: readonly ServiceContract[],
  matcher: RuleMatcher,
  budget: DecisionBudget,
): Columns {
  const memo = new Memo<Answers>(ANSWERS_MAX);
  const observed = new Map(world.observations?.services.map((one) => [`${one.service} ${one.version}`, one]));
  const observations = contracts.map(({ service, version }) => observed.get(`${service} ${version}`));
  const size = contracts.length;
  return {
    match: new MatchColumns(world.snapshot.services, memo, budget),
    prices: new PriceColumns(contracts, budget),
    guarantees: new GuaranteeColumns(contracts, observations, budget),
    rules: new RuleColumns(world.rules, size, matcher),
    security: new SecurityColumns(contracts, memo),
    traits: new TraitColumns(contracts, memo, budget),
    score: new ScoreColumns(world, observations, budget),
    memo,
    tables: new WeakMap(),
    places: placesOf(contracts),
    room: { costs: new Float64Array(size), scores: new Float64Array(size) },
  };
}

/** The snapshot has versions in ascending order; among equals the newer is chosen first. */
function placesOf(contracts: readonly ServiceContract[]): Int32Array {
  const order = contracts.map((_, index) => index);
  order.sort((a, b) => {
    const [one, other] = [contracts[a] as ServiceContract, contracts[b] as ServiceContract];
    return one.service === other.service ? byVersion(other.version, one.version) : a - b;
  });
  const places = new Int32Array(contracts.length);
  order.forEach((index, place) => {
    places[index] = place;
  });
  return places;
}
