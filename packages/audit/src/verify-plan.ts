/**
 * The plan of a bundle and what it names: registry snapshot, contracts, artifacts.
 *
 * @module
 */
import {
  contractDigestOf,
  type Digest,
  type JsonValue,
  OperationContract,
  type Plan,
  parseCanonicalJson,
  RegistrySnapshot,
} from "@canonic/contracts";
import type { AuthenticFiles } from "./authentic-files.ts";
import { checkBoundShape } from "./bound-shape.ts";
import { artifactDigestOf, artifactPath, CONTRACTS, PLAN, REGISTRY } from "./bundle-layout.ts";
import type { Findings } from "./findings.ts";
import { checkPlanShape, isPlanWhole, positionsOf } from "./plan-shape.ts";
import { readPlan } from "./read-plan.ts";
import type { VerifyOpening } from "./verify-context.ts";
import { verifyInputs } from "./verify-inputs.ts";

const CONTRACT_BYTES_MAX = 4 * 1024 * 1024;

/** A plan that was read, with everything that it names and that could be read. */
export interface Planned {
  readonly plan: Plan;
  /** Of the tasks, by id. */
  readonly positions: ReadonlyMap<string, number>;
  readonly snapshot: RegistrySnapshot | undefined;
  /** By digest. */
  readonly contracts: ReadonlyMap<string, OperationContract>;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  /** Payloads that the log removed on purpose; they may be missing, and what needs them is left open. */
  readonly redacted: ReadonlySet<Digest>;
}

/** Reads and checks them; undefined, with findings, when there is no plan to check anything against. */
export async function readPlanned({
  files,
  manifest,
  findings,
  redacted,
}: VerifyOpening): Promise<Planned | undefined> {
  const plan = await readPlan(files, findings);
  if (plan === undefined) return undefined;
  if (files.digestOf(PLAN) !== manifest.plan)
    findings.invalid("plan-mismatch", PLAN, "the plan is not the one that the manifest names");
  const positions = positionsOf(plan);
  if (!isPlanWhole(plan, positions)) {
    findings.invalid("plan-malformed", PLAN, "positions, ids, groups or artifacts of the plan do not fit each other");
    return undefined;
  }
  const snapshot = await readSnapshot(files, plan, findings);
  const contracts = await readContracts(files, plan, snapshot, findings);
  const artifacts = await readArtifacts(files, { plan, positions, redacted }, findings);
  checkPlanShape(plan, artifacts, findings);
  checkBoundShape(plan, contracts, findings);
  const planned = { plan, positions, snapshot, contracts, artifacts, redacted };
  verifyInputs(planned, findings);
  return planned;
}

async function readSnapshot(
  files: AuthenticFiles,
  plan: Plan,
  findings: Findings,
): Promise<RegistrySnapshot | undefined> {
  const value = await files.json(REGISTRY);
  if (value === undefined) return undefined;
  if (files.digestOf(REGISTRY) !== plan.registry)
    findings.invalid("registry-mismatch", REGISTRY, "the registry snapshot is not the one that the plan names");
  const parsed = RegistrySnapshot.safeParse(value);
  if (parsed.success) return parsed.data;
  findings.invalid("registry-malformed", REGISTRY, "the registry snapshot is not of its schema");
  return undefined;
}

