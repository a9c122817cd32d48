/**
 * Reading runs back: by id with all their events, and as a list.
 *
 * @module
 */
import { type Digest, digestFromBytes, type RunEvent, type RunId, type RunStatus } from "@canonic/contracts";
import { type ChainState, followChain, isOwnChain } from "./chain.ts";
import { runOfStatements } from "./checked-leaf.ts";
import { AuditError } from "./errors.ts";
import { damaged, readRunStrictly } from "./read-run.ts";
import type { LogReader, StoredLeaf } from "./storage.ts";

/** A run that was read and checked from its first event to its last. */
export interface RunRecord {
  readonly run: RunId;
  readonly events: readonly RunEvent[];
  readonly leaves: readonly StoredLeaf[];
  readonly chain: ChainState;
}

/** One line of a list of runs; `status` is null while a run is not sealed. */
export interface RunSummary {
  readonly run: RunId;
  readonly number: number;
  readonly plan: Digest;
  readonly startedAt: string;
  readonly events: number;
  readonly status: RunStatus | null;
}

/**
 * Reads a run: every leaf against its hash, its strict form and the chain.
 *
 * @throws {AuditError} `audit.run-unknown`, `audit.log-damaged`.
 */
export async function readRun(reader: LogReader, run: RunId): Promise<RunRecord> {
  const events: RunEvent[] = [];
  const leaves: StoredLeaf[] = [];
  let chain: ChainState | undefined;
  for await (const { leaf, event } of readRunStrictly(reader, run)) {
    const next = followChain(chain, event, digestFromBytes(leaf.hash));
    if (typeof next === "string") throw damaged(leaf, next);
    chain = next;
    events.push(event);
    leaves.push(leaf);
  }
  if (chain === undefined) throw new AuditError("audit.run-unknown", `the log has no run \`${run}\``, { run });
  return { run, events, leaves, chain };
}

/** All runs of a log, first to last; the log's own chains and statements about runs are none. */
export async function listRuns(reader: LogReader): Promise<readonly RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const { run } of await reader.runs()) {
    if (isOwnChain(run) || runOfStatements(run) !== undefined) continue;
    const { events } = await readRun(reader, run as RunId);
    const first = events[0] as RunEvent;
    const last = events[events.length - 1] as RunEvent;
    if (first.type !== "PLAN_FROZEN") continue;
    const { number, plan } = first.data;
    const status = last.type === "RUN_SEALED" ? last.data.status : null;
    summaries.push({ run: run as RunId, number, plan, startedAt: first.at, events: events.length, status });
  }
  return summaries;
}
