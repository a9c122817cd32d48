/**
 * Where a service of somebody else takes requests, as a person types it.
 *
 * @module
 */
import { OrchestratorError } from "./errors.ts";

/**
 * The address as it was typed.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid` for what is no http or https address, and for one with a name and
 *   password in it, which would stand in every message about it; the text itself is not repeated.
 */
export function webAddressOf(option: string, text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = address?.username === "" && address.password === "";
  if (isPlain && (address.protocol === "http:" || address.protocol === "https:")) return text;
  const expected = "an address like http://127.0.0.1:7380, without name and password";
  throw new OrchestratorError("orchestrator.option-invalid", `\`${option}\` takes ${expected}`, { option, expected });
}
