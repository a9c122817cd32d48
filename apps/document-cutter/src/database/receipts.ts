/**
 * Effects that happen once: fence, receipt and effect in one transaction.
 *
 * Invariants:
 *   X1. A writer whose fence is lower than one that was seen for its run is refused before it changes anything.
 *   X2. The same key gives the same receipt and no second effect, however often and after whichever crash.
 *
 * @module
 */
import { canonicalJson, type JsonObject } from "@canonic/contracts";
import { demand } from "../stop.ts";
import type { Connection } from "./connection.ts";

/** Who writes: the run, the number of its holder, and the key of the effect. */
export type Writer = { readonly run: string; readonly fence: number; readonly key: string };

const RAISE_FENCE = `INSERT INTO fences (run, fence) VALUES ($1, $2)
  ON CONFLICT (run) DO UPDATE SET fence = excluded.fence WHERE fences.fence <= excluded.fence RETURNING fence`;

/** Runs `effect` unless it has happened under this key, and returns its receipt. */
export function once<T extends JsonObject>(
  connection: Connection,
  { run, fence, key }: Writer,
  effect: () => Promise<T>,
): Promise<T> {
  return connection.transaction(async () => {
    const raised = await connection.rows(RAISE_FENCE, [run, fence]);
    demand(raised.length === 1, "cutter.fenced");
    const find = "SELECT receipt FROM receipts WHERE idempotency_key = $1 AND principal = $2";
    const found = (await connection.rows(find, [key, connection.principal]))[0];
    if (found !== undefined) return JSON.parse(String(found["receipt"])) as T;
    const receipt = await effect();
    const add = "INSERT INTO receipts (idempotency_key, principal, receipt) VALUES ($1, $2, $3)";
    await connection.rows(add, [key, connection.principal, canonicalJson(receipt)]);
    return receipt;
  });
}
