/**
 * Statement entries on their way into the log, and out of it again.
 *
 * @module
 */
import { type Payload, type RunId, statementChainOf } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import type { OpenLog } from "./open-log.ts";
import { checkPayload } from "./payload-check.ts";
import { assertSealed, readStatements } from "./statement-chain.ts";
import { readStatementEntry } from "./statements/entry.ts";
import type { StoredLeaf } from "./storage.ts";
import { leafHash } from "./tree-hash.ts";

/** See `Journal.enter`. */
export function enterStatement(
  { queue, chains, redacted }: OpenLog,
  run: RunId,
  entry: Uint8Array,
  payloads: readonly Payload[],
): { readonly seq: number } {
  const { digest } = readStatementEntry(entry);
  const chain = chains.statementsFor(run, entry);
  for (const payload of payloads) checkPayload(payload, redacted);
  if (!payloads.some((payload) => payload.digest === digest))
    throw new AuditError("audit.payload-missing", `the entry names payload \`${digest}\`, which is not given`, {
      digest,
    });
  const { seq } = chain;
  chain.take(entry);
  queue.add({ run: statementChainOf(run), seq, hash: leafHash(entry), bytes: entry }, payloads, true);
  return { seq };
}

/** See `Journal.statements`. */
export async function openStatements({ storage, queue, chains }: OpenLog, run: RunId): Promise<readonly StoredLeaf[]> {
  await queue.durable();
  if (chains.isSealed(run) !== true) await assertSealed(storage, run);
  const leaves = await readStatements(storage, run);
  chains.openStatements(run, leaves);
  return leaves;
}
