/**
 * The ledger: what every token has spent and holds, counted and held in one step.
 *
 * Invariants:
 *   G1. A row of `ledger` is the sum over the rows of `uses` with its token; both change in one transaction.
 *   G2. A use is held once under each of its tokens and spent once; its own row is never counted against it.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import type { AuthorityStatements } from "./authority-schema.ts";
import type { LedgerCounts, SqliteAuthority } from "./authority-types.ts";
import type { Transaction } from "./transaction.ts";

/** A token's part of a use that is there already. */
type Use = { readonly tokens: number; readonly spent: number };

export function ledgerOf(
  statements: AuthorityStatements,
  transaction: Transaction,
): Pick<SqliteAuthority, "reserve" | "commit"> {
  const useOf = (id: string, token: Digest) => statements.use.get(id, token) as Use | undefined;

  /** All of them, when the window reaches back to the first: only a window that has left uses behind is counted. */
  const recentOf = (token: Digest, since: string, id: string, others: number): number => {
    const first = statements.firstUse.get(token)?.["at"];
    if (first === null || first === undefined) return 0;
    return String(first) >= since ? others : Number(statements.recent.get(token, since, id)?.["count"]);
  };

  const countsOf = (id: string, token: Digest, since: string): LedgerCounts => {
    const sums = statements.sums.get(token);
    const own = useOf(id, token);
    const held = own?.spent === 0 ? 1 : 0;
    const spent = own?.spent === 1 ? 1 : 0;
    const invocationsUsed = Number(sums?.["invocations_used"] ?? 0) - spent;
    const invocationsReserved = Number(sums?.["invocations_reserved"] ?? 0) - held;
    return {
      token,
      invocationsUsed,
      invocationsReserved,
      tokensUsed: Number(sums?.["tokens_used"] ?? 0) - spent * (own?.tokens ?? 0),
      tokensReserved: Number(sums?.["tokens_reserved"] ?? 0) - held * (own?.tokens ?? 0),
      recent: recentOf(token, since, id, invocationsUsed + invocationsReserved),
    };
  };

  return {
    reserve: ({ id, at, need, tokens }, isAllowed) =>
      transaction(() => {
        const counts = tokens.map(({ token, since }) => countsOf(id, token, since));
        const reserved = isAllowed(counts);
        if (!reserved) return { counts, reserved };
        for (const { token } of tokens) {
          if (useOf(id, token) !== undefined) continue;
          statements.insertUse.run(id, token, at, need);
          statements.holdSums.run(token, need);
        }
        return { counts, reserved };
      }),
    commit: (id, tokens) =>
      transaction(() => {
        for (const held of statements.heldUses.all(id))
          statements.spendSums.run(String(held["token"]), Number(held["tokens"]), tokens);
        statements.spendUses.run(tokens, id);
      }),
  };
}
