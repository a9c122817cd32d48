/**
 * State, health, capabilities and limits of all services.
 *
 * @see docs/routing.md, section 1.
 * @module
 */
import { byCodeUnit, type ServiceContract, type ServiceEntry, type Timestamp } from "@canonic/contracts";
import type { DecisionBudget } from "../budget.ts";
import { isAssumed } from "./assumed.ts";
import { type Answers, answersOf, SATISFIED, setBit, UNKNOWN, VIOLATED, wordsFor } from "./bits.ts";
import { atLeast, type Bounds, boundsOf } from "./bounds.ts";
import type { Memo } from "./memo.ts";

/** The limits of a contract, each with the clause that asks for it. */
export const LIMITS = [
  { clause: "input-tokens", field: "inputTokensMax" },
  { clause: "output-tokens", field: "outputTokensMax" },
  { clause: "total-tokens", field: "totalTokensMax" },
] as const;
export type LimitField = (typeof LIMITS)[number]["field"];

/** What a column of its own takes beside its bits. */
const COLUMN_ROOM = 256;

export class MatchColumns {
  readonly #entries: readonly ServiceEntry[];
  readonly #memo: Memo<Answers>;
  readonly #capabilities = new Map<string, Int32Array>();
  readonly #limits: Record<LimitField, Bounds>;
  /** The moments at which health expires, ascending, each once. */
  readonly #expiries: readonly Timestamp[];

  constructor(entries: readonly ServiceEntry[], memo: Memo<Answers>, budget: DecisionBudget) {
    this.#entries = entries;
    this.#memo = memo;
    const contracts = entries.map(({ contract }) => contract);
    contracts.forEach((contract, index) => {
      for (const capability of contract.capabilities) {
        const known = this.#capabilities.get(capability);
        if (known === undefined) budget.takeRoom(COLUMN_ROOM + wordsFor(entries.length) * 4);
        const set = known ?? new Int32Array(wordsFor(entries.length));
        setBit(set, index);
        this.#capabilities.set(capability, set);
      }
    });
    this.#limits = {
      inputTokensMax: limitOf(contracts, "inputTokensMax"),
      outputTokensMax: limitOf(contracts, "outputTokensMax"),
      totalTokensMax: limitOf(contracts, "totalTokensMax"),
    };
    const expiries = entries.flatMap(({ health }) => (health === null ? [] : [health.expiresAt]));
    this.#expiries = [...new Set(expiries)].sort(byCodeUnit);
  }

  state(probation: "allow" | "exclude"): Answers {
    return this.#memo.get(`state ${probation}`, () =>
      this.#ask(({ state }) => state === "active" || (state === "probation" && probation === "allow")),
    );
  }

  /** Health is believed before it expires; timestamps have one order as text and in time. */
  health(demand: "any" | "required", at: Timestamp): Answers {
    const expired = this.#expiredAt(at);
    const last = expired === 0 ? "" : (this.#expiries[expired - 1] as string);
    return this.#memo.get(`health ${demand} ${expired}`, () =>
      answersOf(this.#entries.length, (index) => {
        const { health } = this.#entries[index] as ServiceEntry;
        if (health === null || health.expiresAt <= last) return demand === "any" ? SATISFIED : UNKNOWN;
        return health.status === "healthy" ? SATISFIED : VIOLATED;
      }),
    );
  }

  capability(wanted: readonly string[]): Answers {
    return this.#memo.get(`capability ${wanted.join(" ")}`, () => {
      const satisfied = new Int32Array(wordsFor(this.#entries.length)).fill(-1);
      const none = new Int32Array(satisfied.length);
      for (const capability of wanted) {
        const set = this.#capabilities.get(capability) ?? none;
        for (let word = 0; word < set.length; word += 1) {
          satisfied[word] = (satisfied[word] as number) & (set[word] as number);
        }
      }
      return { satisfied, unknown: none };
    });
  }

  limit(field: LimitField, needed: number): Answers {
    return atLeast(this.#memo, this.#limits[field], needed);
  }

  /** How many of the moments of expiry are not after `at`. */
  #expiredAt(at: Timestamp): number {
    let low = 0;
    let high = this.#expiries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#expiries[middle] as string) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #ask(isSatisfied: (entry: ServiceEntry) => boolean): Answers {
    return answersOf(this.#entries.length, (index) =>
      isSatisfied(this.#entries[index] as ServiceEntry) ? SATISFIED : VIOLATED,
    );
  }
}

/** The limit of a contract; undefined where it is not stated, or only assumed. */
export function statedLimit(contract: ServiceContract, field: LimitField): number | undefined {
  return isAssumed(contract, `/constraints/${field}`) ? undefined : (contract.constraints[field] ?? undefined);
}

/** The number that a limit holds: infinite for a sum that is bound by the other two alone, NaN where nothing is stated. */
export function heldLimit(contract: ServiceContract, field: LimitField): number {
  const stated = statedLimit(contract, field);
  if (stated !== undefined) return stated;
  const isSilent = contract.constraints[field] === null && !isAssumed(contract, `/constraints/${field}`);
  const isBound =
    field === "totalTokensMax" &&
    isSilent &&
    statedLimit(contract, "inputTokensMax") !== undefined &&
    statedLimit(contract, "outputTokensMax") !== undefined;
  return isBound ? Number.POSITIVE_INFINITY : Number.NaN;
}

function limitOf(contracts: readonly ServiceContract[], field: LimitField): Bounds {
  return boundsOf(
    field,
    Float64Array.from(contracts, (contract) => heldLimit(contract, field)),
  );
}
