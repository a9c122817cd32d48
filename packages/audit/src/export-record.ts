/**
 * The parts of a bundle that are the run's record as the log keeps it: leaves, plan, contracts, artifacts, outputs, text.
 *
 * @module
 */
import {
  BundlePath,
  canonicalBytes,
  type Digest,
  digestBytes,
  type OperationContract,
  type Plan,
  parseCanonicalJson,
  type RegistrySnapshot,
} from "@canonic/contracts";
import { artifactPath, CONTRACTS, DOCUMENT, EVENTS, isReservedPath, OUTPUTS, PLAN, REGISTRY } from "./bundle-layout.ts";
import { AuditError } from "./errors.ts";
import { type ExportContext, incomplete, linesOf } from "./export-context.ts";
import { namedBy } from "./named-payloads.ts";

export function addRecord(context: ExportContext): void {
  const { record, plan, registry } = context;
  context.add(EVENTS, linesOf(record.leaves.map(({ bytes }) => bytes)));
  context.add(PLAN, canonicalBytes(plan));
  context.add(REGISTRY, canonicalBytes(registry));
  context.add(CONTRACTS, linesOf(usedContracts(plan, registry).map((contract) => canonicalBytes(contract))));
}

export async function addArtifacts(context: ExportContext): Promise<void> {
  for (const digest of context.plan.artifacts) {
    const bytes = await context.payload(digest);
    if (bytes !== undefined) context.add(artifactPath(digest), bytes);
  }
}

/**
 * The values that events name where the caller or the log has them: claims, approvals, STOP records, what verdicts looked
 * at; and what the tasks of a bound run gave that is not sealed with outputs.
 */
export async function addNamedByEvents(context: ExportContext): Promise<void> {
  const { plan, record, options } = context;
  const seal = record.events.at(-1);
  const hasOutputs = seal?.type === "RUN_SEALED" && seal.data.outputs !== null;
  const named = new Set<Digest>();
  for (const event of record.events) {
    const isElsewhere =
      event.type === "PLAN_FROZEN" ||
      (event.type === "EXECUTION_COMPLETED" && (plan.kind === "isolated" || hasOutputs));
    if (!isElsewhere) for (const digest of namedBy(event)) named.add(digest);
  }
  for (const { digest, bytes } of options.evidence ?? []) {
    const path = artifactPath(digest);
    if (digestBytes(bytes) !== digest)
      throw new AuditError("audit.payload-mismatch", "evidence has other bytes than its digest", { claimed: digest });
    if (!named.has(digest))
      throw new AuditError("audit.bundle-path", `no event of the run names \`${path}\``, { path });
    if (!context.files.has(path)) context.add(path, bytes);
  }
  for (const digest of named) {
    if (context.files.has(artifactPath(digest))) continue;
    const bytes = await context.payloadIfKept(digest);
    if (bytes !== undefined) context.add(artifactPath(digest), bytes);
  }
}

/** Output bytes by position; none unless the run is sealed with outputs. The line of a redacted output is empty. */
export async function addOutputs(context: ExportContext): Promise<void> {
  const { events } = context.record;
  const seal = events.at(-1);
  if (seal?.type !== "RUN_SEALED" || seal.data.outputs === null) return;
  const digests = new Map<string, Digest>();
  for (const event of events) if (event.type === "EXECUTION_COMPLETED") digests.set(event.subject, event.data.output);
  const lines: Uint8Array[] = [];
  for (const { id } of context.plan.tasks) {
    const digest = digests.get(id);
    if (digest === undefined) throw incomplete(`the output of ${id}`);
    lines.push((await context.payload(digest)) ?? Buffer.alloc(0));
  }
  context.add(OUTPUTS, linesOf(lines));
}

/** The text that the chunks of a policy run point into, when the caller or the log has it. */
export async function addDocument(context: ExportContext): Promise<void> {
  const document = context.options.document ?? (await documentInLog(context));
  if (document !== undefined) context.add(DOCUMENT, document);
}

export function addAttachments(context: ExportContext): void {
  for (const [path, bytes] of Object.entries(context.options.attachments ?? {})) {
    if (!BundlePath.safeParse(path).success || isReservedPath(path))
      throw new AuditError("audit.bundle-path", `\`${path}\` is no path for an attachment`, { path });
    context.add(path, bytes);
  }
}

async function documentInLog({ plan, files, options }: ExportContext): Promise<Uint8Array | undefined> {
  for (const { binding } of plan.tasks) {
    const bytes = binding && files.get(artifactPath(binding.chunkDigest));
    if (!bytes) continue;
    const chunk = parseCanonicalJson(bytes) as { readonly document?: Digest };
    return chunk.document === undefined ? undefined : await options.storage.payload(chunk.document);
  }
  return undefined;
}

function usedContracts(plan: Plan, registry: RegistrySnapshot): OperationContract[] {
  const used = new Set(plan.tasks.map(({ operation, version }) => `${operation}@${version}`));
  return registry.operations.filter(({ operation, version }) => used.has(`${operation}@${version}`));
}
