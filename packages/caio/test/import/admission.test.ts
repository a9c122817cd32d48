import { ServiceContract } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { admitServices, importPriceCatalogue } from "../../src/index.ts";

type Draft = { -readonly [Key in keyof ServiceContract]: ServiceContract[Key] };

function contract(service: string, change: (draft: Draft) => void = () => {}): ServiceContract {
  const entry = {
    litellm_provider: "acme",
    mode: "chat",
    max_input_tokens: 8_000,
    max_output_tokens: 4_000,
    input_cost_per_token: 1e-6,
    output_cost_per_token: 2e-6,
  };
  const draft = structuredClone(importPriceCatalogue({ [service]: entry }).contracts[0]) as Draft;
  change(draft);
  return ServiceContract.parse(draft);
}

function priced(draft: Draft, prices: Readonly<Record<string, number>>): void {
  draft.cost = { currency: "USD", prices: Object.entries(prices).map(([unit, picos]) => ({ unit, picos })) };
}

function codesOf(contracts: readonly ServiceContract[]): string[] {
  return admitServices(contracts).quarantined.flatMap(({ reasons }) => reasons.map(({ code }) => code));
}

test("admits a contract that does not contradict itself, unchanged (A1)", () => {
  const one = contract("acme/one");

  expect(admitServices([one])).toEqual({ admitted: [one], quarantined: [] });
});

test.each<[code: string, what: string, service: string, change: (draft: Draft) => void]>([
  [
    "caio.credential-in-address",
    "an address with a password",
    "acme/one",
    (draft) => {
      draft.api = { kind: "openai", baseUrl: "https://user:secret@acme.example/v1", model: "one" };
    },
  ],
  [
    "caio.invariant-invalid",
    "an invariant that is no expression",
    "acme/one",
    (draft) => {
      draft.invariants = [{ id: "sum", expression: "1 +" }];
    },
  ],
  [
    "caio.context-zero",
    "an input limit of 0",
    "acme/one",
    (draft) => {
      draft.constraints = { ...draft.constraints, inputTokensMax: 0 };
    },
  ],
  [
    "caio.output-over-total",
    "an output limit over that of input and output together",
    "acme/one",
    (draft) => {
      draft.constraints = { inputTokensMax: 1, outputTokensMax: 9_000, totalTokensMax: 8_000 };
    },
  ],
  ["caio.mode-contradicted", "chat of a model named as one of images", "acme/flux-1.1-pro", () => {}],
  [
    "caio.mode-contradicted",
    "chat of a model named as one of images in two words",
    "acme/stable-diffusion-xl",
    () => {},
  ],
  [
    "caio.mode-contradicted",
    "chat with an endpoint for images",
    "acme/one",
    (draft) => {
      draft.traits = { ...draft.traits, endpoints: "/v1/images/generations" };
    },
  ],
  [
    "caio.mode-contradicted",
    "chat that is priced by the image alone",
    "acme/one",
    (draft) => priced(draft, { "output-image": 40_000_000_000 }),
  ],
  [
    "caio.mode-contradicted",
    "chat that gives vectors back",
    "acme/one",
    (draft) => {
      draft.traits = { ...draft.traits, "output-vector-size": 768 };
    },
  ],
  [
    "caio.price-implausible",
    "a token price that was meant for a million",
    "acme/one",
    (draft) => priced(draft, { "input-token": 55_000_000_000, "output-token": 200_000_000_000 }),
  ],
])("keeps out with %s %s", (code, _, service, change) => {
  const faulty = contract(service, change);

  const { admitted, quarantined } = admitServices([contract("acme/other"), faulty]);

  expect(admitted.map((one) => one.service)).toEqual(["acme/other"]);
  expect(quarantined.map((one) => [one.service, one.reasons.map((reason) => reason.code)])).toEqual([
    [service, [code]],
  ]);
});

test.each(["acme/fluxion-7b", "acme/gpt-4o", "acme/sorana-chat", "acme/imagenet-describer", "acme/veondus"])(
  "does not take %s for an image model by a part of a word",
  (service) => {
    expect(codesOf([contract(service)])).toEqual([]);
  },
);

test("keeps out a price far under all others of its kind only where there are enough to tell (A2)", () => {
  const others = Array.from({ length: 300 }, (_, index) => contract(`acme/m${index}`));
  const cheap = contract("acme/cheap", (draft) => priced(draft, { "input-token": 10, "output-token": 10 }));

  expect(codesOf([cheap, ...others])).toEqual(["caio.price-implausible"]);
  expect(codesOf([cheap, ...others.slice(0, 100)])).toEqual([]);
});

test("keeps out both of two contracts of one service and version", () => {
  const twins = [contract("acme/one"), contract("acme/one", (draft) => priced(draft, { "input-token": 1 }))];

  expect(codesOf(twins)).toEqual(["caio.duplicate-service", "caio.duplicate-service"]);
});

test("admits or quarantines each contract, whatever their order", () => {
  const pool = [
    contract("acme/one"),
    contract("acme/flux"),
    contract("acme/two"),
    contract("acme/two", (draft) => priced(draft, {})),
    contract("acme/three", (draft) => {
      draft.constraints = { ...draft.constraints, outputTokensMax: 0 };
    }),
  ];
  const expected = admitServices(pool);

  expect(expected.admitted.map(({ service }) => service)).toEqual(["acme/one"]);
  fc.assert(
    fc.property(fc.shuffledSubarray(pool, { minLength: pool.length }), (turned) => {
      const { admitted, quarantined } = admitServices(turned);
      expect(admitted).toEqual(expected.admitted);
      expect(quarantined).toHaveLength(expected.quarantined.length);
    }),
    { numRuns: 100 },
  );
});
