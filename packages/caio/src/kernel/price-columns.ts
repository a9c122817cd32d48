/**
 * What a request costs with every service.
 *
 * @see docs/routing.md, section 1, cost.
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";
import type { DecisionBudget } from "../budget.ts";
import { isAssumed } from "./assumed.ts";
import { type Answers, setBit, wordsFor } from "./bits.ts";
import { MAX } from "./exact.ts";
import type { Quantities } from "./guarantee-columns.ts";

/** Pico-units per unit; 0 where the contract has no price for it. */
interface Prices {
  readonly picos: Float64Array;
  dearest: number;
}

/** What a column of its own takes beside its numbers. */
const COLUMN_ROOM = 256;

export class PriceColumns {
  /** By unit. */
  readonly #prices = new Map<string, Prices>();
  /** 0 where prices are known, NaN where they are not. */
  readonly #base: Float64Array;
  readonly #assumed: Int32Array;

  constructor(contracts: readonly ServiceContract[], budget: DecisionBudget) {
    this.#base = new Float64Array(contracts.length);
    this.#assumed = new Int32Array(wordsFor(contracts.length));
    contracts.forEach((contract, index) => {
      if (isAssumed(contract, "/cost")) setBit(this.#assumed, index);
      if (contract.cost === null) this.#base[index] = Number.NaN;
      for (const { unit, picos } of contract.cost?.prices ?? []) {
        const known = this.#prices.get(unit);
        if (known === undefined) budget.takeRoom(COLUMN_ROOM + contracts.length * 8);
        const prices = known ?? { picos: new Float64Array(contracts.length), dearest: 0 };
        prices.picos[index] = picos;
        prices.dearest = Math.max(prices.dearest, picos);
        this.#prices.set(unit, prices);
      }
    });
  }

  /** The services whose cost is only assumed. */
  get assumed(): Int32Array {
    return this.#assumed;
  }

  /** Writes the cost of each service, 0 to MAX, NaN where it is not known. */
  costs(quantities: Quantities, into: Float64Array): void {
    const used: { readonly prices: Prices; readonly quantity: number }[] = [];
    let dearest = 0;
    for (const unit of Object.keys(quantities)) {
      const quantity = quantities[unit] as number;
      const prices = this.#prices.get(unit);
      if (quantity === 0 || prices === undefined) continue;
      used.push({ prices, quantity });
      dearest += prices.dearest * quantity;
    }
    if (used.length === 0) into.set(this.#base);
    for (let place = 0; place < used.length; place += 2) {
      const [one, two] = [used[place] as (typeof used)[number], used[place + 1]];
      const from = place === 0 ? this.#base : into;
      addTwo(from, one.prices.picos, one.quantity, two?.prices.picos ?? one.prices.picos, two?.quantity ?? 0, into);
    }
    if (dearest > MAX) cap(into);
  }

  /** Satisfied where the cost is at most the budget, unknown where it is not known or assumed. */
  within(budgetPicos: number, costs: Float64Array): Answers {
    const satisfied = new Int32Array(this.#assumed.length);
    const unknown = this.#assumed.slice();
    for (let word = 0, index = 0; word < satisfied.length; word += 1) {
      const end = Math.min(index + 32, costs.length);
      let [within, missing] = [0, 0];
      for (let bit = 1; index < end; index += 1, bit <<= 1) {
        const cost = costs[index] as number;
        if (cost <= budgetPicos) within |= bit;
        else if (Number.isNaN(cost)) missing |= bit;
      }
      unknown[word] = (unknown[word] as number) | missing;
      satisfied[word] = within & ~(unknown[word] as number);
    }
    return { satisfied, unknown };
  }
}

/** Most requests use two units: one pass over memory for both. Sums over MAX may be rounded, but never to MAX or below. */
function addTwo(
  from: Float64Array,
  one: Float64Array,
  ofOne: number,
  two: Float64Array,
  ofTwo: number,
  into: Float64Array,
): void {
  for (let index = 0; index < into.length; index += 1) {
    into[index] = (from[index] as number) + (one[index] as number) * ofOne + (two[index] as number) * ofTwo;
  }
}

/** Where no sum can be over MAX, none needs to be looked at. */
function cap(into: Float64Array): void {
  for (let index = 0; index < into.length; index += 1) {
    if ((into[index] as number) > MAX) into[index] = MAX;
  }
}