async function readContracts(
  files: AuthenticFiles,
  plan: Plan,
  snapshot: RegistrySnapshot | undefined,
  findings: Findings,
): Promise<ReadonlyMap<string, OperationContract>> {
  const contracts = new Map<string, OperationContract>();
  const registered = new Set<string>((snapshot?.operations ?? []).map((contract) => contractDigestOf(contract)));
  let line = 0;
  for await (const bytes of files.lines(CONTRACTS, CONTRACT_BYTES_MAX)) {
    line += 1;
    const place = `${CONTRACTS}:${line}`;
    const contract = parseContract(bytes);
    if (contract === undefined) {
      findings.invalid("contract-malformed", place, "the line is not the canonical JSON of an operation contract");
      continue;
    }
    const digest = contractDigestOf(contract);
    if (contracts.has(digest)) findings.invalid("contract-duplicate", place, "the contract stands twice");
    if (snapshot !== undefined && !registered.has(digest))
      findings.invalid("contract-unregistered", place, "the contract is not in the registry snapshot");
    contracts.set(digest, contract);
  }
  const used = new Set<string>(plan.tasks.map(({ contract }) => contract));
  for (const digest of used)
    if (!contracts.has(digest))
      findings.invalid("contract-missing", CONTRACTS, `contract \`${digest}\` of the plan is missing`);
  for (const digest of contracts.keys())
    if (!used.has(digest)) findings.invalid("contract-unused", CONTRACTS, `contract \`${digest}\` is of no task`);
  for (const task of plan.tasks) {
    const contract = contracts.get(task.contract);
    if (
      contract === undefined ||
      (contract.operation === task.operation && contract.version === task.version && contract.mode === plan.mode)
    )
      continue;
    findings.invalid(
      "contract-mismatch",
      task.id,
      `the contract of \`${task.id}\` is of another operation, version or mode`,
    );
  }
  return contracts;
}

function parseContract(bytes: Uint8Array): OperationContract | undefined {
  try {
    const parsed = OperationContract.safeParse(parseCanonicalJson(bytes));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Every file under `artifacts/`, each under the digest of its bytes; all that the plan names must be there. */
async function readArtifacts(
  files: AuthenticFiles,
  { plan, positions, redacted }: Pick<Planned, "plan" | "positions" | "redacted">,
  findings: Findings,
): Promise<ReadonlyMap<Digest, JsonValue>> {
  const known = (text: string) => plan.tasks[positions.get(text) ?? -1]?.id ?? text;
  const artifacts = new Map<Digest, JsonValue>();
  for (const path of files.paths) {
    if (!path.startsWith("artifacts/")) continue;
    const digest = artifactDigestOf(path);
    const value = await files.json(path);
    if (value === undefined) continue;
    if (digest === undefined || files.digestOf(path) !== digest)
      findings.invalid("artifact-mismatch", path, "the artifact does not have the digest of its name");
    else artifacts.set(digest, sharing(value, known));
  }
  const named = new Set(plan.artifacts);
  for (const digest of named) {
    if (!files.has(artifactPath(digest)) && !redacted.has(digest))
      findings.invalid("artifact-missing", artifactPath(digest), "an artifact of the plan is missing");
  }
  for (const task of plan.tasks) {
    for (const [name, digest] of Object.entries(task.inputs)) {
      if (!named.has(digest))
        findings.invalid("input-unknown", task.id, `input \`${name}\` of \`${task.id}\` is no artifact of the plan`);
    }
  }
  return artifacts;
}

/** An equal value: what checks looked at lists all tasks by id, more than once, and takes the ids that are there already. */
function sharing(value: JsonValue, known: (text: string) => string): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isTexts = Array.isArray(member) && member.every((text) => typeof text === "string");
      return [name, isTexts ? (member as readonly string[]).map(known) : (member as JsonValue)];
    }),
  );
}

/** Nothing lies among the artifacts that neither the plan nor the run's events name. */
export function checkOrphans({ plan, artifacts }: Planned, named: readonly Digest[], findings: Findings): void {
  const known = new Set([...plan.artifacts, ...named]);
  for (const digest of artifacts.keys())
    if (!known.has(digest))
      findings.invalid("artifact-orphan", artifactPath(digest), "neither plan nor events name the artifact");
}

/** True when an artifact of the plan was removed: what is computed from all of them cannot be computed again. */
export function lacksArtifacts({ plan, artifacts, redacted }: Planned): boolean {
  return redacted.size > 0 && plan.artifacts.some((digest) => redacted.has(digest) && !artifacts.has(digest));
}
