/**
 * The errors of adapters, in our own words.
 *
 * @module
 */
import { CaioError } from "../errors.ts";
import type { CallFault } from "./adapter.ts";

/** Without a cause: what a service or a library says of itself may hold anything, a credential too. */
export function callFailed(fault: CallFault, status: number | null = null): CaioError<"caio.call-failed"> {
  const number = status === null ? "" : ` (${status})`;
  return new CaioError("caio.call-failed", `the service gave no answer: ${fault}${number}`, { fault, status });
}

export function adapterMissing(kind: string, name: string | null): CaioError<"caio.adapter-missing"> {
  const advice = name === null ? "there is no adapter for it" : `install \`${name}\``;
  return new CaioError("caio.adapter-missing", `a service of kind \`${kind}\` cannot be called: ${advice}`, {
    kind,
    package: name,
  });
}

/** What a failed `fetch` means: no connection was made, or it broke. Only the system's code is looked at. */
export function fetchFault(error: unknown): CallFault {
  const code = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  const isUnreachable = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"].includes(
    String(code),
  );
  return isUnreachable ? "unreachable" : "failed";
}
