/**
 * Traits of all services, by trait.
 *
 * @see docs/routing.md, section 1, traits.
 * @module
 */
import type { Scalar, ServiceContract, TraitClause } from "@canonic/contracts";
import type { DecisionBudget } from "../budget.ts";
import { isAssumed } from "./assumed.ts";
import { type Answers, setBit, wordsFor } from "./bits.ts";
import type { Memo } from "./memo.ts";

/** To look a trait up in what was assumed, and to keep it. */
const LOOK_STEPS = 8;
const TRAIT_ROOM = 256;

export class TraitColumns {
  readonly #size: number;
  readonly #memo: Memo<Answers>;
  readonly #known = new Map<string, { readonly index: number; readonly value: Scalar }[]>();

  constructor(contracts: readonly ServiceContract[], memo: Memo<Answers>, budget: DecisionBudget) {
    this.#size = contracts.length;
    this.#memo = memo;
    contracts.forEach((contract, index) => {
      const traits = Object.keys(contract.traits);
      budget.takeSteps(traits.length * (1 + contract.assumed.length) * LOOK_STEPS);
      budget.takeRoom(traits.length * TRAIT_ROOM);
      for (const trait of traits) {
        if (isAssumed(contract, `/traits/${trait}`)) continue;
        const list = this.#known.get(trait) ?? [];
        list.push({ index, value: contract.traits[trait] as Scalar });
        this.#known.set(trait, list);
      }
    });
  }

  answers(demand: TraitClause): Answers {
    return this.#memo.get(`trait ${JSON.stringify(demand)}`, () => {
      const satisfied = new Int32Array(wordsFor(this.#size));
      const unknown = new Int32Array(wordsFor(this.#size));
      for (let index = 0; index < this.#size; index += 1) setBit(unknown, index);
      for (const { index, value } of this.#known.get(demand.trait) ?? []) {
        unknown[index >>> 5] = (unknown[index >>> 5] as number) & ~(1 << (index & 31));
        if (isMet(demand, value)) setBit(satisfied, index);
      }
      return { satisfied, unknown };
    });
  }
}

/** A value of another type meets nothing. */
function isMet(demand: TraitClause, value: Scalar): boolean {
  if (demand.bound === "equality") return value === demand.value;
  if (demand.bound === "one_of") return demand.value.includes(value);
  if (typeof value !== "number") return false;
  return demand.bound === "min" ? value >= demand.value : value <= demand.value;
}
