/**
 * The four limits of a token, before one use.
 *
 * Invariants:
 *   L1. With a limit of N the Nth use passes and the next is refused; nothing is cut down to fit, nothing is tried again.
 *   L2. What is held counts as much as what is spent.
 *   L3. The limits are looked at in the order of `LimitName`, and the first that does not fit is the reason.
 *   L4. The first use of a token is not a frequency. A window of M seconds is half-open: a use M seconds ago is over.
 *
 * @module
 */
import type { Digest, LimitName, Timestamp, TokenLimits } from "@canonic/contracts";
import { shifted } from "./moment.ts";
import type { LedgerCounts } from "./storage.ts";

/** One limit before a use: spent, held, asked for, allowed. */
export type LimitUse = {
  readonly limit: LimitName;
  readonly used: number;
  readonly reserved: number;
  readonly need: number;
  readonly max: number;
};

/** The rows in the order of `LimitName`, and the first that does not fit. */
export type LimitCheck = { readonly rows: readonly LimitUse[]; readonly refusing: LimitUse | null };

/** Holds one use with up to `need` model tokens against one token's counts. */
export function checkLimits(counts: Omit<LedgerCounts, "token">, limits: TokenLimits, need: number): LimitCheck {
  const { invocationsUsed, invocationsReserved, tokensUsed, tokensReserved, recent } = counts;
  const row = (limit: LimitName, used: number, reserved: number, asked: number, max: number): LimitUse => ({
    limit,
    used,
    reserved,
    need: asked,
    max,
  });
  const rows = [
    row("invocations", invocationsUsed, invocationsReserved, 1, limits.invocations),
    row("tokens-per-response", 0, 0, need, limits.tokensPerResponse),
    row("tokens-total", tokensUsed, tokensReserved, need, limits.tokensTotal),
    row("frequency", recent, 0, 1, limits.frequency.count),
  ];
  return { rows, refusing: rows.find((each) => !fits(each)) ?? null };
}

function fits({ limit, used, reserved, need, max }: LimitUse): boolean {
  return (limit === "frequency" && used === 0) || used + reserved + need <= max;
}

/** The moment from which on a use counts in a token's window. */
export function windowStart(now: Timestamp, limits: TokenLimits): Timestamp {
  return shifted(now, -limits.frequency.perSeconds, 1);
}

/** `rows` are the presented token's; `refusing` is the first row that does not fit, of the presented token or else of its parent. */
export type UseCheck = LimitCheck & { readonly refusedBy: Digest | null };

/**
 * A use counts against the presented token and its parent, and must fit under both. What is shown are the presented token's
 * rows: its claims are on record, its parent's are not.
 *
 * @param tokens - The presented token first; `counts` in the same order.
 */
export function checkUse(
  tokens: readonly { readonly digest: Digest; readonly claims: { readonly limits: TokenLimits } }[],
  counts: readonly LedgerCounts[],
  need: number,
): UseCheck {
  const checks = tokens.map(({ digest, claims }, index) => {
    const found = counts[index];
    if (found?.token !== digest) throw new Error("a store answered for another token");
    return { digest, ...checkLimits(found, claims.limits, need) };
  });
  const refused = checks.find(({ refusing }) => refusing !== null);
  return { rows: checks[0]?.rows ?? [], refusing: refused?.refusing ?? null, refusedBy: refused?.digest ?? null };
}
