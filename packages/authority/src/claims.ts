/**
 * What claims must say beyond their shape.
 *
 * Invariants:
 *   C1. A token lives 1 to 1800 seconds.
 *   C2. What is listed is listed once, in code-unit order: equal authority is equal text.
 *
 * @module
 */
import {
  byCodeUnit,
  type JsonValue,
  type SchemaIssue,
  shapeIssues,
  TOKEN_LIFETIME_SECONDS_MAX,
  TokenClaims,
} from "@canonic/contracts";
import { AuthorityError } from "./errors.ts";
import { isAutomaton } from "./recursion.ts";

export type ClaimsReading =
  | { readonly kind: "claims"; readonly claims: TokenClaims }
  | { readonly kind: "invalid"; readonly issues: readonly SchemaIssue[] };

/** Reads claims by shape, lifetime and order. */
export function readClaims(value: unknown): ClaimsReading {
  const parsed = TokenClaims.safeParse(value);
  if (!parsed.success) {
    const issues = shapeIssues(parsed.error).slice(0, 20);
    return { kind: "invalid", issues };
  }
  const claims = parsed.data;
  const issues: SchemaIssue[] = [];
  const lifetime = claims.exp - claims.iat;
  if (lifetime < 1 || lifetime > TOKEN_LIFETIME_SECONDS_MAX) {
    issues.push({ pointer: "/exp", expected: `1 to ${TOKEN_LIFETIME_SECONDS_MAX} seconds after iat` });
  }
  for (const [pointer, list] of listsOf(claims)) {
    if (list.some((item, index) => index > 0 && (list[index - 1] as string) >= item)) {
      issues.push({ pointer, expected: "each once, in code-unit order" });
    }
  }
  return issues.length === 0 ? { kind: "claims", claims } : { kind: "invalid", issues };
}

/** Claims with their lists sorted, each item once, and the actions of one domain together. */
export function sortClaims(claims: TokenClaims): TokenClaims {
  const actions = new Map<string, string[]>();
  for (const detail of claims.authorization_details) {
    actions.set(detail.identifier, [...(actions.get(detail.identifier) ?? []), ...detail.actions]);
  }
  return {
    ...claims,
    authorization_details: sorted([...actions.keys()]).map((identifier) => ({
      type: "canonic-domain",
      identifier,
      actions: sorted(actions.get(identifier) ?? []),
    })),
    triggers: sorted(claims.triggers),
    modes: sorted(claims.modes),
    capabilities: sorted(claims.capabilities),
  };
}

/**
 * Claims that may be signed.
 *
 * @throws {AuthorityError} `authority.claims-invalid` with every place that is wrong, names that execute among them.
 */
export function parseClaims(value: JsonValue): TokenClaims {
  const reading = readClaims(value);
  const issues = reading.kind === "invalid" ? reading.issues : automataOf(reading.claims).map(asIssue);
  if (reading.kind === "claims" && issues.length === 0) return reading.claims;
  const [first] = issues;
  throw new AuthorityError("authority.claims-invalid", `no token says this: ${first?.pointer}: ${first?.expected}`, {
    issues,
  });
}

/** The places whose names execute: issuer, user and domains. */
export function automataOf(claims: TokenClaims): readonly string[] {
  const names: [string, string][] = [
    ["/iss", claims.iss],
    ["/sub", claims.sub],
    ...claims.authorization_details.map(({ identifier }, index): [string, string] => [
      `/authorization_details/${index}/identifier`,
      identifier,
    ]),
  ];
  return names.filter(([, name]) => isAutomaton(name)).map(([pointer]) => pointer);
}

function asIssue(pointer: string): SchemaIssue {
  return { pointer, expected: "a name of something that does not execute" };
}

function listsOf(claims: TokenClaims): [string, readonly string[]][] {
  const details = claims.authorization_details;
  return [
    ["/authorization_details", details.map(({ identifier }) => identifier)],
    ...details.map(({ actions }, index): [string, readonly string[]] => [
      `/authorization_details/${index}/actions`,
      actions,
    ]),
    ["/triggers", claims.triggers],
    ["/modes", claims.modes],
    ["/capabilities", claims.capabilities],
  ];
}

function sorted<T extends string>(list: readonly T[]): T[] {
  return [...new Set(list)].sort(byCodeUnit);
}
