import type { JsonObject, ServiceContract } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { importModelsDev, importPriceCatalogue } from "../../src/index.ts";

const CHAT = { litellm_provider: "acme", mode: "chat", max_input_tokens: 1_000_000, max_output_tokens: 8_000 };
const PRICED = { ...CHAT, input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 };

function only(entry: JsonObject): ServiceContract {
  const [contract, ...more] = importPriceCatalogue({ model: entry }).contracts;
  expect(more).toEqual([]);
  return contract as ServiceContract;
}

function picosOf(contract: ServiceContract | undefined, unit: string): number | undefined {
  return contract?.cost?.prices.find((price) => price.unit === unit)?.picos;
}

test("keeps an ordinary price as stated, and nothing of it assumed", () => {
  const contract = only(PRICED);

  expect(contract.cost).toEqual({
    currency: "USD",
    prices: [
      { unit: "input-token", picos: 1_000_000 },
      { unit: "output-token", picos: 2_000_000 },
    ],
  });
  expect(contract.assumed).toEqual(["/api", "/privacy/locality", "/version"]);
});

test.each([
  ["states no price for what comes back", { ...CHAT, input_cost_per_token: 1e-6 }],
  ["is priced by the second alone", { ...CHAT, input_cost_per_second: 1e-5, output_cost_per_second: 1e-5 }],
  ["states nothing but zeros", { ...CHAT, input_cost_per_token: 0, output_cost_per_token: 0 }],
  ["has a price that rises in another way", { ...PRICED, input_cost_per_image_above_512px: 1 }],
])("assumes the cost of a text model that %s (P2)", (_, entry) => {
  const contract = only(entry);

  expect(contract.cost).not.toBeNull();
  expect(contract.assumed).toContain("/cost");
});

test("says which price was rounded up to a pico-unit, and relies on it (P1)", () => {
  const contract = only({ ...PRICED, output_cost_per_token: 2.80000000001e-7 });

  expect(picosOf(contract, "output-token")).toBe(280_001);
  expect(contract.assumed).toContain("/cost/prices/1/picos");
  expect(contract.assumed).not.toContain("/cost");
});

test("counts priority, flex and batch prices as units of their own", () => {
  const contract = only({
    ...PRICED,
    input_cost_per_token_batches: 5e-7,
    output_cost_per_token_priority: 4e-6,
    cache_read_input_token_cost_flex: 1e-7,
  });

  expect(contract.cost?.prices.map(({ unit }) => unit)).toEqual([
    "batch-input-token",
    "flex-cached-input-token",
    "input-token",
    "output-token",
    "priority-output-token",
  ]);
});

test("makes each price tier an offer of its own, in three formats alike", () => {
  const flat = {
    ...PRICED,
    input_cost_per_token_above_200k_tokens: 2e-6,
    output_cost_per_token_above_200k_tokens: 3e-6,
  };
  const tiered = {
    ...CHAT,
    tiered_pricing: [
      { range: [0, 200_000], input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 },
      { range: [200_000, 1_000_000], input_cost_per_token: 2e-6, output_cost_per_token: 3e-6 },
    ],
  };
  const modelsDev = {
    acme: {
      models: {
        model: {
          modalities: { input: ["text"], output: ["text"] },
          limit: { context: 1_000_000, output: 8_000 },
          cost: { input: 1, output: 2, context_over_200k: { input: 2, output: 3 } },
        },
      },
    },
  };
  const reports = [
    importPriceCatalogue({ model: flat }),
    importPriceCatalogue({ model: tiered }),
    importModelsDev(modelsDev),
  ];

  for (const { contracts, entries } of reports) {
    expect(
      contracts.map((contract) => [
        contract.service.replace("acme/", ""),
        contract.constraints.inputTokensMax,
        picosOf(contract, "input-token"),
        picosOf(contract, "output-token"),
        contract.api.kind === "openai" ? contract.api.model : null,
      ]),
    ).toEqual([
      ["model", 200_000, 1_000_000, 2_000_000, "model"],
      ["model+above-200k", 1_000_000, 2_000_000, 3_000_000, "model"],
    ]);
    expect(entries.filter((entry) => entry.service.endsWith("model"))).toHaveLength(1);
  }
});

test("asks the price of the right tier for every length of input (T1)", () => {
  const thousands = fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 });

  fc.assert(
    fc.property(thousands, fc.integer({ min: 1, max: 1_000_000 }), (starts, tokens) => {
      const sorted = starts.toSorted((a, b) => a - b);
      const raised = sorted.map((start, index) => [`input_cost_per_token_above_${start}k_tokens`, (index + 2) * 1e-6]);
      const { contracts } = importPriceCatalogue({ model: { ...PRICED, ...Object.fromEntries(raised) } });
      const taking = contracts.filter(({ constraints }) => (constraints.inputTokensMax ?? 0) >= tokens);
      const cheapest = Math.min(...taking.map((contract) => picosOf(contract, "input-token") ?? 0));

      const tier = 1 + sorted.filter((start) => tokens > start * 1_000).length;
      expect(cheapest).toBe(tier * 1_000_000);
    }),
    { numRuns: 300 },
  );
});

test("leaves a list of tiers with a gap alone, and states no cost", () => {
  const contract = only({ ...CHAT, tiered_pricing: [{ range: [1, 5], input_cost_per_token: 1e-9 }] });

  expect(contract.cost).toBeNull();
});

test.each([
  ["caio.price-negative", { ...PRICED, input_cost_per_token: -1 }],
  ["caio.price-invalid", { ...PRICED, input_cost_per_token: "0.1" }],
  ["caio.price-invalid", { ...PRICED, input_cost_per_token: 1e9 }],
  ["caio.mode-unknown", { ...PRICED, mode: "constructor" }],
  ["caio.provider-missing", { mode: "chat" }],
  ["caio.not-a-count", { ...PRICED, max_tokens: 1.5 }],
  ["caio.not-a-truth-value", { ...PRICED, supports_vision: "yes" }],
  ["caio.not-an-entry", 7],
])("keeps out with %s", (code, entry) => {
  const { contracts, quarantined } = importPriceCatalogue({ model: entry });

  expect(contracts).toEqual([]);
  expect(quarantined.map(({ reasons }) => reasons.map((reason) => reason.code))).toEqual([[code]]);
});

test("takes `max_tokens` for the limits that are not stated, and says so", () => {
  const contract = only({ ...PRICED, max_input_tokens: null, max_tokens: 4_000 });

  expect(contract.constraints).toEqual({ inputTokensMax: 4_000, outputTokensMax: 8_000, totalTokensMax: null });
  expect(contract.assumed).toContain("/constraints/inputTokensMax");
  expect(contract.assumed).not.toContain("/constraints/outputTokensMax");
});

test("passes over the entry that describes the format, and no other", () => {
  const { entries } = importPriceCatalogue({ sample_spec: { mode: "one of" }, model: PRICED });

  expect(entries.map(({ service }) => service)).toEqual(["model"]);
});
