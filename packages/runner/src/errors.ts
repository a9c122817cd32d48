/**
 * The one error class of this package and its codes.
 *
 * @module
 */

/** What each code carries. Codes are stable like an export; messages are not. */
export type RunnerErrorDetails = {
  "runner.plan-invalid": { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };
  "runner.jobs-invalid": { readonly jobs: number; readonly max: number };
  "runner.snapshot-mismatch": { readonly planned: string; readonly found: string };
  "runner.artifact-missing": { readonly digest: string };
  "runner.artifact-mismatch": { readonly digest: string; readonly found: string };
  "runner.fence-stale": { readonly fence: number; readonly journaled: number };
  "runner.operations-invalid": { readonly reason: string };
  "runner.operation-unknown": { readonly operation: string; readonly version: string };
  "runner.dependency-invalid": {
    readonly operation: string;
    readonly dependency: string;
    readonly reason: string;
  };
  "runner.sandbox-unavailable": { readonly lacking: string };
  "runner.closed": { readonly operation: string };
  "runner.verdicts-mismatch": { readonly expected: readonly string[]; readonly found: readonly string[] };
  "runner.run-unknown": { readonly run: string };
  "runner.run-sealed": { readonly run: string; readonly status: string };
  "runner.void-invalid": { readonly issues: readonly { readonly pointer: string; readonly expected: string }[] };
  "runner.payload-missing": { readonly run: string; readonly digest: string };
  "runner.salts-missing": { readonly task: string };
  "runner.salts-differ": { readonly run: string; readonly task: string };
  "runner.journal-unexpected": { readonly type: string; readonly subject: string; readonly event: number };
  "runner.write-indeterminate": { readonly run: string; readonly tasks: readonly string[] };
};
export type RunnerErrorCode = keyof RunnerErrorDetails;

/** Thrown when a plan cannot be run or a run cannot go on. Match on `code`; messages may change in any release. */
export class RunnerError<Code extends RunnerErrorCode = RunnerErrorCode> extends Error {
  override readonly name = "RunnerError";
  readonly code: Code;
  readonly details: RunnerErrorDetails[Code];
  constructor(code: Code, message: string, details: RunnerErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

type AnyRunnerError = { [Code in RunnerErrorCode]: RunnerError<Code> }[RunnerErrorCode];

/** True for any copy of RunnerError; two installed versions share no class identity. */
export function isRunnerError(error: unknown): error is AnyRunnerError {
  return error instanceof Error && error.name === "RunnerError" && "code" in error;
}
