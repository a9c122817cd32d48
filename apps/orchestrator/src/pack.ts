/**
 * Operation packs: what a domain brings to Canonic.
 *
 * The orchestrator knows no pack by name. A pack brings operations with their contracts, the routing of payload types
 * to them, commands, and what its finished runs mean: the record that the core contracts check and the files for people.
 *
 * @module
 */
import type {
  ContractVerdict,
  Digest,
  JsonValue,
  Operation,
  OperationId,
  Payload,
  PayloadType,
  Plan,
  PolicyRecord,
  RunId,
} from "@canonic/contracts";
import type { FrozenRegistry } from "@canonic/registry";
import type { Progress, Terminal } from "./terminal.ts";

/** A finished run as its pack sees it: values only, all of them from the journal. */
export type FinishedRun = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  /** The pack's attachments by path. */
  readonly attachments: ReadonlyMap<string, Uint8Array>;
  /** Canonical JSON of each output, in plan order. */
  readonly outputs: readonly string[];
};

/** A sealed run with its verdicts, for the files that people read. */
export type SealedRun = FinishedRun & {
  readonly run: RunId;
  readonly status: string;
  readonly outputsDigest: Digest;
  readonly contracts: readonly ContractVerdict[];
};

/** Bytes that were stored with the plan by digest, for example a document's text. */
export type Attachment = { readonly path: string; readonly digest: Digest };

export type ResultFile = { readonly path: string; readonly bytes: Uint8Array | string };

export type PackOption = {
  /** As commander reads it: `--lang <language>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
};

export type PackCommand = {
  readonly name: string;
  /** As commander reads it: `[document]`. */
  readonly arguments: string;
  readonly argumentHelp: string;
  readonly summary: string;
  readonly options: readonly PackOption[];
  readonly examples: readonly string[];
  readonly run: (input: PackInput, host: PackHost) => Promise<void>;
};

export type PackInput = {
  readonly arguments: readonly (string | undefined)[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
};

/** What a pack's planner hands over to be run. */
export type PlannedRun = {
  readonly plan: Plan;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly payloads: readonly Payload[];
  /** A line for people about what is run, for example the document's name. */
  readonly about: string;
};

export type PackHost = {
  readonly registry: FrozenRegistry;
  /** The executor's seed, as configured. */
  readonly seed: number;
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** Runs the plan, or resumes its unsealed run; seals, exports, verifies, writes the results and reports them. */
  readonly execute: (planned: PlannedRun) => Promise<void>;
  /** The folder that relative paths of the command line start from. */
  readonly cwd: string;
};

export type Pack = {
  /** The package that people install to get it. */
  readonly name: string;
  readonly version: string;
  readonly operations: readonly Operation[];
  /** The closed list of payload types that its plans use; `routes` must be total and unambiguous over it. */
  readonly payloadTypes: readonly PayloadType[];
  readonly routes: readonly {
    readonly payloadType: PayloadType;
    readonly operation: OperationId;
    readonly version: string;
  }[];
  /** A module that exports `operations`; worker threads load it by URL. */
  readonly operationsModule: URL;
  readonly commands: readonly PackCommand[];
  /** Raw bytes that belong to a plan beside its artifacts, and their path in the bundle and the result folder. */
  readonly attachments?: (planned: Pick<FinishedRun, "plan" | "artifacts">) => readonly Attachment[];
  /** What the core contracts check beside the outputs; must depend on nothing but its argument. */
  readonly record?: (run: FinishedRun) => PolicyRecord | undefined;
  /** The files of the result folder beside `outputs.jsonl` and the bundle. */
  readonly results?: (run: SealedRun) => readonly ResultFile[];
};

/** Names a pack's type where it is made, so that its faults show there. */
export function definePack(pack: Pack): Pack {
  return pack;
}
