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
  JsonObject,
  JsonValue,
  Mode,
  Operation,
  OperationContract,
  OperationId,
  Payload,
  PayloadType,
  Plan,
  PolicyRecord,
  RunEvent,
  RunId,
  RunStatus,
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

/** Option values by their camel-case names, as commander gives them. */
export type PackOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export type PackCommand = {
  readonly name: string;
  /** As commander reads it: `[document]`, `<run>`, `<documents...>`. */
  readonly arguments: string;
  readonly argumentHelp: string;
  readonly summary: string;
  readonly options: readonly PackOption[];
  readonly examples: readonly string[];
  /** False for a command that starts no run: it takes none of the options of runs. */
  readonly startsRuns?: boolean;
  readonly run: (input: PackInput, host: PackHost) => Promise<void>;
};

export type PackInput = {
  /** The argument, or all values of a variadic one. */
  readonly arguments: readonly (string | undefined)[];
  readonly options: PackOptions;
};

/** What a pack's planner hands over to be run. */
export type PlannedRun = {
  readonly plan: Plan;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly payloads: readonly Payload[];
  /** A line for people about what is run, for example the document's name. */
  readonly about: string;
  /** Who presents the token; the plan's user unless given. */
  readonly user?: string;
  /** What the operations module is connected with; without it, the pack's own `resources` says it. Never journaled. */
  readonly resources?: JsonObject;
};

/** How a run stands when its command is over: sealed, waiting at a gate, or stopped. */
export type RunStanding = RunStatus | "waiting" | "stopped";

export type ExecutedRun = { readonly run: RunId; readonly status: RunStanding };

/** One of a batch: how it ended, or the code of what kept it from ending. */
export type BatchedRun = ExecutedRun | { readonly run: null; readonly status: "error"; readonly code: string };

/** A run as the journal holds it now. */
export type StoredRun = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  /** Canonical JSON of each output by position; undefined where no task has completed yet. */
  readonly outputs: readonly (string | undefined)[];
  readonly status: RunStanding | "unsealed";
  /** All that is on record of it, first to last. */
  readonly events: readonly RunEvent[];
};

export type PackHost = {
  /** The pack's own operations of one mode, frozen. */
  readonly registry: (mode: Mode) => FrozenRegistry;
  /** The executor's seed, as configured. */
  readonly seed: number;
  readonly terminal: Terminal;
  readonly progress: Progress;
  /**
   * Runs the plan, or resumes its unsealed run; seals, exports, verifies, writes the results and reports them. A run that
   * fails, waits or stops is a value, and has set the exit code already.
   */
  readonly execute: (planned: PlannedRun) => Promise<ExecutedRun>;
  /**
   * The same for many plans, so many at a time; results in the order of the plans. Tasks that write never overlap across
   * runs. A run that is blocked or fails does not stop the others.
   */
  readonly executeAll: (
    planned: readonly PlannedRun[],
    options?: { readonly lanes?: number },
  ) => Promise<readonly BatchedRun[]>;
  /** @throws {RunnerError} `runner.run-unknown`. */
  readonly readRun: (run: string) => Promise<StoredRun>;
  /** The folder that relative paths of the command line start from. */
  readonly cwd: string;
  /** The store's folder. */
  readonly store: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** What `Pack.resources` may look at. */
export type ResourcesInput = {
  readonly plan: Plan;
  readonly options: PackOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The store's folder. */
  readonly store: string;
};

/**
 * What a pack can do: operations that need nothing from outside, or contracts of both modes with a module for each. A
 * module exports `operations`, or `connect(resources)` and perhaps `close()`; workers load it by URL. A mode without a
 * module has no adapter: such a run is refused before its first event.
 */
export type PackOperations =
  | { readonly operations: readonly Operation[]; readonly operationsModule: URL }
  | {
      readonly contracts: readonly OperationContract[];
      readonly operationsModule: { readonly dryrun?: URL; readonly live?: URL };
    };

export type Pack = PackOperations & {
  /** The package that people install to get it. */
  readonly name: string;
  readonly version: string;
  /** The closed list of payload types that its plans use; `routes` must be total and unambiguous over it. */
  readonly payloadTypes: readonly PayloadType[];
  /** A route stands for every mode in which its operation exists. */
  readonly routes: readonly {
    readonly payloadType: PayloadType;
    readonly operation: OperationId;
    readonly version: string;
  }[];
  readonly commands: readonly PackCommand[];
  /** Options of its runs: added to each of its commands, to `run` and to `resume`. */
  readonly runOptions?: readonly PackOption[];
  /** The flags of those that a resume of a plan needs, as far as the plan itself shows it. */
  readonly resumeOptions?: (plan: Plan) => readonly string[];
  /** What its operations module is connected with, from options and environment; used when a planned run says nothing. */
  readonly resources?: (input: ResourcesInput) => JsonObject;
  /** Raw bytes that belong to a plan beside its artifacts, and their path in the bundle and the result folder. */
  readonly attachments?: (planned: Pick<FinishedRun, "plan" | "artifacts">) => readonly Attachment[];
  /**
   * What its plans are made from, as it is installed now: digests by the names that evidence of certificates has
   * (`questionnaire`, `vocabulary`, `labelled-cases`).
   */
  readonly sources?: (planned: Pick<FinishedRun, "plan" | "artifacts">) => ReadonlyMap<string, Digest>;
  /** What the core contracts check beside the outputs; must depend on nothing but its argument. */
  readonly record?: (run: FinishedRun) => PolicyRecord | undefined;
  /** The files of the result folder beside `outputs.jsonl` and the bundle. */
  readonly results?: (run: SealedRun) => readonly ResultFile[];
};

/** Names a pack's type where it is made, so that its faults show there. */
export function definePack<Own extends Pack>(pack: Own): Own {
  return pack;
}
