import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CONFIG_ORIGINS,
  type ConfigSource,
  EXECUTOR_CONFIG_DEFAULTS,
  isContractsError,
  resolveExecutorConfig,
} from "../src/index.ts";

function issuesOf(sources: readonly ConfigSource[]): unknown {
  try {
    resolveExecutorConfig(sources);
  } catch (error) {
    if (isContractsError(error) && error.code === "contracts.config-invalid") {
      return error.details.issues.map(({ key, origin }) => `${origin}:${key}`);
    }
    throw error;
  }
  return [];
}

test("takes each value from the highest source that names it, and says which (X1)", () => {
  const origins = CONFIG_ORIGINS.filter((origin) => origin !== "default");
  fc.assert(
    fc.property(fc.subarray(origins), fc.infiniteStream(fc.integer({ min: 1, max: 3_600_000 })), (chosen, stream) => {
      const sources = chosen.map((origin) => ({ origin, values: { timeoutMs: stream.next().value as number } }));
      const highest = sources[0];
      const { values, origins: from } = resolveExecutorConfig(sources.toReversed());

      expect(values.timeoutMs).toBe(highest?.values.timeoutMs ?? EXECUTOR_CONFIG_DEFAULTS.timeoutMs);
      expect(from.timeoutMs).toBe(highest?.origin ?? "default");
      expect(from.seed).toBe("default");
    }),
  );
});

test("reports every fault of every source, also where a higher source hides it (X2, X3)", () => {
  const sources: ConfigSource[] = [
    { origin: "cli", values: { timeoutMs: "5", retry: "1" } },
    { origin: "env", values: { timeout: "5" } },
    { origin: "environment-file", values: { timeoutMs: 0 } },
    { origin: "executor-file", values: { seed: -1, toString: 1 } },
  ];

  expect(issuesOf(sources)).toEqual([
    "executor-file:seed",
    "executor-file:toString",
    "environment-file:timeoutMs",
    "env:timeout",
    "cli:retry",
  ]);
});

test("reads text as a number only where it is plain decimal", () => {
  expect(resolveExecutorConfig([{ origin: "env", values: { seed: "7", temperature: "0.5" } }]).values).toMatchObject({
    seed: 7,
    temperature: 0.5,
  });
  for (const seed of ["", " 7", "0x10", "1e3", "07", "Infinity"]) {
    expect(issuesOf([{ origin: "env", values: { seed } }])).toEqual(["env:seed"]);
  }
  expect(issuesOf([{ origin: "executor-file", values: { seed: "7" } }])).toEqual(["executor-file:seed"]);
});

test("refuses two sources of one origin", () => {
  const source: ConfigSource = { origin: "cli", values: {} };

  expect(issuesOf([source, source])).toEqual(["cli:"]);
});
