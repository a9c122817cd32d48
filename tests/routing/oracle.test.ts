/**
 * The oracle against the sentences of docs/routing.md, each worked out by hand: whoever checks others is checked first.
 *
 * @module
 */
import type { Guarantee, RequiredGuarantee, ServiceObservation } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { inclusionPath, leafHash, rootFromPath, spell, treeHash } from "./oracle/hashing.ts";
import { decideSlowly } from "./oracle/oracle.ts";
import { wordsIn } from "./oracle/words.ts";
import { observationsOf, plainEntry, plainQuestion, plainWorld } from "./plain.ts";

const MAX = Number.MAX_SAFE_INTEGER;

function statement(changed: Partial<Guarantee>): Guarantee {
  return { property: "length", bound: "max", value: 1, unit: "token", of: null, basis: "declared", ...changed };
}

/** The state of the one service's first guarantee clause. */
function answer(demand: Partial<RequiredGuarantee>, stated: readonly Guarantee[], seen?: ServiceObservation): string {
  const world = plainWorld([plainEntry("a", { guarantees: [...stated] })], {
    observations: seen === undefined ? null : observationsOf(seen),
  });
  const guarantee = { ...statement({}), basis: "declared", ...demand } as RequiredGuarantee;
  const { record, verdicts } = decideSlowly(
    world,
    plainQuestion({ guarantees: [guarantee], quantities: { "input-token": 3 } }),
  );
  const place = record.clauses.findIndex(({ clause }) => clause.startsWith("guarantee/"));
  return verdicts[0]?.states[place] as string;
}

const seen: ServiceObservation = {
  service: "a" as ServiceObservation["service"],
  version: "1.0.0",
  receipts: 5,
  reliabilityPpm: 900_000,
  latencyUs: { p50: 10, p95: 20, p99: 30, max: 40 },
  costPicos: null,
};

test("makes a relative demand and a relative statement absolute, floor for most and ceil for least (2)", () => {
  const half = { bound: "relative_max", value: 500_000, of: "input-token" } as const;
  expect(answer(half, [statement({ value: 1 })])).toBe("s");
  expect(answer(half, [statement({ value: 2 })])).toBe("v");
  const double = { bound: "min_multiple", value: 1_333_334, of: "input-token" } as const;
  expect(answer(double, [statement({ bound: "min", value: 5 })])).toBe("s");
  expect(answer(double, [statement({ bound: "min", value: 4 })])).toBe("v");
  expect(answer({ bound: "max", value: 1 }, [statement(half)])).toBe("s");
  expect(answer({ ...half, of: "image" }, [statement({ value: 0 })])).toBe("u");
  expect(answer({ ...half, of: null }, [statement({ value: 0 })])).toBe("u");
  expect(answer({ ...half, value: "much" }, [statement({ value: 0 })])).toBe("u");
});

test("counts a statement by property, unit and basis, and takes the sharpest bound (2)", () => {
  const demand = { bound: "max", value: 10 } as const;
  expect(answer(demand, [statement({ value: 11 }), statement({ bound: "equality", value: 10 })])).toBe("s");
  expect(answer(demand, [statement({ value: 11 })])).toBe("v");
  expect(answer(demand, [statement({ value: 9, unit: "word" })])).toBe("u");
  expect(answer(demand, [statement({ value: 9, basis: "assumed" })])).toBe("u");
  expect(answer(demand, [statement({ value: 9, property: "width" })])).toBe("u");
  expect(answer({ bound: "equality", value: 1 }, [statement({ bound: "equality", value: "1" })])).toBe("v");
  expect(answer({ bound: "equality", value: 1 }, [statement({ bound: "max", value: 1 })])).toBe("u");
  expect(answer({ bound: "min", value: 10 }, [statement({ bound: "equality", value: 10 })])).toBe("s");
});

test("believes five receipts, asks them alone where measured is wanted, and both where both speak (2)", () => {
  const p95 = { property: "latency-p95", unit: "us", bound: "max", value: 20 } as const;
  const stated = (value: number) => [statement({ property: "latency-p95", unit: "us", value })];
  expect(answer({ ...p95, basis: "measured" }, stated(1), { ...seen, receipts: 4 })).toBe("u");
  expect(answer({ ...p95, basis: "measured" }, stated(1), seen)).toBe("s");
  expect(answer({ ...p95, basis: "measured" }, stated(1), { ...seen, version: "1.0.1" })).toBe("u");
  expect(answer(p95, stated(21), seen)).toBe("v");
  expect(answer({ ...p95, value: 19 }, stated(1), seen)).toBe("v");
  expect(answer(p95, [], seen)).toBe("s");
  const reliability = { property: "reliability", unit: "ppm", bound: "min", value: 900_000 } as const;
  expect(answer(reliability, [], seen)).toBe("s");
  expect(answer({ ...reliability, value: 900_001 }, [], seen)).toBe("v");
  expect(answer({ ...reliability, bound: "max" }, [], seen)).toBe("u");
});

