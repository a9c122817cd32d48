/** Contracts of untrusted test operations. */
import type { OperationContract, OperationId } from "@canonic/contracts";

export function untrusted(name: string, changes: Partial<OperationContract> = {}): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation: `untrusted.${name}` as OperationId,
    version: "1.0.0",
    description: `tries ${name}`,
    input: { type: "object" },
    output: {},
    effect: "pure",
    mode: "live",
    determinism: "deterministic",
    idempotent: true,
    isolation: "untrusted",
    successCriteria: [{ id: "done", statement: "it returns" }],
    failureModes: [{ code: "failed", when: "it throws" }],
    termination: { timeoutMs: 10_000, outputBytesMax: 65_536, memoryLimitMb: 64, condition: "it returns" },
    verification: { strategy: "schema", statement: "the output has its shape" },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...changes,
  };
}
