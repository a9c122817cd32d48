/**
 * What parts state of one property, as upper and lower bounds.
 *
 * Invariants:
 *   B1. A statement of basis `assumed` is none. A bound that several statements give is the strictest of them.
 *   B2. A bound is `measured` when all that it was made of is.
 *
 * @module
 */
import type { Guarantee } from "@canonic/contracts";

export type Direction = "max" | "min";

/** A whole number and where it comes from; null where a part does not state it. */
export interface Bound {
  readonly value: number;
  readonly basis: "declared" | "measured";
}

/** The strictest bound of a property in a unit. */
export function boundIn(
  guarantees: readonly Guarantee[],
  direction: Direction,
  property: string,
  unit: string,
): Bound | null {
  let strictest: Bound | null = null;
  for (const { property: of, unit: inUnit, bound, value, basis } of guarantees) {
    if (of !== property || inUnit !== unit || (bound !== direction && bound !== "equality")) continue;
    if (basis === "assumed" || typeof value !== "number") continue;
    const isStricter = strictest === null || (direction === "max" ? value < strictest.value : value > strictest.value);
    if (isStricter) strictest = { value, basis };
  }
  return strictest;
}

export function guaranteeOf(
  property: string,
  bound: Direction,
  unit: string,
  value: number,
  of: readonly Bound[],
): Guarantee {
  const basis = of.every((one) => one.basis === "measured") ? "measured" : "declared";
  return { property, bound, value, unit, of: null, basis };
}
