/**
 * What a run was executed with: the executor's configuration, and the source of each operation, by digest.
 *
 * It is no part of the plan: the same plan runs anywhere. Each session of a run names its own.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "../digest.ts";
import { CONFIG_ORIGINS, ExecutorConfig } from "../executor-config.ts";
import { OperationId, SemanticVersion } from "../ids.ts";

const origin = z.enum(CONFIG_ORIGINS);

/** Where each value of the configuration came from. */
const ConfigOrigins = z.strictObject({
  executorId: origin,
  timeoutMs: origin,
  retry: origin,
  temperature: origin,
  maxTokens: origin,
  memoryLimitMb: origin,
  seed: origin,
});

/**
 * `source` is the digest of the files that the operation's module is made of, as its loader found them; operations are
 * sorted by id and version, each once.
 */
export const ExecutionEnvironment = z.strictObject({
  schema: z.literal("canonic/execution-environment/v1"),
  executor: z.strictObject({ values: ExecutorConfig, origins: ConfigOrigins }),
  sources: z.array(
    z.strictObject({ operation: OperationId, version: SemanticVersion, contract: Digest, source: Digest }),
  ),
});
export type ExecutionEnvironment = z.infer<typeof ExecutionEnvironment>;
