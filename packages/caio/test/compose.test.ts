import type { Guarantee } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeGuarantees } from "../src/compose/compose.ts";
import type { Composed, Composition, CompositionFacts } from "../src/compose/composition.ts";
import { compositionFactsOf } from "../src/compose/facts.ts";
import { isCaioError } from "../src/errors.ts";
import { CONTRACT } from "./rules-support.ts";

const FACTS = compositionFactsOf(CONTRACT, 5);

function stating(property: string, bound: Guarantee["bound"], value: Guarantee["value"], unit = "ppm"): Guarantee {
  return { property, bound, value, unit, of: null, basis: "declared" };
}
function service(guarantees: readonly Guarantee[], facts: Partial<CompositionFacts> = {}): Composition {
  return { kind: "service", guarantees, facts: { ...FACTS, ...facts } };
}
function sequence(parts: readonly Composition[], independent: readonly string[] = []): Composition {
  return { kind: "sequence", parts, independent };
}
function parallel(parts: readonly Composition[], independent: readonly string[] = []): Composition {
  return { kind: "parallel", parts, independent };
}
function fallback(parts: readonly Composition[], failedAttempts: "billed" | "free" = "free"): Composition {
  return { kind: "fallback", parts, failedAttempts };
}
function boundOf({ guarantees }: Composed, property: string, bound: "min" | "max"): number | null {
  const found = guarantees.find(({ guarantee }) => guarantee.property === property && guarantee.bound === bound);
  return (found?.guarantee.value as number | undefined) ?? null;
}

/** Four outcomes, equally likely; a part is a set of those in which it is right. */
const OUTCOMES = 4;
const sets = Array.from({ length: 2 ** OUTCOMES }, (_, set) => set);
const sizeOf = (set: number) => [0, 1, 2, 3].filter((bit) => set & (1 << bit)).length;
const shareOf = (set: number) => (sizeOf(set) * 1_000_000) / OUTCOMES;

describe("a share of all parts", () => {
  test.each([2, 3])("of %s parts is exactly the least that any joint distribution allows (N1)", (count) => {
    const least = new Map<string, { values: number[]; share: number }>();
    const joints = sets.flatMap((a) => sets.flatMap((b) => (count === 2 ? [[a, b]] : sets.map((c) => [a, b, c]))));
    for (const joint of joints) {
      const values = joint.map(shareOf);
      const share = shareOf(joint.reduce((all, set) => all & set));
      const known = least.get(values.join());
      if (known === undefined || share < known.share) least.set(values.join(), { values, share });
    }

    expect(joints.length).toBe(count === 2 ? 256 : 4096);
    for (const { values, share } of least.values()) {
      for (const property of ["accuracy", "availability", "reliability"]) {
        const parts = values.map((value) => service([stating(property, "min", value)]));
        expect(boundOf(composeGuarantees(sequence(parts)), property, "min")).toBe(share);
        expect(boundOf(composeGuarantees(parallel(parts)), property, "min")).toBe(share);
      }
    }
  });

  test("is the product, rounded down once, where independence was declared, and of that property alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 5 }), (values) => {
        const parts = values.map((value) =>
          service([stating("accuracy", "min", value), stating("availability", "min", value)]),
        );

        const whole = composeGuarantees(sequence(parts, ["availability"]));

        const numerator = values.reduce((all, value) => all * BigInt(value), 1n);
        const bound = BigInt(boundOf(whole, "availability", "min") as number);
        const scale = 1_000_000n ** BigInt(values.length - 1);
        expect(bound * scale <= numerator && numerator < (bound + 1n) * scale).toBe(true);
        const frechet = boundOf(whole, "accuracy", "min") as number;
        expect(frechet).toBe(
          Math.max(0, values.reduce((all, value) => all + value, 0) - 1_000_000 * (values.length - 1)),
        );
        expect(frechet).toBeLessThanOrEqual(Number(bound));
        expect(Number(bound)).toBeLessThanOrEqual(Math.min(...values));
      }),
      { numRuns: 1000 },
    );
  });
});

/** One leaf of a simulated world: what it takes and whether it is right, in each of twenty equally likely outcomes. */
interface Leaf {
  readonly kind: "leaf";
  readonly latency: readonly number[];
  readonly right: readonly boolean[];
  readonly throughput: number;
  readonly states: readonly string[];
}
type Tree =
  | Leaf
  | { readonly kind: "sequence" | "parallel" | "fallback"; readonly parts: readonly Tree[]; readonly pick: number };
const TWENTY = 20;

