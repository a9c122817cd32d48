/**
 * Faults of a request that a schema finds, told as places in the text.
 *
 * @module
 */
import type { ZodError } from "zod";
import { type FileFault, OrchestratorError } from "../errors.ts";
import type { RequestDocument } from "./document.ts";

/** What a schema refused, each fault at its place in the text. */
export function shapeFaults(error: ZodError, { faultAt }: RequestDocument): FileFault[] {
  return error.issues.flatMap((issue) => {
    const pointer = toPointer(issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => faultAt(`${pointer}${toPointer([key])}`, `\`${key}\` is no key here`, true));
    }
    if (issue.code === "invalid_key") return [faultAt(pointer, "expected a name as key", true)];
    const message = issue.message.replace(/^Invalid input: /, "");
    const name = issue.path.length === 0 ? "the request" : `\`${pointer.slice(1)}\``;
    return [faultAt(pointer, `${name}: ${message}`)];
  });
}

/** One error for all faults of a file, in the order of the text. */
export function requestInvalid(
  file: string,
  what: string,
  given: readonly FileFault[],
): OrchestratorError<"orchestrator.request-invalid"> {
  const unique = new Map(given.map((fault) => [JSON.stringify(fault), fault]));
  const faults = [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  const count = `${faults.length} fault${faults.length === 1 ? "" : "s"}`;
  return new OrchestratorError("orchestrator.request-invalid", `\`${file}\` is no request for ${what}: ${count}`, {
    file,
    faults,
  });
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
