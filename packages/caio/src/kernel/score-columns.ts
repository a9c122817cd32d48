/**
 * The score of a service: weighted terms in parts of a million, a whole number.
 *
 * Invariants:
 *   S1. Every term is 0 to 1,000,000; `intent`, `attention`, `learned` and `resonance` raise the score, `cost`, `risk` and
 *       `latency` lower it, each never the other way round.
 *   S2. A score is at most 4 x 10^12 in size, so sums and products of terms and weights are exact in doubles.
 *
 * @see docs/routing.md, section 5.
 * @module
 */
import type { RouteRequest, ScoreProfile, ScoreTerms, ServiceEntry, ServiceObservation } from "@canonic/contracts";
import { type Answers, hasBit, setPlaces } from "./bits.ts";
import type { Bounds } from "./bounds.ts";
import { MAX, shareBy, shareOf } from "./exact.ts";
import { RECEIPTS_MIN } from "./guarantee-columns.ts";
import { Memo } from "./memo.ts";
import { wordsOf } from "./words.ts";
import type { RouteWorld } from "./world.ts";

const MILLION = 1_000_000;
const NOBODY = new Int32Array(0);
/** How many columns of parts of scores are kept. */
export const SCORES_MAX = 64;

/** What the score of one request is computed from; costs and latencies are NaN where they are not known. */
export interface Scored {
  readonly request: RouteRequest;
  readonly intentWords: readonly string[];
  readonly preferences: readonly Answers[];
  readonly costs: Float64Array;
  readonly costAssumed: Int32Array;
  readonly latencies: Bounds;
}

export class ScoreColumns {
  readonly #profile: ScoreProfile;
  readonly #entries: readonly ServiceEntry[];
  /** By word, the places of the services that have it. */
  readonly #services: ReadonlyMap<string, Int32Array>;
  readonly #learned: Float64Array;
  /** What every score begins with: learned value and risk, weighted. */
  readonly #standing: Float64Array;
  readonly #capabilities: Int32Array;
  readonly #parts = new Memo<Float64Array>(SCORES_MAX);

  constructor(world: RouteWorld, observations: readonly (ServiceObservation | undefined)[]) {
    this.#profile = world.scoreProfile;
    this.#entries = world.snapshot.services;
    this.#services = placesByWord(this.#entries);
    this.#capabilities = Int32Array.from(this.#entries, ({ contract }) => contract.capabilities.length);
    this.#learned = Float64Array.from(observations, (one) =>
      one !== undefined && one.receipts >= RECEIPTS_MIN ? one.reliabilityPpm : 0,
    );
    const { learned, risk } = this.#profile.weights;
    this.#standing = this.#learned.map(
      (ppm, index) => learned * ppm - risk * riskOf(this.#entries[index] as ServiceEntry),
    );
  }

  learned(index: number): number {
    return this.#learned[index] as number;
  }

  /** Writes the score of each service that is alive; the places of others keep what they have. */
  scores(scored: Scored, alive: Int32Array, into: Float64Array): void {
    const gains = this.#gains(scored);
    const losses = this.#latencyLosses(scored);
    const costLoss = this.#costLosses(scored);
    eachBit(alive, (index) => {
      into[index] = (gains[index] as number) - (losses[index] as number) - costLoss(index);
    });
  }

  /**
   * The first `max` of those alive, in order. Writes the scores that it needs into `ordered.scores`: cost only lowers a
   * score, so who would stand behind all of them for free is passed over.
   */
  head(scored: Scored, alive: Int32Array, ordered: Ordered, max: number): Head {
    const gains = this.#gains(scored);
    const losses = this.#latencyLosses(scored);
    const costLoss = this.#costLosses(scored);
    const head = new Head(ordered, max);
    eachBit(alive, (index) => {
      const most = (gains[index] as number) - (losses[index] as number);
      if (most < head.least) return;
      ordered.scores[index] = most - costLoss(index);
      head.offer(index);
    });
    return head;
  }

  terms(scored: Scored, index: number): ScoreTerms {
    const entry = this.#entries[index] as ServiceEntry;
    const words = scored.intentWords.filter((word) => this.#services.get(word)?.includes(index)).length;
    const met = scored.preferences.filter(({ satisfied }) => hasBit(satisfied, index)).length;
    const cost = hasBit(scored.costAssumed, index) ? Number.NaN : (scored.costs[index] as number);
    return {
      intent: ratio(words, scored.intentWords.length),
      attention: ratio(scored.request.capabilities.length, this.#capabilities[index] as number),
      learned: this.learned(index),
      resonance: ratio(met, scored.preferences.length),
      cost: termOf(cost, this.#costReference(scored.request)),
      risk: riskOf(entry),
      latency: termOf(scored.latencies.values[index] as number, this.#latencyReference(scored.request)),
    };
  }

  /** Everything of a score but cost and latency: the same for all requests with this intent, these wishes and so many capabilities. */
  #gains({ request, intentWords, preferences }: Scored): Float64Array {
    const start = this.#start(request.capabilities.length);
    if (intentWords.length === 0 && preferences.length === 0) return start;
    const key = `${request.capabilities.length} ${intentWords.join(" ")} ${JSON.stringify(request.preferences)}`;
    return this.#parts.get(key, () => {
      const { weights } = this.#profile;
      const gains = this.#withAttention(request.capabilities.length).slice();
      const counts = new Uint8Array(gains.length);
      for (const word of intentWords) {
        for (const index of this.#services.get(word) ?? []) counts[index] = (counts[index] as number) + 1;
      }
      addShares(gains, counts, intentWords.length, weights.intent);
      counts.fill(0);
      for (const { satisfied } of preferences) {
        eachBit(satisfied, (index) => {
          counts[index] = (counts[index] as number) + 1;
        });
      }
      addShares(gains, counts, preferences.length, weights.resonance);
      return gains;
    });
  }

  /** What every service gains by so many capabilities, whatever is intended and wished. */
  #withAttention(capabilities: number): Float64Array {
    return this.#parts.get(`attention ${capabilities}`, () =>
      this.#standing.map(
        (standing, index) =>
          standing + this.#profile.weights.attention * ratio(capabilities, this.#capabilities[index] as number),
      ),
    );
  }

  #latencyLosses({ request, latencies: { name, values } }: Scored): Float64Array {
    const reference = this.#latencyReference(request);
    return this.#parts.get(`${name} / ${reference}`, () => {
      const weight = this.#profile.weights.latency;
      const scale = MILLION / reference;
      const losses = new Float64Array(values.length);
      for (let index = 0; index < losses.length; index += 1) {
        const latency = values[index] as number;
        losses[index] = weight * (Number.isNaN(latency) ? MILLION : shareBy(latency, reference, scale));
      }
      return losses;
    });
  }

  /** What the cost takes from the score of a service. */
  #costLosses({ request, costs, costAssumed }: Scored): (index: number) => number {
    const weight = this.#profile.weights.cost;
    if (weight === 0) return () => 0;
    const reference = this.#costReference(request);
    const scale = MILLION / reference;
    return (index) => {
      const cost = costs[index] as number;
      return weight * (cost <= MAX && !hasBit(costAssumed, index) ? shareBy(cost, reference, scale) : MILLION);
    };
  }

  #costReference({ budgetPicos }: RouteRequest): number {
    return budgetPicos ?? this.#profile.costReferencePicos;
  }

  #latencyReference({ latency }: RouteRequest): number {
    return latency?.maxUs ?? this.#profile.latencyReferenceUs;
  }
}

