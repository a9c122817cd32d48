/**
 * The end of a chain without its middle: found by halving, for a log may hold a chain of a million leaves.
 *
 * @module
 */
import { digestFromBytes } from "@canonic/contracts";
import { type ChainState, type OwnChain, ownChainAt } from "./chain.ts";
import { checkedEvent } from "./checked-leaf.ts";
import { damaged } from "./read-run.ts";
import type { LogReader, StoredLeaf } from "./storage.ts";

/** The last leaf of a chain before log index `end`; undefined when there is none. @throws {AuditError} `audit.log-damaged`. */
export async function lastLeafBefore(
  reader: Pick<LogReader, "readRun">,
  chain: string,
  end: number,
): Promise<StoredLeaf | undefined> {
  const leafAt = async (seq: number) => {
    const [leaf] = await reader.readRun(chain, seq, 1);
    return leaf !== undefined && leaf.index < end ? leaf : undefined;
  };
  let [known, beyond] = [0, 1];
  while ((await leafAt(beyond - 1)) !== undefined) [known, beyond] = [beyond, beyond * 2];
  while (beyond - known > 1) {
    const middle = Math.floor((known + beyond) / 2);
    if ((await leafAt(middle - 1)) === undefined) beyond = middle;
    else known = middle;
  }
  const last = known === 0 ? undefined : await leafAt(known - 1);
  if (last !== undefined && last.seq !== known - 1) throw damaged(last, `seq ${last.seq} for ${known - 1}`);
  return last;
}

/** Where an own chain stands before log index `end`, from its last leaf alone. */
export async function ownChainBefore(
  reader: Pick<LogReader, "readRun">,
  run: OwnChain,
  end: number,
): Promise<ChainState> {
  const leaf = await lastLeafBefore(reader, run, end);
  if (leaf === undefined) return ownChainAt(run);
  const event = checkedEvent(leaf);
  if (typeof event === "string") throw damaged(leaf, event);
  return ownChainAt(run, event.seq + 1, digestFromBytes(leaf.hash));
}
