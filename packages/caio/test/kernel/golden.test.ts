import { readFileSync } from "node:fs";
import { canonicalJson, type JsonValue } from "@canonic/contracts";
import { expect, test } from "vitest";
import { decide, openWorld } from "../../src/index.ts";
import { entry, guarantee, identity, NO_RULES, observations, question, world } from "./worlds.ts";

/** Written by semantics version 1; a change of these bytes is another version. */
const golden = readFileSync(new URL("golden/decision.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

test("a decision of a small world has the bytes that this version of the semantics wrote", () => {
  const price = (picos: number) => ({
    currency: "USD",
    prices: [
      { unit: "input-token", picos },
      { unit: "output-token", picos: 2 * picos },
    ],
  });
  const opened = openWorld(
    world(
      [
        entry({
          service: "a/model",
          name: "Chat model",
          cost: price(250_000),
          guarantees: [guarantee({ value: 900_000 })],
        }),
        entry(
          { service: "b/model", cost: price(100_000), guarantees: [guarantee({ value: 950_000 })] },
          { state: "probation" },
        ),
        entry({ service: "c/model", cost: null, traits: { tier: "free" }, assumed: ["/privacy"] }),
      ],
      {
        observations: observations([
          {
            service: "a/model",
            receipts: 40,
            reliabilityPpm: 970_000,
            latencyUs: [1, 2_000_000, 3_000_000, 4_000_000],
          },
        ]),
      },
    ),
    NO_RULES,
  );
  const decided = decide(
    opened,
    question(
      {
        intent: "Chat with a model",
        guarantees: [guarantee({ value: 800_000 })],
        quantities: { "input-token": 900, "output-token": 90 },
        preferences: [{ trait: "tier", bound: "equality", value: "paid" }],
        dataClass: "confidential",
        budgetPicos: 1_000_000_000,
      },
      { identity: identity({ permissions: ["chat.call"], trust: 1 }) },
    ),
  );

  const written = [decided.record(), ...[0, 1, 2].map((index) => decided.verdict(index)), decided.proof("c/model")];

  expect(written.map((value) => canonicalJson(value as unknown as JsonValue))).toEqual(golden);
});
