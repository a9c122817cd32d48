/**
 * Adds what the log knows of the run's tokens: the chain of authority from the issue of the first of them (or of a token
 * that it descends from) to the last fact before the run's seal, without a gap. Nothing is added when the log does not know
 * them: a token that was issued or attenuated elsewhere has no leaf here.
 *
 * @module
 */
import { AUTHORITY_CHAIN, canonicalBytes, type Digest, type JsonValue, TokenClaims } from "@canonic/contracts";
import { AUTHORITY, AUTHORITY_PROOF } from "./bundle-layout.ts";
import { lastLeafBefore } from "./chain-end.ts";
import { checkedEvent } from "./checked-leaf.ts";
import { type ExportContext, linesOf } from "./export-context.ts";
import { damaged } from "./read-run.ts";
import { proveRun } from "./run-proof.ts";
import type { StoredLeaf } from "./storage.ts";
import { nodesOf } from "./tree-reader.ts";
import { AUTHORITY_EVENTS_MAX } from "./verify-authority.ts";

const PAGE = 1024;

export async function addAuthority(context: ExportContext): Promise<void> {
  const { record, options, checkpoint } = context;
  const { storage } = options;
  const seal = record.chain.sealed ? record.leaves.at(-1) : undefined;
  const last = await lastLeafBefore(storage, AUTHORITY_CHAIN, seal?.index ?? checkpoint.size);
  const wanted = await tokensOf(context);
  if (last === undefined || wanted.size === 0) return;
  const leaves = await segmentUpTo(context, last.seq, wanted);
  if (leaves.length === 0) return;
  const indexes = leaves.map(({ index }) => index);
  const proof = await proveRun(nodesOf(storage), indexes, checkpoint.size);
  context.add(AUTHORITY, linesOf(leaves.map(({ bytes }) => bytes)));
  context.add(AUTHORITY_PROOF, canonicalBytes(proof as JsonValue));
}

/** The tokens that the run was allowed by, and those that their claims descend from. */
async function tokensOf(context: ExportContext): Promise<Set<Digest>> {
  const tokens = new Set<Digest>();
  for (const event of context.record.events) {
    if (event.type !== "TOKEN_VALIDATION" || event.data.decision !== "allow") continue;
    tokens.add(event.data.token);
    const bytes = event.data.claims === null ? undefined : await context.payloadIfKept(event.data.claims);
    const parent = bytes === undefined ? null : (TokenClaims.safeParse(parsed(bytes)).data?.parent ?? null);
    if (parent !== null) tokens.add(parent);
  }
  return tokens;
}

/** Back from `seq` to the earliest issue of a wanted token; none when no issue is among the last so many events. */
async function segmentUpTo({ options }: ExportContext, seq: number, wanted: Set<Digest>): Promise<StoredLeaf[]> {
  const floor = Math.max(0, seq + 1 - AUTHORITY_EVENTS_MAX);
  let leaves: StoredLeaf[] = [];
  let earliest = seq + 1;
  for (let end = seq + 1; end > floor && wanted.size > 0; end = Math.max(floor, end - PAGE)) {
    const from = Math.max(floor, end - PAGE);
    const page = await options.storage.readRun(AUTHORITY_CHAIN, from, end - from);
    leaves = [...page, ...leaves];
    for (const leaf of page.toReversed()) {
      const event = checkedEvent(leaf);
      if (typeof event === "string") throw damaged(leaf, event);
      if (event.type !== "TOKEN_ISSUED" || !wanted.delete(event.data.token)) continue;
      earliest = event.seq;
      if (event.data.parent !== null) wanted.add(event.data.parent);
    }
  }
  return leaves.filter((leaf) => leaf.seq >= earliest);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null;
  }
}
