/** Packs for the tests of this app, written as values: nothing of them runs. */
import type { OperationContract } from "@canonic/contracts";
import type { Pack } from "../src/pack.ts";

export function contractOf(operation: string, more: Partial<OperationContract> = {}): OperationContract {
  return {
    schema: "canonic/operation-contract/v1",
    operation,
    version: "1.0.0",
    description: "Does nothing, well.",
    input: { type: "object" },
    output: { type: "object" },
    effect: "pure",
    mode: "dryrun",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "It gives an object." }],
    failureModes: [{ code: "demo.failed", when: "It cannot." }],
    termination: { timeoutMs: 1000, outputBytesMax: 1024, memoryLimitMb: 64, condition: "It returns." },
    verification: { strategy: "schema", statement: "The output has the declared shape." },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...more,
  } as OperationContract;
}

const module = new URL("file:///nowhere/operations.js");

export function packOf(
  contracts: readonly OperationContract[],
  operationsModule: { readonly dryrun?: URL; readonly live?: URL } = { dryrun: module, live: module },
): Pack {
  return {
    name: "@example/demo",
    version: "1.0.0",
    contracts,
    operationsModule,
    payloadTypes: [],
    routes: [],
    commands: [],
  };
}
