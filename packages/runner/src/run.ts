/**
 * One run as it is driven: its plan and the ports that it was given.
 *
 * @module
 */
import type { CoreContractResult, Digest, JsonValue, OperationContract, Plan, RunId, Task } from "@canonic/contracts";
import type { ContractBook } from "./contract-book.ts";
import type { Host } from "./host.ts";
import type { Artifacts, Authority, Router, RunJournal } from "./ports.ts";
import type { SaltedValues } from "./salted-values.ts";

/** An attempt that has started under a token, and what it counts as having spent. */
export type Spent = {
  readonly task: Task;
  readonly contract: OperationContract;
  readonly token: Digest;
  readonly attempt: number;
  readonly tokens: number;
};

/** What one run is driven with; all of it stays the same from the first event to the last. */
export type Run = {
  readonly id: RunId;
  readonly plan: Plan;
  readonly artifacts: Artifacts;
  readonly journal: RunJournal;
  readonly router: Router;
  readonly authority: Authority;
  readonly host: Host;
  readonly book: ContractBook;
  /** What is journaled of personal values. */
  readonly salted: SaltedValues;
  /** The number of this run's holder. */
  readonly fence: number;
  /** Canonical JSON text by position; filled as tasks complete. */
  readonly outputs: (string | undefined)[];
  /** Outputs as values, of the tasks that others are bound to; filled when first asked for. */
  readonly pins: Map<number, JsonValue>;
  /** What the journal says was begun before; spent again when the same token has been validated. */
  readonly spent: readonly Spent[];
  /** Executes the replay and asks the core contracts; called once, when all tasks have completed. */
  readonly conclude: () => Promise<readonly CoreContractResult[]>;
  readonly onProgress: ((completed: number, total: number) => void) | undefined;
  readonly onTask: ((measure: { readonly position: number; readonly operationMs: number }) => void) | undefined;
};
