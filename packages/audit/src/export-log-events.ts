/**
 * Adds what the log's own chain says of a run: rotations of the log's key up to the checkpoint, and redactions of payloads
 * that the run, its plan, its document or a statement about it names. Nothing is added when there are none.
 *
 * @module
 */
import { canonicalBytes, type Digest, type JsonValue } from "@canonic/contracts";
import { LOG_EVENTS, LOG_PROOF } from "./bundle-layout.ts";
import { type ExportContext, linesOf } from "./export-context.ts";
import { readLogChain } from "./log-chain.ts";
import { namedBy, textOf } from "./named-payloads.ts";
import { proveRun } from "./run-proof.ts";
import { readStatements } from "./statement-chain.ts";
import { readStatementEntry } from "./statements/entry.ts";
import { nodesOf } from "./tree-reader.ts";

export async function addLogEvents(context: ExportContext): Promise<void> {
  const { options, checkpoint } = context;
  const { identity, storage } = options;
  const { rotations, redactions } = await readLogChain(storage, identity.origin, checkpoint.size);
  const leaves = [...rotations];
  if (redactions.size > 0)
    for (const digest of await namedByRun(context)) {
      const leaf = redactions.get(digest);
      if (leaf === undefined) continue;
      context.redacted.add(digest);
      leaves.push(leaf);
    }
  if (leaves.length === 0) return;
  leaves.sort((a, b) => a.index - b.index);
  const indexes = leaves.map(({ index }) => index);
  const proof = await proveRun(nodesOf(storage), indexes, checkpoint.size);
  context.add(LOG_EVENTS, linesOf(leaves.map(({ bytes }) => bytes)));
  context.add(LOG_PROOF, canonicalBytes(proof as JsonValue));
}

/** Every payload that a bundle of the run may be asked for. */
async function namedByRun({ record, plan, options }: ExportContext): Promise<ReadonlySet<Digest>> {
  const named = new Set<Digest>([...record.events.flatMap(namedBy), ...plan.artifacts]);
  for (const digest of [...named]) {
    const bytes = await options.storage.payload(digest);
    const text = bytes === undefined ? undefined : textOf(bytes);
    if (text !== undefined) named.add(text);
  }
  for (const { bytes } of await readStatements(options.storage, record.run))
    named.add(readStatementEntry(bytes).digest);
  return named;
}
