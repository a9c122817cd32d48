/**
 * Policy texts, taken apart into policies that have a name and a place.
 *
 * Invariants:
 *   S1. Every policy has an `@id` of its own, unique over all texts: a decision names it.
 *   S2. A fault is told with text, line and column, and never with the words of the policy library or of the policy.
 *   S3. No text reaches the engine that would exhaust it for the whole process.
 *
 * @module
 */

import { policyTextFault } from "@canonic/contracts";
import type { DetailedError } from "@cedar-policy/cedar-wasm/nodejs";
import { AuthorityError } from "./errors.ts";

/** A text with policies in Cedar, and the name that its faults are told under. */
export interface PolicySource {
  readonly name: string;
  readonly text: string;
}

/** One policy, and the byte at which it stands in its source. */
export interface Policy {
  readonly id: string;
  readonly text: string;
  readonly source: PolicySource;
  readonly offset: number;
}

type Cedar = Pick<typeof import("@cedar-policy/cedar-wasm/nodejs"), "policySetTextToParts" | "policyToJson">;

const POLICY_ID = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/;

/**
 * The policies of the texts, as they stand in them.
 *
 * @throws {AuthorityError} `authority.policy-invalid`.
 */
export function readPolicies(cedar: Cedar, sources: readonly PolicySource[]): Policy[] {
  const seen = new Set<string>();
  return sources.flatMap((source) => {
    const large = policyTextFault(source.text);
    if (large !== null) {
      const offset = Buffer.byteLength(source.text.slice(0, large.at));
      throw policyFault(source, null, large.expected, offset);
    }
    const answer = cedar.policySetTextToParts(source.text);
    if (answer.type === "failure") throw policyFault(source, null, "Cedar", offsetOf(answer.errors));
    if (answer.policy_templates.length > 0) throw policyFault(source, null, "a policy without slots", null);
    return placesOf(source, answer.policies).map(({ text, offset }): Policy => {
      const parsed = cedar.policyToJson(text);
      const id = parsed.type === "success" ? (parsed.json.annotations?.["id"] ?? "") : "";
      if (id.length > 128 || !POLICY_ID.test(id))
        throw policyFault(source, null, 'named by an annotation `@id("…")`', offset);
      if (seen.has(id)) throw policyFault(source, id, "the only policy of its name", offset);
      seen.add(id);
      return { id, text, source, offset };
    });
  });
}

/** `offset` counts bytes of the source's UTF-8; `expected` completes "is not …". */
export function policyFault(
  source: PolicySource,
  policy: string | null,
  expected: string,
  offset: number | null,
): AuthorityError<"authority.policy-invalid"> {
  const { line, column } = placeOf(source.text, offset);
  const where = line === null ? "" : ` at line ${line}, column ${column}`;
  const what = policy === null ? "policy text" : `policy \`${policy}\` of`;
  return new AuthorityError("authority.policy-invalid", `${what} \`${source.name}\`${where} is not ${expected}`, {
    source: source.name,
    policy,
    line,
    column,
    fault: expected,
  });
}

/** Where the first of the library's faults begins, in bytes. */
export function offsetOf(errors: readonly DetailedError[]): number | null {
  return errors[0]?.sourceLocations?.[0]?.start ?? null;
}

/** The library gives the texts of policies, not where they stand; a text that is part of a longer one is not there. */
function placesOf(source: PolicySource, policies: readonly string[]): { text: string; offset: number }[] {
  const taken: { from: number; to: number }[] = [];
  const places = policies
    .toSorted((a, b) => b.length - a.length)
    .map((text) => {
      let from = source.text.indexOf(text);
      for (let other = overlapped(from); other !== undefined; other = overlapped(from)) {
        from = source.text.indexOf(text, other.to);
      }
      taken.push({ from, to: from + text.length });
      return { text, offset: Buffer.byteLength(source.text.slice(0, Math.max(0, from))) };
    });
  return places.sort((a, b) => a.offset - b.offset);

  function overlapped(from: number): { from: number; to: number } | undefined {
    return taken.find((range) => from >= range.from && from < range.to);
  }
}

function placeOf(text: string, offset: number | null): { line: number | null; column: number | null } {
  if (offset === null) return { line: null, column: null };
  const before = Buffer.from(text, "utf8").subarray(0, offset).toString("utf8").split("\n");
  return { line: before.length, column: [...(before.at(-1) ?? "")].length + 1 };
}
