import { ExecutorContract, type Question, scoreContract } from "@canonic/contracts";
import { overlayQuestions } from "@canonic/planner";
import { describe, expect, test } from "vitest";
import { executorContractOf, executorContracts, summarise } from "../../src/cqvr/index.ts";
import { contractOf } from "../../src/operations/contract.ts";
import { AREA_OVERLAYS, BASE_QUESTIONS } from "../../src/questionnaire/index.ts";

const english = executorContracts("en");
const [first] = overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language: "en" });
const derived = (change: Partial<Question>) =>
  executorContractOf({ ...(first as Question), ...change }, 0, contractOf("quantities"), "quantities");
const blockersOf = (contract: ExecutorContract) => scoreContract(contract).blockers.map(({ code }) => code);

describe.each(["en", "es"] as const)("the 300 executor contracts in %s", (language) => {
  const contracts = executorContracts(language);
  const summary = summarise(contracts);

  test("are of their schema, one for each question, in the order of their numbers", () => {
    expect(contracts).toHaveLength(300);
    expect(contracts.every((contract) => ExecutorContract.safeParse(contract).success)).toBe(true);
    expect(contracts.map(({ identity }) => identity.question)).toEqual(
      Array.from({ length: 300 }, (_, index) => `Q${String(index + 1).padStart(3, "0")}`),
    );
  });

  test("have no blocker, and scores that tell questions apart", () => {
    expect(summary.scores.flatMap(({ blockers }) => blockers)).toEqual([]);
    expect(summary.histogram.reduce((sum, row) => sum + row.contracts, 0)).toBe(300);
    expect(summary.histogram.length).toBeGreaterThanOrEqual(5);
    expect((summary.histogram[0]?.total ?? 0) - (summary.histogram.at(-1)?.total ?? 0)).toBeGreaterThanOrEqual(10);
  });

  test("that ask a generic method have less than those that ask one of their own", () => {
    const totalsOf = (isGeneric: boolean) =>
      summary.scores.filter(({ operation }) => operation.endsWith("retrieve") === isGeneric).map(({ total }) => total);

    expect(totalsOf(true).length).toBeGreaterThan(0);
    expect(Math.max(...totalsOf(true))).toBeLessThan(Math.min(...totalsOf(false)));
  });
});

test("all 300 would be vetoed if validity were not demanded: their mandatory signals accept a measured absence", () => {
  const lax = english.map((contract) => ({
    ...contract,
    signals: contract.signals.map((signal) => ({ ...signal, validityMin: 0 })),
  }));

  expect(
    english.every(({ signals }) => signals.some(({ required, strengthMin }) => required && strengthMin === 0)),
  ).toBe(true);
  expect(summarise(lax).verdicts).toEqual({ PRODUCTION: 0, PATCH: 300, REFORMULATE: 0 });
  expect(lax.flatMap(blockersOf)).toEqual(Array.from({ length: 300 }, () => "zero-threshold"));
});

describe("a question that is wrong shows in its contract", () => {
  test.each<readonly [string, readonly string[], Partial<Question>]>([
    ["another number than its place", ["identity-mismatch"], { id: "Q002" as Question["id"] }],
    ["another area than its place", ["identity-mismatch"], { area: "PA02" as Question["area"] }],
    [
      "an element that waits for a tag that its method never says",
      ["orphan-source"],
      { elements: [{ id: "amount", label: "An amount", required: true, patterns: ["^@allocation$"], signals: [] }] },
    ],
    [
      "an element that reads a signal that the question is not given",
      ["orphan-source"],
      {
        elements: [{ id: "law", label: "A norm", required: true, patterns: ["law"], signals: ["normative-reference"] }],
      },
    ],
    [
      "an invalid signal that does not end the task",
      ["zero-threshold"],
      { failure: { abortIf: ["language-mismatch"], code: "policy-analysis.task-refused" } },
    ],
  ])("%s", (_, blockers, change) => {
    expect(blockersOf(derived({}))).toEqual([]);
    expect(blockersOf(derived(change))).toEqual(blockers);
    expect(scoreContract(derived(change)).verdict).not.toBe("PRODUCTION");
  });
});
