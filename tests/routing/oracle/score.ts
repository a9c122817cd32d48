/**
 * How good a service is for a request (section 5), in whole numbers without an end.
 *
 * @module
 */
import type { RouteRequest, ScoreProfile } from "@canonic/contracts";
import { costOf, latencyOf } from "./cost-and-latency.ts";
import { believed } from "./guarantees.ts";
import { lesser, MILLION } from "./numbers.ts";
import type { Candidate } from "./questions.ts";
import { isAssumed } from "./states.ts";
import { answerToTrait } from "./traits.ts";
import { intentWordsOf, serviceWordsOf } from "./words.ts";

export interface Terms {
  readonly intent: bigint;
  readonly attention: bigint;
  readonly learned: bigint;
  readonly resonance: bigint;
  readonly cost: bigint;
  readonly risk: bigint;
  readonly latency: bigint;
}

function share(part: number, whole: number): bigint {
  return whole === 0 ? 0n : (MILLION * BigInt(part)) / BigInt(whole);
}

function against(value: bigint | null, reference: bigint): bigint {
  if (value === null) return MILLION;
  if (reference === 0n) return value === 0n ? 0n : MILLION;
  return lesser(MILLION, (MILLION * value) / reference);
}

export function learnedOf(candidate: Candidate): bigint {
  return BigInt(believed(candidate.observation)?.reliabilityPpm ?? 0);
}

export function termsOf(candidate: Candidate, request: RouteRequest, profile: ScoreProfile): Terms {
  const { entry, observation } = candidate;
  const { contract } = entry;
  const wanted = intentWordsOf(request.intent);
  const own = serviceWordsOf(contract);
  const met = request.preferences.filter((wish) => answerToTrait(wish, contract) === "s");
  const cost = isAssumed(contract, "/cost") ? null : costOf(contract, request);
  return {
    intent: share(wanted.filter((word) => own.has(word)).length, wanted.length),
    attention: share(request.capabilities.length, contract.capabilities.length),
    learned: learnedOf(candidate),
    resonance: share(met.length, request.preferences.length),
    cost: against(cost, BigInt(request.budgetPicos ?? profile.costReferencePicos)),
    risk: entry.state === "probation" ? MILLION : BigInt(3 - contract.security.trust) * 333_333n,
    latency: against(
      latencyOf(contract, request, observation),
      BigInt(request.latency?.maxUs ?? profile.latencyReferenceUs),
    ),
  };
}

export function scoreOf(terms: Terms, { weights }: ScoreProfile): bigint {
  const gained =
    BigInt(weights.intent) * terms.intent +
    BigInt(weights.attention) * terms.attention +
    BigInt(weights.learned) * terms.learned +
    BigInt(weights.resonance) * terms.resonance;
  const lost =
    BigInt(weights.cost) * terms.cost + BigInt(weights.risk) * terms.risk + BigInt(weights.latency) * terms.latency;
  return gained - lost;
}
