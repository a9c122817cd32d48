/** What the tests of this package share: a run that goes through a journal, and its names. */
import {
  canonicalBytes,
  type Digest,
  digestBytes,
  type EventDraft,
  type Payload,
  type RunId,
} from "@canonic/contracts";
import {
  createKeyPair,
  type Journal,
  type LogIdentity,
  type LogStorage,
  openJournal,
  signerFromPem,
} from "../src/index.ts";

export const ORIGIN = "canonic.test/log";
export const clock = { now: () => "2026-01-31T12:00:00.000Z" };

export function newIdentity(): LogIdentity {
  return { origin: ORIGIN, signer: signerFromPem(ORIGIN, createKeyPair().privateKeyPem) };
}

export function open(storage: LogStorage, identity: LogIdentity | null = null): Promise<Journal> {
  return openJournal({ storage, clock, identity });
}

export function payloadOf(text: string): Payload {
  const bytes = canonicalBytes(text);
  return { digest: digestBytes(bytes), bytes };
}

export function planFrozen(plan: Digest, number: number, subject: string): EventDraft {
  return {
    type: "PLAN_FROZEN",
    subject,
    data: { number, plan, registry: plan, tasks: 1, mode: "live", semantics: 1, engine: "local", fence: 1 },
  };
}

export function completed(output: Digest, position = 0): EventDraft {
  const subject = `task_${position.toString(16).padStart(20, "0")}`;
  return { type: "EXECUTION_COMPLETED", subject, data: { output, sizeBytes: 1, tokens: 0, contract: "satisfied" } };
}

export function sealed(subject: string, head: Digest, events: number): EventDraft {
  return {
    type: "RUN_SEALED",
    subject,
    data: { status: "failed", events, counts: {}, head, outputs: null, outputsCount: 0 },
  };
}

/** A run of `events` events in all, sealed at the end unless told otherwise. */
export function writeRun(journal: Journal, name: string, events: number, seal = true): { run: RunId; heads: Digest[] } {
  const plan = payloadOf(name);
  const { run, number } = journal.begin(plan.digest);
  const heads = [journal.append(run, planFrozen(plan.digest, number, run), [plan]).leaf];
  while (heads.length < events - (seal ? 1 : 0)) {
    const output = payloadOf(`${name} ${heads.length}`);
    heads.push(journal.append(run, completed(output.digest, heads.length), [output]).leaf);
  }
  if (seal) heads.push(journal.append(run, sealed(run, heads.at(-1) as Digest, heads.length + 1)).leaf);
  return { run, heads };
}
