/**
 * The outputs of a bundle: by position the bytes that were journaled, and valid under their contracts.
 *
 * A run that was sealed with outputs has them in one file; the line of one that was redacted is empty, and then the digest
 * of them all is left open. A bound run that was not (it failed, waits, was rejected or
 * voided) has what its tasks gave among the artifacts: later inputs are recomputed from it.
 *
 * What a contract calls personal is there in an envelope with its salt: digest and size are the envelope's, the value is what
 * is inside.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  canonicalBytes,
  compileSchema,
  type Digest,
  digestBytes,
  isPersonal,
  type JsonValue,
  openSalted,
  type Plan,
  parseCanonicalJson,
  type SchemaCheck,
} from "@canonic/contracts";
import type { AuthenticFiles } from "./authentic-files.ts";
import { artifactPath, OUTPUTS } from "./bundle-layout.ts";
import type { EventFacts } from "./event-facts.ts";
import type { Findings } from "./findings.ts";
import type { Planned } from "./verify-plan.ts";

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** The outputs that stand among the artifacts. */
export function outputArtifacts({ kind }: Plan, { completed, seal }: EventFacts): readonly Digest[] {
  if (kind !== "bound" || (seal !== undefined && seal.outputs !== null)) return [];
  return completed.flatMap((task) => (task === undefined ? [] : [task.output]));
}

/** Values by position, undefined where there is none, and the salts of those that are personal. */
export interface VerifiedOutputs {
  readonly outputs: readonly (JsonValue | undefined)[];
  readonly salts: ReadonlyMap<number, string>;
}

/** Checks each output. */
export async function verifyOutputs(
  files: AuthenticFiles,
  planned: Planned,
  facts: EventFacts,
  findings: Findings,
): Promise<VerifiedOutputs> {
  const expected = facts.seal?.outputs ?? null;
  const salts = new Map<number, string>();
  if (!files.has(OUTPUTS)) {
    if (expected !== null)
      findings.invalid("file-missing", OUTPUTS, "the run was sealed with outputs, the bundle has none");
    const isKeptApart = expected === null && planned.plan.kind === "bound";
    return { outputs: isKeptApart ? verifyArtifactOutputs(planned, facts, salts, findings) : [], salts };
  }
  if (expected === null)
    findings.invalid("output-orphan", OUTPUTS, "there are outputs, the run was not sealed with any");
  const hash = createHash("sha256");
  const checks = new Map<string, SchemaCheck | null>();
  const outputs: (JsonValue | undefined)[] = [];
  let isWhole = true;
  for await (const bytes of files.lines(OUTPUTS, OUTPUT_BYTES_MAX)) {
    const completed = facts.completed[outputs.length];
    if (bytes.length === 0 && completed !== undefined && planned.redacted.has(completed.output)) {
      isWhole = false;
      outputs.push(undefined);
      continue;
    }
    hash.update(bytes).update("\n");
    outputs.push(
      verifyOutput(bytes, `${OUTPUTS}:${outputs.length + 1}`, outputs.length, planned, facts, checks, salts, findings),
    );
  }
  if (isWhole && expected !== null && `sha256:${hash.digest("hex")}` !== expected) {
    findings.invalid("outputs-mismatch", OUTPUTS, "the outputs do not have the digest that the run was sealed with");
  }
  if (expected !== null && outputs.length !== planned.plan.tasks.length) {
    findings.invalid("output-count", OUTPUTS, `${outputs.length} outputs of ${planned.plan.tasks.length} tasks`);
  }
  return { outputs, salts };
}

function verifyArtifactOutputs(
  planned: Planned,
  facts: EventFacts,
  salts: Map<number, string>,
  findings: Findings,
): (JsonValue | undefined)[] {
  const checks = new Map<string, SchemaCheck | null>();
  return facts.completed.map((completed, position) => {
    if (completed === undefined) return undefined;
    const path = artifactPath(completed.output);
    const value = planned.artifacts.get(completed.output);
    if (value === undefined && planned.redacted.has(completed.output)) return undefined;
    if (value === undefined) {
      findings.open(
        "output-missing",
        path,
        `the output of \`${planned.plan.tasks[position]?.id}\` is not in the bundle`,
      );
      return undefined;
    }
    return verifyOutput(canonicalBytes(value), path, position, planned, facts, checks, salts, findings);
  });
}

function verifyOutput(
  bytes: Uint8Array,
  place: string,
  position: number,
  { plan, contracts }: Planned,
  facts: EventFacts,
  checks: Map<string, SchemaCheck | null>,
  salts: Map<number, string>,
  findings: Findings,
): JsonValue | undefined {
  const task = plan.tasks[position];
  const completed = facts.completed[position];
  if (task === undefined || completed === undefined) {
    findings.invalid("output-orphan", place, "the output belongs to no completed task");
  } else if (digestBytes(bytes) !== completed.output || bytes.length !== completed.sizeBytes) {
    findings.invalid("output-mismatch", place, `the output is not the one that was journaled for \`${task.id}\``);
  }
  let value: JsonValue;
  try {
    value = parseCanonicalJson(bytes);
  } catch {
    findings.invalid("output-malformed", place, "the output is not canonical JSON");
    return undefined;
  }
  const contract = task && contracts.get(task.contract);
  if (contract === undefined) return value;
  if (isPersonal(contract, "output")) {
    const envelope = openSalted(value);
    if (envelope === undefined) {
      findings.invalid("salt-missing", place, "the output is personal, says its contract, and is no salted payload");
      return undefined;
    }
    salts.set(position, envelope.salt);
    value = envelope.value;
  }
  const check = schemaCheckOf(task?.contract ?? "", contract.output, checks);
  if (check === null)
    findings.invalid("contract-malformed", place, "the output schema of the task's contract is no valid schema");
  for (const issue of check === null ? [] : check(value).slice(0, 5)) {
    findings.invalid(
      "output-invalid",
      place,
      `\`${issue.pointer}\` of the output ${issue.expected}, says its contract`,
    );
  }
  return value;
}

/** Compiled once per contract; null for a schema that does not compile. */
function schemaCheckOf(
  digest: string,
  schema: Parameters<typeof compileSchema>[0],
  checks: Map<string, SchemaCheck | null>,
): SchemaCheck | null {
  const known = checks.get(digest);
  if (known !== undefined) return known;
  let check: SchemaCheck | null = null;
  try {
    check = compileSchema(schema);
  } catch {
    // Reported where it is used: the contract is part of the evidence.
  }
  checks.set(digest, check);
  return check;
}
