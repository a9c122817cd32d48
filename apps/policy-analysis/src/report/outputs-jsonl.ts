/**
 * The machine's result file: one output a line.
 *
 * @see RFC 8785, JSON Canonicalization Scheme.
 * @module
 */
import { canonicalJson, type Output } from "@canonic/contracts";

/** Canonical JSON and a line feed for each output, in the order given. */
export function outputsJsonl(outputs: readonly Output[]): string {
  return outputs.map((output) => `${canonicalJson(output)}\n`).join("");
}
