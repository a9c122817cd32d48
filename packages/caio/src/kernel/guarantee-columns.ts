/**
 * What contracts and observations say of each property, by property and unit.
 *
 * Statements are kept as lists, for most services say nothing of most properties; a column is made when it is first asked
 * for. A relative statement becomes a number with the quantities of a request, so its column is kept by those.
 *
 * @see docs/routing.md, section 2.
 * @module
 */
import type { RouteRequest, Scalar, ServiceContract, ServiceObservation } from "@canonic/contracts";
import type { DecisionBudget } from "../budget.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import { partOf } from "./exact.ts";
import { Memo } from "./memo.ts";

/** Fewer receipts than this say nothing. */
export const RECEIPTS_MIN = 5;

const COLUMNS_MAX = 256;
/** What a property of its own takes beside its statements. */
const PROPERTY_ROOM = 1_200;

export type Quantities = RouteRequest["quantities"];
export type Side = "upper" | "lower";
type Fixed = { readonly index: number; readonly value: number };
type Relative = { readonly index: number; readonly ppm: number; readonly of: string };

/** All statements on one property in one unit. */
export interface PropertyStatements {
  readonly declared: Record<Side, Fixed[]>;
  readonly relative: Record<Side, Relative[]>;
  /** The units that relative statements are relative to. */
  readonly units: Record<Side, Set<string>>;
  readonly observed: Record<Side, Fixed[]>;
  readonly equalities: Map<number, Scalar>;
}

const BOUND_SIDES = { max: ["upper"], min: ["lower"], equality: ["upper", "lower"] } as const;
const RELATIVE_SIDES = { relative_max: "upper", min_multiple: "lower" } as const;

export class GuaranteeColumns {
  readonly #budget: DecisionBudget;
  readonly #size: number;
  readonly #properties = new Map<string, PropertyStatements>();
  readonly #bounds = new Memo<Bounds>(COLUMNS_MAX);
  readonly #observedP95 = new Map<number, number>();

  /** Contracts and observations in the snapshot's order; undefined where a service was not observed. */
  constructor(
    contracts: readonly ServiceContract[],
    observations: readonly (ServiceObservation | undefined)[],
    budget: DecisionBudget,
  ) {
    this.#budget = budget;
    this.#size = contracts.length;
    contracts.forEach((contract, index) => {
      this.#takeContract(contract, index);
    });
    observations.forEach((observation, index) => {
      if (observation !== undefined && observation.receipts >= RECEIPTS_MIN) this.#takeObserved(observation, index);
    });
  }

  /** What is said of a property in a unit; undefined when nobody says anything. */
  statements(property: string, unit: string): PropertyStatements | undefined {
    return this.#properties.get(`${property} ${unit}`);
  }

  /** The bound that a demand meets: of both sources the weaker one, as both must satisfy; of observations alone when `measured`. */
  bounds(property: string, unit: string, side: Side, basis: "declared" | "measured", quantities: Quantities): Bounds {
    const said = this.statements(property, unit);
    const key = `${property} ${unit} ${side} ${basis}${basis === "declared" ? relativeKey(said?.units[side], quantities) : ""}`;
    return this.#bounds.get(key, () => {
      const values = basis === "declared" ? this.#declared(said, side, quantities) : this.#empty();
      for (const { index, value } of said?.observed[side] ?? []) {
        const known = values[index] as number;
        values[index] = Number.isNaN(known)
          ? value
          : side === "upper"
            ? Math.max(known, value)
            : Math.min(known, value);
      }
      return boundsOf(key, values);
    });
  }

  /** The latency of every service in microseconds, 0 to MAX, NaN where it is not known; see section 5. */
  latencies(quantities: Quantities): Bounds {
    const [p95, max] = [this.statements("latency-p95", "us"), this.statements("latency-max", "us")];
    const key = `latency${relativeKey(p95?.units.upper, quantities)}${relativeKey(max?.units.upper, quantities)}`;
    return this.#bounds.get(key, () => {
      const values = this.#declared(p95, "upper", quantities);
      const hard = this.#declared(max, "upper", quantities);
      for (let index = 0; index < values.length; index += 1) {
        const stated = Number.isNaN(values[index]) ? hard[index] : values[index];
        values[index] = Math.max(0, this.#observedP95.get(index) ?? (stated as number));
      }
      return boundsOf(key, values);
    });
  }

  #declared(said: PropertyStatements | undefined, side: Side, quantities: Quantities): Float64Array {
    const values = this.#empty();
    const take = (index: number, value: number) => {
      const known = values[index] as number;
      values[index] = Number.isNaN(known) ? value : side === "upper" ? Math.min(known, value) : Math.max(known, value);
    };
    for (const { index, value } of said?.declared[side] ?? []) take(index, value);
    for (const { index, ppm, of } of said?.relative[side] ?? []) {
      const quantity = quantityOf(quantities, of);
      if (quantity !== undefined) take(index, partOf(ppm, quantity, side === "upper" ? "floor" : "ceil"));
    }
    return values;
  }

  #takeContract({ guarantees }: ServiceContract, index: number): void {
    for (const { property, bound, value, unit, of, basis } of guarantees) {
      if (basis === "assumed") continue;
      const said = this.#statementsOn(property, unit);
      if (bound === "equality") said.equalities.set(index, value);
      if (typeof value !== "number") continue;
      if (bound === "relative_max" || bound === "min_multiple") {
        if (of === null) continue;
        said.relative[RELATIVE_SIDES[bound]].push({ index, ppm: value, of });
        said.units[RELATIVE_SIDES[bound]].add(of);
      } else {
        for (const side of BOUND_SIDES[bound]) said.declared[side].push({ index, value });
      }
    }
  }

  #takeObserved({ latencyUs, reliabilityPpm }: ServiceObservation, index: number): void {
    this.#observedP95.set(index, latencyUs.p95);
    for (const percentile of ["p50", "p95", "p99", "max"] as const) {
      this.#statementsOn(`latency-${percentile}`, "us").observed.upper.push({ index, value: latencyUs[percentile] });
    }
    this.#statementsOn("reliability", "ppm").observed.lower.push({ index, value: reliabilityPpm });
  }

  #statementsOn(property: string, unit: string): PropertyStatements {
    const key = `${property} ${unit}`;
    const known = this.#properties.get(key);
    if (known !== undefined) return known;
    this.#budget.takeRoom(PROPERTY_ROOM);
    const sides = () => ({ upper: [], lower: [] });
    const made = {
      declared: sides(),
      relative: sides(),
      units: { upper: new Set<string>(), lower: new Set<string>() },
      observed: sides(),
      equalities: new Map<number, Scalar>(),
    };
    this.#properties.set(key, made);
    return made;
  }

  #empty(): Float64Array {
    return new Float64Array(this.#size).fill(Number.NaN);
  }
}

/** The request's quantity of a unit; a unit may be named like a property of every object. */
export function quantityOf(quantities: Quantities, unit: string): number | undefined {
  return Object.hasOwn(quantities, unit) ? quantities[unit] : undefined;
}

/** The quantities that relative statements speak of, as part of a key; empty when there are none. */
function relativeKey(units: ReadonlySet<string> | undefined, quantities: Quantities): string {
  let key = "";
  for (const unit of units ?? []) key += ` ${unit}=${quantityOf(quantities, unit) ?? ""}`;
  return key;
}
