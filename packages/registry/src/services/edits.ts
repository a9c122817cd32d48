/**
 * What may be asked of a registry, and what it becomes: actions of one change, or the first reason why not.
 *
 * @module
 */
import {
  type Digest,
  momentAfter,
  Principal,
  type SchemaIssue,
  SemanticVersion,
  type ServiceAction,
  type ServiceContract,
  ServiceHealth,
  ServiceId,
  Timestamp,
} from "@canonic/contracts";
import { RegistryError } from "../errors.ts";
import { type CheckedContract, readContract } from "./contract-check.ts";
import { type ServiceStanding, type Standings, StandingsDraft, type Step } from "./standing.ts";
import { assertKeeper, type ServiceTrust, vouchedBy } from "./vouching.ts";

/** Edits of one change; versions that stand at a time, retired ones too; bytes of the contracts of one change. */
export const EDITS_MAX = 10_000;
export const SERVICES_MAX = 100_000;
export const CHANGE_BYTES_MAX = 67_108_864;

/** A health report is believed for 1 ms to a week. */
export const HEALTH_TTL_MS_MAX = 604_800_000;
const ISSUES_MAX = 64;

/** One version of one service. */
export interface ServiceName {
  readonly service: string;
  readonly version: string;
}

/** `state` is `probation` where it is left out. */
export type ServiceEdit =
  | { readonly kind: "register"; readonly contract: ServiceContract; readonly state?: "active" | "probation" }
  | ({ readonly kind: "drain" | "resume" | "retire" | "promote" } & ServiceName)
  | ({ readonly kind: "health"; readonly status: "healthy" | "unhealthy"; readonly ttlMs: number } & ServiceName);

/** What `promoteByReceipts` shows; no caller of `apply` can. */
export interface ShownReceipts {
  readonly count: number;
  readonly digest: Digest;
}

/** Edits that were read: well-formed, but not judged against what stands. */
export type ReadEdit =
  | { readonly kind: "register"; readonly kept: CheckedContract; readonly state: "active" | "probation" }
  | { readonly kind: "promote"; readonly name: ActionName; readonly receipts: ShownReceipts | null }
  | { readonly kind: "drain" | "resume" | "retire"; readonly name: ActionName }
  | { readonly kind: "health"; readonly name: ActionName; readonly health: ServiceHealth };

type ActionName = Pick<ServiceAction, "service" | "version">;

/**
 * Reads edits and who makes them.
 *
 * @throws {RegistryError} `registry.input-invalid` with the place of every fault, such as `/edits/2/contract/capabilities/1`.
 */
export function readEdits(edits: readonly ServiceEdit[], by: string, at: string): readonly ReadEdit[] {
  const issues: SchemaIssue[] = [];
  if (!Principal.safeParse(by).success) issues.push({ pointer: "/by", expected: "a principal of 1 to 128 characters" });
  if (!Timestamp.safeParse(at).success)
    issues.push({ pointer: "/at", expected: "a timestamp in UTC with milliseconds" });
  if (!Array.isArray(edits) || edits.length === 0 || edits.length > EDITS_MAX) {
    issues.push({ pointer: "/edits", expected: `1 to ${EDITS_MAX} edits` });
    throw inputInvalid(issues);
  }
  const read = edits.flatMap((edit, place) => readEdit(edit, `/edits/${place}`, at, issues) ?? []);
  let sizeBytes = 0;
  for (const edit of read) if (edit.kind === "register") sizeBytes += Buffer.byteLength(edit.kept.text, "utf8");
  if (sizeBytes > CHANGE_BYTES_MAX) {
    issues.push({ pointer: "/edits", expected: `contracts of at most ${CHANGE_BYTES_MAX} bytes together` });
  }
  if (issues.length > 0) throw inputInvalid(issues);
  return read;
}

export function inputInvalid(issues: readonly SchemaIssue[]): RegistryError {
  const message = `what was asked of the registry is not valid: ${issues.length} faults, first at \`${issues[0]?.pointer}\``;
  return new RegistryError("registry.input-invalid", message, { issues: issues.slice(0, ISSUES_MAX) });
}

function readEdit(edit: ServiceEdit, at: string, now: string, issues: SchemaIssue[]): ReadEdit | undefined {
  switch (edit?.kind) {
    case "register": {
      const state = edit.state ?? "probation";
      if (state !== "active" && state !== "probation") {
        issues.push({ pointer: `${at}/state`, expected: "active or probation" });
      }
      const kept = readContract(edit.contract, `${at}/contract`, issues);
      return kept && { kind: "register", kept, state };
    }
    case "drain":
    case "resume":
    case "retire": {
      const name = readName(edit, at, issues);
      return name && { kind: edit.kind, name };
    }
    case "promote": {
      const name = readName(edit, at, issues);
      return name && { kind: "promote", name, receipts: null };
    }
    case "health": {
      const name = readName(edit, at, issues);
      const health = readHealth(edit, at, now, issues);
      return name && health && { kind: "health", name, health };
    }
    default:
      issues.push({ pointer: `${at}/kind`, expected: "register, drain, resume, retire, promote or health" });
      return undefined;
  }
}

