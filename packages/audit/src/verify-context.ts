/**
 * What the parts of a verification have in common.
 *
 * A bundle is verified in three steps. With the manifest, the checkpoint and the proof authenticated (`VerifyOpening`), the
 * opening parts read what decides how the rest is read. Then every event passes once, by all readers. Then
 * (`VerifyContext`) the parts check what the run adds up to. Nobody keeps the events: a reader keeps what it needs.
 *
 * @module
 */
import type { BundleManifest, Digest, InclusionProof, JsonValue, RunEvent, TrustFile } from "@canonic/contracts";
import type { AuthenticFiles } from "./authentic-files.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { EventFacts } from "./event-facts.ts";
import type { Findings } from "./findings.ts";
import type { NoteKey } from "./keys.ts";
import type { LogKeys } from "./log-keys.ts";
import type { LogPolicy } from "./tlog-policy.ts";
import type { Planned } from "./verify-plan.ts";
import type { ReplayPort } from "./verify-replay.ts";
import type { RoutePort } from "./verify-routes.ts";

export interface VerifyOptions {
  readonly trust: TrustFile;
  /** What the checkpoint must satisfy beside the trust file. */
  readonly policy?: LogPolicy;
  /** Certificates in PEM of those who may name time stamping authorities; without them a stamp is told and counts nothing. */
  readonly stampAnchors?: string;
  /** A moment as events spell it, or a day, which counts to its end; without one, times are held against each other only. */
  readonly at?: string;
  /** Executes what can be executed again; without one nothing is. */
  readonly replay?: ReplayPort;
  /**
   * Decides again what routed tasks were decided by; without one, a run with such tasks is left open. A function is called by
   * the first run that has such tasks, so that a router is loaded for those alone.
   */
  readonly routes?: RoutePort | (() => Promise<RoutePort>);
  /** Told after each run of an archive that was judged. */
  readonly onRun?: (judged: number, all: number) => void;
}

export interface VerifyOpening {
  readonly options: VerifyOptions;
  /** Each file is read once; `digestOf` compares without reading. */
  readonly files: AuthenticFiles;
  readonly manifest: BundleManifest;
  readonly keys: LogKeys;
  /** The keys that signed the manifest. */
  readonly signers: readonly NoteKey[];
  readonly findings: Findings;
  /** The signed note and what it says; undefined, and reported, when no trusted key signed it. */
  readonly checkpoint: { readonly note: Uint8Array; readonly value: Checkpoint } | undefined;
  /** Where the run's leaves stand; undefined, and reported, when it is malformed or of another tree. */
  readonly proof: InclusionProof | undefined;
  /** Payloads of which the log says that they were removed; filled by an opening part. */
  readonly redacted: Set<Digest>;
}

export interface VerifyContext extends VerifyOpening {
  readonly planned: Planned;
  readonly facts: EventFacts;
  /** By position; undefined where there is none. Of a personal one, what is in its envelope. */
  readonly outputs: readonly (JsonValue | undefined)[];
  /** The salts of personal outputs, by position. */
  readonly salts: ReadonlyMap<number, string>;
  /** The text of a policy run. */
  readonly document: Uint8Array | undefined;
}

/** The line of an event: its leaf, and where it stands. */
export interface VerifiedLeaf {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  /** In the log's tree; undefined without a proof that counts so far. */
  readonly index: number | undefined;
  /** For reports: `events.jsonl:<line>`. */
  readonly place: string;
}

/** Sees every event in order, then the whole. */
export interface VerifyReader {
  next(event: RunEvent, leaf: VerifiedLeaf): void;
  end(context: VerifyContext): Promise<void> | void;
}

export type OpeningPart = (opening: VerifyOpening) => Promise<void> | void;
export type ReaderPart = (opening: VerifyOpening, planned: Planned) => VerifyReader;
export type VerifyPart = (context: VerifyContext) => Promise<void> | void;
