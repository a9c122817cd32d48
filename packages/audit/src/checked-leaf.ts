/**
 * A stored leaf read strictly: the event or the statement entry that its bytes are, under a frame that fits them.
 *
 * The frame says of which kind a leaf is: those of a run's statements are entries, all others events. An event repeats its
 * run and seq, so its frame is held to it. An entry does not: whoever walks the chain checks its seq and the seal before it.
 *
 * @module
 */
import { type RunEvent, RunId } from "@canonic/contracts";
import { readLeaf } from "./leaf.ts";
import { readStatementEntry, type StatementEntry } from "./statements/entry.ts";
import type { StoredLeaf } from "./storage.ts";
import { leafHash, sameBytes } from "./tree-hash.ts";

export type CheckedLeaf =
  | { readonly kind: "event"; readonly event: RunEvent }
  | { readonly kind: "entry"; readonly run: RunId; readonly entry: StatementEntry };

const STATEMENTS = "statements/";

/** The run that a chain of statements is about; undefined for every other chain. */
export function runOfStatements(chain: string): RunId | undefined {
  if (!chain.startsWith(STATEMENTS)) return undefined;
  return RunId.safeParse(chain.slice(STATEMENTS.length)).data;
}

/** What a stored leaf holds, or what is wrong with it by itself. */
export function checkedLeaf(leaf: StoredLeaf): CheckedLeaf | string {
  const run = runOfStatements(leaf.run);
  if (run === undefined) {
    const event = checkedEvent(leaf);
    return typeof event === "string" ? event : { kind: "event", event };
  }
  if (!isOfHash(leaf)) return OTHER_HASH;
  try {
    return { kind: "entry", run, entry: readStatementEntry(leaf.bytes) };
  } catch {
    return "bytes that are not a statement entry";
  }
}

/** A stored leaf's event, or what is wrong with the leaf by itself. */
export function checkedEvent(leaf: StoredLeaf): RunEvent | string {
  if (!isOfHash(leaf)) return OTHER_HASH;
  let event: RunEvent;
  try {
    event = readLeaf(leaf.bytes);
  } catch {
    return "bytes that are not canonical JSON of a valid event";
  }
  return event.run === leaf.run && event.seq === leaf.seq ? event : "a frame that names another run or seq";
}

const OTHER_HASH = "bytes that are not those of its hash";

function isOfHash({ bytes, hash }: StoredLeaf): boolean {
  return sameBytes(leafHash(bytes), hash);
}
