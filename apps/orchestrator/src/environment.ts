/**
 * What a session of a run executes with, as the payload that the session's first event names.
 *
 * @module
 */
import {
  byCodeUnit,
  byVersion,
  canonicalBytes,
  digestBytes,
  type ExecutionEnvironment,
  type Payload,
  type ResolvedExecutorConfig,
} from "@canonic/contracts";
import { sourceDigestOf } from "./operation-sources.ts";
import type { Adapter } from "./registry.ts";

/** The environment of operations that these adapters execute under this configuration. */
export function environmentOf(adapters: readonly Adapter[], executor: ResolvedExecutorConfig): Payload {
  const { values, origins } = executor;
  const environment: ExecutionEnvironment = {
    schema: "canonic/execution-environment/v1",
    executor: { values, origins },
    sources: sourcesOf(adapters),
  };
  const bytes = canonicalBytes(environment);
  return { digest: digestBytes(bytes), bytes };
}

/** The source of each operation of some adapters, sorted by operation and version. */
export function sourcesOf(adapters: readonly Adapter[]): ExecutionEnvironment["sources"] {
  return adapters
    .flatMap(({ module, contracts }) => {
      const source = sourceDigestOf(module);
      return [...contracts].map(([contract, { operation, version }]) => ({ operation, version, contract, source }));
    })
    .sort((a, b) => byCodeUnit(a.operation, b.operation) || byVersion(a.version, b.version));
}
