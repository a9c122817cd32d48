/**
 * The journal: the one writer of a log.
 *
 * Callers append drafts; the journal adds `seq`, `prev` and `at`, prints the leaf, and buffers it. A group goes to the
 * store in one transaction when 512 events wait or when the event loop comes round, whichever is first; `durable()` is
 * the only promise that anything is on disk. When a group holds a RUN_SEALED, a statement entry, a KEY_ROTATED or a
 * PAYLOAD_REDACTED, a checkpoint over the tree with it is signed and stored before `durable()` answers.
 *
 * Invariants:
 *   W1. An event is checked, printed and measured before anything of it is buffered: a refused draft leaves no trace.
 *   W2. After the first write that fails everything is refused with `audit.poisoned`; nothing is written again.
 *   W3. Run numbers are gap-free: a reservation that `begin` made stands until the next `begin`, and takes its number
 *       only with its PLAN_FROZEN. Append that in the same turn as `begin`.
 *   W4. A run that an earlier process began is opened by reading its events; the chain of authority is always open.
 *   W5. A payload is removed only after its PAYLOAD_REDACTED stands durably under a checkpoint; a crash between the two is
 *       completed when the log is opened. What was redacted is never taken again: a run that is
 *       given it does not begin, and what a run gives again is journaled by its digest alone.
 *   W6. A rotation's checkpoint is signed by the new key; which key is in force is the log's to say, not the key file's.
 *
 * @module
 */
