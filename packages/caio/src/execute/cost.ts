/**
 * What an execution cost, from what was really used.
 *
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";

type Quantities = Readonly<Record<string, number>>;

/**
 * The sum of prices x quantities in pico-units, at most 2^53 - 1; null where no price is known. A unit of which the service said
 * nothing counts as the request's bound, for that is what it may bill.
 */
export function costOf({ cost }: ServiceContract, used: Quantities, requested: Quantities): number | null {
  if (cost === null) return null;
  const sum = cost.prices.reduce(
    (total, { unit, picos }) =>
      total + BigInt(picos) * BigInt(quantityOf(used, unit) ?? quantityOf(requested, unit) ?? 0),
    0n,
  );
  return sum > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(sum);
}

/** Own properties only: a unit may be named like a property of every object. */
export function quantityOf(quantities: Quantities, unit: string): number | undefined {
  return Object.hasOwn(quantities, unit) ? quantities[unit] : undefined;
}
