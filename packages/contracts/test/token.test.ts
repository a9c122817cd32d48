import { describe, expect, test } from "vitest";
import { type ExecutionMode, isInScope, type ModeRecord, modeAt, TokenClaims } from "../src/index.ts";

const claims = {
  schema: "canonic/token/v1",
  jti: "0123456789abcdef",
  iss: "operator",
  sub: "analyst",
  label: "three domains",
  iat: 1_700_000_000,
  exp: 1_700_000_600,
  authorization_details: [
    { type: "canonic-domain", identifier: "inventory", actions: ["count", "list"] },
    { type: "canonic-domain", identifier: "pricing", actions: ["quote"] },
  ],
  triggers: ["direct_command"],
  modes: ["dryrun"],
  capabilities: [],
  limits: { invocations: 3, tokensPerResponse: 0, tokensTotal: 0, frequency: { count: 10, perSeconds: 60 } },
  cnf: null,
  parent: null,
};

describe("scope", () => {
  const token = TokenClaims.parse(claims);

  test.each([
    ["inventory", "count", true],
    ["pricing", "quote", true],
    ["pricing", "count", false],
    ["inventory", "coun", false],
    ["inventory", "counts", false],
    ["inventory", "*", false],
    ["*", "count", false],
    ["", "", false],
  ])("`%s` `%s` is granted: %s", (domain, method, granted) => {
    expect(isInScope(token, domain, method)).toBe(granted);
  });
});

test.each([
  ["a wildcard method", { authorization_details: [{ type: "canonic-domain", identifier: "pricing", actions: ["*"] }] }],
  ["a prefix", { authorization_details: [{ type: "canonic-domain", identifier: "pricing", actions: ["quote-*"] }] }],
  ["no method", { authorization_details: [{ type: "canonic-domain", identifier: "pricing", actions: [] }] }],
  [
    "another type of detail",
    { authorization_details: [{ type: "payment", identifier: "pricing", actions: ["quote"] }] },
  ],
  ["an unknown trigger", { triggers: ["webhook"] }],
  ["the trigger `*`", { triggers: ["*"] }],
  ["no trigger", { triggers: [] }],
  ["an unknown capability", { capabilities: ["read-mail"] }],
  ["a missing limit", { limits: { invocations: 3, tokensPerResponse: 0, tokensTotal: 0 } }],
  ["a limit of no invocations", { limits: { ...claims.limits, invocations: 0 } }],
  ["an unknown claim", { aud: "anybody" }],
  ["a time with a fraction", { iat: 1_700_000_000.5 }],
])("claims with %s are none", (_, change) => {
  expect(TokenClaims.safeParse({ ...claims, ...change }).success).toBe(false);
});

describe("the execution mode", () => {
  const armed: ModeRecord = {
    mode: "armed",
    by: "operator",
    reason: "release",
    since: "2026-01-31T12:00:00.000Z",
    until: "2026-01-31T12:15:00.000Z",
  };

  test.each<[string, ModeRecord | undefined, string, ExecutionMode]>([
    ["nobody has changed it", undefined, "2026-01-31T12:00:00.000Z", "safe"],
    ["it is armed and in time", armed, "2026-01-31T12:14:59.999Z", "armed"],
    ["its time is over", armed, "2026-01-31T12:15:00.000Z", "safe"],
    ["it is armed without an end", { ...armed, until: null }, "2026-01-31T12:00:00.000Z", "safe"],
    ["it is halted, however long ago", { ...armed, mode: "halted", until: null }, "2027-01-31T12:00:00.000Z", "halted"],
  ])("when %s", (_, record, now, mode) => {
    expect(modeAt(record, now)).toBe(mode);
  });
});
