/**
 * A planned run as a file: the plan, the snapshot that it was made under, and its artifacts; nothing else is needed to run it.
 *
 * Invariants:
 *   N1. The file is canonical JSON and a newline; it is read back only when every digest in it is that of its bytes.
 *   N2. A file is never replaced by another plan; writing the same plan again changes nothing.
 *
 * @module
 */
import { existsSync } from "node:fs";
import {
  canonicalJson,
  type Digest,
  Digest as DigestSchema,
  digestJson,
  type JsonObject,
  type JsonValue,
  Plan,
  parseCanonicalJson,
  planDigestOf,
  RegistrySnapshot,
  snapshotDigestOf,
} from "@canonic/contracts";
import { z } from "zod";
import { OrchestratorError } from "../errors.ts";
import { readNamedFile, writeOnce } from "../files.ts";

const PlannedRunFile = z.strictObject({
  schema: z.literal("canonic/planned-run/v1"),
  plan: Plan,
  snapshot: RegistrySnapshot,
  artifacts: z.record(DigestSchema, z.unknown()),
});

export type PlannedRunValue = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly snapshot: RegistrySnapshot;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
};

/** @throws {OrchestratorError} `orchestrator.out-not-empty` when another file is there. */
export function writePlannedRun(file: string, planned: Omit<PlannedRunValue, "planDigest">): void {
  const { plan, snapshot, artifacts } = planned;
  const value = { schema: "canonic/planned-run/v1", plan, snapshot, artifacts: Object.fromEntries(artifacts) };
  const text = `${canonicalJson(value as unknown as JsonObject)}\n`;
  writeOnce(file, text);
  if (Buffer.from(readNamedFile(file)).toString("utf8") === text) return;
  const message = `\`${file}\` is there already and holds something else; it is left as it is`;
  throw new OrchestratorError("orchestrator.out-not-empty", message, { directory: file });
}

/**
 * Reads a planned run strictly.
 *
 * @throws {OrchestratorError} `orchestrator.file-unreadable`, `orchestrator.plan-invalid`.
 */
export function readPlannedRun(file: string): PlannedRunValue {
  if (!existsSync(file)) readNamedFile(file);
  const invalid = (expected: string) =>
    new OrchestratorError("orchestrator.plan-invalid", `\`${file}\` is no planned run: ${expected}`, {
      file,
      expected,
    });
  let value: JsonValue;
  try {
    value = parseCanonicalJson(
      new TextDecoder("utf-8", { fatal: true }).decode(readNamedFile(file)).replace(/\n$/, ""),
    );
  } catch (cause) {
    if (cause instanceof OrchestratorError) throw cause;
    throw invalid("expected canonical JSON, as `canonic plan` writes it");
  }
  const parsed = PlannedRunFile.safeParse(value);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join("/") ?? "";
    throw invalid(`expected \`canonic/planned-run/v1\`, the first fault is at \`/${at}\``);
  }
  const { plan, snapshot } = parsed.data;
  const artifacts = new Map(Object.entries(parsed.data.artifacts) as [Digest, JsonValue][]);
  if (snapshotDigestOf(snapshot) !== plan.registry) throw invalid("the snapshot is not the one that the plan names");
  for (const [digest, artifact] of artifacts) {
    if (digestJson(artifact) !== digest) throw invalid(`artifact \`${digest}\` has other bytes`);
  }
  const named = new Set<string>(plan.artifacts);
  if (named.size !== artifacts.size || plan.artifacts.some((digest) => !artifacts.has(digest))) {
    throw invalid("the artifacts are not exactly those that the plan names");
  }
  return { plan, planDigest: planDigestOf(plan), snapshot, artifacts };
}
