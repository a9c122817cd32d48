import { canonicalJson, digestJson, RouteDecision, ServiceVerdict } from "@canonic/contracts";
import { expect, test } from "vitest";
import { decide, openWorld, verifyServiceProof } from "../../src/index.ts";
import { entry, NO_RULES, question, world } from "./worlds.ts";

test("chooses the cheaper of two equal services, and says what every service answered", () => {
  const price = (picos: number) => ({ currency: "USD", prices: [{ unit: "input-token", picos }] });
  const opened = openWorld(
    world([
      entry({ service: "a/dear", cost: price(3_000_000) }),
      entry({ service: "b/cheap", cost: price(1_000_000) }),
      entry({ service: "c/small", constraints: { inputTokensMax: 10, outputTokensMax: null, totalTokensMax: null } }),
    ]),
    NO_RULES,
  );

  const decided = decide(opened, question({ quantities: { "input-token": 1000 }, budgetPicos: 5_000_000_000 }));

  const record = decided.record();
  expect(RouteDecision.parse(record)).toEqual(record);
  expect(record.outcome).toMatchObject({ kind: "chosen", service: "b/cheap" });
  expect(record.clauses.map(({ clause }) => clause)).toEqual([
    "state",
    "health",
    "capability",
    "input-tokens",
    "total-tokens",
    "budget",
    "authentication",
    "authorization",
    "trust",
  ]);
  expect([0, 1, 2].map((index) => decided.verdict(index).states)).toEqual(["sssssssss", "sssssssss", "sssvussss"]);
  expect(record.counts).toEqual({ services: 3, match: 2, rules: 2, security: 2, traits: 2 });
  for (const index of [0, 1, 2]) {
    const verdict = ServiceVerdict.parse(decided.verdict(index));
    expect(verifyServiceProof(record, verdict, decided.proof(index))).toBe(true);
    expect(verifyServiceProof(record, { ...verdict, costPicos: 1 }, decided.proof(index))).toBe(false);
  }
  expect(digestJson(JSON.parse(canonicalJson(record as never)))).toBe(digestJson(record as never));
});
