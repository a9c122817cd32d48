import { type Consumption, CoreContractViolation, digestJson, fraction } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assertCoverage,
  coverageByArea,
  coverageByDimension,
  findDecorations,
  measureCoverage,
  proveConsumption,
  requireCoverage,
  silenceSignal,
} from "../src/index.ts";
import { bindGrid, taskOf } from "./support.ts";

const grid = bindGrid({
  required: [
    ["quantitative-triplet", 0],
    ["financial-chain", 0],
  ],
});
const signalOf = new Map(grid.signals.map((emitted) => [emitted.digest, emitted.signal]));

/** Outputs of the tasks at the positions that `reads` accepts; the others read nothing. */
function outputsOf(
  reads: (position: number) => boolean,
  forge: (proof: Consumption) => Consumption = (proof) => proof,
) {
  return grid.bindings.map((binding, position) => ({
    task: taskOf(binding.question),
    signals: reads(position)
      ? binding.required.map(({ signal }) => {
          const value = signal === null ? undefined : signalOf.get(signal);
          if (signal === null || value === undefined) throw new Error("unbound");
          return forge(proveConsumption(value, signal, value.annotations));
        })
      : [],
  }));
}

const measure = (outputs: ReturnType<typeof outputsOf>, bindings = grid.bindings) =>
  measureCoverage({ tasks: grid.tasks, bindings, outputs, signals: grid.signals });

describe("coverage", () => {
  test("of a run that reads everything is 300/300, planned and consumed, though most chunks are silent on money", () => {
    const coverage = measure(outputsOf(() => true));

    expect(coverage).toMatchObject({ planned: fraction(300, 300), consumed: fraction(300, 300), gaps: [] });
    expect(coverage.funnel).toEqual({
      declared: 600,
      wired: 600,
      emitted: 600,
      valid: 600,
      fresh: 600,
      consumed: 600,
      decisive: null,
    });
    expect(requireCoverage(coverage).kind).toBe("allow");
  });

  test("passes at 255 of 300 and fails at 254, exactly (C4)", () => {
    const at = (count: number) => measure(outputsOf((position) => position < count));

    expect(at(255).consumed).toEqual(fraction(255, 300));
    expect(requireCoverage(at(255)).kind).toBe("allow");
    expect(requireCoverage(at(254))).toMatchObject({
      kind: "refuse",
      reasons: [{ code: "sisas.consumed-coverage", message: "consumed coverage 254/300 is under 85/100" }],
    });
    expect(() => assertCoverage(at(254))).toThrow(
      expect.objectContaining({ name: "SISASCoverageViolation", code: "contracts.signal-coverage-violation" }),
    );
    expect(() => assertCoverage(at(255))).not.toThrow();
    expect(() => assertCoverage(at(254))).toThrow(CoreContractViolation);
  });

  test("over nothing is an error to count and a refusal to accept, never 100 % (C1)", () => {
    expect(() => measureCoverage({ tasks: [], bindings: [] })).toThrow(
      expect.objectContaining({ code: "sisas.empty-denominator" }),
    );
    expect(requireCoverage(null)).toMatchObject({
      kind: "refuse",
      reasons: [{ code: "sisas.nothing-counted" }, { code: "sisas.nothing-counted" }],
    });
    expect(
      requireCoverage({ planned: { numerator: 0, denominator: 0 }, consumed: { numerator: 0, denominator: 0 } }).kind,
    ).toBe("refuse");
  });

  test("does not cover a task whose question asks for no signal (C1)", () => {
    const bindings = grid.bindings.map((binding, position) => (position < 46 ? { ...binding, required: [] } : binding));

    const coverage = measureCoverage({
      tasks: grid.tasks,
      bindings,
      outputs: outputsOf(() => true),
      signals: grid.signals,
    });

    expect([coverage.planned, coverage.consumed]).toEqual([fraction(254, 300), fraction(254, 300)]);
  });

  test("refuses tasks without binding and what stands twice", () => {
    const [first] = grid.tasks;
    if (first === undefined) throw new Error("no task");

    expect(() => measureCoverage({ tasks: grid.tasks, bindings: grid.bindings.slice(1) })).toThrow(
      expect.objectContaining({ code: "sisas.unknown-question" }),
    );
    expect(() => measureCoverage({ tasks: [...grid.tasks, first], bindings: grid.bindings })).toThrow(
      expect.objectContaining({ code: "sisas.bad-input" }),
    );
    expect(() => measureCoverage({ tasks: grid.tasks, bindings: [...grid.bindings, ...grid.bindings] })).toThrow(
      expect.objectContaining({ code: "sisas.bad-input" }),
    );
  });

  test("agrees with a naive count for any set of readers, per area and dimension too (C2)", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(299), { maxLength: 300 }), (readers) => {
        const outputs = outputsOf((position) => readers.includes(position));
        const input = { tasks: grid.tasks, bindings: grid.bindings, outputs, signals: grid.signals };
        const coverage = measureCoverage(input);
        const perArea = Array.from(
          { length: 10 },
          (_, area) => readers.filter((position) => Math.floor(position / 30) === area).length,
        );
        const perDimension = Array.from(
          { length: 6 },
          (_, dimension) => readers.filter((position) => Math.floor(position / 5) % 6 === dimension).length,
        );
        expect(coverage.consumed).toEqual(fraction(readers.length, 300));
        expect(coverage.minimumByArea.consumed).toEqual(fraction(Math.min(...perArea), 30));
        expect(coverage.minimumByDimension.consumed).toEqual(fraction(Math.min(...perDimension), 50));
        expect([...coverageByArea(input).values()].map(({ consumed }) => consumed.numerator)).toEqual(perArea);
        expect([...coverageByDimension(input).values()].map(({ consumed }) => consumed.numerator)).toEqual(
          perDimension,
        );
        expect(coverage.gaps).toHaveLength(2 * (300 - readers.length));
      }),
      { numRuns: 8 },
    );
  });

  test("counts a forged, a foreign and a missing record as not consumed, and says which", () => {
    const forged = measure(
      outputsOf(
        () => true,
        (proof) => ({ ...proof, links: proof.links.map((link) => ({ ...link, chunkDigest: proof.signal })) }),
      ),
    );
    const silent = measure(outputsOf(() => false));
    const swapped = measure(
      outputsOf(() => true).map((output, index, all) => ({
        ...output,
        signals: all[(index + 5) % 300]?.signals ?? [],
      })),
    );
    const unavailable = measureCoverage({ tasks: grid.tasks, bindings: grid.bindings, outputs: outputsOf(() => true) });

    expect([forged, silent, swapped, unavailable].map(({ consumed }) => consumed.numerator)).toEqual([0, 0, 0, 0]);
    expect([forged, silent, swapped, unavailable].map(({ gaps }) => gaps[0]?.reason)).toEqual([
      "unverifiable-consumption",
      "not-consumed",
      "not-consumed",
      "signal-unavailable",
    ]);
  });

  test("loses what was not measured at its stage, with reason and owner, and the contract fails on it (C3)", () => {
    const garbled = bindGrid({ required: [["quantitative-triplet", 0]] }, (position) =>
      position < 10 ? "\ufffd\ufffd\ufffd\ufffd" : "Nothing here.",
    );
    const coverage = measureCoverage(garbled);

    expect(coverage.planned).toEqual(fraction(250, 300));
    expect(coverage.minimumByArea.planned).toEqual(fraction(0, 30));
    expect(coverage.funnel).toMatchObject({
      declared: 300,
      wired: 300,
      emitted: 250,
      valid: 250,
      fresh: 250,
      consumed: 0,
    });
    expect(coverage.gaps).toHaveLength(50);
    expect(coverage.gaps[0]).toEqual({
      question: "Q001",
      kind: "quantitative-triplet",
      stage: "emitted",
      reason: "garbled-text",
      owner: "document",
    });
    expect(requireCoverage(coverage, undefined, "planned")).toMatchObject({
      kind: "refuse",
      reasons: [{ code: "sisas.planned-coverage" }],
    });
  });

  test("does not fail on a document that is silent", () => {
    const silent = bindGrid({ required: [["quantitative-triplet", 0]] }, (position) =>
      position % 2 === 0 ? null : "Nothing here.",
    );

    expect(requireCoverage(measureCoverage(silent), undefined, "planned").kind).toBe("allow");
  });

  test("names its denominator by the sorted task ids, whatever their order", () => {
    const turned = { tasks: [...grid.tasks].reverse(), bindings: grid.bindings };

    expect(measureCoverage(turned).denominator).toBe(digestJson(grid.tasks.map(({ id }) => id).sort()));
  });
});

