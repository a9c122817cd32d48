/**
 * A run read back from the store, without taking the log: its plan, what it has given so far, and how it stands.
 *
 * @module
 */
import { type LogReader, readRun } from "@canonic/audit";
import {
  canonicalJson,
  type Digest,
  digestBytes,
  freezeDeep,
  isPersonal,
  type JsonValue,
  LOG_CHAIN,
  openSalted,
  type Plan,
  parseCanonicalJson,
  type RegistrySnapshot,
  type RunId,
  RunStatus,
  type Task,
} from "@canonic/contracts";
import { RunnerError } from "@canonic/runner";
import { OrchestratorError } from "./errors.ts";
import type { StoredRun } from "./pack.ts";
import { completedOf, type Standing, standingOf, standingText } from "./run-standing.ts";

/**
 * Reads a run with everything that its plan names.
 *
 * @throws {AuditError} `audit.run-unknown`, `audit.log-damaged`; {@link RunnerError} `runner.payload-missing`;
 *   {@link OrchestratorError} `orchestrator.payload-redacted` where the log says that what is missing was removed.
 */
export async function readStoredRun(
  reader: LogReader,
  run: RunId,
): Promise<StoredRun & { readonly snapshot: RegistrySnapshot }> {
  const { events } = await readRun(reader, run);
  const [first] = events;
  if (first?.type !== "PLAN_FROZEN") throw new Error("assertion: a run begins with its plan");
  const payload = async (digest: Digest): Promise<string> => {
    const bytes = await reader.payload(digest);
    if (bytes !== undefined && digestBytes(bytes) === digest) return Buffer.from(bytes).toString("utf8");
    if (await isRedacted(reader, digest)) throw redacted(run, digest, standingOf(events));
    const message = `payload \`${digest}\` of run \`${run}\` is missing or damaged`;
    throw new RunnerError("runner.payload-missing", message, { run, digest });
  };
  const value = async (digest: Digest) => freezeDeep(parseCanonicalJson(await payload(digest)));
  /** A personal one is in an envelope; people are shown what is inside. */
  const output = async ({ operations }: RegistrySnapshot, { operation, version }: Task, digest: Digest) => {
    const text = await payload(digest);
    const contract = operations.find((one) => one.operation === operation && one.version === version);
    if (!isPersonal(contract, "output")) return text;
    const envelope = openSalted(parseCanonicalJson(text));
    if (envelope !== undefined) return canonicalJson(envelope.value);
    const message = `payload \`${digest}\` of run \`${run}\` is personal, and no salted payload`;
    throw new RunnerError("runner.payload-missing", message, { run, digest });
  };
  const plan = (await value(first.data.plan)) as unknown as Plan;
  const artifacts = new Map<Digest, JsonValue>();
  for (const digest of plan.artifacts) artifacts.set(digest, await value(digest));
  const snapshot = (await value(first.data.registry)) as unknown as RegistrySnapshot;
  const completed = completedOf(events);
  const outputs: (string | undefined)[] = [];
  for (const task of plan.tasks) {
    const digest = completed.get(task.id);
    outputs.push(digest === undefined ? undefined : await output(snapshot, task, digest));
  }
  return {
    plan,
    planDigest: first.data.plan,
    snapshot,
    artifacts,
    outputs,
    status: standingOf(events).status,
    events,
  };
}

/** True for a payload of which the log's own chain says that it was removed. */
async function isRedacted(reader: LogReader, digest: Digest): Promise<boolean> {
  const [first] = await reader.readRun(LOG_CHAIN, 0, 1);
  if (first === undefined) return false;
  const { events } = await readRun(reader, LOG_CHAIN as RunId);
  return events.some((event) => event.type === "PAYLOAD_REDACTED" && event.data.digest === digest);
}

function redacted(run: RunId, digest: Digest, standing: Standing): OrchestratorError<"orchestrator.payload-redacted"> {
  const isSealed = RunStatus.safeParse(standing.status).success;
  const how = `${isSealed ? "sealed as " : ""}${standingText(standing)}`;
  const message = `run \`${run}\` is ${how}, and payload \`${digest}\` of it was redacted: it cannot be read whole again; \`canonic show\` and \`canonic export\` give what is left`;
  return new OrchestratorError("orchestrator.payload-redacted", message, { run, digest });
}
