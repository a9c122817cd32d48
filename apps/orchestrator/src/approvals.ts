/**
 * Approvals as files: read for a run, each presented once.
 *
 * @module
 */
import type { GateRequest } from "@canonic/contracts";
import { OrchestratorError } from "./errors.ts";
import { readNamedFile } from "./files.ts";

/** @throws {OrchestratorError} `orchestrator.file-unreadable`, `orchestrator.approval-unreadable` for what is no JSON. */
export function readApprovalFile(file: string): unknown {
  const bytes = readNamedFile(file);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new OrchestratorError("orchestrator.approval-unreadable", `\`${file}\` is not JSON`, { file });
  }
}

/** Presents the approvals in order, one to a gate that asks; then nobody answers, and the run waits. */
export function approvalsOf(given: readonly unknown[]): (request: GateRequest) => unknown {
  let next = 0;
  return () => {
    const approval = given[next] ?? null;
    next += 1;
    return approval;
  };
}
