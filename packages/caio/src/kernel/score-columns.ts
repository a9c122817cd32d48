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
import type { DecisionBudget } from "../budget.ts";
import { type Answers, hasBit, setPlaces } from "./bits.ts";
import type { Bounds } from "./bounds.ts";
import { MAX, shareBy, shareOf } from "./exact.ts";
import { RECEIPTS_MIN } from "./guarantee-columns.ts";
import { Memo } from "./memo.ts";
import { wordsOf } from "./words.ts";
import type { RouteWorld } from "./world.ts";

const MILLION = 1_000_000;
/** What a word of its own takes, and another service that has it. */
const WORD_ROOM = 384;
const PLACE_ROOM = 16;
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

  constructor(world: RouteWorld, observations: readonly (ServiceObservation | undefined)[], budget: DecisionBudget) {
    this.#profile = world.scoreProfile;
    this.#entries = world.snapshot.services;
    this.#services = placesByWord(this.#entries, budget);
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
        const share = weight === 0 ? 0 : isKnown ? shareBy(cost, reference, scale) : MILLION;
        into[index] = (gains[index] as number) - (losses[index] as number) - weight * share;
      }
    }
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
      const { intent, resonance } = this.#profile.weights;
      const gains = start.slice();
      const words = intentWords.map((word) => this.#services.get(word) ?? NOBODY);
      const wishes = preferences.map(({ satisfied }) => Int32Array.from(setPlaces(satisfied)));
      addShares(gains, words, intent);
      addShares(gains, wishes, resonance);
      return gains;
    });
  }

  /** Of every service that was asked for so many capabilities. */
  #start(capabilities: number): Float64Array {
    return this.#parts.get(`${capabilities}`, () =>
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
      for (let index = 0; index < values.length; index += 1) {
        const latency = values[index] as number;
        losses[index] = weight * (latency <= MAX ? shareBy(latency, reference, scale) : MILLION);
      }
      return losses;
    });
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

function placesByWord(entries: readonly ServiceEntry[], budget: DecisionBudget): ReadonlyMap<string, Int32Array> {
  const places = new Map<string, number[]>();
  entries.forEach(({ contract: { name, description, capabilities } }, index) => {
    for (const word of wordsOf([name, description, ...capabilities].join(" "))) {
      const services = places.get(word);
      budget.takeRoom(services === undefined ? WORD_ROOM : PLACE_ROOM);
      if (services === undefined) places.set(word, [index]);
      else services.push(index);
    }
  });
  return new Map([...places].map(([word, services]) => [word, Int32Array.from(services)]));
}

function riskOf({ contract, state }: ServiceEntry): number {
  return state === "probation" ? MILLION : (3 - contract.security.trust) * 333_333;
}

/** What is not known is as bad as the worst. */
function termOf(value: number, reference: number): number {
  return Number.isNaN(value) ? MILLION : shareOf(value, reference);
}

/** 0 of nothing; a service that did not pass may have fewer capabilities than are asked, and its part is never read. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((MILLION * part) / whole);
}
