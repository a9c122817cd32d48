/**
 * The statements about a run as leaves of the log: entries for other tools, behind the run's seal.
 *
 * Invariants:
 *   J1. `seq` counts from 0 without gaps in the chain `statements/<run>`.
 *   J2. No entry stands twice: entering again what a crash may have left out is safe, and adds only what is missing.
 *
 * @module
 */
import { digestBytes, type Payload, type RunId, statementChainOf } from "@canonic/contracts";
import { lastLeafBefore } from "./chain-end.ts";
import { checkedEvent, checkedLeaf } from "./checked-leaf.ts";
import { AuditError } from "./errors.ts";
import type { Journal } from "./journal.ts";
import { damaged, leavesOf } from "./read-run.ts";
import type { LogReader, StoredLeaf } from "./storage.ts";

/** One entry to enter: the exact bytes of its leaf, and the payload that it names. */
export interface StatementDraft {
  readonly entry: Uint8Array;
  readonly payloads: readonly Payload[];
}

/** Where the statements of one run stand. */
export class StatementChain {
  readonly #known = new Set<string>();
  seq = 0;

  constructor(leaves: readonly StoredLeaf[] = []) {
    for (const { bytes } of leaves) this.take(bytes);
  }

  has(entry: Uint8Array): boolean {
    return this.#known.has(digestBytes(entry));
  }

  take(entry: Uint8Array): void {
    this.#known.add(digestBytes(entry));
    this.seq += 1;
  }

  /** Takes a stored leaf, or says in a few words why it does not follow. */
  follow({ seq, bytes }: StoredLeaf): string | null {
    if (seq !== this.seq) return `statement ${seq} where ${this.seq} is next`;
    if (this.has(bytes)) return "a statement that stands twice";
    this.take(bytes);
    return null;
  }
}

/**
 * The leaves of a run's statements in order, each checked; none when there is no statement.
 *
 * @param end - Leaves from this log index on are left out.
 * @throws {AuditError} `audit.log-damaged`.
 */
export async function readStatements(
  reader: Pick<LogReader, "readRun">,
  run: RunId,
  end?: number,
): Promise<readonly StoredLeaf[]> {
  const leaves: StoredLeaf[] = [];
  const chain = new StatementChain();
  for await (const leaf of leavesOf(reader, statementChainOf(run), end)) {
    const checked = checkedLeaf(leaf);
    const fault = typeof checked === "string" ? checked : chain.follow(leaf);
    if (fault !== null) throw damaged(leaf, fault);
    leaves.push(leaf);
  }
  return leaves;
}

/**
 * Asks of the last leaf of a run alone whether it is sealed.
 *
 * @throws {AuditError} `audit.run-unknown`, `audit.run-not-sealed`, `audit.log-damaged`.
 */
export async function assertSealed(reader: Pick<LogReader, "readRun">, run: RunId): Promise<void> {
  const last = await lastLeafBefore(reader, run, Number.POSITIVE_INFINITY);
  if (last === undefined) throw new AuditError("audit.run-unknown", `the log has no run \`${run}\``, { run });
  const event = checkedEvent(last);
  if (typeof event === "string") throw damaged(last, event);
  if (event.type !== "RUN_SEALED")
    throw new AuditError("audit.run-not-sealed", `run \`${run}\` takes statements when it is sealed`, { run });
}

/**
 * Enters those of a run's statements that the log does not have yet, in the order given, and makes them durable under a
 * checkpoint. What a crash left out is completed by calling this again.
 *
 * @returns How many were entered.
 * @throws {AuditError} as `enter` of the journal.
 */
export async function enterMissing(
  journal: Pick<Journal, "statements" | "enter" | "durable">,
  run: RunId,
  drafts: readonly StatementDraft[],
): Promise<number> {
  const present = new StatementChain(await journal.statements(run));
  let entered = 0;
  for (const { entry, payloads } of drafts) {
    if (present.has(entry)) continue;
    journal.enter(run, entry, payloads);
    present.take(entry);
    entered += 1;
  }
  await journal.durable();
  return entered;
}
