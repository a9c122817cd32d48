import { expect, test } from "vitest";
import {
  ChunkId,
  Digest,
  digestBytes,
  digestFromBytes,
  digestToBytes,
  domainOf,
  isContractsError,
  methodOf,
  OperationId,
  parseDigest,
  QuestionId,
  questionNumber,
  runIdOf,
} from "../src/index.ts";

const plan = digestBytes("plan");

test("a digest has one spelling and round-trips through bytes", () => {
  expect(digestBytes("")).toBe("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(digestFromBytes(digestToBytes(plan))).toBe(plan);
  for (const text of [plan.toUpperCase(), plan.slice(0, -1), `${plan} `, plan.slice(7), `sha512:${plan.slice(7)}`]) {
    expect(Digest.safeParse(text).success).toBe(false);
    try {
      parseDigest(text);
      expect.unreachable();
    } catch (error) {
      expect(isContractsError(error) && error.code).toBe("contracts.bad-digest");
    }
  }
});

test("run ids derive from the plan and the run's number alone (I1)", () => {
  expect(runIdOf(plan, 1)).toBe(runIdOf(plan, 1));
  expect(runIdOf(plan, 1)).not.toBe(runIdOf(plan, 2));
  expect(runIdOf(plan, 1)).toMatch(/^run_[0-9a-f]{20}$/);
});

test("ids of the grid and the questionnaire are closed sets", () => {
  const numbers = Array.from({ length: 302 }, (_, n) => `Q${String(n).padStart(3, "0")}`);

  expect(numbers.filter((id) => QuestionId.safeParse(id).success)).toHaveLength(300);
  expect(ChunkId.safeParse("PA10-DIM06").success).toBe(true);
  for (const id of ["PA00-DIM01", "PA11-DIM01", "PA1-DIM01", "PA01-DIM07", "PA01-DIM01 "]) {
    expect(ChunkId.safeParse(id).success).toBe(false);
  }
});

test("questions are numbered by number, not by string (Q1)", () => {
  const areas = Array.from({ length: 10 }, (_, index) => index + 1);
  const byString = areas.map((area) => `PA${area}`).sort();

  expect(questionNumber(1, 1, 1)).toBe(1);
  expect(questionNumber(10, 6, 5)).toBe(300);
  expect(byString.indexOf("PA10")).toBe(1);
  expect(questionNumber(10, 1, 1)).toBe(271);
});

test("an operation id is a domain and a method", () => {
  const operation = OperationId.parse("policy.answer-money");

  expect([domainOf(operation), methodOf(operation)]).toEqual(["policy", "answer-money"]);
  for (const id of ["policy", "policy.", ".x", "a.b.c", "A.b", "a.*"])
    expect(OperationId.safeParse(id).success).toBe(false);
});
