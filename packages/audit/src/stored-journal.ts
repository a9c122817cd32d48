/**
 * The journal over a store: its parts, each in a file of its own, over one open log.
 *
 * @module
 */
import {
  type AUTHORITY_CHAIN,
  type Digest,
  digestBytes,
  type EventDraft,
  type Payload,
  type RunEvent,
  type RunId,
} from "@canonic/contracts";
import { type FlushTimes, GroupQueue } from "./group-queue.ts";
import type { Clock, Journal } from "./journal.ts";
import { enterStatement, openStatements } from "./journal-entries.ts";
import { putEvent } from "./journal-events.ts";
import { redactPayload } from "./journal-redactions.ts";
import { rotateKey } from "./journal-rotations.ts";
import type { NoteKey, NoteSigner } from "./keys.ts";
import type { LogIdentity } from "./log-identity.ts";
import { OpenChains } from "./open-chains.ts";
import type { OpenLog } from "./open-log.ts";
import type { RecoveredLog, Repair } from "./recovery.ts";
import type { RedactionOrder } from "./redaction.ts";
import { readRun } from "./runs.ts";
import type { LogStorage, StoredLeaf } from "./storage.ts";

/** See {@link Journal} for the promises. */
export class StoredJournal implements Journal {
  readonly repaired: Repair | null;
  readonly #log: OpenLog;

  constructor(
    storage: LogStorage,
    clock: Clock,
    identity: LogIdentity | null,
    times: FlushTimes,
    recovered: RecoveredLog,
  ) {
    const queue = new GroupQueue(storage, identity, times, recovered);
    const { keys, redacted, repaired } = recovered;
    this.#log = { storage, clock, queue, chains: new OpenChains(recovered), keys, redacted: new Set(redacted) };
    this.repaired = repaired;
  }

  get key(): NoteKey | null {
    const signer = this.#log.queue.identity?.signer;
    return signer === undefined ? null : { name: signer.name, publicKey: signer.publicKey };
  }

  get size(): number {
    return this.#log.queue.size;
  }

  get authorityLength(): number {
    return this.#log.chains.authority.seq;
  }

  begin(plan: Digest): { readonly run: RunId; readonly number: number; readonly checkpoint?: Payload } {
    const { queue, chains } = this.#log;
    queue.assertWritable();
    const reserved = chains.reserve(plan);
    const bytes = queue.identity === null ? undefined : queue.checkpoint;
    return bytes === undefined ? reserved : { ...reserved, checkpoint: { digest: digestBytes(bytes), bytes } };
  }

  append(
    run: RunId | typeof AUTHORITY_CHAIN,
    draft: EventDraft,
    payloads: readonly Payload[] = [],
  ): { readonly seq: number; readonly leaf: Digest } {
    const { queue, chains } = this.#log;
    queue.assertWritable();
    return putEvent(this.#log, chains.for(run, draft), draft, payloads);
  }

  enter(run: RunId, entry: Uint8Array, payloads: readonly Payload[]): { readonly seq: number } {
    this.#log.queue.assertWritable();
    return enterStatement(this.#log, run, entry, payloads);
  }

  statements(run: RunId): Promise<readonly StoredLeaf[]> {
    return openStatements(this.#log, run);
  }

  rotateKey(next: NoteSigner): Promise<{ readonly index: number }> {
    return rotateKey(this.#log, next);
  }

  redact(digest: Digest, order: RedactionOrder): Promise<void> {
    return redactPayload(this.#log, digest, order);
  }

  durable(): Promise<void> {
    return this.#log.queue.durable();
  }

  async events(run: RunId): Promise<readonly RunEvent[]> {
    const { storage, queue, chains } = this.#log;
    await queue.durable();
    const { events, chain } = await readRun(storage, run);
    chains.open(chain);
    return events;
  }

  async payload(digest: Digest): Promise<Uint8Array | undefined> {
    const { storage, queue } = this.#log;
    return queue.payload(digest)?.bytes ?? storage.payload(digest);
  }

  async close(): Promise<void> {
    const { storage, queue } = this.#log;
    if (!queue.close()) return;
    try {
      await queue.durable();
    } finally {
      await storage.close();
    }
  }
}
