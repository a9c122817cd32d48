import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CRITERION_IDS, type CriterionId, ExecutorContract, scoreContract } from "../../src/index.ts";
import { GOOD_CONTRACTS, money } from "./good-contracts.ts";
import { CQVR_MUTATIONS, type CqvrMutation, mutated } from "./mutations.ts";

const lostBy = (contract: ExecutorContract): Partial<Record<CriterionId, number>> =>
  Object.fromEntries(
    scoreContract(contract)
      .criteria.filter(({ points, max }) => points < max)
      .map(({ id, points, max }) => [id, max - points]),
  );
const codesOf = (contract: ExecutorContract) => scoreContract(contract).blockers.map(({ code }) => code);

describe.each(Object.entries(GOOD_CONTRACTS))("the good contract %s", (_, contract) => {
  test("has 55, 30 and 15 points, no blocker, and goes to production", () => {
    const { total, tiers, criteria, blockers, verdict } = scoreContract(contract);

    expect(criteria.flatMap(({ reasons }) => reasons)).toEqual([]);
    expect({ total, tiers, blockers, verdict }).toEqual({
      total: 100,
      tiers: [55, 30, 15],
      blockers: [],
      verdict: "PRODUCTION",
    });
    expect(criteria.map(({ id, max }) => [id, max])).toEqual(
      CRITERION_IDS.map((id, at) => [id, [20, 20, 10, 5, 10, 10, 10, 5, 5, 5][at]]),
    );
  });
});

describe("named mutations", () => {
  test("are at least 25, and touch every criterion and every blocker", () => {
    expect(CQVR_MUTATIONS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(CQVR_MUTATIONS.map(({ title }) => title)).size).toBe(CQVR_MUTATIONS.length);
    const touched = new Set(CQVR_MUTATIONS.flatMap(({ loses }) => Object.keys(loses)));
    expect([...touched].sort()).toEqual([...CRITERION_IDS].sort());
    expect([...new Set(CQVR_MUTATIONS.flatMap(({ blockers }) => blockers))].sort()).toEqual([
      "identity-mismatch",
      "no-validation",
      "orphan-source",
      "zero-threshold",
    ]);
  });

  test.each(CQVR_MUTATIONS)("$title", ({ alter, loses, blockers, verdict }: CqvrMutation) => {
    const contract = mutated(money, alter);
    const report = scoreContract(contract);

    expect(ExecutorContract.parse(contract)).toEqual(contract);
    expect(lostBy(contract)).toEqual(loses);
    expect(codesOf(contract)).toEqual(blockers);
    expect(report.verdict).toBe(verdict);
    expect(report.total).toBe(100 - Object.values(loses).reduce((sum, points) => sum + points, 0));
  });
});

test("every blocker vetoes production, also at the best score that it leaves (Q3)", () => {
  const blocked = CQVR_MUTATIONS.filter(({ blockers }) => blockers.length > 0);

  expect(blocked.length).toBeGreaterThan(5);
  for (const { alter } of blocked) expect(scoreContract(mutated(money, alter)).verdict).not.toBe("PRODUCTION");
  expect(blocked.some(({ alter }) => scoreContract(mutated(money, alter)).total >= 95)).toBe(true);
});

describe("the verdict at its edges", () => {
  const of = (...titles: string[]) => {
    const alters = titles.map((title) => CQVR_MUTATIONS.find((one) => one.title === title)?.alter);
    return scoreContract(
      mutated(money, (contract) => {
        for (const alter of alters) alter?.(contract);
      }),
    );
  };

  test("tier 1 under 35 is REFORMULATE", () => {
    const report = of("nothing of the identity agrees", "there is no assembly rule");

    expect([report.tiers[0] < 35, report.verdict]).toEqual([true, "REFORMULATE"]);
  });

  test("tier 1 of 40 with two blockers is PATCH, with three and under 70 points REFORMULATE", () => {
    const two = of("nothing is demanded of the mandatory signal", "no validation rule");
    const three = of(
      "the output is of another question",
      "nothing is demanded of the mandatory signal",
      "no validation rule",
      "there is no method",
    );

    expect([two.blockers.length, two.verdict]).toEqual([2, "PATCH"]);
    expect([three.total < 70, three.blockers.length > 2, three.verdict]).toEqual([true, true, "REFORMULATE"]);
  });
});