function readName({ service, version }: ServiceName, at: string, issues: SchemaIssue[]): ActionName | undefined {
  const [id, semver] = [ServiceId.safeParse(service), SemanticVersion.safeParse(version)];
  if (!id.success) issues.push({ pointer: `${at}/service`, expected: "the id of a service" });
  if (!semver.success) issues.push({ pointer: `${at}/version`, expected: "a semantic version" });
  return id.success && semver.success ? { service: id.data, version: semver.data } : undefined;
}

function readHealth(
  { status, ttlMs }: { readonly status: string; readonly ttlMs: number },
  at: string,
  now: string,
  issues: SchemaIssue[],
): ServiceHealth | undefined {
  const isTtl = Number.isSafeInteger(ttlMs) && ttlMs >= 1 && ttlMs <= HEALTH_TTL_MS_MAX;
  if (!isTtl) issues.push({ pointer: `${at}/ttlMs`, expected: `1 to ${HEALTH_TTL_MS_MAX} ms` });
  const expiresAt = isTtl && Timestamp.safeParse(now).success ? momentAfter(now, ttlMs) : undefined;
  if (isTtl && expiresAt === undefined) issues.push({ pointer: "/at", expected: "a moment since 1970" });
  const health = ServiceHealth.safeParse({ status, expiresAt: expiresAt ?? "1970-01-01T00:00:00.000Z" });
  if (!health.success) issues.push({ pointer: `${at}/status`, expected: "healthy or unhealthy" });
  return health.success && expiresAt !== undefined ? health.data : undefined;
}

/** What a change would do; nothing of it is done. */
export interface PlannedChange {
  /** Those that change something. */
  readonly actions: readonly ServiceAction[];
  readonly draft: StandingsDraft;
  readonly contracts: ReadonlyMap<Digest, CheckedContract>;
}

/**
 * Judges edits, in their order, against what stands.
 *
 * @throws {RegistryError} `registry.unknown-service`, `registry.service-exists`, `registry.service-state`,
 *   `registry.signature-invalid`, `registry.trust-unproven`, `registry.not-vouched`, `registry.services-full`.
 */
export function planChange(
  edits: readonly ReadEdit[],
  by: string,
  standings: Standings,
  size: number,
  trust: ServiceTrust,
): PlannedChange {
  const draft = new StandingsDraft(standings);
  const contracts = new Map<Digest, CheckedContract>();
  const actions: ServiceAction[] = [];
  for (const edit of edits) {
    const action = actionOf(edit, by, draft, trust);
    const step = draft.take(action);
    if (step.kind === "refused") throw refusedStep(step, action);
    if (step.kind === "unchanged") continue;
    if (edit.kind === "register") contracts.set(edit.kept.digest, edit.kept);
    actions.push(action);
  }
  if (draft.added > 0 && size + draft.added > SERVICES_MAX) {
    const message = `a registry keeps at most ${SERVICES_MAX} versions of services`;
    throw new RegistryError("registry.services-full", message, {
      services: size + draft.added,
      servicesMax: SERVICES_MAX,
    });
  }
  return { actions, draft, contracts };
}

function actionOf(edit: ReadEdit, by: string, draft: StandingsDraft, trust: ServiceTrust): ServiceAction {
  if (edit.kind === "register") {
    const { contract, digest } = edit.kept;
    const { service, version, owner } = contract;
    const known = draft.get(service, version);
    const newest = known?.contract === digest ? known : draft.newestOf(service);
    const signedBy = vouchedBy(contract, edit.state, by, newest, trust);
    return { kind: "register", service, version, contract: digest, owner, signedBy, state: edit.state };
  }
  if (edit.kind === "health") return { kind: "health", ...edit.name, health: edit.health };
  if (edit.kind !== "promote") return { kind: edit.kind, ...edit.name };
  if (edit.receipts === null) assertKeeper(edit.name, by, trust);
  return { kind: "promote", ...edit.name, receipts: edit.receipts };
}

function refusedStep(step: Step & { readonly kind: "refused" }, action: ServiceAction): RegistryError {
  const { service, version, kind } = action;
  if (step.why === "unknown") {
    return new RegistryError("registry.unknown-service", `\`${service}@${version}\` is not registered`, {
      service,
      version,
    });
  }
  const { contract: registered, state } = step.standing as ServiceStanding;
  if (step.why === "exists" && action.kind === "register") {
    const message = `\`${service}@${version}\` is registered with another contract: change the version`;
    return new RegistryError("registry.service-exists", message, {
      service,
      version,
      registered,
      given: action.contract,
    });
  }
  const message = `\`${service}@${version}\` is ${state}: \`${kind}\` is refused`;
  return new RegistryError("registry.service-state", message, { service, version, state, attempted: kind });
}
