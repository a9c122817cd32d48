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
import { type Answers, hasBit } from "./bits.ts";
import type { Bounds } from "./bounds.ts";
import { MAX, shareBy, shareOf } from "./exact.ts";
import { RECEIPTS_MIN } from "./guarantee-columns.ts";
import { Memo } from "./memo.ts";
import { wordsOf } from "./words.ts";
import type { RouteWorld } from "./world.ts";

const MILLION = 1_000_000;
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
  readonly #services = new Map<string, number[]>();
  readonly #learned: Float64Array;
  readonly #parts = new Memo<Float64Array>(SCORES_MAX);

  constructor(world: RouteWorld, observations: readonly (ServiceObservation | undefined)[]) {
    this.#profile = world.scoreProfile;
    this.#entries = world.snapshot.services;
    this.#entries.forEach(({ contract: { name, description, capabilities } }, index) => {
      for (const word of wordsOf([name, description, ...capabilities].join(" "))) {
        const services = this.#services.get(word) ?? [];
        services.push(index);
        this.#services.set(word, services);
      }
    });
    this.#learned = Float64Array.from(observations, (one) =>
      one !== undefined && one.receipts >= RECEIPTS_MIN ? one.reliabilityPpm : 0,
    );
  }

  learned(index: number): number {
    return this.#learned[index] as number;
  }

  /** Writes the score of each service that is alive; the places of others keep what they have. */
  scores(scored: Scored, alive: Int32Array, into: Float64Array): void {
    const { costs, costAssumed } = scored;
    const weight = this.#profile.weights.cost;
    const reference = this.#costReference(scored.request);
    const scale = MILLION / reference;
    const gains = this.#gains(scored);
    const losses = this.#latencyLosses(scored);
    for (let word = 0; word < alive.length; word += 1) {
      const assumed = costAssumed[word] as number;
      let bits = alive[word] as number;
      while (bits !== 0) {
        const low = bits & -bits;
        bits ^= low;
        const index = word * 32 + 31 - Math.clz32(low);
        const cost = costs[index] as number;
        const isKnown = (assumed & low) === 0 && cost <= MAX;
        const share = isKnown ? shareBy(cost, reference, scale) : MILLION;
        into[index] = (gains[index] as number) - (losses[index] as number) - weight * share;
      }
    }
  }

  terms(scored: Scored, index: number): ScoreTerms {
    const { contract, state } = this.#entries[index] as ServiceEntry;
    const words = scored.intentWords.filter((word) => this.#services.get(word)?.includes(index)).length;
    const met = scored.preferences.filter(({ satisfied }) => hasBit(satisfied, index)).length;
    const cost = hasBit(scored.costAssumed, index) ? Number.NaN : (scored.costs[index] as number);
    return {
      intent: ratio(words, scored.intentWords.length),
      attention: ratio(scored.request.capabilities.length, contract.capabilities.length),
      learned: this.learned(index),
      resonance: ratio(met, scored.preferences.length),
      cost: termOf(cost, this.#costReference(scored.request)),
      risk: state === "probation" ? MILLION : (3 - contract.security.trust) * 333_333,
      latency: termOf(scored.latencies.values[index] as number, this.#latencyReference(scored.request)),
    };
  }

  /** Everything of a score but cost and latency: the same for all requests with this intent, these wishes and so many capabilities. */
  #gains({ request, intentWords, preferences }: Scored): Float64Array {
    const key = `${request.capabilities.length} ${intentWords.join(" ")} ${JSON.stringify(request.preferences)}`;
    return this.#parts.get(key, () => {
      const { weights } = this.#profile;
      const counts = new Float64Array(this.#entries.length);
      for (const word of intentWords) {
        for (const index of this.#services.get(word) ?? []) counts[index] = (counts[index] as number) + 1;
      }
      return Float64Array.from(this.#entries, ({ contract, state }, index) => {
        let met = 0;
        for (const { satisfied } of preferences) if (hasBit(satisfied, index)) met += 1;
        const risk = state === "probation" ? MILLION : (3 - contract.security.trust) * 333_333;
        return (
          weights.intent * ratio(counts[index] as number, intentWords.length) +
          weights.attention * ratio(request.capabilities.length, contract.capabilities.length) +
          weights.learned * this.learned(index) +
          weights.resonance * ratio(met, preferences.length) -
          weights.risk * risk
        );
      });
    });
  }

  #latencyLosses({ request, latencies: { name, values } }: Scored): Float64Array {
    const reference = this.#latencyReference(request);
    return this.#parts.get(`${name} / ${reference}`, () =>
      values.map((latency) => this.#profile.weights.latency * termOf(latency, reference)),
    );
  }

  #costReference({ budgetPicos }: RouteRequest): number {
    return budgetPicos ?? this.#profile.costReferencePicos;
  }

  #latencyReference({ latency }: RouteRequest): number {
    return latency?.maxUs ?? this.#profile.latencyReferenceUs;
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
