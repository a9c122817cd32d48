/**
 * One run as it is driven: its plan and the ports that it was given.
 *
 * @module
 */
import type { CoreContractResult, Plan, RunId } from "@canonic/contracts";
import type { ContractBook } from "./contract-book.ts";
import type { Host } from "./host.ts";
import type { Artifacts, Authority, Router, RunJournal } from "./ports.ts";

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
  /** Canonical JSON text by position; filled as tasks complete. */
  readonly outputs: (string | undefined)[];
  /** Executes the replay and asks the core contracts; called once, when all tasks have completed. */
  readonly conclude: () => Promise<readonly CoreContractResult[]>;
  readonly onProgress: ((completed: number, total: number) => void) | undefined;
  readonly onTask: ((measure: { readonly position: number; readonly operationMs: number }) => void) | undefined;
};
