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

/** What the store knows of a token and of its part in one use; null where there is nothing. */
type Row = {
  readonly used: number | null;
  readonly reserved: number | null;
  readonly tokensUsed: number | null;
  readonly tokensReserved: number | null;
  readonly own: number | null;
  readonly isSpent: number | null;
  readonly firstAt: string | null;
};

export function ledgerOf(
  statements: AuthorityStatements,
  transaction: Transaction,
): Pick<SqliteAuthority, "reserve" | "commit"> {
  /** All of them, when the window reaches back to the first: only a window that has left uses behind is counted. */
  const recentOf = (firstAt: string | null, token: Digest, since: string, id: string, others: number): number => {
    if (firstAt === null) return 0;
    return firstAt >= since ? others : Number(statements.recent.get(token, since, id)?.["count"]);
  };

  const countsOf = (id: string, token: Digest, since: string): LedgerCounts => {
    const row = statements.counts.get(token, id) as Row;
    const held = row.isSpent === 0 ? 1 : 0;
    const spent = row.isSpent === 1 ? 1 : 0;
    const own = row.own ?? 0;
    const invocationsUsed = (row.used ?? 0) - spent;
    const invocationsReserved = (row.reserved ?? 0) - held;
    return {
      token,
      invocationsUsed,
      invocationsReserved,
      tokensUsed: (row.tokensUsed ?? 0) - spent * own,
      tokensReserved: (row.tokensReserved ?? 0) - held * own,
      recent: recentOf(row.firstAt, token, since, id, invocationsUsed + invocationsReserved),
    };
  };

  return {
    reserve: ({ id, at, need, tokens }, isAllowed) =>
      transaction(() => {
        const counts = tokens.map(({ token, since }) => countsOf(id, token, since));
        const reserved = isAllowed(counts);
        if (!reserved) return { counts, reserved };
        for (const { token } of tokens) {
          const isNew = statements.insertUse.run(id, token, at, need).changes === 1;
          if (isNew) statements.holdSums.run(token, need);
        }
        return { counts, reserved };
      }),
    commit: (id, tokens) =>
      transaction(() => {
        statements.spendSums.run(id, tokens);
        statements.spendUses.run(id, tokens);
      }),
  };
}
