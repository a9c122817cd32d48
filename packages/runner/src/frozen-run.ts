/**
 * A run's fixed inputs: checked, copied, and as payloads; and the same read back from the journal.
 *
 * Invariants:
 *   F1. What runs is a private frozen copy of what was digested: changing the caller's plan afterwards changes nothing.
 *   F2. Snapshot and artifacts are what the plan names by digest, checked against their bytes, first time and every time.
 *   F3. The journal alone is enough to go on: plan, snapshot and artifacts are payloads of PLAN_FROZEN.
 *
 * @module
 */
import {
  type Digest,
  digestBytes,
  freezeDeep,
  type JsonValue,
  type Payload,
  type Plan,
  parseCanonicalJson,
  type RegistrySnapshot,
  type RunEvent,
  type RunId,
} from "@canonic/contracts";
import type { ContractBook } from "./contract-book.ts";
import { RunnerError } from "./errors.ts";
import { copyOf } from "./json-copy.ts";
import type { Artifacts, RunJournal } from "./ports.ts";

/** A plan with all that it names. */
export type FrozenRun = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly snapshot: RegistrySnapshot;
  readonly artifacts: Artifacts;
  readonly payloads: readonly Payload[];
};

/** A run as its journal holds it. */
export type JournaledRun = Pick<FrozenRun, "plan" | "planDigest" | "snapshot" | "artifacts"> & {
  readonly run: RunId;
  readonly number: number;
  readonly events: readonly RunEvent[];
};

/**
 * Copies and checks what a plan is run from.
 *
 * @throws {RunnerError} `runner.snapshot-mismatch`, `runner.artifact-missing`, `runner.artifact-mismatch`.
 */
export function freezeRun(plan: Plan, snapshot: RegistrySnapshot, artifacts: Artifacts, book: ContractBook): FrozenRun {
  const planCopy = copyOf(plan as JsonValue);
  const frozen = planCopy.value as Plan;
  const snapshotCopy = book.copyOfSnapshot(snapshot);
  if (snapshotCopy.payload.digest !== frozen.registry) {
    const details = { planned: frozen.registry, found: snapshotCopy.payload.digest };
    throw new RunnerError("runner.snapshot-mismatch", "the snapshot is not the one that the plan names", details);
  }
  const copies = new Map<Digest, JsonValue>();
  const payloads = [planCopy.payload, snapshotCopy.payload];
  for (const digest of frozen.artifacts) {
    const value = artifacts.get(digest);
    if (value === undefined) throw missing(digest);
    const copy = copyOf(value);
    if (copy.payload.digest !== digest) {
      const details = { digest, found: copy.payload.digest };
      throw new RunnerError("runner.artifact-mismatch", `artifact \`${digest}\` has other bytes`, details);
    }
    copies.set(digest, copy.value);
    payloads.push(copy.payload);
  }
  for (const task of frozen.tasks) {
    for (const digest of Object.values(task.inputs)) if (!copies.has(digest)) throw missing(digest);
  }
  return {
    plan: frozen,
    planDigest: planCopy.payload.digest,
    snapshot: snapshotCopy.value as RegistrySnapshot,
    artifacts: copies,
    payloads,
  };
}

/**
 * Reads a run back from the journal.
 *
 * @throws {RunnerError} `runner.run-unknown`, `runner.payload-missing`; what the journal throws passes through.
 */
export async function readRun(journal: RunJournal, run: RunId): Promise<JournaledRun> {
  const events = await journal.events(run);
  const first = events[0];
  if (first?.type !== "PLAN_FROZEN")
    throw new RunnerError("runner.run-unknown", `no run \`${run}\` in the journal`, { run });
  const plan = freezeDeep(await readPayload(journal, run, first.data.plan)) as Plan;
  const snapshot = freezeDeep(await readPayload(journal, run, first.data.registry)) as RegistrySnapshot;
  const artifacts = new Map<Digest, JsonValue>();
  for (const digest of plan.artifacts) artifacts.set(digest, freezeDeep(await readPayload(journal, run, digest)));
  return { run, number: first.data.number, events, plan, planDigest: first.data.plan, snapshot, artifacts };
}

/** A payload's text, when its bytes are still those of its digest. */
export async function readText(journal: RunJournal, run: RunId, digest: Digest): Promise<string> {
  const bytes = await journal.payload(digest);
  if (bytes === undefined || digestBytes(bytes) !== digest) {
    throw new RunnerError("runner.payload-missing", `payload \`${digest}\` of run \`${run}\` is missing or damaged`, {
      run,
      digest,
    });
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

async function readPayload(journal: RunJournal, run: RunId, digest: Digest): Promise<JsonValue> {
  return parseCanonicalJson(await readText(journal, run, digest));
}

function missing(digest: Digest): RunnerError {
  return new RunnerError("runner.artifact-missing", `artifact \`${digest}\` is not among the artifacts`, { digest });
}