/** What speaks for a contract; taking any of it away must never help. What a contract asks for is not among these. */
const SUPPORTS: readonly ((contract: ExecutorContract) => readonly ((copy: ExecutorContract) => void)[])[] = [
  ({ methods }) =>
    methods.flatMap(({ provides }, at) =>
      provides.map((_, index) => (copy: ExecutorContract) => void copy.methods[at]?.provides.splice(index, 1)),
    ),
  ({ validation }) => validation.map((_, at) => (copy) => void copy.validation.splice(at, 1)),
  ({ signals }) =>
    signals.map((_, at) => (copy) => {
      const signal = copy.signals[at];
      if (signal !== undefined) Object.assign(signal, { strengthMin: 0, validityMin: 0 });
    }),
  ({ signals }) => (signals.length === 1 ? [(copy) => void copy.signals.pop()] : []),
  ({ question }) => question.terms.map((_, at) => (copy) => void copy.question.terms.splice(at, 1)),
  ({ elements }) =>
    elements.map((_, at) => (copy) => {
      const element = copy.elements[at];
      if (element !== undefined) Object.assign(element, { label: "" });
    }),
  ({ output }) => output.properties.map((_, at) => (copy) => void copy.output.properties.splice(at, 1)),
  ({ output }) => output.statuses.map((_, at) => (copy) => void copy.output.statuses.splice(at, 1)),
  ({ executor }) => executor.successCriteria.map((_, at) => (copy) => void copy.executor.successCriteria.splice(at, 1)),
  ({ executor }) => executor.failureModes.map((_, at) => (copy) => void copy.executor.failureModes.splice(at, 1)),
  () => [
    (copy) => void Object.assign(copy.question, { digest: null }),
    (copy) => void Object.assign(copy.executor, { contract: null, description: "" }),
    (copy) => void Object.assign(copy.question, { ordering: "", text: "" }),
    (copy) => void Object.assign(copy.output, { closed: false }),
  ],
];

test("taking away what speaks for a contract never raises its score, however it is broken already", () => {
  let lowered = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(GOOD_CONTRACTS)),
      fc.array(fc.constantFrom(...CQVR_MUTATIONS), { maxLength: 4 }),
      fc.nat(),
      (good, mutations, which) => {
        const broken = mutated(good, (copy) => {
          for (const { alter } of mutations) {
            try {
              alter(copy);
            } catch {
              // The part that a mutation speaks of may be gone already, or was never there.
            }
          }
        });
        const removals = SUPPORTS.flatMap((of) => of(broken));
        const remove = removals[which % removals.length];
        if (remove === undefined) return;
        const less = mutated(broken, remove);
        const [before, after] = [scoreContract(broken), scoreContract(less)];
        // A threshold that is missing is missing of a signal: with the last signal, it goes.
        const stays = ({ code }: { code: string }) => code !== "zero-threshold" || less.signals.length > 0;

        expect(after.total).toBeLessThanOrEqual(before.total);
        expect(after.blockers.length).toBeGreaterThanOrEqual(before.blockers.filter(stays).length);
        if (after.total < before.total) lowered += 1;
      },
    ),
    { numRuns: 600 },
  );
  expect(lowered).toBeGreaterThan(100);
});

test("the total is the sum of the criteria and of the tiers, every lost point has a reason, and scoring is pure (Q1, Q2)", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...CQVR_MUTATIONS), { maxLength: 6 }), (mutations) => {
      const contract = mutated(money, (copy) => {
        for (const { alter } of mutations) {
          try {
            alter(copy);
          } catch {
            // As above.
          }
        }
      });
      const before = structuredClone(contract);
      const report = scoreContract(contract);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

      expect(report.total).toBe(sum(report.criteria.map(({ points }) => points)));
      expect(report.total).toBe(sum(report.tiers));
      for (const { points, max, reasons } of report.criteria) {
        expect(Number.isInteger(points) && points >= 0 && points <= max).toBe(true);
        expect(reasons.length > 0).toBe(points < max);
      }
      expect(contract).toEqual(before);
      expect(scoreContract(structuredClone(contract))).toEqual(report);
    }),
    { numRuns: 300 },
  );
});