test("reads words as runs of ASCII letters and digits, two or more, each once (5)", () => {
  expect(wordsIn("GPT-4o: a caf\u00e9, \u212Aelvin 4o x2 gpt")).toEqual(["4o", "caf", "elvin", "gpt", "x2"]);
});

test("scores with floors and with products that no double holds (5)", () => {
  const entry = plainEntry("a", {
    description: "summarise legal text",
    capabilities: ["chat", "embed", "tool.search"],
    cost: { currency: "USD", prices: [{ unit: "input-token", picos: 2 ** 53 - 2 }] },
  });
  const question = plainQuestion({
    intent: "Summarise the legal text",
    quantities: { "input-token": 1 },
    budgetPicos: MAX,
  });

  const { record } = decideSlowly(plainWorld([entry]), question);

  expect(record.ranking[0]?.terms).toEqual({
    intent: 750_000,
    attention: 333_333,
    learned: 0,
    resonance: 0,
    cost: 999_999,
    risk: 0,
    latency: 1_000_000,
  });
  expect(record.ranking[0]?.score).toBe(300_000 * 750_000 + 200_000 * 333_333 - 100_000 * 999_999 - 50_000 * 1_000_000);
});

test("names 64 of 80 tied services and ranks 8, by id where nothing else differs (6)", () => {
  const entries = Array.from({ length: 80 }, (_, index) => plainEntry(`s${index}`));

  const { record } = decideSlowly(plainWorld(entries), plainQuestion());

  expect(record.tied).toBe(80);
  expect(record.ties.slice(0, 3).map(({ service }) => service)).toEqual(["s0", "s1", "s10"]);
  expect([record.ties.length, record.ranking.length]).toEqual([64, 8]);
});

test("puts the newer version first where all else is equal (6)", () => {
  const entries = ["1.9.0", "1.10.0"].map((version) => plainEntry("s", { version }));

  const { record } = decideSlowly(plainWorld(entries), plainQuestion());

  expect(record.outcome).toMatchObject({ kind: "chosen", service: "s", version: "1.10.0" });
});

test("lowers concurrency until the energy is 750,000 or less (7)", () => {
  const world = plainWorld([plainEntry("a", { determinism: "recorded" })], {
    observations: observationsOf({ ...seen, reliabilityPpm: 1_000_000 }),
  });

  const { record } = decideSlowly(world, plainQuestion({ quantities: { "output-token": 12_000 } }));

  expect(record.outcome.kind).toBe("refused");
  const short = decideSlowly(world, plainQuestion({ quantities: { "output-token": 9 } }));
  expect(short.record.control).toEqual({
    temperaturePpm: 1_000_000,
    outputTokensMax: 9,
    concurrencyMax: 32,
    deadlineUs: 40,
    energyPpm: 746_031,
  });
});

test("refuses by the first stage that leaves nobody, and says the hash of nothing for an empty snapshot (1, 9)", () => {
  const empty = decideSlowly(plainWorld([]), plainQuestion()).record;
  expect([empty.outcome, empty.root]).toEqual([
    { kind: "refused", code: "caio.no-match" },
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  ]);
  const secured = plainEntry("a", { security: { permission: { any: [] }, trustRequired: 0, trust: 3 } });
  expect(decideSlowly(plainWorld([secured]), plainQuestion()).record.outcome).toEqual({
    kind: "refused",
    code: "caio.no-secure",
  });
  const wish = { trait: "tone", bound: "min", value: 1 } as const;
  expect(decideSlowly(plainWorld([plainEntry("a")]), plainQuestion({ traits: [wish] })).record.outcome).toEqual({
    kind: "refused",
    code: "caio.no-trait-satisfying",
  });
});

describe("the tree of RFC 6962", () => {
  const leaves = Array.from({ length: 33 }, (_, index) => leafHash(`leaf ${index}`));

  test("proves every leaf of every size by its path, and nothing else by it", () => {
    let proofs = 0;
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = leaves.slice(0, size);
      for (const [index, leaf] of tree.entries()) {
        const path = inclusionPath(index, tree);
        const root = treeHash(tree);
        expect(rootFromPath(leaf, index, size, path)).toEqual(root);
        if (size > 1) expect(rootFromPath(leaf, (index + 1) % size, size, path)).not.toEqual(root);
        expect(rootFromPath(leaf, index, size, [...path, leaf])).not.toEqual(root);
        proofs += 1;
      }
    }
    expect(proofs).toBe(561);
  });

  test("gives the root that the log of RFC 6962's authors gives for eight leaves", () => {
    const inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const hashes = inputs.map((hex) => leafHash(Buffer.from(hex, "hex").toString("ascii")));

    expect(spell(treeHash(hashes))).toBe("sha256:5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  });
});
