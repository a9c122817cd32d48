import { generateKeyPairSync, sign, verify } from "node:crypto";
import {
  canonicalJson,
  type ExecutionReceipt,
  type JsonObject,
  serviceContractDigestOf,
  timestampOf,
} from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { observationsOf, type ReceiptSigner, signReceipt, verifyReceipt } from "../../src/index.ts";
import { GRID, shareLowerBound } from "../../src/observe/beta.ts";
import { countOf, reliabilityPpm, WEIGHT, weightOf } from "../../src/observe/reliability.ts";
import { Sketch } from "../../src/observe/sketch.ts";
import { DIGEST, entry, snapshot } from "../kernel/worlds.ts";

/** The chance of at least `from` of `trials` at `part` / GRID, over GRID ** trials, by the definition. */
function tailOf(part: number, from: number, trials: number): bigint {
  const factorial = (n: number): bigint =>
    Array.from({ length: n }, (_, i) => BigInt(i + 1)).reduce((a, b) => a * b, 1n);
  let tail = 0n;
  for (let k = from; k <= trials; k += 1) {
    const ways = factorial(trials) / (factorial(k) * factorial(trials - k));
    tail += ways * BigInt(part) ** BigInt(k) * BigInt(GRID - part) ** BigInt(trials - k);
  }
  return tail;
}

describe("the lower bound of a share", () => {
  test("is the greatest part of 2^30 whose binomial tail is within 1 - confidence, in exact fractions (B2)", () => {
    const few = { min: 0, max: 25 };
    fc.assert(
      fc.property(fc.integer(few), fc.integer(few), fc.integer({ min: 1, max: 999_999 }), (s, f, confidence) => {
        const bound = shareLowerBound(s, f, confidence);
        const trials = s + f + 1;
        const isWithin = (part: number) =>
          tailOf(part, s + 1, trials) * 1_000_000n <= BigInt(1_000_000 - confidence) * BigInt(GRID) ** BigInt(trials);

        expect(isWithin(bound)).toBe(true);
        expect(isWithin(bound + 1)).toBe(bound + 1 === GRID);
      }),
      { numRuns: 300 },
    );
  });

  test("is exactly half for as many successes as failures at a confidence of a half, where doubles cannot tell", () => {
    expect([0, 1, 7, 100, 900].map((n) => shareLowerBound(n, n, 500_000))).toEqual(Array(5).fill(GRID / 2));
  });

  test("of known counts is what tables say", () => {
    // 1 - 0.95^(1/1) and 0.05^(1/(n + 1)): closed forms without failures.
    expect(reliabilityPpm(0, 0, 950_000)).toBe(49_999);
    expect(reliabilityPpm(WEIGHT, 0, 950_000)).toBe(223_606);
    expect(reliabilityPpm(99 * WEIGHT, 0, 950_000)).toBe(970_486);
  });

  test("never falls with a success and never rises with a failure, whole or decayed (R1)", () => {
    const count = fc.oneof(
      fc.integer({ min: 0, max: 20 * WEIGHT }),
      fc.integer({ min: 0, max: 3000 }).map((n) => n * WEIGHT),
    );
    const more = fc.integer({ min: 0, max: 2 * WEIGHT });
    fc.assert(
      fc.property(count, count, more, (s, f, d) => {
        const bound = reliabilityPpm(s, f, 950_000);

        expect(reliabilityPpm(s + d, f, 950_000)).toBeGreaterThanOrEqual(bound);
        expect(reliabilityPpm(s, f + d, 950_000)).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the weight of an execution", () => {
  test("halves with each half-life, falls with age, and is 2^(-age / half-life) within a millionth", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * 3_600_000 }), fc.integer({ min: 1, max: 3_600_000 }), (age, more) => {
        const hour = 3_600_000;
        expect(weightOf(age + hour, hour)).toBe(weightOf(age, hour) / 2);
        expect(weightOf(age + more, hour)).toBeLessThanOrEqual(weightOf(age, hour));
        expect(Math.abs(weightOf(age, hour) / 2 ** (-age / hour) - 1)).toBeLessThan(1e-6);
      }),
    );
    expect([weightOf(0, 5), weightOf(64 * 5, 5)]).toEqual([1, 0]);
  });

  test("is rounded down for a success and up for a failure, and nothing stays nothing", () => {
    expect([true, false].map((isSuccess) => countOf(Math.SQRT1_2, isSuccess))).toEqual([741_455, 741_456]);
    expect([true, false].map((isSuccess) => countOf(1e-9, isSuccess))).toEqual([0, 1]);
    expect([0, 1].flatMap((weight) => [countOf(weight, true), countOf(weight, false)])).toEqual([0, 0, WEIGHT, WEIGHT]);
  });
});

