/**
 * Verifies an evidence bundle offline: no network, no clock, no trust but the one given.
 *
 * The verdict speaks of the evidence, not of the run: VALID means that the bundle is whole, signed, consistent, and
 * follows from its plan, also when it is the evidence of a run that failed. `run.status` says how the run ended.
 *
 *     VALID          everything was checked and nothing is wrong
 *     INVALID        something is false, altered, missing or not trusted
 *     INDETERMINATE  nothing is false, but something could not be shown: a run that is not sealed, evidence not included
 *
 * Invariants:
 *   B1. Total: any bytes whatever give a result; nothing in a bundle makes the verifier throw.
 *   B2. Nothing of a bundle is believed before the manifest's signature is checked with a key of the trust file.
 *   B3. All reasons are collected, not the first.
 *
 * @module
 */
import type { ContractVerdict, Digest, Reason, RunId, RunStatus } from "@canonic/contracts";
import { AuthenticFiles, openManifest } from "./authentic-files.ts";
import { DOCUMENT } from "./bundle-layout.ts";
import type { BundleSource } from "./bundle-source.ts";
import { checkAnchors, verifyStamp } from "./checkpoint-stamp.ts";
import { isAuditError } from "./errors.ts";
import { Findings } from "./findings.ts";
import { sourceAt } from "./source-at.ts";
import type { Stamp } from "./stamp.ts";
import type { VerifyContext, VerifyOpening, VerifyOptions } from "./verify-context.ts";
import { verifyEvents } from "./verify-events.ts";
import { momentOf } from "./verify-moment.ts";
import { verifyOutputs } from "./verify-outputs.ts";
import { OPENING_PARTS, READER_PARTS, VERIFY_PARTS } from "./verify-parts.ts";
import { openPlace } from "./verify-place.ts";
import { readPlanned } from "./verify-plan.ts";
import { type ReplayCount, verifyReplay } from "./verify-replay.ts";

/** What the bundle says of its run; only values that were authenticated. */
export interface VerifiedRun {
  readonly run: RunId;
  readonly plan: Digest;
  readonly origin: string;
  readonly sealed: boolean;
  /** Null while the run is not sealed. */
  readonly status: RunStatus | null;
  readonly tasks: number;
  readonly events: number;
  readonly outputs: number;
  readonly outputsDigest: Digest | null;
  readonly contracts: readonly ContractVerdict[];
  /** The time stamp of the checkpoint, where the bundle has one. */
  readonly stamp?: Stamp;
  /** How many tasks were executed again; only where that was asked for. */
  readonly replay?: ReplayCount;
}

export interface Verification {
  readonly verdict: "VALID" | "INVALID" | "INDETERMINATE";
  /** The gravest first; at most 200 are kept. */
  readonly reasons: readonly Reason[];
  /** How many there were. */
  readonly findings: number;
  /** Null when the manifest could not be trusted or the plan not be read. */
  readonly run: VerifiedRun | null;
}

/** Verifies the bundle of one run, in a directory, a tar file, or wherever `source` reads from. */
export async function verifyBundle(source: string | BundleSource, options: VerifyOptions): Promise<Verification> {
  momentOf(options);
  checkAnchors(options);
  const findings = new Findings();
  const run = await verifyRun(typeof source === "string" ? sourceAt(source) : source, options, findings);
  return { verdict: findings.verdict, reasons: findings.reasons, findings: findings.count, run };
}

/** The same, with the findings put among others. */
export async function verifyRun(
  source: BundleSource,
  options: VerifyOptions,
  findings: Findings,
): Promise<VerifiedRun | null> {
  try {
    return await verify(source, options, findings);
  } catch (cause) {
    reportUnreadable(cause, findings);
    return null;
  }
}

/** Whatever stopped the reading is a finding (B1). */
export function reportUnreadable(cause: unknown, findings: Findings): void {
  if (isAuditError(cause) && cause.code === "audit.tar-invalid")
    findings.invalid("tar-invalid", "bundle", cause.message);
  else findings.invalid("bundle-unreadable", "bundle", "the bundle cannot be read to its end");
}

async function verify(source: BundleSource, options: VerifyOptions, findings: Findings): Promise<VerifiedRun | null> {
  const entries = new Map((await source.list()).map((entry) => [entry.path, entry]));
  const opened = await openManifest(source, entries, options.trust, findings);
  if (opened === undefined) return null;
  const { manifest, keys, signers } = opened;
  const files = new AuthenticFiles(source, entries, manifest, findings);
  const place = await openPlace(files, manifest.origin, keys, findings);
  const opening = { options, files, manifest, keys, signers, findings, ...place, redacted: new Set<Digest>() };
  for (const part of OPENING_PARTS) await part(opening);
  const stamp = await verifyStamp(opening);
  const context = await readRecord(opening);
  for (const part of context === undefined ? [] : VERIFY_PARTS) await part(context as VerifyContext);
  const replay = context === undefined ? undefined : await verifyReplay(context);
  await files.checkRest();
  return context === undefined
    ? null
    : { ...summaryOf(context), ...(stamp && { stamp }), ...(replay === undefined ? {} : { replay }) };
}

/** Plan, events, outputs and text; undefined when there is no plan to check anything against. */
async function readRecord(opening: VerifyOpening): Promise<VerifyContext | undefined> {
  const { files, findings } = opening;
  const planned = await readPlanned(opening);
  if (planned === undefined) return undefined;
  const readers = READER_PARTS.map((part) => part(opening, planned));
  const facts = await verifyEvents(opening, planned, readers);
  const { outputs, salts } = await verifyOutputs(files, planned, facts, findings);
  const document = files.has(DOCUMENT) ? await files.bytes(DOCUMENT) : undefined;
  const context = { ...opening, planned, facts, outputs, salts, document };
  for (const reader of readers) await reader.end(context);
  return context;
}

function summaryOf({ manifest, planned, facts, outputs }: VerifyContext): VerifiedRun {
  return {
    run: manifest.run,
    plan: manifest.plan,
    origin: manifest.origin,
    sealed: facts.seal !== undefined,
    status: facts.seal?.status ?? null,
    tasks: planned.plan.tasks.length,
    events: facts.count,
    outputs: outputs.filter((output) => output !== undefined).length,
    outputsDigest: facts.seal?.outputs ?? null,
    contracts: facts.verdicts,
  };
}
