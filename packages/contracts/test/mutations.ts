/**
 * One sound run, ways to bend it, and what the contracts say of the bent one.
 *
 * @module
 */
import { expect } from "vitest";
import { checkCoreContracts, type RunRecord } from "../src/index.ts";
import { soundRun } from "./run-fixture.ts";

export type Sound = ReturnType<typeof soundRun>;

export const sound = soundRun();
export const satisfied = ["cardinality", "determinism", "provenance", "routing", "signal-coverage"].map(
  (name) => `${name} satisfied`,
);

export function verdictsOf(record: RunRecord): string[] {
  return checkCoreContracts(record).map(({ verdict }) => `${verdict.contract} ${verdict.verdict}`);
}

/** The codes of the reasons of the one contract that is violated. */
export function onlyViolation(record: RunRecord): [string, string[]] {
  const violated = checkCoreContracts(record).filter(({ verdict }) => verdict.verdict === "violated");
  expect(violated).toHaveLength(1);
  const [first] = violated;
  return [first?.verdict.contract ?? "", [...new Set(first?.verdict.reasons.map(({ code }) => code))].sort()];
}

export const withPlan = (change: Partial<Sound["plan"]>): Sound => ({ ...sound, plan: { ...sound.plan, ...change } });
export const withPolicy = (change: Partial<Sound["policy"]>): Sound => ({
  ...sound,
  policy: { ...sound.policy, ...change },
});
export const withValue = (position: number, change: object): Sound =>
  withPolicy({ values: sound.policy.values.map((value, at) => (at === position ? { ...value, ...change } : value)) });
