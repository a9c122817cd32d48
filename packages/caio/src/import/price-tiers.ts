/**
 * Prices that rise with the length of what is sent: each tier is an offer of its own.
 *
 * A contract states one price for each unit. A model that costs twice as much from 200,000 tokens on is two offers: one under its own
 * name that takes no more than 200,000, and one under the name with `+above-200k` at the higher price that takes the rest. A router then
 * compares what each request would really cost.
 *
 * Invariants:
 *   T1. For every count of input tokens that the model takes, the cheapest offer that takes it has the price of its tier, as long as prices rise.
 *   T2. What cannot be split is one offer of an assumed cost.
 *
 * @module
 */
import { byCodeUnit, ServiceContract } from "@canonic/contracts";
import type { Prices } from "./prices.ts";

/** Prices that replace those below it as soon as more than `above` tokens are sent. */
export interface PriceTier {
  readonly above: number;
  readonly prices: Prices;
}

/**
 * The offers of a contract with price tiers, the contract's own prices being those from 0.
 *
 * @param tiers - In any order, each `above` once and over 0.
 */
export function offersOf(contract: ServiceContract, tiers: readonly PriceTier[]): readonly ServiceContract[] {
  const most = contract.constraints.inputTokensMax;
  const reached = tiers.filter(({ above }) => most === null || above < most).toSorted((a, b) => a.above - b.above);
  const [first] = reached;
  if (first === undefined) return [contract];
  if (contract.cost === null) return [contract];
  const offers: unknown[] = [upTo(contract, first.above)];
  const prices = new Map(contract.cost.prices.map(({ unit, picos }) => [unit, picos]));
  for (const [index, { above, prices: raised }] of reached.entries()) {
    for (const [unit, { picos }] of raised) prices.set(unit, picos);
    const sorted = [...prices].sort(([a], [b]) => byCodeUnit(a, b)).map(([unit, picos]) => ({ unit, picos }));
    const suffix = `above-${shortCount(above)}`;
    const whole = {
      ...contract,
      service: `${contract.service}+${suffix}`,
      name: `${contract.name.slice(0, 224)} (${suffix})`,
      cost: { ...contract.cost, prices: sorted },
    };
    const next = reached[index + 1];
    offers.push(next === undefined ? whole : upTo(whole, next.above));
  }
  const parsed = offers.map((offer) => ServiceContract.safeParse(offer).data);
  const valid = parsed.filter((offer) => offer !== undefined);
  if (valid.length === offers.length) return valid;
  return [{ ...contract, assumed: [...new Set([...contract.assumed, "/cost"])].sort(byCodeUnit) }];
}

function upTo(contract: object & Pick<ServiceContract, "constraints" | "assumed">, inputTokensMax: number): unknown {
  return {
    ...contract,
    constraints: { ...contract.constraints, inputTokensMax },
    // The limit is that of the price, which is stated, and lower than whatever was assumed of the model.
    assumed: contract.assumed.filter((pointer) => pointer !== "/constraints/inputTokensMax"),
  };
}

function shortCount(tokens: number): string {
  return tokens % 1000 === 0 ? `${tokens / 1000}k` : `${tokens}`;
}
