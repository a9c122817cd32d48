/**
 * The groups of a journal on their way to the store: one is open and fills, one may be with the store.
 *
 * A group is open until it is handed over; while a store that answers with promises writes it, the next one fills.
 *
 * Invariants:
 *   Q1. Groups reach the store one after the other, in the order of their leaves.
 *   Q2. After the first write that fails nothing more is written, and every waiter is told.
 *
 * @module
 */
import type { Digest, Payload } from "@canonic/contracts";
import { AuditError } from "./errors.ts";
import { type Group, newGroup } from "./group.ts";
import { GroupWriter } from "./group-writer.ts";
import type { LogIdentity } from "./log-identity.ts";
import type { RecoveredLog } from "./recovery.ts";
import type { LogStorage, StoredLeaf } from "./storage.ts";

export const GROUP_EVENTS_MAX = 512;
const GROUP_PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;
/** Events that may wait while a store that answers with promises is still writing the group before. */
const BUFFER_EVENTS_MAX = 32_768;

/** When a group is handed over: `defer` where somebody waits for it, `linger` where nobody does. */
export interface FlushTimes {
  readonly defer: (callback: () => void) => void;
  readonly linger: (callback: () => void) => void;
}

export class GroupQueue {
  /** Who marks and signs the next group; a group is signed as a whole, after its last leaf. */
  identity: LogIdentity | null;
  readonly #times: FlushTimes;
  readonly #writer: GroupWriter;
  #group: Group;
  #writing: Group | undefined;
  #deferred = false;
  #lingering = false;
  #poison: AuditError<"audit.poisoned"> | undefined;
  #closed = false;

  constructor(
    storage: LogStorage,
    identity: LogIdentity | null,
    times: FlushTimes,
    { frontier, checkpoint }: Pick<RecoveredLog, "frontier" | "checkpoint">,
  ) {
    this.identity = identity;
    this.#times = times;
    this.#writer = new GroupWriter(storage, frontier, checkpoint);
    this.#group = newGroup(frontier.size);
  }

  /** Leaves so far, durable or not. */
  get size(): number {
    return this.#group.first + this.#group.leaves.length;
  }

  /** The last signed note that is stored. */
  get checkpoint(): Uint8Array | undefined {
    return this.#writer.checkpoint;
  }

  /** @throws {AuditError} `audit.poisoned`, `audit.closed`, `audit.buffer-full`. */
  assertWritable(): void {
    if (this.#poison !== undefined) throw this.#poison;
    if (this.#closed) throw new AuditError("audit.closed", "the journal is closed", {});
    if (this.#group.leaves.length < BUFFER_EVENTS_MAX) return;
    throw new AuditError("audit.buffer-full", `${BUFFER_EVENTS_MAX} events already wait for the store`, {
      eventsMax: BUFFER_EVENTS_MAX,
    });
  }

  /** @param signs - True when the leaf is acknowledged only under a checkpoint. */
  add(leaf: Omit<StoredLeaf, "index">, payloads: readonly Payload[], signs: boolean): void {
    const group = this.#group;
    group.leaves.push({ index: group.first + group.leaves.length, ...leaf });
    for (const payload of payloads) {
      group.payloads.set(payload.digest, payload);
      group.payloadBytes += payload.bytes.length;
    }
    if (signs) group.signs = true;
    if (group.leaves.length >= GROUP_EVENTS_MAX || group.payloadBytes >= GROUP_PAYLOAD_BYTES_MAX) this.#flush();
    else this.#flushInTime();
  }

  /** A payload that waits for the store. */
  payload(digest: Digest): Payload | undefined {
    return this.#group.payloads.get(digest) ?? this.#writing?.payloads.get(digest);
  }

  durable(): Promise<void> {
    if (this.#poison !== undefined) return Promise.reject(this.#poison);
    const isWaiting = this.#group.leaves.length > 0;
    if (isWaiting) this.#flushLater();
    const group = isWaiting ? this.#group : this.#writing;
    return group === undefined ? Promise.resolve() : group.settled();
  }

  /** Takes nothing more; false when it was closed before. */
  close(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    return true;
  }

  /** What the store threw ends the journal (Q2). */
  fail(cause: unknown): AuditError<"audit.poisoned"> {
    const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown";
    const poison = new AuditError(
      "audit.poisoned",
      `a write to the log failed with \`${code}\`; it accepts nothing more`,
      { cause: code },
      { cause },
    );
    this.#poison = poison;
    this.#writing?.reject(poison);
    this.#group.reject(poison);
    this.#writing = undefined;
    return poison;
  }

  #flushInTime(): void {
    if (this.#lingering || this.#deferred) return;
    this.#lingering = true;
    this.#times.linger(() => {
      this.#lingering = false;
      this.#flush();
    });
  }

  #flushLater(): void {
    if (this.#deferred) return;
    this.#deferred = true;
    this.#times.defer(() => {
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
      const written = this.#writer.write(group, this.identity);
      if (written === undefined) this.#settle(group);
      else
        written.then(
          () => this.#settle(group),
          (cause) => this.fail(cause),
        );
    } catch (cause) {
      this.fail(cause);
    }
  }

  #settle(group: Group): void {
    this.#writing = undefined;
    group.resolve();
    if (this.#group.leaves.length >= GROUP_EVENTS_MAX) this.#flush();
    else if (this.#group.leaves.length > 0) this.#flushLater();
  }
}
