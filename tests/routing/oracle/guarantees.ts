/**
 * Guarantees: what a service's statements and its observations say to one demand (section 2).
 *
 * @module
 */
import type {
  Guarantee,
  RequiredGuarantee,
  RouteRequest,
  Scalar,
  ServiceContract,
  ServiceObservation,
} from "@canonic/contracts";
import { atMostMax, ceilDivide, floorDivide, greater, lesser, MILLION } from "./numbers.ts";
import { ownValue, type State, satisfiedIf } from "./states.ts";

/** A statement or demand without a relation to the request left in it. */
type Absolute =
  | { readonly kind: "equality"; readonly value: Scalar }
  | { readonly kind: "min" | "max"; readonly value: bigint }
  | { readonly kind: "nothing" };

function absolute(stated: Guarantee | RequiredGuarantee, request: RouteRequest): Absolute {
  if (stated.bound === "equality") return { kind: "equality", value: stated.value };
  if (typeof stated.value !== "number") return { kind: "nothing" };
  const value = BigInt(stated.value);
  if (stated.bound === "min" || stated.bound === "max") return { kind: stated.bound, value };
  const quantity = stated.of === null ? undefined : ownValue(request.quantities, stated.of);
  if (quantity === undefined) return { kind: "nothing" };
  const product = value * BigInt(quantity);
  return stated.bound === "relative_max"
    ? { kind: "max", value: atMostMax(floorDivide(product, MILLION)) }
    : { kind: "min", value: atMostMax(ceilDivide(product, MILLION)) };
}

/** What the contract states of one property in one unit; what it only assumes is not stated. */
function statementsOf(contract: ServiceContract, property: string, unit: string, request: RouteRequest): Absolute[] {
  return contract.guarantees
    .filter((stated) => stated.property === property && stated.unit === unit && stated.basis !== "assumed")
    .map((stated) => absolute(stated, request));
}

function numbersOf(statements: readonly Absolute[], kind: "min" | "max"): bigint[] {
  return statements.flatMap((stated) => {
    if (stated.kind === kind) return [stated.value];
    return stated.kind === "equality" && typeof stated.value === "number" ? [BigInt(stated.value)] : [];
  });
}

/** The least bound that is surely not exceeded, or null without one. */
export function upperBoundOf(
  contract: ServiceContract,
  property: string,
  unit: string,
  request: RouteRequest,
): bigint | null {
  const bounds = numbersOf(statementsOf(contract, property, unit, request), "max");
  return bounds.length === 0 ? null : bounds.reduce(lesser);
}

function lowerBoundOf(contract: ServiceContract, property: string, unit: string, request: RouteRequest): bigint | null {
  const bounds = numbersOf(statementsOf(contract, property, unit, request), "min");
  return bounds.length === 0 ? null : bounds.reduce(greater);
}

function declaredAnswer(
  demand: RequiredGuarantee,
  wanted: Absolute,
  contract: ServiceContract,
  request: RouteRequest,
): State {
  const { property, unit } = demand;
  if (wanted.kind === "nothing") return "u";
  if (wanted.kind === "equality") {
    const values = statementsOf(contract, property, unit, request).flatMap((stated) =>
      stated.kind === "equality" ? [stated.value] : [],
    );
    return values.length === 0 ? "u" : satisfiedIf(values.some((value) => value === wanted.value));
  }
  if (wanted.kind === "max") {
    const bound = upperBoundOf(contract, property, unit, request);
    return bound === null ? "u" : satisfiedIf(bound <= wanted.value);
  }
  const bound = lowerBoundOf(contract, property, unit, request);
  return bound === null ? "u" : satisfiedIf(bound >= wanted.value);
}

/** The observation where it is believed: five receipts or more. */
export function believed(observation: ServiceObservation | undefined): ServiceObservation | undefined {
  return observation !== undefined && observation.receipts >= 5 ? observation : undefined;
}

function measuredAnswer(
  demand: RequiredGuarantee,
  wanted: Absolute,
  observation: ServiceObservation | undefined,
): State {
  const seen = believed(observation);
  if (seen === undefined) return "u";
  if (wanted.kind === "max" && demand.unit === "us") {
    const { p50, p95, p99, max } = seen.latencyUs;
    if (demand.property === "latency-p50") return satisfiedIf(BigInt(p50) <= wanted.value);
    if (demand.property === "latency-p95") return satisfiedIf(BigInt(p95) <= wanted.value);
    if (demand.property === "latency-p99") return satisfiedIf(BigInt(p99) <= wanted.value);
    if (demand.property === "latency-max") return satisfiedIf(BigInt(max) <= wanted.value);
  }
  if (wanted.kind === "min" && demand.unit === "ppm" && demand.property === "reliability") {
    return satisfiedIf(BigInt(seen.reliabilityPpm) >= wanted.value);
  }
  return "u";
}

/** The answer of one service to one demand. */
export function answerToGuarantee(
  demand: RequiredGuarantee,
  contract: ServiceContract,
  request: RouteRequest,
  observation: ServiceObservation | undefined,
): State {
  const wanted = absolute(demand, request);
  const measured = measuredAnswer(demand, wanted, observation);
  if (demand.basis === "measured") return measured;
  const declared = declaredAnswer(demand, wanted, contract, request);
  if (declared === "v" || measured === "v") return "v";
  return declared === "s" || measured === "s" ? "s" : "u";
}
