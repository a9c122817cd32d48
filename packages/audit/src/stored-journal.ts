/**
 * The journal over a store: checks and prints at append, commits in groups, signs at seals.
 *
 * A group is open until it is handed to the store; while a store that answers with promises writes it, the next one fills.
 *
 * @module
 */
import {
  AUTHORITY_CHAIN,
  type Digest,
  digestBytes,
  type EventDraft,
  type Payload,
  type RunEvent,
  type RunId,
  runIdOf,
} from "@canonic/contracts";
import { type ChainState, isTypeOfChain, startRun } from "./chain.ts";
import { signCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { Frontier } from "./frontier.ts";
import { type Group, newGroup } from "./group.ts";
import type { Clock, Journal, LogIdentity } from "./journal.ts";
import { writeLeaf } from "./leaf.ts";
import type { RecoveredLog, Repair } from "./recovery.ts";
import { readRun } from "./runs.ts";
import { type LogStorage, TILE_LEVELS } from "./storage.ts";

export const GROUP_EVENTS_MAX = 512;
export const GROUP_PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;
/** Events that may wait while a store that answers with promises is still writing the group before. */
export const BUFFER_EVENTS_MAX = 32_768;

/** See {@link Journal} for the promises. */
export class StoredJournal implements Journal {
  readonly repaired: Repair | null;
  readonly #storage: LogStorage;
  readonly #clock: Clock;
  readonly #identity: LogIdentity | null;
  readonly #defer: (callback: () => void) => void;
  readonly #linger: (callback: () => void) => void;
  readonly #frontier: Frontier;
  readonly #runs = new Map<string, ChainState>();
  readonly #authority: ChainState;
  #reserved: ChainState | undefined;
  #lastNumber: number;
  #checkpoint: Uint8Array | undefined;
  #group: Group;
  #writing: Group | undefined;
  #deferred = false;
  #lingering = false;
  #poison: AuditError<"audit.poisoned"> | undefined;
  #closed = false;

  constructor(
    storage: LogStorage,
    clock: Clock,
    identity: LogIdentity | null,
    defer: (callback: () => void) => void,
    linger: (callback: () => void) => void,
    recovered: RecoveredLog,
  ) {
    this.#storage = storage;
    this.#clock = clock;
    this.#identity = identity;
    this.#defer = defer;
    this.#linger = linger;
    this.#frontier = recovered.frontier;
    this.#lastNumber = recovered.lastNumber;
    this.#authority = recovered.authority;
    this.#runs.set(AUTHORITY_CHAIN, this.#authority);
    this.#checkpoint = recovered.checkpoint;
    this.repaired = recovered.repaired;
    this.#group = newGroup(recovered.frontier.size);
  }

  get size(): number {
    return this.#group.first + this.#group.leaves.length;
  }

  get authorityLength(): number {
    return this.#authority.seq;
  }

  begin(plan: Digest): { readonly run: RunId; readonly number: number } {
    this.#assertWritable();
    const number = this.#lastNumber + 1;
    const run = runIdOf(plan, number);
    this.#reserved = startRun(run, plan, number);
    return { run, number };
  }

  append(
    run: RunId | typeof AUTHORITY_CHAIN,
    draft: EventDraft,
    payloads: readonly Payload[] = [],
  ): { readonly seq: number; readonly leaf: Digest } {
    this.#assertWritable();
    const chain = this.#chainFor(run, draft);
    const event = { run, seq: chain.seq, prev: chain.prev, at: this.#clock.now(), ...draft } as RunEvent;
    const leaf = writeLeaf(event);
    for (const payload of payloads) checkPayload(payload);

    const group = this.#group;
    group.leaves.push({
      index: group.first + group.leaves.length,
      run,
      seq: chain.seq,
      hash: leaf.hash,
      bytes: leaf.bytes,
    });
    for (const payload of payloads) {
      group.payloads.set(payload.digest, payload);
      group.payloadBytes += payload.bytes.length;
    }
    const { seq } = chain;
    chain.seq += 1;
    chain.prev = leaf.digest;
    if (draft.type === "RUN_SEALED") {
      chain.sealed = true;
      group.seals = true;
    }
    if (chain === this.#reserved) {
      this.#runs.set(run, chain);
      this.#lastNumber += 1;
      this.#reserved = undefined;
    }
    if (group.leaves.length >= GROUP_EVENTS_MAX || group.payloadBytes >= GROUP_PAYLOAD_BYTES_MAX) this.#flush();
    else this.#flushInTime();
    return { seq, leaf: leaf.digest };
  }

  durable(): Promise<void> {
    if (this.#poison !== undefined) return Promise.reject(this.#poison);
    const isWaiting = this.#group.leaves.length > 0;
    if (isWaiting) this.#flushLater();
    const group = isWaiting ? this.#group : this.#writing;
    return group === undefined ? Promise.resolve() : group.settled();
  }

  async events(run: RunId): Promise<readonly RunEvent[]> {
    await this.durable();
    const { events, chain } = await readRun(this.#storage, run);
    if (!this.#runs.has(run)) this.#runs.set(run, chain);
    return events;
  }

  async payload(digest: Digest): Promise<Uint8Array | undefined> {
    const buffered = this.#group.payloads.get(digest) ?? this.#writing?.payloads.get(digest);
    return buffered?.bytes ?? this.#storage.payload(digest);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.durable();
    } finally {
      await this.#storage.close();
    }
  }

  #assertWritable(): void {
    if (this.#poison !== undefined) throw this.#poison;
    if (this.#closed) throw new AuditError("audit.closed", "the journal is closed", {});
    if (this.#group.leaves.length < BUFFER_EVENTS_MAX) return;
    throw new AuditError("audit.buffer-full", `${BUFFER_EVENTS_MAX} events already wait for the store`, {
      eventsMax: BUFFER_EVENTS_MAX,
    });
  }

  #chainFor(run: RunId | typeof AUTHORITY_CHAIN, draft: EventDraft): ChainState {
    const chain = this.#runs.get(run) ?? (this.#reserved?.run === run ? this.#reserved : undefined);
    if (chain === undefined)
      throw new AuditError("audit.run-not-open", `run \`${run}\` is not open in this journal`, { run });
    if (chain.sealed) throw new AuditError("audit.run-sealed", `run \`${run}\` is sealed`, { run });
    if (!isTypeOfChain(draft.type, run)) throw chainForeign(run, draft.type);
    if (chain === this.#authority) return chain;
    if ((chain.seq === 0) !== (draft.type === "PLAN_FROZEN")) throw runStart(run, "PLAN_FROZEN first, and once");
    if (draft.type === "PLAN_FROZEN" && (draft.data.number !== chain.number || draft.data.plan !== chain.plan)) {
      throw runStart(run, "PLAN_FROZEN with the plan and number that were reserved");
    }
    return chain;
  }

  #flushInTime(): void {
    if (this.#lingering || this.#deferred) return;
    this.#lingering = true;
    this.#linger(() => {
      this.#lingering = false;
      this.#flush();
    });
  }

  #flushLater(): void {
    if (this.#deferred) return;
    this.#deferred = true;
    this.#defer(() => {
      this.#deferred = false;
      this.#flush();
    });
  }

  /** Hands the waiting group to the store, unless one is still being written: then it follows when that is done. */
  #flush(): void {
    const group = this.#group;
    if (this.#writing !== undefined || this.#poison !== undefined || group.leaves.length === 0) return;
    this.#writing = group;
    this.#group = newGroup(group.first + group.leaves.length);
    try {
      const written = this.#write(group);
      if (written === undefined) this.#settle(group);
      else
        written.then(
          () => this.#settle(group),
          (cause) => this.#fail(cause),
        );
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #write(group: Group): void | Promise<void> {
    for (const leaf of group.leaves) {
      this.#frontier.append(leaf.hash, (level, index, hash) => {
        if (level % TILE_LEVELS === 0) group.nodes.push({ level, index, hash });
      });
    }
    const note = group.seals && this.#identity !== null ? this.#sign(this.#identity) : undefined;
    const { first, leaves, nodes } = group;
    const written = this.#storage.append({
      expectedSize: first,
      leaves,
      payloads: [...group.payloads.values()],
      nodes,
    });
    if (note === undefined) return written as void | Promise<void>;
    return written === undefined ? this.#storeCheckpoint(note) : written.then(() => this.#storeCheckpoint(note));
  }

  #sign({ origin, signer }: LogIdentity): Uint8Array {
    return signCheckpoint({ origin, size: this.#frontier.size, root: this.#frontier.root() }, signer);
  }

  #storeCheckpoint(note: Uint8Array): void | Promise<void> {
    const accept = (swapped: boolean) => {
      if (swapped) this.#checkpoint = note;
      else
        throw new AuditError("audit.checkpoint-conflict", "another checkpoint was stored meanwhile", {
          size: this.#frontier.size,
        });
    };
    const swapped = this.#storage.swapCheckpoint(this.#checkpoint, note);
    return typeof swapped === "boolean" ? accept(swapped) : swapped.then(accept);
  }

  #settle(group: Group): void {
    this.#writing = undefined;
    group.resolve();
    if (this.#group.leaves.length >= GROUP_EVENTS_MAX) this.#flush();
    else if (this.#group.leaves.length > 0) this.#flushLater();
  }

  #fail(cause: unknown): void {
    const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown";
    this.#poison = new AuditError(
      "audit.poisoned",
      `a write to the log failed with \`${code}\`; it accepts nothing more`,
      { cause: code },
      { cause },
    );
    this.#writing?.reject(this.#poison);
    this.#group.reject(this.#poison);
    this.#writing = undefined;
  }
}

function checkPayload({ digest, bytes }: Payload): void {
  if (digestBytes(bytes) === digest) return;
  throw new AuditError("audit.payload-mismatch", `a payload's bytes do not have the digest \`${digest}\``, {
    claimed: digest,
  });
}

function chainForeign(chain: string, type: string): AuditError<"audit.chain-foreign"> {
  return new AuditError("audit.chain-foreign", `chain \`${chain}\` takes no ${type}`, { chain, type });
}

function runStart(run: string, expected: string): AuditError<"audit.run-start"> {
  return new AuditError("audit.run-start", `run \`${run}\` takes ${expected}`, { run, expected });
}
