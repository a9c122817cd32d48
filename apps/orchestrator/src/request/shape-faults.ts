/**
 * Faults of a request, or of a document beside it, that a schema finds, told as places in the text.
 *
 * @module
 */
import { pointerTo } from "@canonic/contracts";
import type { ZodError } from "zod";
import { counted } from "../counted.ts";
import { type FileFault, OrchestratorError } from "../errors.ts";
import type { RequestDocument } from "./document.ts";

/** What a schema refused, each fault at its place in the text. */
export function shapeFaults(error: ZodError, { name: whole, faultAt }: RequestDocument): FileFault[] {
  return error.issues.flatMap((issue) => {
    const pointer = pointerTo(issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => faultAt(`${pointer}${pointerTo([key])}`, `\`${key}\` is no key here`, true));
    }
    if (issue.code === "invalid_key") return [faultAt(pointer, "expected a name as key", true)];
    const message = issue.message.replace(/^Invalid input: /, "");
    const name = issue.path.length === 0 ? whole : `\`${pointer.slice(1)}\``;
    return [faultAt(pointer, `${name}: ${message}`)];
  });
}

/** One error for all faults of a file, in the order of the text. */
export function requestInvalid(
  file: string,
  what: string,
  given: readonly FileFault[],
): OrchestratorError<"orchestrator.request-invalid"> {
  const faults = inOrder(given);
  const message = `\`${file}\` is no request for ${what}: ${counted(faults.length, "fault")}`;
  return new OrchestratorError("orchestrator.request-invalid", message, { file, faults });
}

/** The same for a file that is no request. */
export function documentInvalid(
  file: string,
  what: string,
  given: readonly FileFault[],
): OrchestratorError<"orchestrator.document-invalid"> {
  const faults = inOrder(given);
  const message = `\`${file}\` is no ${what}: ${counted(faults.length, "fault")}`;
  return new OrchestratorError("orchestrator.document-invalid", message, { file, faults });
}

function inOrder(given: readonly FileFault[]): FileFault[] {
  const unique = new Map(given.map((fault) => [JSON.stringify(fault), fault]));
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
