/** The record of a whole run as statements see it, without a log. */
import {
  type ContractVerdict,
  type Digest,
  digestBytes,
  type EventDraft,
  type RunEvent,
  type RunId,
  runIdOf,
} from "@canonic/contracts";
import { StatedEvents, type StatementRecord } from "../../src/statements/record.ts";
import { clock, ORIGIN } from "../support.ts";
import { completeDrafts, sealDraft, verdicts, wholeRun } from "../whole-run.ts";

export const whole = wholeRun();
export const run: RunId = runIdOf(whole.planDigest, 1);

export const certificates: StatementRecord["certificates"] = [
  certificate("CERT-01", "ACTIVE"),
  certificate("CERT-02", "PENDING"),
  certificate("CERT-03", "ACTIVE"),
  certificate("CERT-04", "REVOKED"),
];

function certificate(id: string, status: "ACTIVE" | "PENDING" | "REVOKED") {
  return { id, status, effectiveDate: clock.now(), digest: digestBytes(id) };
}

export function eventsOf(status: "completed" | "failed" = "completed"): RunEvent[] {
  const drafts = completeDrafts(whole, run, 1);
  const all: EventDraft[] = [...drafts, sealDraft(whole, run, drafts, digestBytes("head"), status)];
  return all.map((draft, seq) => ({ ...draft, run, seq, prev: digestBytes(`${seq}`), at: timeOf(seq) }) as RunEvent);
}

function timeOf(seq: number): string {
  return `2026-01-31T12:00:${seq.toString().padStart(2, "0")}.000Z`;
}

export function recordOf(events: readonly RunEvent[] = eventsOf()): StatementRecord | undefined {
  const stated = new StatedEvents();
  for (const event of events) stated.next(event);
  return stated.record({ origin: ORIGIN, run, plan: whole.plan, certificates });
}

export function wholeRecord(): StatementRecord {
  const record = recordOf();
  if (record === undefined) throw new Error("the events are of a sealed run");
  return record;
}

export function verdictsOfRun(): readonly ContractVerdict[] {
  return verdicts(whole).map(({ verdict }) => verdict);
}

export function hex(digest: Digest | null | undefined): string {
  return (digest ?? "").slice("sha256:".length);
}
