/**
 * The chain of one run, or of the log's two own chains: what the next event must say.
 *
 * Invariants:
 *   C1. `seq` counts from 0 without gaps; `prev` is the leaf hash of the chain's previous event.
 *   C2. The first event of a run is PLAN_FROZEN and its `prev` is the plan digest that it names; the run id follows from
 *       that digest and the run number. The log's own chains start from the digest of the empty tree.
 *   C3. Nothing follows RUN_SEALED.
 *   C4. Each chain takes its own kind of events: repairs, key rotations and redactions in that of the log, facts of
 *       authority in that of authority, all others in runs.
 *
 * @module
 */
import {
  AUTHORITY_CHAIN,
  AUTHORITY_EVENT_TYPES,
  type Digest,
  digestBytes,
  type EventType,
  LOG_CHAIN,
  LOG_EVENT_TYPES,
  type RunEvent,
  type RunId,
  runIdOf,
} from "@canonic/contracts";

/** The chains that are of no run. */
export type OwnChain = typeof LOG_CHAIN | typeof AUTHORITY_CHAIN;

/** Where a chain stands: the values of its next event. `plan` and `number` are null for the log's own chains. */
export interface ChainState {
  readonly run: RunId | OwnChain;
  readonly plan: Digest | null;
  readonly number: number | null;
  seq: number;
  prev: Digest;
  sealed: boolean;
}

/** The `prev` of the first event of an own chain. */
export const OWN_CHAIN_START: Digest = digestBytes("");

export function startRun(run: RunId, plan: Digest, number: number): ChainState {
  return { run, plan, number, seq: 0, prev: plan, sealed: false };
}

/** An own chain of which `seq` events are there, the last with the leaf hash `prev`. */
export function ownChainAt(run: OwnChain, seq = 0, prev: Digest = OWN_CHAIN_START): ChainState {
  return { run, plan: null, number: null, seq, prev, sealed: false };
}

export function isOwnChain(run: string): run is OwnChain {
  return run === LOG_CHAIN || run === AUTHORITY_CHAIN;
}

/** True when events of this type stand in the chain of `run` (C4). */
export function isTypeOfChain(type: EventType, run: string): boolean {
  if ((LOG_EVENT_TYPES as readonly EventType[]).includes(type)) return run === LOG_CHAIN;
  const isOfAuthority = (AUTHORITY_EVENT_TYPES as readonly EventType[]).includes(type);
  return isOfAuthority ? run === AUTHORITY_CHAIN : !isOwnChain(run);
}

/**
 * Follows one event.
 *
 * @param state - The chain so far; undefined before the first event of a chain.
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
  if (!isTypeOfChain(event.type, current.run)) return `${event.type} in this chain`;
  if (event.type === "PLAN_FROZEN" && event.seq !== 0) return "PLAN_FROZEN after the first event";
  return { ...current, seq: current.seq + 1, prev: digest, sealed: event.type === "RUN_SEALED" };
}

function startOf(event: RunEvent): ChainState | string {
  if (isOwnChain(event.run)) return ownChainAt(event.run);
  if (event.type !== "PLAN_FROZEN") return "a run that does not start with PLAN_FROZEN";
  if (event.run !== runIdOf(event.data.plan, event.data.number))
    return "a run id that does not follow from plan and number";
  return startRun(event.run, event.data.plan, event.data.number);
}
