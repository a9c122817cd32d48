/**
 * What a request costs with every service.
 *
 * @see docs/routing.md, section 1, cost.
 * @module
 */
import type { ServiceContract } from "@canonic/contracts";
import { isAssumed } from "./assumed.ts";
import { type Answers, setBit, wordsFor } from "./bits.ts";
import { MAX } from "./exact.ts";
import type { Quantities } from "./guarantee-columns.ts";

export class PriceColumns {
  /** Pico-units per unit, in one column for each unit that anybody prices. */
  readonly #prices = new Map<string, Float64Array>();
  /** 0 where prices are known, NaN where they are not. */
  readonly #base: Float64Array;
  readonly #assumed: Int32Array;

  constructor(contracts: readonly ServiceContract[]) {
    this.#base = new Float64Array(contracts.length);
    this.#assumed = new Int32Array(wordsFor(contracts.length));
    contracts.forEach((contract, index) => {
      if (isAssumed(contract, "/cost")) setBit(this.#assumed, index);
      if (contract.cost === null) this.#base[index] = Number.NaN;
      for (const { unit, picos } of contract.cost?.prices ?? []) {
        const column = this.#prices.get(unit) ?? new Float64Array(contracts.length);
        column[index] = picos;
        this.#prices.set(unit, column);
      }
    });
  }

  /** The services whose cost is only assumed. */
  get assumed(): Int32Array {
    return this.#assumed;
  }

  /** Writes the cost of each service, 0 to MAX, NaN where it is not known. */
  costs(quantities: Quantities, into: Float64Array): void {
    into.set(this.#base);
    for (const unit of Object.keys(quantities)) {
      const quantity = quantities[unit] as number;
      const column = this.#prices.get(unit);
      if (quantity === 0 || column === undefined) continue;
      for (let index = 0; index < into.length; index += 1) {
        const sum = (into[index] as number) + (column[index] as number) * quantity;
        into[index] = Math.min(sum, MAX);
      }
    }
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
