/**
 * What the parts of an export have in common: the run that was read, its plan, the checkpoint over it, and the files so far.
 *
 * Invariants:
 *   P1. A path is added once; the manifest names exactly what was added.
 *   P2. A payload has the bytes of its digest, or is not given.
 *
 * @module
 */
import {
  type Digest,
  digestBytes,
  type Payload,
  type Plan,
  type RegistrySnapshot,
  type RunId,
} from "@canonic/contracts";
import type { Checkpoint } from "./checkpoint.ts";
import { AuditError } from "./errors.ts";
import type { NoteSigner } from "./keys.ts";
import type { LogIdentity } from "./log-identity.ts";
import type { RunRecord } from "./runs.ts";
import type { LogReader, LogStorage } from "./storage.ts";

export interface ExportOptions {
  /** A log that is only read cannot sign a checkpoint for a run that is not sealed yet. */
  readonly storage: LogReader & Partial<Pick<LogStorage, "swapCheckpoint">>;
  readonly identity: LogIdentity;
  readonly run: RunId;
  /** A folder, or a tar file when its name ends in `.tar`; must not exist yet. */
  readonly directory: string;
  /** A time stamp of the checkpoint, as its authority answered; left out of the bundle when it is of another. */
  readonly stamp?: Uint8Array;
  /** The log's checkpoint to export under; the last one when left out, or when it does not cover the run. */
  readonly under?: Uint8Array;
  /** The normalised text, for a policy run; looked up in the log by the digest that its chunks name when left out. */
  readonly document?: Uint8Array;
  /** Evidence that events of the run name (claims, what verdicts looked at), where the log does not keep it. */
  readonly evidence?: readonly Payload[];
  /** Further files by path; they are signed, and mean nothing to the verifier. */
  readonly attachments?: Readonly<Record<string, Uint8Array>>;
}

/** What is known of an export before it has a place. */
export type RunToExport = Omit<ExportOptions, "directory"> & Partial<Pick<ExportOptions, "directory">>;

/** One part adds its files; parts run in order, and see what those before them added. */
export type ExportPart = (context: ExportContext) => Promise<void> | void;

export class ExportContext {
  readonly options: RunToExport;
  readonly record: RunRecord;
  readonly plan: Plan;
  readonly registry: RegistrySnapshot;
  /** The signed note that the bundle's proofs lead to, and what it says. */
  readonly note: Uint8Array;
  readonly checkpoint: Checkpoint;
  /** The log's key that is in force for the checkpoint: it signs the bundle. */
  readonly signer: NoteSigner;
  /** Payloads that the log removed on purpose, by digest: their files are left out. */
  readonly redacted = new Set<Digest>();
  readonly #files = new Map<string, Uint8Array>();

  constructor(
    read: Pick<ExportContext, "options" | "record" | "plan" | "registry" | "note" | "checkpoint" | "signer">,
  ) {
    this.options = read.options;
    this.record = read.record;
    this.plan = read.plan;
    this.registry = read.registry;
    this.note = read.note;
    this.checkpoint = read.checkpoint;
    this.signer = read.signer;
  }

  /** What was added so far, by path. */
  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#files;
  }

  add(path: string, bytes: Uint8Array): void {
    if (this.#files.has(path)) throw new Error(`assertion failed: \`${path}\` is added to a bundle twice`);
    this.#files.set(path, bytes);
  }

  /**
   * A payload that the bundle needs; undefined when it was redacted.
   *
   * @throws {AuditError} `audit.payload-missing` when the log should have it.
   */
  async payload(digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = await this.payloadIfKept(digest);
    if (bytes !== undefined || this.redacted.has(digest)) return bytes;
    throw new AuditError("audit.payload-missing", `the log has no payload \`${digest}\``, { digest });
  }

  /** A payload that the log may have. */
  async payloadIfKept(digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = await this.options.storage.payload(digest);
    return bytes !== undefined && digestBytes(bytes) === digest ? bytes : undefined;
  }
}

const NEWLINE = Buffer.of(0x0a);

/** A file of lines. */
export function linesOf(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
}

export function incomplete(missing: string): AuditError<"audit.bundle-incomplete"> {
  return new AuditError("audit.bundle-incomplete", `the log does not hold ${missing}`, { missing });
}
