/**
 * A valid operation contract with what a test wants to be different. Apart from the kit, because fixtures in worker
 * threads need it and nothing else.
 *
 * @module
 */
import type { OperationContract, OperationId } from "@canonic/contracts";

export function contractOf(operation: string, changes: Partial<OperationContract> = {}): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation: operation as OperationId,
    version: "1.0.0",
    description: `test operation ${operation}`,
    input: { type: "object" },
    output: {},
    effect: "pure",
    mode: "live",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "it returns" }],
    failureModes: [{ code: "failed", when: "it throws" }],
    termination: { timeoutMs: 1000, outputBytesMax: 4096, memoryLimitMb: 64, condition: "it returns" },
    verification: { strategy: "schema", statement: "the output has its shape" },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...changes,
  };
}
