/**
 * What tokens have spent and hold, in memory.
 *
 * Invariants:
 *   M1. Totals are what adding up all uses gives; they are kept, not added up again, for a run reserves at every step.
 *   M2. A use is under a token once, whatever is asked for again (A4).
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import type { LedgerCounts, ReserveRequest } from "./storage.ts";

/** One token's part of one use. */
type Use = { readonly at: string; readonly tokens: number; readonly isSpent: boolean };

/** `times` are those of all uses, ascending. */
type Account = { readonly uses: Map<string, Use>; readonly times: string[]; readonly totals: Totals };
type Totals = { invocationsUsed: number; invocationsReserved: number; tokensUsed: number; tokensReserved: number };

export class MemoryLedger {
  readonly #accounts = new Map<Digest, Account>();
  /** Who holds a use that is not spent. */
  readonly #holders = new Map<string, Set<Digest>>();

  /** What the token has spent and holds, but for the use `id`. */
  countsOf(token: Digest, id: string, since: string): LedgerCounts {
    const { uses, times, totals } = this.#account(token);
    const own = uses.get(id);
    const rest = own === undefined ? totals : add({ ...totals }, own, -1);
    const recent = times.length - firstAtOrAfter(times, since);
    return { token, ...rest, recent: own !== undefined && own.at >= since ? recent - 1 : recent };
  }

  hold({ id, at, need, tokens }: ReserveRequest): void {
    for (const { token } of tokens) {
      const { uses, times, totals } = this.#account(token);
      if (uses.has(id)) continue;
      const use = { at, tokens: need, isSpent: false };
      uses.set(id, use);
      times.splice(firstAtOrAfter(times, at), 0, at);
      add(totals, use, 1);
      this.#holders.set(id, (this.#holders.get(id) ?? new Set()).add(token));
    }
  }

  spend(id: string, tokens: number): void {
    for (const token of this.#holders.get(id) ?? []) {
      const { uses, totals } = this.#account(token);
      const held = uses.get(id) as Use;
      const spent = { at: held.at, tokens, isSpent: true };
      uses.set(id, spent);
      add(add(totals, held, -1), spent, 1);
    }
    this.#holders.delete(id);
  }

  #account(token: Digest): Account {
    const known = this.#accounts.get(token);
    if (known !== undefined) return known;
    const totals = { invocationsUsed: 0, invocationsReserved: 0, tokensUsed: 0, tokensReserved: 0 };
    const account = { uses: new Map<string, Use>(), times: [], totals };
    this.#accounts.set(token, account);
    return account;
  }
}

function add(totals: Totals, use: Use, sign: 1 | -1): Totals {
  if (use.isSpent) {
    totals.invocationsUsed += sign;
    totals.tokensUsed += sign * use.tokens;
  } else {
    totals.invocationsReserved += sign;
    totals.tokensReserved += sign * use.tokens;
  }
  return totals;
}

/** The number of times before `since`. */
function firstAtOrAfter(times: readonly string[], since: string): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as string) < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
