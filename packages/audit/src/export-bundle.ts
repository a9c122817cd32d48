/**
 * Writes the evidence bundle of a run: all that a stranger needs, from the log alone.
 *
 * Invariants:
 *   X1. The directory appears whole: files are written beside it and renamed into place at the end.
 *   X2. What is exported was read strictly: leaves, chain, payload digests, and the proof recomputes the checkpoint's root.
 *   X3. No trust travels: the bundle holds signatures and no key.
 *
 * @module
 */
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  type BundleManifest,
  BundlePath,
  canonicalBytes,
  type Digest,
  digestBytes,
  type JsonValue,
  type OperationContract,
  type Payload,
  Plan,
  parseCanonicalJson,
  RegistrySnapshot,
  type RunId,
} from "@canonic/contracts";
import {
  artifactPath,
  CHECKPOINT,
  CONTRACTS,
  DOCUMENT,
  EVENTS,
  isReservedPath,
  MANIFEST,
  MANIFEST_NOTE,
  manifestNoteText,
  OUTPUTS,
  PLAN,
  PROOF,
  REGISTRY,
} from "./bundle-layout.ts";
import { openCheckpoint, signCheckpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { LogIdentity } from "./journal.ts";
import { namedBy } from "./named-payloads.ts";
import { proveRun, rootOfRunProof } from "./run-proof.ts";
import { type RunRecord, readRun } from "./runs.ts";
import { signNote } from "./signed-note.ts";
import type { LogReader, LogStorage } from "./storage.ts";
import { sameBytes } from "./tree-hash.ts";
import { frontierAt, nodesOf } from "./tree-reader.ts";

export interface ExportOptions {
  /** A log that is only read cannot sign a checkpoint for a run that is not sealed yet. */
  readonly storage: LogReader & Partial<Pick<LogStorage, "swapCheckpoint">>;
  readonly identity: LogIdentity;
  readonly run: RunId;
  /** Must not exist yet. */
  readonly directory: string;
  /** The normalised text, for a policy run; looked up in the log by the digest that its chunks name when left out. */
  readonly document?: Uint8Array;
  /** Evidence that events of the run name (claims, what verdicts looked at), where the log does not keep it. */
  readonly evidence?: readonly Payload[];
  /** Further files by path; they are signed, and mean nothing to the verifier. */
  readonly attachments?: Readonly<Record<string, Uint8Array>>;
}

export interface ExportedBundle {
  readonly run: RunId;
  readonly manifest: Digest;
  readonly files: number;
  readonly sizeBytes: number;
  readonly events: number;
}

/**
 * Exports a run.
 *
 * @throws {AuditError} `audit.bundle-exists`, `audit.bundle-path`, `audit.bundle-incomplete`, `audit.run-unknown`,
 *   `audit.payload-missing`, `audit.log-damaged`, `audit.checkpoint-mismatch`, `audit.note-invalid`.
 */
export async function exportBundle(options: ExportOptions): Promise<ExportedBundle> {
  const { directory, identity, run } = options;
  if ((await stat(directory).catch(() => undefined)) !== undefined) {
    throw new AuditError("audit.bundle-exists", `\`${directory}\` exists already`, { path: directory });
  }
  const record = await readRun(options.storage, run);
  const files = await filesOf(options, record);
  const listed = [...files].map(([path, bytes]) => ({ path, digest: digestBytes(bytes), sizeBytes: bytes.length }));
  const manifest: BundleManifest = {
    schema: "canonic/bundle-manifest/v1",
    run,
    plan: record.chain.plan as Digest,
    origin: identity.origin,
    sealed: record.chain.sealed,
    files: listed.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  const manifestBytes = canonicalBytes(manifest);
  const digest = digestBytes(manifestBytes);
  files.set(MANIFEST, manifestBytes);
  files.set(MANIFEST_NOTE, signNote(manifestNoteText(identity.origin, digest), identity.signer));
  await writeWhole(directory, files);
  const sizeBytes = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  return { run, manifest: digest, files: files.size, sizeBytes, events: record.events.length };
}

async function filesOf(options: ExportOptions, record: RunRecord): Promise<Map<string, Uint8Array>> {
  const { storage } = options;
  const first = record.events[0];
  if (first?.type !== "PLAN_FROZEN") throw new Error("assertion failed: a run that was read starts with PLAN_FROZEN");
  const planBytes = await payloadOf(storage, first.data.plan);
  const registryBytes = await payloadOf(storage, first.data.registry);
  const plan = Plan.parse(parseCanonicalJson(planBytes));
  const registry = RegistrySnapshot.parse(parseCanonicalJson(registryBytes));
  const { note, proof } = await proofOf(options, record);
  const files = new Map<string, Uint8Array>([
    [CHECKPOINT, note],
    [PROOF, proof],
    [EVENTS, Buffer.concat(record.leaves.flatMap(({ bytes }) => [bytes, NEWLINE]))],
    [PLAN, planBytes],
    [REGISTRY, registryBytes],
    [CONTRACTS, linesOf(usedContracts(plan, registry).map((contract) => canonicalBytes(contract)))],
  ]);
  for (const digest of plan.artifacts) files.set(artifactPath(digest), await payloadOf(storage, digest));
  await addNamedByEvents(files, options, record, plan);
  const outputs = await outputsOf(storage, record, plan);
  if (outputs !== undefined) files.set(OUTPUTS, outputs);
  const document = options.document ?? (await documentOf(storage, plan, files));
  if (document !== undefined) files.set(DOCUMENT, document);
  for (const [path, bytes] of Object.entries(options.attachments ?? {})) {
    if (!BundlePath.safeParse(path).success || isReservedPath(path)) {
      throw new AuditError("audit.bundle-path", `\`${path}\` is no path for an attachment`, { path });
    }
    files.set(path, bytes);
  }
  return files;
}

/** The checkpoint that covers the run, signed and stored now if there is none yet, and the run's proof under it. */
async function proofOf(
  { storage, identity }: ExportOptions,
  { leaves }: RunRecord,
): Promise<{ note: Uint8Array; proof: Uint8Array }> {
  const indexes = leaves.map(({ index }) => index);
  const end = (indexes.at(-1) as number) + 1;
  const nodes = nodesOf(storage);
  const keys = [identity.signer, ...(identity.trusted ?? [])];
  let note = await storage.checkpoint();
  if (note === undefined || openCheckpoint(note, keys).size < end) {
    const size = await storage.size();
    const fresh = signCheckpoint(
      { origin: identity.origin, size, root: (await frontierAt(nodes, size)).root() },
      identity.signer,
    );
    // A checkpoint that only the bundle knew could be contradicted by a later recovery of the log.
    if (!(await storage.swapCheckpoint?.(note, fresh))) throw incomplete("a checkpoint that covers the run");
    note = fresh;
  }
  const checkpoint = openCheckpoint(note, keys);
  const proof = await proveRun(nodes, indexes, checkpoint.size);
  const root = rootOfRunProof(
    proof,
    leaves.map(({ hash }) => hash),
  );
  if (root === undefined || !sameBytes(root, checkpoint.root)) {
    throw new AuditError("audit.checkpoint-mismatch", "the log does not have the root of its checkpoint", {
      size: checkpoint.size,
    });
  }
  return { note, proof: canonicalBytes(proof as JsonValue) };
}

/** Output bytes by position; undefined unless the run is sealed with outputs. */
async function outputsOf(storage: LogReader, { events }: RunRecord, plan: Plan): Promise<Uint8Array | undefined> {
  const seal = events.at(-1);
  if (seal?.type !== "RUN_SEALED" || seal.data.outputs === null) return undefined;
  const digests = new Map<string, Digest>();
  for (const event of events) if (event.type === "EXECUTION_COMPLETED") digests.set(event.subject, event.data.output);
  const lines: Uint8Array[] = [];
  for (const { id } of plan.tasks) {
    const digest = digests.get(id);
    if (digest === undefined) throw incomplete(`the output of ${id}`);
    lines.push(await payloadOf(storage, digest));
  }
  return linesOf(lines);
}

/**
 * The values that events name where the caller or the log has them: claims, approvals, STOP records, what verdicts looked
 * at; and what the tasks of a bound run gave that is not sealed with outputs.
 */
async function addNamedByEvents(
  files: Map<string, Uint8Array>,
  { storage, evidence = [] }: ExportOptions,
  { events }: RunRecord,
  plan: Plan,
): Promise<void> {
  const seal = events.at(-1);
  const hasOutputs = seal?.type === "RUN_SEALED" && seal.data.outputs !== null;
  const named = new Set<Digest>();
  for (const event of events) {
    const isElsewhere =
      event.type === "PLAN_FROZEN" ||
      (event.type === "EXECUTION_COMPLETED" && (plan.kind === "isolated" || hasOutputs));
    if (!isElsewhere) for (const digest of namedBy(event)) named.add(digest);
  }
  for (const { digest, bytes } of evidence) {
    if (digestBytes(bytes) !== digest)
      throw new AuditError("audit.payload-mismatch", "evidence has other bytes than its digest", { claimed: digest });
    if (!named.has(digest)) {
      const path = artifactPath(digest);
      throw new AuditError("audit.bundle-path", `no event of the run names \`${path}\``, { path });
    }
    files.set(artifactPath(digest), bytes);
  }
  for (const digest of named) {
    if (files.has(artifactPath(digest))) continue;
    const bytes = await storage.payload(digest);
    if (bytes !== undefined && digestBytes(bytes) === digest) files.set(artifactPath(digest), bytes);
  }
}

/** The text that the chunks of a policy run point into, when the log keeps it. */
async function documentOf(
  storage: LogReader,
  plan: Plan,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Uint8Array | undefined> {
  const binding = plan.tasks.find((task) => task.binding !== null)?.binding;
  const chunkBytes = binding && files.get(artifactPath(binding.chunkDigest));
  if (!chunkBytes) return undefined;
  const chunk = parseCanonicalJson(chunkBytes) as { readonly document?: Digest };
  return chunk.document === undefined ? undefined : await storage.payload(chunk.document);
}

function usedContracts(plan: Plan, registry: RegistrySnapshot): OperationContract[] {
  const used = new Set(plan.tasks.map(({ operation, version }) => `${operation}@${version}`));
  return registry.operations.filter(({ operation, version }) => used.has(`${operation}@${version}`));
}

async function payloadOf(storage: LogReader, digest: Digest): Promise<Uint8Array> {
  const bytes = await storage.payload(digest);
  if (bytes !== undefined && digestBytes(bytes) === digest) return bytes;
  throw new AuditError("audit.payload-missing", `the log has no payload \`${digest}\``, { digest });
}

async function writeWhole(directory: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const partial = join(dirname(directory), `.${basename(directory)}.partial`);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(join(partial, "artifacts"), { recursive: true });
    for (const [path, bytes] of files) {
      const target = join(partial, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes, { flag: "wx" });
    }
    await rename(partial, directory);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw new AuditError("audit.write-failed", "the bundle cannot be written", { operation: "export" }, { cause });
  }
}

const NEWLINE = Buffer.of(0x0a);

function linesOf(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
}

function incomplete(missing: string): AuditError<"audit.bundle-incomplete"> {
  return new AuditError("audit.bundle-incomplete", `the log does not hold ${missing}`, { missing });
}
