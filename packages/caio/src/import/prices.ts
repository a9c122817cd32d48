/**
 * Prices of a foreign entry as those of a contract.
 *
 * Invariants:
 *   P1. No price is told lower than it was written: what is under a pico-unit is rounded up, and said to be assumed.
 *   P2. A service that answers with text and does not state both token prices is of an assumed cost: a request of tokens would
 *       seem to be free. So is one that states nothing but zeros, or whose price rises in a way that is not understood.
 *
 * @module
 */
import { byCodeUnit } from "@canonic/contracts";
import type { Draft } from "./draft.ts";
import { picosOf } from "./picos.ts";

/** Prices by unit, read so far; a unit is stated once. */
export type Prices = Map<string, { readonly picos: number; readonly exact: boolean }>;

/**
 * Reads one price in US dollars.
 *
 * @param divisor - How many of the unit the price is for.
 */
export function readPrice(draft: Draft, prices: Prices, unit: string, path: readonly string[], divisor = 1): void {
  const value = draft.take(...path);
  if (value === undefined || value === null) return;
  const price = typeof value === "number" ? picosOf(value, divisor) : null;
  if (price !== null) prices.set(unit, price);
  else if (typeof value === "number" && value < 0) draft.refuse("price-negative", path.join("/"), "a price from 0");
  else draft.refuse("price-invalid", path.join("/"), "a price from 0, at most 9,007 a unit");
}

/** States the prices that were read, and what of them is not to be relied on. */
export function statePrices(draft: Draft, prices: Prices): void {
  if (prices.size === 0) return;
  const sorted = [...prices].sort(([a], [b]) => byCodeUnit(a, b));
  draft.contract.cost = { currency: "USD", prices: sorted.map(([unit, { picos }]) => ({ unit, picos })) };
  for (const [place, [, { exact }]] of sorted.entries()) if (!exact) draft.assume(`/cost/prices/${place}/picos`);
  if (sorted.every(([, { picos }]) => picos === 0) || needed(draft).some((unit) => !prices.has(unit))) {
    draft.assume("/cost");
  }
}

/** Units that a service of these capabilities is asked for. */
function needed(draft: Draft): readonly string[] {
  const { capabilities } = draft.contract;
  if (capabilities.includes("chat") || capabilities.includes("completion")) return ["input-token", "output-token"];
  return capabilities.includes("embedding") ? ["input-token"] : [];
}
