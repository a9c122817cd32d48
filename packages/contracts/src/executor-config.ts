/**
 * Executor configuration: five sources, one precedence, and every value knows where it came from.
 *
 * Invariants:
 *   X1. Precedence: command line, environment, environment file, executor file, defaults.
 *   X2. An unknown key or a value out of range in any source is an error, also where a higher source hides it.
 *   X3. All faults of all sources are reported at once, each with its origin.
 *
 * @module
 */
import { z } from "zod";
import { ContractsError } from "./errors.ts";

/** Ranges: timeout 1 ms..1 h; retry 0 only (advice, never done here); temperature 0..2; tokens 1..32000; memory 128..8192 MB. */
export const ExecutorConfig = z.strictObject({
  executorId: z.string().regex(/^[a-z][a-z0-9.-]{0,126}$/),
  timeoutMs: z.int().min(1).max(3_600_000),
  retry: z.literal(0),
  temperature: z.number().min(0).max(2),
  maxTokens: z.int().min(1).max(32_000),
  memoryLimitMb: z.int().min(128).max(8192),
  seed: z.int().min(0),
});
export type ExecutorConfig = z.infer<typeof ExecutorConfig>;

export const EXECUTOR_CONFIG_DEFAULTS: ExecutorConfig = Object.freeze({
  executorId: "local",
  timeoutMs: 30_000,
  retry: 0,
  temperature: 0,
  maxTokens: 4096,
  memoryLimitMb: 512,
  seed: 42,
});

/** Highest first. */
export const CONFIG_ORIGINS = ["cli", "env", "environment-file", "executor-file", "default"] as const;
export type ConfigOrigin = (typeof CONFIG_ORIGINS)[number];

/** What one source says; text from the command line or the environment is read as the key's type. */
export type ConfigSource = {
  readonly origin: Exclude<ConfigOrigin, "default">;
  readonly values: Readonly<Record<string, unknown>>;
};

export type ResolvedExecutorConfig = {
  readonly values: ExecutorConfig;
  readonly origins: Readonly<Record<keyof ExecutorConfig, ConfigOrigin>>;
};

/**
 * Resolves the configuration.
 *
 * @param sources - In any order, at most one per origin.
 * @throws {ContractsError} `contracts.config-invalid` with every unknown key, bad value and repeated origin.
 */
export function resolveExecutorConfig(sources: readonly ConfigSource[]): ResolvedExecutorConfig {
  const issues: { key: string; origin: string; expected: string }[] = [];
  const values: Record<string, unknown> = { ...EXECUTOR_CONFIG_DEFAULTS };
  const origins: Record<string, ConfigOrigin> = {};
  for (const key of Object.keys(EXECUTOR_CONFIG_DEFAULTS)) origins[key] = "default";
  for (const origin of CONFIG_ORIGINS.toReversed()) {
    const same = sources.filter((source) => source.origin === origin);
    if (same.length > 1) issues.push({ key: "", origin, expected: "one source per origin" });
    for (const source of same) readSource(source, values, origins, issues);
  }
  if (issues.length > 0) {
    const [first] = issues;
    const message = `\`${first?.key}\` from ${first?.origin}: ${first?.expected}`;
    throw new ContractsError("contracts.config-invalid", message, { issues });
  }
  return { values: values as ExecutorConfig, origins: origins as ResolvedExecutorConfig["origins"] };
}

function readSource(
  source: ConfigSource,
  values: Record<string, unknown>,
  origins: Record<string, ConfigOrigin>,
  issues: { key: string; origin: string; expected: string }[],
): void {
  for (const key of Object.keys(source.values).sort()) {
    if (!Object.hasOwn(ExecutorConfig.shape, key)) {
      const known = Object.keys(ExecutorConfig.shape).join(", ");
      issues.push({ key, origin: source.origin, expected: `one of ${known}` });
      continue;
    }
    const given = source.values[key];
    const parsed = ExecutorConfig.shape[key as keyof ExecutorConfig].safeParse(fromText(source.origin, key, given));
    if (parsed.success) {
      values[key] = parsed.data;
      origins[key] = source.origin;
    } else {
      issues.push({ key, origin: source.origin, expected: parsed.error.issues[0]?.message ?? "another value" });
    }
  }
}

/** Only plain decimal text is a number: `Number("")` is 0 and `Number("0x10")` is 16. */
function fromText(origin: ConfigOrigin, key: string, given: unknown): unknown {
  if ((origin !== "cli" && origin !== "env") || typeof given !== "string" || key === "executorId") return given;
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(given) ? Number(given) : given;
}
