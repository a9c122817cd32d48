/**
 * Removing a payload that has to go (personal data), without breaking a proof: leaves name payloads by digest alone.
 *
 * Invariants:
 *   D1. A plan, a registry, a checkpoint and the environment that a run began with are never removed: everything else of a
 *       run is recomputed from them, and they hold no input, output or name but the plan's user. A statement is not either: it
 *       says nothing but what follows from the run's record, so whoever has that would make it again.
 *   D2. Nothing that an unsealed run names is removed: it could not go on.
 *   D3. What the log says is removed is removed: completed at the next opening when a crash came between.
 *
 * @module
 */
import type { Digest, RunEvent, RunId } from "@canonic/contracts";
import { isOwnChain } from "./chain.ts";
import { lastLeafBefore } from "./chain-end.ts";
import { checkedEvent, runOfStatements } from "./checked-leaf.ts";
import { AuditError } from "./errors.ts";
import { artifactsOf, environmentOf, namedBy } from "./named-payloads.ts";
import { readRunStrictly } from "./read-run.ts";
import { readStatements } from "./statement-chain.ts";
import { readStatementEntry } from "./statements/entry.ts";
import type { LogReader, LogStorage } from "./storage.ts";

/** Who has a payload removed, and why; both are journaled. With `run`, only when that run names it. */
export interface RedactionOrder {
  readonly by: string;
  readonly reason: string;
  readonly run?: RunId;
}

/**
 * @throws {AuditError} `audit.redaction-refused` when the payload is not there or must stay (D1, D2), `audit.run-unknown`,
 *   `audit.log-damaged`.
 */
export async function assertRedactable(
  reader: LogReader,
  digest: Digest,
  redacted: ReadonlySet<Digest>,
  of: RunId | undefined,
): Promise<void> {
  if (redacted.has(digest)) throw refused(digest, "it was redacted before");
  if ((await reader.payload(digest)) === undefined) throw refused(digest, "the log has no such payload");
  for (const { run } of await reader.runs()) {
    const stated = runOfStatements(run);
    if (stated !== undefined && (await isStatedIn(reader, stated, digest)))
      throw refused(digest, `it is a statement about run \`${stated}\`, made of that run's record alone`);
    if (isOwnChain(run) || stated !== undefined) continue;
    const [first] = await reader.readRun(run, 0, 1);
    const start = first === undefined ? "" : checkedEvent(first);
    const what = typeof start === "string" ? undefined : beginningOf(start).get(digest);
    if (what !== undefined) throw refused(digest, `it is the ${what} that run \`${run}\` began with`);
    const last = await lastLeafBefore(reader, run, Number.POSITIVE_INFINITY);
    const end = last === undefined ? "" : checkedEvent(last);
    const isSealed = typeof end !== "string" && end.type === "RUN_SEALED";
    if (!isSealed && (await isNamedBy(reader, run, digest)))
      throw refused(digest, `run \`${run}\` is not sealed, and names it`);
  }
  if (of !== undefined && !(await isNamedBy(reader, of, digest)))
    throw refused(digest, `run \`${of}\` does not name it`);
}

/** What a run begins with (D1), by digest, and what each is called. */
function beginningOf(start: RunEvent): ReadonlyMap<Digest, string> {
  if (start.type !== "PLAN_FROZEN") return new Map();
  const { plan, registry, checkpoint } = start.data;
  return new Map([
    ...environmentOf(start).map((digest) => [digest, "environment"] as const),
    ...(checkpoint === undefined ? [] : [[checkpoint, "checkpoint"] as const]),
    [registry, "registry"],
    [plan, "plan"],
  ]);
}

/** True for the signed bytes of a statement. */
async function isStatedIn(reader: LogReader, run: RunId, digest: Digest): Promise<boolean> {
  const leaves = await readStatements(reader, run);
  return leaves.some(({ bytes }) => readStatementEntry(bytes).digest === digest);
}

/** Removes what a crash left (D3). */
export async function completeRedactions(
  storage: Pick<LogStorage, "payload" | "removePayload">,
  redacted: ReadonlySet<Digest>,
): Promise<void> {
  for (const digest of redacted) if ((await storage.payload(digest)) !== undefined) await storage.removePayload(digest);
}

/** True when an event of the run, its plan, or a value among the plan's artifacts names the payload: a record names its text and its source. */
async function isNamedBy(reader: LogReader, run: string, digest: Digest): Promise<boolean> {
  for await (const { event } of readRunStrictly(reader, run)) {
    if (namedBy(event).includes(digest)) return true;
    if (event.type !== "PLAN_FROZEN") continue;
    for (const artifact of (await artifactsInLog(reader, event.data.plan)) ?? []) {
      if (artifact === digest) return true;
      const bytes = await reader.payload(artifact);
      if (bytes !== undefined && Buffer.from(bytes).includes(digest)) return true;
    }
  }
  return false;
}

async function artifactsInLog(reader: LogReader, plan: Digest): Promise<readonly Digest[] | undefined> {
  const bytes = await reader.payload(plan);
  return bytes === undefined ? undefined : artifactsOf(bytes);
}

function refused(digest: Digest, because: string): AuditError<"audit.redaction-refused"> {
  return new AuditError("audit.redaction-refused", `payload \`${digest}\` stays: ${because}`, { digest, because });
}
