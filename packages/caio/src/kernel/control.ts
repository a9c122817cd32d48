/**
 * Adjustments that the caller may apply, derived from the decision and held within one bound of energy.
 *
 * With a concurrency of 1 the energy is at most 500,000, so lowering the concurrency always suffices.
 *
 * @see docs/routing.md, section 7.
 * @module
 */
import type { ControlSignal, RouteRequest, ServiceEntry } from "@canonic/contracts";
import { MAX } from "./exact.ts";
import { quantityOf } from "./guarantee-columns.ts";

const MILLION = 1_000_000;
const CONCURRENCY_SPAN = 63;

/** What temperature and concurrency may be together, in parts of a million. */
export const ENERGY_MAX = 750_000;

/** What is known of the chosen service; `latencyUs` is NaN where it is not known. */
export interface Chosen {
  readonly entry: ServiceEntry;
  readonly learned: number;
  readonly latencyUs: number;
  readonly latencyReferenceUs: number;
}

export function controlOf(
  request: RouteRequest,
  { entry, learned, latencyUs, latencyReferenceUs }: Chosen,
): ControlSignal {
  const { contract, state } = entry;
  const temperaturePpm = temperatureOf(request, contract.determinism === "recorded");
  let concurrencyMax = state === "probation" ? 1 : 1 + Math.floor((CONCURRENCY_SPAN * learned) / MILLION);
  while (concurrencyMax > 1 && energyOf(temperaturePpm, concurrencyMax) > ENERGY_MAX) concurrencyMax -= 1;
  const asked = quantityOf(request.quantities, "output-token") ?? null;
  const limit = contract.constraints.outputTokensMax;
  const deadline = request.latency?.maxUs ?? (Number.isNaN(latencyUs) ? latencyReferenceUs : latencyUs * 2);
  return {
    temperaturePpm,
    outputTokensMax: asked === null || limit === null ? (asked ?? limit) : Math.min(asked, limit),
    concurrencyMax,
    deadlineUs: Math.min(MAX, Math.max(1, deadline)),
    energyPpm: energyOf(temperaturePpm, concurrencyMax),
  };
}

/** The more accuracy is asked for, the less may vary. */
function temperatureOf({ guarantees }: RouteRequest, varies: boolean): number {
  const demands = guarantees.flatMap(({ property, bound, unit, value }) =>
    property === "accuracy" && bound === "min" && unit === "ppm" && typeof value === "number" ? [value] : [],
  );
  if (demands.length === 0) return varies ? MILLION : 0;
  return Math.min(MILLION, Math.max(0, MILLION - Math.max(...demands)));
}

function energyOf(temperaturePpm: number, concurrencyMax: number): number {
  return Math.floor((temperaturePpm + Math.floor((MILLION * (concurrencyMax - 1)) / CONCURRENCY_SPAN)) / 2);
}
