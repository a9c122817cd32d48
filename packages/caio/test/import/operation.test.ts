import { contractDigestOf, OperationContract } from "@canonic/contracts";
import { expect, test } from "vitest";
import { admitServices, serviceOfOperation } from "../../src/index.ts";

const OPERATION = OperationContract.parse({
  schema: "canonic/operation-contract/v1",
  operation: "text.summarise",
  version: "1.2.0",
  description: "Makes a text short.",
  input: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  output: { type: "string" },
  effect: "pure",
  mode: "live",
  determinism: "deterministic",
  idempotent: true,
  successCriteria: [{ id: "short", statement: "it is short" }],
  failureModes: [{ code: "long", when: "it is long" }],
  termination: { timeoutMs: 1_500, outputBytesMax: 1_024, memoryLimitMb: 64, condition: "one pass" },
  verification: { strategy: "recompute", statement: "run again" },
  crossDomainDeps: [],
  signals: { required: [], optional: [] },
});

test("offers an operation under its own name, pinned by the digest of its contract", () => {
  const service = serviceOfOperation(OPERATION);

  expect(service).toMatchObject({
    service: "operation/text.summarise",
    version: "1.2.0",
    capabilities: ["operation", "text.summarise"],
    api: { kind: "operation", operation: "text.summarise", version: "1.2.0", contract: contractDigestOf(OPERATION) },
    input: OPERATION.input,
    output: OPERATION.output,
    determinism: "deterministic",
    effect: "pure",
    cost: { currency: "USD", prices: [] },
  });
  expect(service.guarantees).toEqual([
    { property: "latency-max", bound: "max", value: 1_500_000, unit: "us", of: null, basis: "declared" },
  ]);
  expect(admitServices([service]).admitted).toEqual([service]);
});

test("knows neither cost nor place of an operation that asks a model", () => {
  const service = serviceOfOperation(OperationContract.parse({ ...OPERATION, tokensMax: 500 }));

  expect(service.cost).toBeNull();
  expect(service.privacy).toMatchObject({ locality: null, trainsOnData: null });
});