const leaf: fc.Arbitrary<Tree> = fc.record({
  kind: fc.constant("leaf" as const),
  latency: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: TWENTY, maxLength: TWENTY }),
  right: fc.array(
    fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    { minLength: TWENTY, maxLength: TWENTY },
  ),
  throughput: fc.integer({ min: 1, max: 9 }),
  states: fc.subarray(["latency-p50", "latency-p95", "latency-p99", "latency-max", "accuracy", "throughput"], {
    minLength: 3,
  }),
});
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({
      kind: fc.constantFrom("sequence" as const, "parallel" as const, "fallback" as const),
      parts: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
      pick: fc.nat(),
    }),
  ),
}));

/** The least value that at least `ppm` of the outcomes do not exceed. */
function percentile(values: readonly number[], ppm: number): number {
  const needed = Math.ceil((values.length * ppm) / 1_000_000);
  return values.toSorted((a, b) => a - b)[Math.max(0, needed - 1)] as number;
}
const PERCENTILES = {
  "latency-p50": 500_000,
  "latency-p95": 950_000,
  "latency-p99": 990_000,
  "latency-max": 1_000_000,
};

function statementsOf({ latency, right, throughput, states }: Leaf): Guarantee[] {
  const all = [
    ...Object.entries(PERCENTILES).map(([name, ppm]) => stating(name, "max", percentile(latency, ppm), "us")),
    stating("accuracy", "min", (right.filter(Boolean).length * 1_000_000) / TWENTY),
    stating("throughput", "min", throughput, "per-second"),
  ];
  return all.filter(({ property }) => states.includes(property));
}
function compositionOf(node: Tree): Composition {
  if (node.kind === "leaf") return service(statementsOf(node));
  const parts = node.parts.map(compositionOf);
  return node.kind === "fallback" ? fallback(parts) : { kind: node.kind, parts, independent: [] };
}
/** What really happens; a fallback is answered by the part that it picks, after it tried those before it. */
function happened(node: Tree): Pick<Leaf, "latency" | "right" | "throughput"> {
  if (node.kind === "leaf") return node;
  const parts = node.parts.map(happened);
  const pick = node.pick % parts.length;
  const ran = node.kind === "fallback" ? parts.slice(0, pick + 1) : parts;
  const answering = node.kind === "fallback" ? parts.slice(pick, pick + 1) : parts;
  const outcomes = Array.from({ length: TWENTY }, (_, outcome) => outcome);
  return {
    latency: outcomes.map((outcome) => {
      const each = ran.map(({ latency }) => latency[outcome] as number);
      return node.kind === "parallel" ? Math.max(...each) : each.reduce((all, one) => all + one, 0);
    }),
    right: outcomes.map((outcome) => answering.every(({ right }) => right[outcome])),
    throughput: Math.min(...answering.map(({ throughput }) => throughput)),
  };
}

