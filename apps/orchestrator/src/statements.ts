/**
 * What a store says about its runs to other people's tools: signed once, in the log for good.
 *
 * Invariants:
 *   S1. Statements are entered after the seal, and again by whoever finds some missing, an export or the next run: what a
 *       crash left out is completed.
 *   S2. A bundle without statements is no worse evidence of its run, so a store that cannot be written now is no reason
 *       not to export.
 *
 * @module
 */
import { countUnstated, enterMissing, type LogReader, signStatements } from "@canonic/audit";
import type { RunId } from "@canonic/contracts";
import type { LogKeys } from "./keys.ts";
import { type WritableStore, withAuthority, withStore } from "./store.ts";

/**
 * Enters what the log does not have yet of the statements about a sealed run (S1).
 *
 * @returns How many were entered.
 */
export async function enterStatements({ storage, journal, keys }: WritableStore, run: RunId): Promise<number> {
  const drafts = await signStatements({ storage, identity: keys.identity, run }, keys.attestor);
  return enterMissing(journal, run, drafts);
}

/** True when the log has all statements about a sealed run. */
export async function isStated(storage: LogReader, keys: LogKeys, run: RunId): Promise<boolean> {
  return (await countUnstated({ storage, identity: keys.identity, run })) === 0;
}

/** Enters them into a store that nobody holds; the code of the error that kept it from that, else null (S2). */
export async function enterStatementsLate(folder: string, run: RunId): Promise<string | null> {
  try {
    await withAuthority(folder, (authority) => withStore(folder, authority, (store) => enterStatements(store, run)));
    return null;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
}
