/** Operations and snapshots for the tests of this package. */
import type { Operation, OperationContract, RegistrySnapshot } from "@canonic/contracts";

export function contractOf(operation: string, version = "1.0.0", more: Partial<OperationContract> = {}) {
  return {
    schema: "canonic/operation-contract/v1",
    operation,
    version,
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

export function operationOf(operation: string, version = "1.0.0", more: Partial<OperationContract> = {}): Operation {
  return { contract: contractOf(operation, version, more), run: () => ({}) };
}

export function snapshotOf(operations: OperationContract[], routes: [string, string, string][]): RegistrySnapshot {
  return {
    schema: "canonic/registry-snapshot/v1",
    operations,
    routes: routes.map(([payloadType, operation, version]) => ({ payloadType, operation, version })),
  } as RegistrySnapshot;
}

/** What a call throws; a call that throws nothing fails the test. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
