/** A bound plan with everything that makes one: bindings, two gates, rechecks, stopping; and what its tasks give. */
import {
  canonicalJson,
  contractDigestOf,
  type Digest,
  digestBytes,
  type JsonValue,
  type OperationContract,
  type OperationId,
  type Payload,
  type PayloadType,
  type Plan,
  type RegistrySnapshot,
  snapshotDigestOf,
  taskIdOf,
} from "@canonic/contracts";
import { payloadOfJson } from "./whole-run.ts";

export interface BoundPlan {
  readonly plan: Plan;
  readonly snapshot: RegistrySnapshot;
  readonly outputs: readonly string[];
  /** Of the plan, its snapshot, its artifacts and its outputs. */
  readonly payloads: readonly Payload[];
}

function contractOf(
  method: string,
  input: Record<string, JsonValue>,
  output: Record<string, JsonValue>,
  rest: Partial<OperationContract>,
): OperationContract {
  const shape = (properties: Record<string, JsonValue>) => ({
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  return {
    schema: "canonic/operation-contract/v1",
    operation: `doc.${method}` as OperationId,
    version: "1.0.0",
    description: `Can ${method}.`,
    input: shape(input),
    output: shape(output),
    effect: "write",
    mode: "live",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [{ id: "done", statement: "It is done." }],
    failureModes: [{ code: "doc.busy", when: "Somebody else writes." }],
    termination: { timeoutMs: 1000, outputBytesMax: 1000, memoryLimitMb: 64, condition: "Returns." },
    verification: { strategy: "schema", statement: "Look." },
    crossDomainDeps: [],
    signals: { required: [], optional: [] },
    ...rest,
  };
}

const read = contractOf(
  "read",
  { name: { type: "string" } },
  { units: { type: "array", items: { type: "string" } } },
  { effect: "read", capabilities: ["log-prompt"] },
);
const write = contractOf("write", { unit: { type: "string" } }, { written: { type: "integer" } }, { tokensMax: 20 });
const enact = contractOf("enact", { count: { type: "integer" } }, { enacted: { type: "integer" } }, {});

/** `read`, then two `write` behind SG_1, then `enact` behind SG_2; `read` is looked at again before a write and before the end. */
export function boundPlan(change: Partial<Plan> = {}): BoundPlan {
  const contracts = [read, write, enact];
  const snapshot: RegistrySnapshot = {
    schema: "canonic/registry-snapshot/v1",
    operations: [enact, read, write],
    routes: [enact, read, write].map(({ operation, version }) => ({
      payloadType: operation.replace("doc.", "") as PayloadType,
      operation,
      version,
    })),
  };
  const request = payloadOfJson("cut this document");
  const bindings = [{}, { unit: { task: 0, pointer: "/units/0" } }, { unit: { task: 0, pointer: "/units/1" } }];
  const tasks = [0, 1, 1, 2].map((kind, position) => {
    const contract = contracts[kind] as OperationContract;
    const task = {
      position,
      payloadType: contract.operation.replace("doc.", "") as PayloadType,
      operation: contract.operation,
      version: contract.version,
      contract: contractDigestOf(contract),
      parameters: position === 0 ? { name: "the law" } : {},
      inputs: {},
      bindings: bindings[position] ?? { count: { task: 1, pointer: "/written" } },
      binding: null,
    };
    return { id: taskIdOf(7, task), ...task };
  });
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "bound",
    user: "tester",
    mode: "live",
    seed: 7,
    request: request.digest,
    registry: snapshotDigestOf(snapshot),
    tasks,
    groups: [[0], [1, 2], [3]],
    gates: [
      { name: "SG_1", before: 1, reviewDecision: false },
      { name: "SG_2", before: 2, reviewDecision: true },
    ],
    rechecks: [
      { before: 1, task: 0 },
      { before: 3, task: 0 },
    ],
    onFailure: "stop",
    artifacts: [request.digest],
    expect: { contracts: ["cardinality", "routing"], outputs: 4, chunks: null, fibre: null, replay: 0, coverage: null },
    ...change,
  };
  const outputs = [{ units: ["one", "two"] }, { written: 1 }, { written: 2 }, { enacted: 2 }].map(canonicalJson);
  const values = outputs.map((text) => ({ digest: digestBytes(text), bytes: Buffer.from(text, "utf8") }));
  const payloads = [payloadOfJson(plan as JsonValue), payloadOfJson(snapshot as JsonValue), request, ...values];
  return { plan, snapshot, outputs, payloads };
}

export function outputDigest({ outputs }: BoundPlan, position: number): Digest {
  return digestBytes(outputs[position] as string);
}
