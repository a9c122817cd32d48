/** Snapshots for the tests of this package, written as values: this package knows no registry. */
import type { OperationContract, RegistrySnapshot } from "@canonic/contracts";
import { isCoreContractViolation } from "@canonic/contracts";
import { isPlannerError } from "../src/index.ts";

export function contractOf(operation: string, more: Partial<Record<keyof OperationContract, unknown>> = {}) {
  return {
    schema: "canonic/operation-contract/v1",
    operation,
    version: "1.0.0",
    description: "Does nothing, well.",
    input: { type: "object" },
    output: { type: "object" },
    effect: "pure",
    mode: "live",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "It gives an object." }],
    failureModes: [{ code: "demo.failed", when: "It cannot." }],
    termination: { timeoutMs: 1000, outputBytesMax: 1024, memoryLimitMb: 64, condition: "It returns." },
    verification: { strategy: "schema", statement: "The output has the declared shape." },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...more,
  } as unknown as OperationContract;
}

export function snapshotOf(
  operations: readonly OperationContract[],
  routes: readonly (readonly [payloadType: string, operation: string])[],
): RegistrySnapshot {
  return {
    schema: "canonic/registry-snapshot/v1",
    operations: [...operations],
    routes: routes.map(([payloadType, operation]) => ({ payloadType, operation, version: "1.0.0" })),
  } as RegistrySnapshot;
}

/** One operation under one payload type. */
export const echo = snapshotOf([contractOf("demo.echo")], [["demo/text", "demo.echo"]]);

/** What a call throws; a call that throws nothing fails the test. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** `code: place` of every fault or reason of what a call throws, after the error's own name or code. */
export function faultsOf(call: () => unknown): string[] {
  const error = thrownBy(call);
  if (isCoreContractViolation(error))
    return [error.name, ...error.reasons.map(({ code, place }) => `${place}: ${code}`)];
  if (!isPlannerError(error)) throw error;
  return [error.code, ...("faults" in error.details ? error.details.faults.map(({ place }) => place) : [])];
}