describe("a sketch", () => {
  const values = fc.array(
    fc.oneof(
      fc.nat(300),
      fc.double({ min: 0, max: 1, noNaN: true }).map((x) => Math.floor(1 / (x + 1e-9))),
      fc.maxSafeNat(),
    ),
    { minLength: 1, maxLength: 300 },
  );
  const sketchOf = (numbers: readonly number[]) => {
    const sketch = new Sketch();
    for (const value of numbers) sketch.add(value);
    return sketch;
  };

  test("gives percentiles at least the exact ones and at most 1/128 above, on skewed numbers (S1)", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (numbers, percent) => {
        const exact = numbers.toSorted((a, b) => a - b)[Math.ceil((numbers.length * percent) / 100) - 1] as number;
        const estimate = sketchOf(numbers).percentile(percent);

        expect(estimate).toBeGreaterThanOrEqual(exact);
        expect(BigInt(estimate - exact) * 128n).toBeLessThanOrEqual(BigInt(exact));
        if (exact < 256) expect(estimate).toBe(exact);
      }),
      { numRuns: 1000 },
    );
  });

  test("is the same whether numbers come together or apart, in any order (S2)", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [merged, other] = [sketchOf(a), sketchOf(b)];
        merged.merge(other);
        const whole = sketchOf([...b, ...a]);

        expect([merged.count, merged.max]).toEqual([whole.count, whole.max]);
        for (let percent = 1; percent <= 100; percent += 9) {
          expect(merged.percentile(percent)).toBe(whole.percentile(percent));
        }
      }),
    );
  });
});

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY = Buffer.from(publicKey.export({ format: "jwk" }).x as string, "base64url");
const SIGNER: ReceiptSigner = { publicKey: KEY, sign: (bytes) => sign(null, bytes, privateKey) };
const SERVICES = snapshot([entry(), entry({ service: "b/two" })]);
const AT = 1_700_000_000_000;
const OPTIONS = {
  at: AT,
  halfLifeHours: 24,
  confidencePpm: 950_000,
  services: SERVICES,
  trust: { keys: [KEY] },
};

function receipt(given: Partial<Record<keyof ExecutionReceipt, unknown>> = {}, of = 0): ExecutionReceipt {
  const contract = SERVICES.services[of]?.contract as (typeof SERVICES.services)[number]["contract"];
  return {
    schema: "canonic/execution-receipt/v1",
    decision: DIGEST,
    service: contract.service,
    version: contract.version,
    contract: serviceContractDigestOf(contract),
    at: timestampOf(AT),
    latencyUs: 100,
    quantities: {},
    costPicos: null,
    input: DIGEST,
    output: DIGEST,
    outcome: "fulfilled",
    guarantees: [],
    ...given,
  } as ExecutionReceipt;
}

test("a receipt is signed over its schema's name, a newline and its canonical JSON, and no other bytes", () => {
  const { signature } = signReceipt(receipt(), SIGNER);
  const bytes = (domain: string) => Buffer.from(`${domain}${canonicalJson(receipt())}`);
  const value = Buffer.from(signature?.value ?? "", "base64url");

  expect(verify(null, bytes("canonic/execution-receipt/v1\n"), publicKey, value)).toBe(true);
  const bare = { ...signature, value: sign(null, bytes(""), privateKey).toString("base64url") };
  expect(verifyReceipt({ receipt: receipt(), signature: bare }, { keys: [KEY] })).toMatchObject({
    reason: "unverified",
  });
});

