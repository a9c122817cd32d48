/**
 * The simulated log: what survives a process, and the journal through which one process writes to it.
 *
 * Invariants:
 *   L1. What `durable` has promised is never lost. Of what was appended after it, a crash or a takeover leaves any prefix.
 *   L2. Numbers are gap-free and chains whole, whatever was lost.
 *   L3. Only the newest holder's events enter the log: those of one that was overtaken are refused, at the append or at the
 *       next commit, as a store would.
 *   L4. A journal that has failed once fails always, with the same error.
 *
 * @module
 */
import {
  canonicalBytes,
  canonicalJson,
  type Digest,
  digestBytes,
  type EventDraft,
  type JsonValue,
  type Payload,
  RunEvent,
  type RunId,
  runIdOf,
} from "@canonic/contracts";
import type { RunJournal } from "@canonic/runner";
import type { Process, Scheduler } from "./scheduler.ts";

export type LogEntry = {
  readonly event: RunEvent;
  readonly leaf: Digest;
  readonly payloads: readonly Payload[];
  readonly fence: number;
};

/** The events and payloads that are on disk; everything else is gone when its process is. */
export class SimulatedLog {
  readonly entries: LogEntry[] = [];
  readonly payloads = new Map<Digest, Uint8Array>();
  /** The newest holder's number. */
  fence = 0;

  write(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      this.entries.push(entry);
      for (const { digest, bytes } of entry.payloads) this.payloads.set(digest, bytes);
    }
  }

  events(): RunEvent[] {
    return this.entries.map(({ event }) => event);
  }
}

/** A leaf of the log, RFC 6962: 0x00 and the canonical bytes. */
export function leafOf(event: RunEvent): Digest {
  const known = leaves.get(event);
  if (known !== undefined) return known;
  const leaf = digestBytes(Buffer.concat([Buffer.of(0), canonicalBytes(event as JsonValue)]));
  leaves.set(event, leaf);
  return leaf;
}

/** Events are never changed, so each is hashed once. */
const leaves = new WeakMap<RunEvent, Digest>();

export class JournalFailure extends Error {
  override readonly name = "AuditError";
  readonly code = "audit.poisoned";
}

/** Thrown to a process that is dead, where a port must answer at once; nobody hears what it makes of it. */
export class ProcessDied extends Error {}

/** One process's journal. Faults are set from outside; what they do is seen when the code under test asks next. */
export class SimulatedJournal implements RunJournal {
  /** Appended and not yet on disk. */
  readonly buffer: LogEntry[] = [];
  /** Every event that this process appended or read, by subject, newest last: what it believes. */
  readonly believed: RunEvent[] = [];
  failure: JournalFailure | null = null;
  appends = 0;
  /** This many appends, or commits, from now one fails; null is never. */
  failAtAppend: number | null = null;
  failAtCommit: number | null = null;
  /** True makes an overtaken process hear of it at once, false at its next commit. */
  readonly refusesEarly: boolean;
  readonly #log: SimulatedLog;
  readonly #process: Process;
  readonly #scheduler: Scheduler;
  readonly #now: () => string;
  #validates: boolean;

  constructor(options: {
    readonly log: SimulatedLog;
    readonly process: Process;
    readonly scheduler: Scheduler;
    readonly now: () => string;
    readonly refusesEarly: boolean;
    readonly validates: boolean;
  }) {
    this.#log = options.log;
    this.#process = options.process;
    this.#scheduler = options.scheduler;
    this.#now = options.now;
    this.refusesEarly = options.refusesEarly;
    this.#validates = options.validates;
    this.believed.push(...options.log.entries.map(({ event }) => event));
  }

  begin(plan: Digest): { readonly run: RunId; readonly number: number } {
    const number = this.believed.length === 0 ? 1 : 2;
    return { run: runIdOf(plan, number), number };
  }

  append(run: RunId, draft: EventDraft, payloads: readonly Payload[] = []): { seq: number; leaf: Digest } {
    if (this.#process.state === "dead") throw new ProcessDied();
    if (this.failAtAppend !== null) {
      if (this.failAtAppend === 0) this.fail("disk full");
      this.failAtAppend -= 1;
    }
    if (this.refusesEarly && this.isOvertaken()) this.fail("overtaken");
    if (this.failure !== null) throw this.failure;
    const last = this.believed.at(-1);
    if (last?.type === "RUN_SEALED") throw new Error("the simulated journal takes nothing after the seal");
    const prev = last === undefined ? (draft.data as { plan: Digest }).plan : leafOf(last);
    const seq = last === undefined ? 0 : last.seq + 1;
    const text = canonicalJson({ run, seq, prev, at: this.#now(), ...draft } as JsonValue);
    const event = this.#validates ? RunEvent.parse(JSON.parse(text)) : (JSON.parse(text) as RunEvent);
    for (const { digest, bytes } of payloads)
      if (digestBytes(bytes) !== digest) throw new Error("the simulated journal takes no payload under another digest");
    const leaf = leafOf(event);
    this.appends += 1;
    this.buffer.push({ event, leaf, payloads, fence: this.#process.fence });
    this.believed.push(event);
    return { seq, leaf };
  }

  durable(): Promise<void> {
    const upTo = this.believed.length;
    return this.#scheduler.later(this.#process, "journal.durable", "", () => {
      if (this.failAtCommit !== null) {
        if (this.failAtCommit === 0) this.fail("sync failed");
        this.failAtCommit -= 1;
      }
      if (this.failure === null && this.isOvertaken()) this.fail("overtaken");
      if (this.failure !== null) throw this.failure;
      this.flush(upTo - (this.believed.length - this.buffer.length));
    });
  }

  events(run: RunId): Promise<readonly RunEvent[]> {
    return this.#scheduler.later(this.#process, "journal.events", "", () =>
      this.believed.filter((event) => event.run === run),
    );
  }

  payload(digest: Digest): Promise<Uint8Array | undefined> {
    return this.#scheduler.later(this.#process, "journal.payload", "", () => this.#log.payloads.get(digest));
  }

  /** Brings the first `count` of the buffer to disk. */
  flush(count: number): void {
    if (count > 0) this.#log.write(this.buffer.splice(0, count));
  }

  isOvertaken(): boolean {
    return this.#log.fence !== this.#process.fence;
  }

  fail(message: string): void {
    this.failure ??= new JournalFailure(message);
  }
}
