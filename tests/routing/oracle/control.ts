/**
 * What the caller may adjust for the chosen service (section 7).
 *
 * @module
 */
import type { ControlSignal, RouteRequest, ScoreProfile } from "@canonic/contracts";
import { latencyOf } from "./cost-and-latency.ts";
import { atMostMax, greater, lesser, MILLION, toNumber } from "./numbers.ts";
import type { Candidate } from "./questions.ts";
import { learnedOf } from "./score.ts";
import { ownValue } from "./states.ts";

const ENERGY_MAX = 750_000n;

function energyOf(temperature: bigint, concurrency: bigint): bigint {
  return (temperature + (MILLION * (concurrency - 1n)) / 63n) / 2n;
}

function temperatureOf(request: RouteRequest, { entry }: Candidate): bigint {
  const demands = request.guarantees
    .filter(({ property, bound, unit }) => property === "accuracy" && bound === "min" && unit === "ppm")
    .flatMap(({ value }) => (typeof value === "number" ? [BigInt(value)] : []));
  if (demands.length === 0) return entry.contract.determinism === "recorded" ? MILLION : 0n;
  return lesser(MILLION, greater(0n, MILLION - demands.reduce(greater)));
}

export function controlOf(request: RouteRequest, chosen: Candidate, profile: ScoreProfile): ControlSignal {
  const { entry, observation } = chosen;
  const caps = [ownValue(request.quantities, "output-token"), entry.contract.constraints.outputTokensMax].filter(
    (cap) => cap !== undefined && cap !== null,
  );
  const latency = latencyOf(entry.contract, request, observation);
  const deadline =
    request.latency !== null
      ? BigInt(request.latency.maxUs)
      : latency !== null
        ? greater(1n, latency * 2n)
        : BigInt(profile.latencyReferenceUs);
  let temperature = temperatureOf(request, chosen);
  let concurrency = entry.state === "probation" ? 1n : 1n + (63n * learnedOf(chosen)) / MILLION;
  while (concurrency > 1n && energyOf(temperature, concurrency) > ENERGY_MAX) concurrency -= 1n;
  while (energyOf(temperature, concurrency) > ENERGY_MAX) temperature -= 1n;
  return {
    temperaturePpm: toNumber(temperature),
    outputTokensMax: caps.length === 0 ? null : Math.min(...caps),
    concurrencyMax: toNumber(concurrency),
    deadlineUs: toNumber(atMostMax(deadline)),
    energyPpm: toNumber(energyOf(temperature, concurrency)),
  };
}
