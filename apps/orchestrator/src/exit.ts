/**
 * Exit codes, and how an error becomes one line and a code.
 *
 * Invariants:
 *   E1. 0 done, 1 refused, violated or invalid, 2 bad usage or bad input, 3 waiting for approval, 4 halted.
 *   E2. Only a coded error shows its message: the text of a foreign exception never leaves the process.
 *
 * @module
 */
import { isCoreContractViolation } from "@canonic/contracts";
import { isOrchestratorError } from "./errors.ts";

export const EXIT = { done: 0, refused: 1, badInput: 2, waiting: 3, halted: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a person or a program is told of an error. */
export type Failure = {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  /** Each fault of a file, `file:line:column: message`. */
  readonly faults: readonly string[];
};

/** Codes after which nothing may go on: the journal can no longer be written, or is not what was signed. */
const HALTING: readonly string[] = [
  "audit.poisoned",
  "audit.write-failed",
  "audit.log-damaged",
  "audit.log-behind-checkpoint",
  "audit.tail-unmarked",
  "audit.checkpoint-missing",
  "audit.checkpoint-mismatch",
  "audit.checkpoint-invalid",
  "audit.checkpoint-conflict",
  "audit.note-invalid",
  "audit.payload-missing",
  "runner.payload-missing",
  "orchestrator.authority-behind",
  "registry.history-broken",
  "store-sqlite.authority-missing",
  "store-sqlite.log-missing",
  "store-sqlite.open-failed",
  "store-sqlite.read-failed",
  "store-sqlite.quarantine-mismatch",
  "store-sqlite.services-missing",
  "store-sqlite.write-failed",
];

const REFUSING: readonly string[] = [
  "authority.halted-meanwhile",
  "orchestrator.checkpoint-changed",
  "orchestrator.gate-not-waiting",
  "orchestrator.mode-differs",
  "orchestrator.no-dryrun-adapter",
  "orchestrator.no-live-adapter",
  "orchestrator.payload-redacted",
  "orchestrator.run-held",
  "orchestrator.stamp-refused",
  "orchestrator.stamp-unreachable",
  "orchestrator.token-refused",
  "orchestrator.witness-ahead",
  "orchestrator.witness-refused",
  "orchestrator.witness-unreachable",
  "registry.not-vouched",
  "registry.revision-conflict",
  "registry.service-state",
  "registry.signature-invalid",
  "registry.trust-unproven",
  "runner.fence-stale",
  "runner.run-sealed",
  "runner.write-indeterminate",
];

export function failureOf(error: unknown): Failure {
  if (isCoreContractViolation(error)) {
    return { exit: EXIT.refused, code: error.code, message: `${error.name}: ${error.message}`, faults: [] };
  }
  if (!isCoded(error)) {
    return {
      exit: EXIT.badInput,
      code: "orchestrator.internal",
      message: "internal error; please report how to reproduce it",
      faults: [],
    };
  }
  const faults = faultsOf(error);
  if (HALTING.includes(error.code)) {
    return { exit: EXIT.halted, code: error.code, message: `halted: ${error.message}`, faults };
  }
  const exit = REFUSING.includes(error.code) ? EXIT.refused : EXIT.badInput;
  return { exit, code: error.code, message: error.message, faults };
}

function faultsOf(error: Error): string[] {
  if (!isOrchestratorError(error)) return [];
  if (error.code === "orchestrator.service-kept-out") {
    return error.details.entries.flatMap(({ place, reasons }) =>
      reasons.map(({ code, place: where, message }) => `${place}  ${code}  ${where}  ${message}`),
    );
  }
  if (error.code !== "orchestrator.request-invalid" && error.code !== "orchestrator.document-invalid") return [];
  const { file, faults } = error.details;
  return faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

/** Our own errors carry a code `package.kebab-words`; Node's (`ENOENT`) and everybody else's do not. */
function isCoded(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && /^[a-z-]+\.[a-z-]+$/.test(error.code)
  );
}
