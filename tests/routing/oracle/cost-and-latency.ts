/**
 * What a request would cost at a service, and how long it takes there (sections 1 and 5).
 *
 * @module
 */
import type { RouteRequest, ServiceContract, ServiceObservation } from "@canonic/contracts";
import { believed, upperBoundOf } from "./guarantees.ts";
import { atMostMax, greater } from "./numbers.ts";
import { ownValue } from "./states.ts";

/** Pico-units; null where no price is known. */
export function costOf(contract: ServiceContract, request: RouteRequest): bigint | null {
  if (contract.cost === null) return null;
  const parts = contract.cost.prices.map(
    ({ unit, picos }) => BigInt(picos) * BigInt(ownValue(request.quantities, unit) ?? 0),
  );
  return atMostMax(parts.reduce((sum, part) => sum + part, 0n));
}

/** Microseconds: observed, else stated of the 95th percentile, else stated of the longest; null where nothing is. */
export function latencyOf(
  contract: ServiceContract,
  request: RouteRequest,
  observation: ServiceObservation | undefined,
): bigint | null {
  const seen = believed(observation);
  if (seen !== undefined) return BigInt(seen.latencyUs.p95);
  const stated =
    upperBoundOf(contract, "latency-p95", "us", request) ?? upperBoundOf(contract, "latency-max", "us", request);
  return stated === null ? null : atMostMax(greater(stated, 0n));
}