describe("observations", () => {
  test("count verified receipts once, and say why others do not count (O1)", () => {
    const good = signReceipt(receipt(), SIGNER);
    const other = generateKeyPairSync("ed25519");
    const stranger = {
      publicKey: Buffer.from(other.publicKey.export({ format: "jwk" }).x as string, "base64url"),
      sign: (bytes: Uint8Array) => sign(null, bytes, other.privateKey),
    };
    const journaled = { receipt: receipt({ latencyUs: 7 }), signature: null };
    const { digest } = verifyReceipt({ receipt: journaled.receipt, signature: null }, { keys: [] });
    const aborted = receipt({ guarantees: [{ property: "completion", verdict: "unknown", required: "", actual: "" }] });
    const given = [
      good,
      good,
      { ...good, receipt: receipt({ latencyUs: 99 }) },
      signReceipt(receipt(), stranger),
      signReceipt(receipt({ contract: DIGEST }), SIGNER),
      signReceipt(receipt({ at: timestampOf(AT + 1) }), SIGNER),
      signReceipt(aborted, SIGNER),
      { receipt: { ...receipt(), latencyUs: -1 }, signature: null },
      "receipt",
      journaled,
    ];

    const { snapshot: made, rejected } = observationsOf(given, {
      ...OPTIONS,
      trust: { keys: [KEY], isJournaled: (one) => one === digest },
    });

    expect(
      made.services.map(({ service, receipts, latencyUs }) => [service, receipts, latencyUs.p50, latencyUs.max]),
    ).toEqual([["a/one", 2, 7, 100]]);
    expect(rejected.map(({ reason }) => reason).sort()).toEqual([
      "aborted",
      "foreign-contract",
      "future",
      "malformed",
      "malformed",
      "repeated",
      "unverified",
      "unverified",
    ]);
  });

  test("have the same bytes in whatever order receipts come (O2)", () => {
    const one = fc.record({
      of: fc.nat(1),
      latencyUs: fc.nat(5_000_000),
      at: fc.nat(1_000_000_000).map((age) => timestampOf(AT - age)),
      outcome: fc.constantFrom("fulfilled", "violated", "failed"),
      costPicos: fc.option(fc.maxSafeNat(), { nil: null }),
      output: fc.constantFrom(DIGEST, null),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), fc.nat(), (all, seed) => {
        const trust = { keys: [], isJournaled: () => true };
        const signed = all.map(({ of, ...rest }) => ({ receipt: receipt(rest, of), signature: null }));
        const cut = signed.length === 0 ? 0 : seed % signed.length;
        const turned = [...signed.slice(cut), ...signed.slice(0, cut)].reverse();

        const bytes = (receipts: unknown[]) =>
          canonicalJson(observationsOf(receipts, { ...OPTIONS, trust }) as unknown as JsonObject);
        expect(bytes(turned)).toBe(bytes(signed));
      }),
      { numRuns: 100 },
    );
  });

  test("let a failure that came at once not look quick (O3)", () => {
    const slow = Array.from({ length: 4 }, (_, n) => signReceipt(receipt({ latencyUs: 1000 + n }), SIGNER));
    const quick = Array.from({ length: 96 }, (_, n) =>
      signReceipt(receipt({ latencyUs: n, output: null, outcome: "failed" }), SIGNER),
    );

    expect(observationsOf([...slow, ...quick], OPTIONS).snapshot.services[0]?.latencyUs).toEqual({
      p50: 1003,
      p95: 1003,
      p99: 1003,
      max: 1003,
    });
  });

  test("forget: an old failure weighs less than a new one, and of old successes less is known", () => {
    const of = (age: number, outcome: string, n: number) =>
      signReceipt(receipt({ at: timestampOf(AT - age * 3_600_000), outcome, latencyUs: n }), SIGNER);
    const reliability = (failureAge: number, successAge: number) =>
      observationsOf(
        [of(failureAge, "failed", 0), ...Array.from({ length: 20 }, (_, n) => of(successAge, "fulfilled", n))],
        OPTIONS,
      ).snapshot.services[0]?.reliabilityPpm ?? -1;

    expect(reliability(48, 0)).toBeGreaterThan(reliability(24, 0));
    expect(reliability(24, 0)).toBeGreaterThan(reliability(0, 0));
    expect(reliability(0, 48)).toBeLessThan(reliability(0, 24));
  });

  test("are refused under a confidence or a half-life that means nothing", () => {
    for (const options of [{ confidencePpm: 0 }, { confidencePpm: 1_000_000 }, { halfLifeHours: 0.5 }, { at: -1 }]) {
      expect(() => observationsOf([], { ...OPTIONS, ...options })).toThrow(
        expect.objectContaining({ code: "caio.receipts-invalid" }),
      );
    }
  });
});
