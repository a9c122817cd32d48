/**
 * Reading the leaves of one chain in pages, each checked against its hash and its strict form.
 *
 * @module
 */
import type { RunEvent } from "@canonic/contracts";
import { checkedEvent } from "./checked-leaf.ts";
import { AuditError } from "./errors.ts";
import type { LogReader, StoredLeaf } from "./storage.ts";

const PAGE = 1024;

/** The leaves of a chain before log index `end`, in order. */
export async function* leavesOf(
  reader: Pick<LogReader, "readRun">,
  chain: string,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<StoredLeaf> {
  let seq = 0;
  for (;;) {
    const page = await reader.readRun(chain, seq, PAGE);
    if (page.length === 0) return;
    for (const leaf of page) {
      if (leaf.index >= end) return;
      yield leaf;
    }
    seq += page.length;
  }
}

/** The events of a chain before log index `end`, in order; @throws {AuditError} `audit.log-damaged`. */
export async function* readRunStrictly(
  reader: Pick<LogReader, "readRun">,
  run: string,
  end?: number,
): AsyncGenerator<{ leaf: StoredLeaf; event: RunEvent }> {
  for await (const leaf of leavesOf(reader, run, end)) {
    const event = checkedEvent(leaf);
    if (typeof event === "string") throw damaged(leaf, event);
    yield { leaf, event };
  }
}

export function damaged({ index }: StoredLeaf, fault: string): AuditError<"audit.log-damaged"> {
  return new AuditError("audit.log-damaged", `leaf ${index}: ${fault}`, { index, fault });
}