import type {
  AUTHORITY_CHAIN,
  AuthorityEventDraft,
  Digest,
  EventDraft,
  Payload,
  RunEvent,
  RunId,
} from "@canonic/contracts";
import { signCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { NoteKey, NoteSigner } from "./keys.ts";
import { identityAt, type LogIdentity } from "./log-identity.ts";
import { type RecoveredLog, type Repair, recoverLog } from "./recovery.ts";
import { completeRedactions, type RedactionOrder } from "./redaction.ts";
import type { LogStorage, StoredLeaf } from "./storage.ts";
import { StoredJournal } from "./stored-journal.ts";

export type { LogIdentity } from "./log-identity.ts";

/** Times as `2026-01-31T12:00:00.000Z`. */
export interface Clock {
  now(): string;
}

export interface JournalOptions {
  readonly storage: LogStorage;
  readonly clock: Clock;
  /** Null: no checkpoint is ever signed, and the log cannot prove that its end is still there. */
  readonly identity: LogIdentity | null;
  /** Runs the callback in a later turn of the event loop; `setImmediate` when left out. */
  readonly defer?: (callback: () => void) => void;
  /**
   * Runs the callback after the time that events may wait for others when nobody asked for them to be durable; as `defer`
   * when left out. A longer time makes larger groups, and lets a crash take more of what may be done again.
   */
  readonly linger?: (callback: () => void) => void;
}

/** An open log. The `begin`, `append`, `durable`, `events` and `payload` are the runner's journal port. */
export interface Journal {
  /** What recovery had to cut off when the log was opened; null for a sound log. */
  readonly repaired: Repair | null;
  /** The key that signs this log's checkpoints now; null for a log that is kept without a signer. */
  readonly key: NoteKey | null;
  /** Leaves appended so far, durable or not. */
  readonly size: number;
  /** Events of the chain of authority so far, durable or not: where the outbox of an authority store is to be read on from. */
  readonly authorityLength: number;
  /** Reserves the next run number. */
  begin(plan: Digest): {
    readonly run: RunId;
    readonly number: number;
    /** The last signed checkpoint, for PLAN_FROZEN to name; absent in a log that is kept without a signer. */
    readonly checkpoint?: Payload;
  };
  /**
   * Appends one event of a run, with the payloads that it names.
   *
   * @throws {AuditError} `audit.poisoned`, `audit.closed`, `audit.buffer-full`, `audit.run-not-open`, `audit.run-sealed`,
   *   `audit.run-start`, `audit.chain-foreign`, `audit.event-invalid`, `audit.leaf-too-large`, `audit.payload-mismatch`,
   *   `audit.payload-redacted`.
   */
  append(run: RunId, draft: EventDraft, payloads?: readonly Payload[]): { readonly seq: number; readonly leaf: Digest };
  /** Appends one event of the chain of authority. */
  append(
    chain: typeof AUTHORITY_CHAIN,
    draft: AuthorityEventDraft,
    payloads?: readonly Payload[],
  ): { readonly seq: number; readonly leaf: Digest };
  /** Resolves when all that was appended before the call is on disk; rejects with `audit.poisoned` when it never will be. */
  durable(): Promise<void>;
  /**
   * The events of a run in order, buffered ones included; opens the run for appends.
   *
   * @throws {AuditError} `audit.run-unknown`, `audit.log-damaged`.
   */
  events(run: RunId): Promise<readonly RunEvent[]>;
  payload(digest: Digest): Promise<Uint8Array | undefined>;
  /**
   * The statements about a sealed run in order, as leaves; opens them for {@link enter}.
   *
   * @throws {AuditError} `audit.run-unknown`, `audit.run-not-sealed`, `audit.log-damaged`.
   */
  statements(run: RunId): Promise<readonly StoredLeaf[]>;
  /**
   * Appends one statement entry about a sealed run: the leaf is exactly these bytes.
   *
   * @param payloads - The signed bytes that the entry names by digest among them.
   * @throws {AuditError} `audit.poisoned`, `audit.closed`, `audit.buffer-full`, `audit.run-not-open` before
   *   {@link statements}, `audit.run-not-sealed`, `audit.entry-twice`, `audit.entry-invalid`, `audit.payload-missing`,
   *   `audit.payload-mismatch`, `audit.payload-redacted`.
   */
  enter(run: RunId, entry: Uint8Array, payloads: readonly Payload[]): { readonly seq: number };
  /**
   * Hands the log over to another key. It is in force when this resolves, under a checkpoint that it signed.
   *
   * @param next - Named as the log's origin, and never in force before.
   * @returns The rotation's log index.
   * @throws {AuditError} `audit.key-invalid`, `audit.poisoned`, `audit.closed`.
   */
  rotateKey(next: NoteSigner): Promise<{ readonly index: number }>;
  /**
   * Removes a payload for good: first the log says so, then it is removed.
   *
   * @throws {AuditError} `audit.redaction-refused` with the reason, `audit.event-invalid`, `audit.poisoned`, `audit.closed`.
   */
  redact(digest: Digest, order: RedactionOrder): Promise<void>;
  /** Makes everything durable and closes the store. */
  close(): Promise<void>;
}

/**
 * Opens a log for writing, verifies its tail and repairs it when it is torn. A new log gets its first checkpoint, over no
 * leaf; what a crash left without one gets it now, and what was redacted and is still there is removed.
 *
 * @throws {AuditError} see {@link recoverLog}, when nothing is written; `audit.key-not-in-force`, `audit.checkpoint-conflict`.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { storage, clock, identity } = options;
  const recovered = await recoverLog(storage, () => clock.now(), identity);
  const inForce = identity && identityAt(identity, recovered.keys);
  const defer = options.defer ?? ((callback: () => void) => void setImmediate(callback));
  const checkpoint = inForce === null ? recovered.checkpoint : await checkpointOf(storage, inForce, recovered);
  await completeRedactions(storage, recovered.redacted);
  const times = { defer, linger: options.linger ?? defer };
  return new StoredJournal(storage, clock, inForce, times, { ...recovered, checkpoint });
}

async function checkpointOf(
  storage: LogStorage,
  { origin, signer }: LogIdentity,
  { checkpoint, frontier, owesCheckpoint }: RecoveredLog,
): Promise<Uint8Array> {
  if (checkpoint !== undefined && !owesCheckpoint) return checkpoint;
  const { size } = frontier;
  const note = signCheckpoint({ origin, size, root: frontier.root() }, signer);
  if (await storage.swapCheckpoint(checkpoint, note)) return note;
  throw new AuditError("audit.checkpoint-conflict", "another checkpoint was stored meanwhile", { size });
}