describe("what is stated of a tree", () => {
  test("is true of every simulated world, and often as strict as can be (N1)", () => {
    const seen = { bounds: 0, tight: 0, unknown: 0 };
    fc.assert(
      fc.property(tree, (node) => {
        const { guarantees, unknown } = composeGuarantees(compositionOf(node));
        const { latency, right, throughput } = happened(node);
        const actual: Record<string, number> = {
          ...Object.fromEntries(Object.entries(PERCENTILES).map(([name, ppm]) => [name, percentile(latency, ppm)])),
          accuracy: (right.filter(Boolean).length * 1_000_000) / TWENTY,
          throughput,
        };
        for (const { guarantee } of guarantees) {
          const value = actual[guarantee.property] as number;
          if (guarantee.bound === "max") expect(value).toBeLessThanOrEqual(guarantee.value as number);
          else expect(value).toBeGreaterThanOrEqual(guarantee.value as number);
          seen.bounds += 1;
          if (value === guarantee.value) seen.tight += 1;
        }
        seen.unknown += unknown.length;
      }),
      { numRuns: 1500 },
    );
    expect(seen.bounds).toBeGreaterThan(1500);
    expect(seen.tight).toBeGreaterThan(200);
    expect(seen.unknown).toBeGreaterThan(200);
  });

  test("names everything that a part states, as a bound or as unknown (N2)", () => {
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("sequence", "fallback"),
        (nodes, kind) => {
          const parts = nodes.map(compositionOf);

          const whole = composeGuarantees(kind === "fallback" ? fallback(parts) : sequence(parts));

          const told = [...whole.guarantees.map(({ guarantee }) => guarantee), ...whole.unknown].map(
            (one) => `${one.property}/${one.bound}`,
          );
          const stated = parts
            .map(composeGuarantees)
            .flatMap((part) => [...part.guarantees.map(({ guarantee }) => guarantee), ...part.unknown]);
          expect(new Set(told)).toEqual(new Set(stated.map((one) => `${one.property}/${one.bound}`)));
          expect(told.length).toBe(new Set(told).size);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("does not hang on how a sequence is bracketed or ordered", () => {
    fc.assert(
      fc.property(leaf, leaf, leaf, fc.constantFrom(sequence, parallel), (a, b, c, join) => {
        const [x, y, z] = [a, b, c].map(compositionOf) as [Composition, Composition, Composition];
        const values = (composition: Composition) => {
          const { guarantees, facts } = composeGuarantees(composition);
          return { facts, bounds: guarantees.map(({ guarantee }) => guarantee) };
        };
        const flat = values(join([x, y, z]));

        expect(values(join([join([x, y]), z]))).toEqual(flat);
        expect(values(join([x, join([y, z])]))).toEqual(flat);
        expect(values(join([z, x, y]))).toEqual(flat);
      }),
      { numRuns: 1000 },
    );
  });

  test("never gets looser when a part gets stricter", () => {
    const tighter = (by: number) => (guarantee: Guarantee) => ({
      ...guarantee,
      value: (guarantee.value as number) + (guarantee.bound === "max" ? -by : by),
    });
    fc.assert(
      fc.property(
        fc.array(leaf, { minLength: 2, maxLength: 3 }),
        fc.constantFrom(sequence, parallel, null),
        fc.nat(3),
        (leaves, join, by) => {
          const [first, ...others] = leaves.map((one) => statementsOf(one as Leaf)) as [Guarantee[], ...Guarantee[][]];
          const wholeOf = (own: Guarantee[]) => {
            const parts = [own, ...others].map((each) => service(each));
            return composeGuarantees(join === null ? fallback(parts) : join(parts));
          };
          const [before, after] = [wholeOf(first), wholeOf(first.map(tighter(by)))];

          for (const { guarantee } of before.guarantees) {
            const now = boundOf(after, guarantee.property, guarantee.bound as "min" | "max") as number;
            if (guarantee.bound === "max") expect(now).toBeLessThanOrEqual(guarantee.value as number);
            else expect(now).toBeGreaterThanOrEqual(guarantee.value as number);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("a latency", () => {
  const p95 = (value: number) => stating("latency-p95", "max", value, "us");
  const hard = (value: number) => stating("latency-max", "max", value, "us");

  test("of two percentiles is unknown: their sum can be exceeded by more than a twentieth", () => {
    // Each is 1 in 95 of 100 outcomes, and 100 in five others; so the sum exceeds 2 in ten of a hundred.
    const slow = Array.from({ length: 100 }, (_, outcome) => [outcome < 5 ? 100 : 1, outcome >= 95 ? 100 : 1] as const);
    expect(slow.filter(([a, b]) => a + b > 2).length).toBe(10);

    const whole = composeGuarantees(sequence([service([p95(1)]), service([p95(1)])]));

    expect(whole.guarantees).toEqual([]);
    expect(whole.unknown).toEqual([
      { property: "latency-p95", bound: "max", unit: "us", why: "percentiles", parts: [0, 1] },
    ]);
  });

  test("of one percentile and hard bounds of the others is a percentile", () => {
    const parts = [service([p95(5), hard(100)]), service([hard(20)]), service([p95(7), hard(30)])];

    const whole = composeGuarantees(sequence(parts));

    expect(whole.guarantees).toEqual([
      { guarantee: hard(150), rule: "sum" },
      { guarantee: p95(55), rule: "percentile-and-hard" },
    ]);
    expect(boundOf(composeGuarantees(parallel(parts)), "latency-p95", "max")).toBe(30);
  });

  test("of a fallback is that of all its attempts", () => {
    const whole = composeGuarantees(fallback([service([hard(10)]), service([hard(20)])]));

    expect(whole.guarantees).toEqual([{ guarantee: hard(30), rule: "sum" }]);
  });

  test("is unknown when it is more than can be said exactly, and never capped", () => {
    const whole = composeGuarantees(sequence([service([hard(Number.MAX_SAFE_INTEGER)]), service([hard(1)])]));

    expect(whole.unknown).toMatchObject([{ property: "latency-max", why: "too-large" }]);
  });
});

describe("a fallback", () => {
  test("states what each of its parts states, at its worst", () => {
    const parts = [
      service([
        stating("accuracy", "min", 900_000),
        stating("format", "equality", "json", "text"),
        stating("x", "equality", 5),
      ]),
      service([
        stating("accuracy", "min", 800_000),
        stating("format", "equality", "json", "text"),
        stating("x", "equality", 7),
      ]),
    ];

    expect(composeGuarantees(fallback(parts))).toMatchObject({
      guarantees: [
        { guarantee: stating("accuracy", "min", 800_000), rule: "meet" },
        { guarantee: stating("format", "equality", "json", "text"), rule: "meet" },
        { guarantee: stating("x", "max", 7), rule: "meet" },
        { guarantee: stating("x", "min", 5), rule: "meet" },
      ],
      unknown: [{ property: "x", bound: "equality", why: "not-stated" }],
    });
  });

  test("costs what the dearest of its parts costs, or all of them where failed attempts are billed, a chain what all do", () => {
    const parts = [service([], { costPicos: 5 }), service([], { costPicos: 9 })];

    expect(composeGuarantees(fallback(parts)).facts.costPicos).toBe(9);
    expect(composeGuarantees(fallback(parts, "billed")).facts.costPicos).toBe(14);
    expect(composeGuarantees(sequence(parts)).facts.costPicos).toBe(14);
    const stated = [5, 9].map((value) => service([stating("cost", "max", value, "usd-pico")]));
    expect(boundOf(composeGuarantees(fallback(stated)), "cost", "max")).toBe(9);
    expect(boundOf(composeGuarantees(fallback(stated, "billed")), "cost", "max")).toBe(14);
    expect(composeGuarantees(parallel([...parts, service([], { costPicos: null })])).facts.costPicos).toBeNull();
  });
});

test("a statement that was assumed does not count, and what was measured stays so only together", () => {
  const of = (basis: Guarantee["basis"]) => service([{ ...stating("accuracy", "min", 900_000), basis }]);

  expect(composeGuarantees(sequence([of("measured"), of("measured")])).guarantees[0]?.guarantee.basis).toBe("measured");
  expect(composeGuarantees(sequence([of("measured"), of("declared")])).guarantees[0]?.guarantee.basis).toBe("declared");
  expect(composeGuarantees(sequence([of("declared"), of("assumed")])).unknown).toMatchObject([
    { why: "not-stated", parts: [1] },
  ]);
});

test("a share of a quantity and a property without a law are unknown, with the reason", () => {
  const part = service([
    { ...stating("output-token", "relative_max", 2_000_000), of: "input-token" },
    stating("colour", "equality", "blue"),
  ]);

  expect(composeGuarantees(sequence([part, part])).unknown).toEqual([
    { property: "colour", bound: "equality", unit: "ppm", why: "no-rule", parts: [] },
    { property: "output-token", bound: "relative_max", unit: "ppm", why: "relative", parts: [] },
  ]);
});

test("a chain without parts is refused", () => {
  let code = "";
  try {
    composeGuarantees(sequence([service([]), sequence([])]));
  } catch (error) {
    if (isCaioError(error)) code = error.code;
  }
  expect(code).toBe("caio.composition-invalid");
});

test("facts are the worst of the parts', and unknown where a part's could be worse (W1)", () => {
  const localities = ["on_device", "local", "region", "cloud"] as const;
  const maybe = <Value>(values: readonly Value[]) => fc.constantFrom(null, ...values);
  const anyFacts = fc.record({
    costPicos: maybe([0, 7]),
    locality: maybe(localities),
    regions: maybe([["eu"], ["eu", "us"]]),
    retentionDays: maybe([0, 30]),
    encryptedInTransit: maybe([true, false]),
    encryptedAtRest: maybe([true, false]),
    trainsOnData: maybe([true, false]),
    trust: fc.integer({ min: 0, max: 3 }),
    determinism: fc.constantFrom("deterministic" as const, "seeded" as const, "recorded" as const),
  });
  /** Every value that a fact can really have, where it is not stated. */
  const possible = <Value>(value: Value | null, all: readonly Value[]) => (value === null ? all : [value]);
  fc.assert(
    fc.property(fc.array(anyFacts, { minLength: 1, maxLength: 3 }), (parts) => {
      const { facts } = composeGuarantees(sequence(parts.map((one) => service([], one))));

      const furthest = parts.map(({ locality }) =>
        possible(locality, localities).map((one) => localities.indexOf(one)),
      );
      const worst = Math.max(...furthest.map((each) => Math.max(...each)));
      const best = Math.max(...furthest.map((each) => Math.min(...each)));
      expect(facts.locality).toBe(worst === best ? localities[worst] : null);
      for (const name of ["encryptedInTransit", "encryptedAtRest"] as const) {
        const values = parts.map((one) => one[name]);
        expect(facts[name]).toBe(values.includes(false) ? false : values.includes(null) ? null : true);
      }
      expect(facts.trainsOnData === false).toBe(parts.every((one) => one.trainsOnData === false));
      expect(facts.trainsOnData === true).toBe(parts.some((one) => one.trainsOnData === true));
      expect(facts.trust).toBe(Math.min(...parts.map((one) => one.trust)));
      expect(facts.determinism === "deterministic").toBe(parts.every((one) => one.determinism === "deterministic"));
      expect(facts.retentionDays).toBe(
        parts.some((one) => one.retentionDays === null)
          ? null
          : Math.max(...parts.map((one) => one.retentionDays ?? 0)),
      );
      const regions = new Set(parts.flatMap((one) => one.regions ?? []));
      expect(facts.regions).toEqual(parts.some((one) => one.regions === null) ? null : [...regions].sort());
    }),
    { numRuns: 1000 },
  );
});
