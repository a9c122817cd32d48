/**
 * The chain of one run: what the next event must say.
 *
 * Invariants:
 *   C1. `seq` counts from 0 without gaps; `prev` is the leaf hash of the run's previous event.
 *   C2. The first event of a run is PLAN_FROZEN and its `prev` is the plan digest that it names; the run id follows from
 *       that digest and the run number. The log's own chain starts from the digest of the empty tree.
 *   C3. Nothing follows RUN_SEALED.
 *
 * @module
 */
import { type Digest, digestBytes, LOG_CHAIN, type RunEvent, type RunId, runIdOf } from "@canonic/contracts";

/** Where a chain stands: the values of its next event. `plan` and `number` are null for the log's own chain. */
export interface ChainState {
  readonly run: RunId | typeof LOG_CHAIN;
  readonly plan: Digest | null;
  readonly number: number | null;
  seq: number;
  prev: Digest;
  sealed: boolean;
}

/** The `prev` of the first event of the log's own chain. */
export const LOG_CHAIN_START: Digest = digestBytes("");

export function startRun(run: RunId, plan: Digest, number: number): ChainState {
  return { run, plan, number, seq: 0, prev: plan, sealed: false };
}

export function startLogChain(): ChainState {
  return { run: LOG_CHAIN, plan: null, number: null, seq: 0, prev: LOG_CHAIN_START, sealed: false };
}

/**
 * Follows one event.
 *
 * @param state - The chain so far; undefined before the first event of a run.
 * @param digest - The leaf hash of `event`.
 * @returns The chain after it, or what is wrong in a few words.
 */
export function followChain(state: ChainState | undefined, event: RunEvent, digest: Digest): ChainState | string {
  const current = state ?? startOf(event);
  if (typeof current === "string") return current;
  if (current.sealed) return "an event after RUN_SEALED";
  if (event.run !== current.run) return "an event of another run";
  if (event.seq !== current.seq) return `seq ${event.seq} where ${current.seq} is next`;
  if (event.prev !== current.prev) return "prev is not the hash of the event before";
  if ((event.type === "JOURNAL_REPAIRED") !== (current.run === LOG_CHAIN)) return `${event.type} in this chain`;
  if (event.type === "PLAN_FROZEN" && event.seq !== 0) return "PLAN_FROZEN after the first event";
  return { ...current, seq: current.seq + 1, prev: digest, sealed: event.type === "RUN_SEALED" };
}

function startOf(event: RunEvent): ChainState | string {
  if (event.run === LOG_CHAIN) return startLogChain();
  if (event.type !== "PLAN_FROZEN") return "a run that does not start with PLAN_FROZEN";
  if (event.run !== runIdOf(event.data.plan, event.data.number))
    return "a run id that does not follow from plan and number";
  return startRun(event.run, event.data.plan, event.data.number);
}
