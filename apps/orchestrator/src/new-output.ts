/**
 * What a command writes as something new that a person named: a bundle, an archive, a log's files.
 *
 * Invariants:
 *   N1. Nothing that is there is written over, and what cannot be written is the name's fault, with the system's reason: it
 *       halts nothing, for no journal is at stake.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isAuditError } from "@canonic/audit";
import { OrchestratorError } from "./errors.ts";
import { makeRoomFor, unwritable } from "./files.ts";

/**
 * The path of an output that a person named.
 *
 * @throws {OrchestratorError} `orchestrator.out-not-empty` when something is there.
 */
export function newOutput(cwd: string, named: string): string {
  const path = resolve(cwd, named);
  if (!existsSync(path)) return path;
  throw notEmpty(path, named);
}

/**
 * Lets `write` make what stands at the path, in a folder that is there or made first.
 *
 * @throws {OrchestratorError} `orchestrator.out-unwritable`, `orchestrator.out-not-empty`, and what `write` throws else.
 */
export async function writeOutput<T>(path: string, write: () => Promise<T>): Promise<T> {
  makeRoomFor(path);
  try {
    return await write();
  } catch (error) {
    if (!isAuditError(error)) throw error;
    if (error.code === "audit.bundle-exists") throw notEmpty(path, path);
    if (error.code === "audit.write-failed" && error.details.operation === "export")
      throw unwritable(path, error.cause);
    throw error;
  }
}

function notEmpty(directory: string, named: string): OrchestratorError<"orchestrator.out-not-empty"> {
  return new OrchestratorError("orchestrator.out-not-empty", `\`${named}\` exists already`, { directory });
}
