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
import type { AuthorityStatements } from "./authority-part.ts";
import type { LedgerCounts, PostgresAuthority } from "./authority-types.ts";
import type { Query, Row } from "./session.ts";

type Transact = <T>(work: (query: Query) => Promise<T>) => Promise<T>;

export function ledgerOf(
  statements: AuthorityStatements,
  transact: Transact,
): Pick<PostgresAuthority, "reserve" | "commit"> {
  return {
    reserve: ({ id, at, need, tokens }, isAllowed) =>
      transact(async (query) => {
        const names = tokens.map(({ token }) => token);
        const rows = await query(statements.counts, [id, names, tokens.map(({ since }) => since)]);
        const counts = rows.map(countsOf);
        const reserved = isAllowed(counts);
        if (reserved) await query(statements.hold, [id, names, at, need]);
        return { counts, reserved };
      }),
    commit: (id, tokens) =>
      transact(async (query) => {
        await query(statements.spend, [id, tokens]);
      }),
  };
}

/** 64-bit integers arrive as text. */
function countsOf(row: Row): LedgerCounts {
  const number = (name: string) => Number(row[name] ?? 0);
  const held = row["own_spent"] === false ? 1 : 0;
  const spent = row["own_spent"] === true ? 1 : 0;
  const invocationsUsed = number("invocations_used") - spent;
  const invocationsReserved = number("invocations_reserved") - held;
  return {
    token: row["token"] as Digest,
    invocationsUsed,
    invocationsReserved,
    tokensUsed: number("tokens_used") - spent * number("own_tokens"),
    tokensReserved: number("tokens_reserved") - held * number("own_tokens"),
    // Null: the window reaches back to the first use, so all of them are in it.
    recent: row["recent"] === null ? invocationsUsed + invocationsReserved : number("recent"),
  };
}
