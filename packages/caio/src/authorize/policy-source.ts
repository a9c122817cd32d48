/**
 * Policy texts, taken apart into policies that have a name and a place.
 *
 * Invariants:
 *   S1. Every policy has an `@id` of its own, unique over all texts: a decision names it.
 *   S2. No policy names a single service: services of one profile get one answer, so such a policy would say nothing.
 *   S3. A fault is told with text, line and column, and never with the words of the policy library or of the policy.
 *
 * @module
 */
import { policyTextFault } from "@canonic/contracts";
import type { DetailedError } from "@cedar-policy/cedar-wasm/nodejs";
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import { CaioError } from "../errors.ts";

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

/** What the engine takes to parse and validate a character of a text, and what it keeps of it. */
const CHARACTER_STEPS = 300;
const CHARACTER_ROOM = 64;

const POLICY_ID = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/;

/**
 * The policies of the texts, as they stand in them.
 *
 * @throws {CaioError} `caio.policy-invalid`, `caio.budget-spent`.
 */
export function readPolicies(
  cedar: Cedar,
  sources: readonly PolicySource[],
  budget: DecisionBudget = UNBOUNDED,
): Policy[] {
  const seen = new Set<string>();
  return sources.flatMap((source) => {
    const large = policyTextFault(source.text);
    if (large !== null) {
      const offset = Buffer.byteLength(source.text.slice(0, large.at));
      throw policyFault(source, null, large.expected, offset);
    }
    budget.takeSteps(source.text.length * CHARACTER_STEPS);
    budget.takeRoom(source.text.length * CHARACTER_ROOM);
    const answer = cedar.policySetTextToParts(source.text);
    if (answer.type === "failure") throw policyFault(source, null, "Cedar", offsetOf(answer.errors));
    if (answer.policy_templates.length > 0) throw policyFault(source, null, "a policy without slots", null);
    // Each text is looked for in the source, behind those that were found.
    const count = answer.policies.length;
    budget.takeSteps(count * (count + source.text.length / 8));
    return placesOf(source, answer.policies).map(({ text, offset }): Policy => {
      const parsed = cedar.policyToJson(text);
      const id = parsed.type === "success" ? (parsed.json.annotations?.["id"] ?? "") : "";
      if (id.length > 128 || !POLICY_ID.test(id))
        throw policyFault(source, null, 'named by an annotation `@id("…")`', offset);
      if (seen.has(id)) throw policyFault(source, id, "the only policy of its name", offset);
      seen.add(id);
      if (parsed.type === "success" && namesService(parsed.json))
        throw policyFault(source, id, "one that speaks of attributes, and of no single service", offset);
      return { id, text, source, offset };
    });
  });
}

/** Entities stand as `{ type, id }` in a policy's JSON form, in its scope and in its conditions. */
function namesService(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  if ("type" in part && "id" in part && part.type === "Service") return true;
  return Object.values(part).some(namesService);
}

/** `offset` counts bytes of the source's UTF-8; `expected` completes "is not …". */
export function policyFault(
  source: PolicySource,
  policy: string | null,
  expected: string,
  offset: number | null,
): CaioError<"caio.policy-invalid"> {
  const { line, column } = placeOf(source.text, offset);
  const where = line === null ? "" : ` at line ${line}, column ${column}`;
  const what = policy === null ? "policy text" : `policy \`${policy}\` of`;
  return new CaioError("caio.policy-invalid", `${what} \`${source.name}\`${where} is not ${expected}`, {
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