describe("decisive signals", () => {
  const few = grid.bindings.slice(0, 7);

  test("are told from decorations by silencing one at a time (D1, D2)", () => {
    const report = findDecorations({
      bindings: few,
      signals: grid.signals,
      answer: (question, signals) => ({
        question,
        signals: [...signals.values()].map((signal) => digestJson(signal)),
        score: (signals.get("quantitative-triplet")?.strength ?? 0) > 0 ? 1 : 0,
      }),
    });

    expect(report.decisive.map(({ kind }) => kind)).toEqual(Array(7).fill("quantitative-triplet"));
    expect(report.decorations).toEqual([]);
    expect(report.silent.map(({ kind }) => kind)).toEqual(Array(7).fill("financial-chain"));
  });

  test("an answer that ignores its signals makes all of them decoration", () => {
    const report = findDecorations({
      bindings: few,
      signals: grid.signals,
      answer: (question) => ({ question, score: 2 }),
    });

    expect([report.decisive.length, report.decorations.length, report.silent.length]).toEqual([0, 7, 7]);
  });

  test("a silenced signal is a measured absence of the same scope", () => {
    const [emitted] = grid.signals.filter(({ signal }) => signal.strength > 0);
    if (emitted === undefined) throw new Error("no signal");

    expect(silenceSignal(emitted.signal)).toEqual({ ...emitted.signal, strength: 0, annotations: [] });
  });
});