/** Adds to each service the weighted share of the lists that it is in. */
function addShares(gains: Float64Array, lists: readonly Int32Array[], weight: number): void {
  if (lists.length === 0) return;
  const counts = new Uint8Array(gains.length);
  for (const list of lists) {
    for (let place = 0; place < list.length; place += 1) {
      const index = list[place] as number;
      counts[index] = (counts[index] as number) + 1;
    }
  }
  const shares = Array.from({ length: lists.length + 1 }, (_, count) => weight * ratio(count, lists.length));
  for (let index = 0; index < gains.length; index += 1) {
    const count = counts[index] as number;
    if (count !== 0) gains[index] = (gains[index] as number) + (shares[count] as number);
  }
}

function placesByWord(entries: readonly ServiceEntry[]): ReadonlyMap<string, Int32Array> {
  const places = new Map<string, number[]>();
  entries.forEach(({ contract: { name, description, capabilities } }, index) => {
    for (const word of wordsOf([name, description, ...capabilities].join(" "))) {
      const services = places.get(word) ?? [];
      services.push(index);
      places.set(word, services);
    }
  });
  return new Map([...places].map(([word, services]) => [word, Int32Array.from(services)]));
}

function riskOf({ contract, state }: ServiceEntry): number {
  return state === "probation" ? MILLION : (3 - contract.security.trust) * 333_333;
}

function riskOf({ contract, state }: ServiceEntry): number {
  return state === "probation" ? MILLION : (3 - contract.security.trust) * 333_333;
}

/** Adds to each the weighted share that its count is of `whole`, at most 64. */
function addShares(into: Float64Array, counts: Uint8Array, whole: number, weight: number): void {
  if (whole === 0) return;
  const shares = Array.from({ length: whole + 1 }, (_, count) => weight * ratio(count, whole));
  for (let index = 0; index < into.length; index += 1) {
    const count = counts[index] as number;
    if (count !== 0) into[index] = (into[index] as number) + (shares[count] as number);
  }
}

/** What is not known is as bad as the worst. */
function termOf(value: number, reference: number): number {
  return Number.isNaN(value) ? MILLION : shareOf(value, reference);
}

/** 0 of nothing; a service that did not pass may have fewer capabilities than are asked, and its part is never read. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((MILLION * part) / whole);
}
