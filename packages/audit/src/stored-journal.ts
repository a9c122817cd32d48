/**
 * The journal over a store: checks and prints at append, commits in groups, signs at seals and whatever else is owed a checkpoint.
 *
 * A group is open until it is handed to the store; while a store that answers with promises writes it, the next one fills.
 *
 * @module
 */
import {
  type AUTHORITY_CHAIN,
  type Digest,
  digestBytes,
  type EventDraft,
  LOG_CHAIN,
  type Payload,
  type RunEvent,
  type RunId,
  statementChainOf,
} from "@canonic/contracts";
import type { ChainState } from "./chain.ts";
import { AuditError } from "./errors.ts";
import { type Group, newGroup } from "./group.ts";
import { GroupWriter } from "./group-writer.ts";
import type { Clock, Journal } from "./journal.ts";
import { type KeyTimeline, rotationOf } from "./key-rotation.ts";
import type { NoteKey, NoteSigner } from "./keys.ts";
import { writeLeaf } from "./leaf.ts";
import type { LogIdentity } from "./log-identity.ts";
import { isCheckpointed } from "./log-tail.ts";
import { OpenChains } from "./open-chains.ts";
import { checkPayload, payloadsToKeep } from "./payload-check.ts";
import type { RecoveredLog, Repair } from "./recovery.ts";
import { assertRedactable, type RedactionOrder } from "./redaction.ts";
import { readRun } from "./runs.ts";
import { assertSealed, readStatements } from "./statement-chain.ts";
import { readStatementEntry } from "./statements/entry.ts";
import type { LogStorage, StoredLeaf } from "./storage.ts";
import { leafHash } from "./tree-hash.ts";

export const GROUP_EVENTS_MAX = 512;
export const GROUP_PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;
/** Events that may wait while a store that answers with promises is still writing the group before. */
export const BUFFER_EVENTS_MAX = 32_768;

/** See {@link Journal} for the promises. */
export class StoredJournal implements Journal {
  readonly repaired: Repair | null;
  readonly #storage: LogStorage;
  readonly #clock: Clock;
  readonly #defer: (callback: () => void) => void;
  readonly #linger: (callback: () => void) => void;
  readonly #writer: GroupWriter;
  readonly #chains: OpenChains;
  readonly #keys: KeyTimeline;
  readonly #redacted: Set<Digest>;
  #identity: LogIdentity | null;
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
    this.#writer = new GroupWriter(storage, recovered.frontier, recovered.checkpoint);
    this.#chains = new OpenChains(recovered);
    this.#keys = recovered.keys;
    this.#redacted = new Set(recovered.redacted);
    this.repaired = recovered.repaired;
    this.#group = newGroup(recovered.frontier.size);
  }

  get key(): NoteKey | null {
    const signer = this.#identity?.signer;
    return signer === undefined ? null : { name: signer.name, publicKey: signer.publicKey };
  }

  get size(): number {
    return this.#group.first + this.#group.leaves.length;
  }

  get authorityLength(): number {
    return this.#chains.authority.seq;
  }

  begin(plan: Digest): { readonly run: RunId; readonly number: number; readonly checkpoint?: Payload } {
    this.#assertWritable();
    const reserved = this.#chains.reserve(plan);
    const bytes = this.#identity === null ? undefined : this.#writer.checkpoint;
    return bytes === undefined ? reserved : { ...reserved, checkpoint: { digest: digestBytes(bytes), bytes } };
  }

  append(
    run: RunId | typeof AUTHORITY_CHAIN,
    draft: EventDraft,
    payloads: readonly Payload[] = [],
  ): { readonly seq: number; readonly leaf: Digest } {
    this.#assertWritable();
    return this.#put(this.#chains.for(run, draft), draft, payloads);
  }

  enter(run: RunId, entry: Uint8Array, payloads: readonly Payload[]): { readonly seq: number } {
    this.#assertWritable();
    const { digest } = readStatementEntry(entry);
    const chain = this.#chains.statementsFor(run, entry);
    for (const payload of payloads) checkPayload(payload, this.#redacted);
    if (!payloads.some((payload) => payload.digest === digest))
      throw new AuditError("audit.payload-missing", `the entry names payload \`${digest}\`, which is not given`, {
        digest,
      });
    const { seq } = chain;
    chain.take(entry);
    this.#buffer({ run: statementChainOf(run), seq, hash: leafHash(entry), bytes: entry }, payloads, true);
    return { seq };
  }

  async statements(run: RunId): Promise<readonly StoredLeaf[]> {
    await this.durable();
    if (this.#chains.isSealed(run) !== true) await assertSealed(this.#storage, run);
    const leaves = await readStatements(this.#storage, run);
    this.#chains.openStatements(run, leaves);
    return leaves;
  }

  async rotateKey(next: NoteSigner): Promise<{ readonly index: number }> {
    await this.durable();
    this.#assertWritable();
    const identity = this.#identity;
    if (identity === null) throw keyInvalid("the signer of a log that is kept without one");
    if (next.name !== identity.origin) throw keyInvalid(`named \`${identity.origin}\``);
    const index = this.size;
    const data = rotationOf(identity.origin, identity.signer, next);
    const fault = this.#keys.add(index, data);
    if (fault !== null) throw keyInvalid(`a new one: ${fault}`);
    // Whatever is signed from here on covers the rotation: its group is signed as a whole, after its last leaf. That can
    // happen before `#put` comes back, when the rotation fills the group.
    this.#identity = { origin: identity.origin, signer: next };
    this.#put(this.#chains.log, { type: "KEY_ROTATED", subject: LOG_CHAIN, data }, []);
    await this.durable();
    return { index };
  }

  async redact(digest: Digest, order: RedactionOrder): Promise<void> {
    // What others append while the store is asked is asked for again: it may name the payload.
    let asked: number;
    do {
      asked = this.size;
      await this.durable();
      this.#assertWritable();
      await assertRedactable(this.#storage, digest, this.#redacted, order.run);
    } while (asked !== this.size);
    this.#assertWritable();
    const { by, reason } = order;
    this.#put(this.#chains.log, { type: "PAYLOAD_REDACTED", subject: LOG_CHAIN, data: { digest, by, reason } }, []);
    this.#redacted.add(digest);
    await this.durable();
    try {
      await this.#storage.removePayload(digest);
    } catch (cause) {
      this.#fail(cause);
      throw this.#poison ?? cause;
    }
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
    this.#chains.open(chain);
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

  /** Nothing of a draft is kept before all of it is found good (W1). */
  #put(chain: ChainState, draft: EventDraft, payloads: readonly Payload[]): { seq: number; leaf: Digest } {
    const { run, seq, prev } = chain;
    const { hash, bytes, digest } = writeLeaf({ run, seq, prev, at: this.#clock.now(), ...draft } as RunEvent);
    const kept = payloadsToKeep(draft.type, payloads, this.#redacted);
    this.#chains.took(chain, draft.type, digest);
    this.#buffer({ run, seq, hash, bytes }, kept, isCheckpointed(draft.type));
    return { seq, leaf: digest };
  }

  #buffer(leaf: Omit<StoredLeaf, "index">, payloads: readonly Payload[], signs: boolean): void {
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
      const written = this.#writer.write(group, this.#identity);
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

function keyInvalid(fault: string): AuditError<"audit.key-invalid"> {
  return new AuditError("audit.key-invalid", `the next key of the log is not ${fault}`, { fault });
}
