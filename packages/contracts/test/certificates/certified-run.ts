/**
 * A sealed run that carries the evidence of all fifteen certificates, made from nothing but the schemas.
 *
 * @module
 */
import {
  type CertifiedRun,
  canonicalJson,
  checkCoreContracts,
  contractDigestOf,
  countPrecision,
  type Digest,
  digestBytes,
  digestJson,
  EXECUTOR_CONFIG_DEFAULTS,
  type ExecutionEnvironment,
  expectedReplay,
  inputDigestOf,
  integrityRootOf,
  type JsonValue,
  type LabelledCases,
  type OperationContract,
  type Plan,
  type PlanningProof,
  type PolicyPackage,
  planDigestOf,
  planningSubjectOf,
  publishedSchema,
  resourcePlanOf,
  runIdOf,
  SignalKind,
} from "../../src/index.ts";
import { operation, type SoundRun, soundRun } from "../run-fixture.ts";

/** A contract that takes exactly what the fixture gives. */
export const strictOperation: OperationContract = {
  ...operation,
  input: {
    type: "object",
    properties: {
      chunk: { type: "object" },
      question: { type: "object" },
      "signal-financial-chain": { type: "object" },
    },
    required: ["chunk", "question"],
    additionalProperties: false,
  },
  output: withoutNames(publishedSchema("executor_output")),
  termination: { ...operation.termination, outputBytesMax: 100_000 },
};

const sound = soundRun(300, strictOperation);

export const VOCABULARY = digestBytes("vocabulary");

/** All the evidence of a sound run: the fixture's own, and what certificates ask for beside it. */
export function certifiedRun(contract: OperationContract = strictOperation): CertifiedRun {
  const record = contract === strictOperation ? sound : soundRun(300, contract);
  const { policy, snapshot } = record;
  const context: JsonValue[] = [packageOf(record), synchronisationOf(record)];
  const artifacts = new Map<Digest, JsonValue>(policy.artifacts);
  const keep = (value: JsonValue): Digest => {
    const digest = digestJson(value);
    artifacts.set(digest, value);
    return digest;
  };
  const named = [...record.plan.artifacts, ...context.map(keep)].sort();
  const bare: Plan = { ...record.plan, artifacts: named };
  const resources = keep(resourcePlanOf(bare, snapshot) as JsonValue);
  const cases = labelledCases();
  const found = cases.cases.map(({ expected }) => expected);
  const precision = {
    schema: "canonic/precision/v1",
    vocabulary: VOCABULARY,
    cases: keep(cases as unknown as JsonValue),
    found,
    counts: countPrecision(cases, found),
  };
  const proof: PlanningProof = {
    schema: "canonic/planning-proof/v1",
    passes: 2,
    seed: 42,
    lists: 6,
    items: 900,
    subject: planningSubjectOf(bare, artifacts),
    resources,
  };
  const evidence = [resources, precision.cases, keep(precision as unknown as JsonValue), keep(proof)];
  const plan: Plan = { ...bare, artifacts: [...named, ...evidence].sort() };
  const replayed = replayOf(record, plan);
  const verdicts = checkCoreContracts({ ...record, plan, replayed }).map((result) => {
    keep(result.evidence);
    return result.verdict;
  });
  const planDigest = planDigestOf(plan);
  const environment: ExecutionEnvironment = {
    schema: "canonic/execution-environment/v1",
    executor: { values: EXECUTOR_CONFIG_DEFAULTS, origins: defaultOrigins },
    sources: [
      {
        operation: contract.operation,
        version: contract.version,
        contract: contractDigestOf(contract),
        source: digestBytes("the module of the operation"),
      },
    ],
  };
  const lines = policy.values.map((value) => `${canonicalJson(value as JsonValue)}\n`).join("");
  return {
    run: runIdOf(planDigest, 1),
    planDigest,
    plan,
    snapshot,
    status: "completed",
    sealedAt: "2026-01-31T12:00:00.000Z",
    outputsDigest: digestBytes(lines),
    artifacts,
    outputs: policy.values as readonly JsonValue[],
    started: plan.tasks.map((task) => inputDigestOf(task)),
    completed: record.outputs.map(({ digest }) => digest),
    verdicts,
    environments: [keep(environment as JsonValue)],
  };
}

const defaultOrigins = {
  executorId: "default",
  timeoutMs: "default",
  retry: "default",
  temperature: "default",
  maxTokens: "default",
  memoryLimitMb: "default",
  seed: "default",
} as const;

function replayOf({ outputs, snapshot }: SoundRun, plan: Plan) {
  return expectedReplay(plan, snapshot)
    .sort((a, b) => a - b)
    .map((position) => ({ position, output: outputs[position]?.digest ?? null }));
}

function packageOf({ policy }: SoundRun): PolicyPackage {
  const chunks = [...policy.chunks].map(([digest, { id }]) => ({ id, digest })).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    schema: "canonic/policy-package/v1",
    document: digestBytes(policy.text),
    chunks,
    metrics: {
      chunksFound: 60,
      chunksEmpty: 0,
      passages: 60,
      passageBytes: policy.text.length,
      documentBytes: policy.text.length,
    },
    integrityRoot: integrityRootOf(chunks),
  };
}

function synchronisationOf({ plan }: SoundRun): JsonValue {
  return {
    schema: "canonic/synchronisation-manifest/v1",
    vocabulary: VOCABULARY,
    bindings: plan.tasks.map(({ binding, inputs }) => ({
      question: binding?.question ?? "",
      chunk: binding?.chunk ?? "",
      chunkDigest: binding?.chunkDigest ?? "",
      covered: true,
      signals: [{ kind: "financial-chain", required: true, signal: inputs["signal-financial-chain"] as string }],
    })),
    chunks: 60,
    fibre: 5,
    planned: { numerator: 300, denominator: 300 },
  };
}

function labelledCases(): LabelledCases {
  const cases = SignalKind.options.flatMap((kind) =>
    (["en", "es"] as const).flatMap((language) => [
      { kind, language, text: `${kind} in ${language}`, expected: [{ pattern: "p", text: kind }] },
      { kind, language, text: "nothing of it", expected: [] },
    ]),
  );
  return { schema: "canonic/labelled-cases/v1", cases };
}

function withoutNames({
  $id: _id,
  $schema: _dialect,
  ...schema
}: OperationContract["input"]): OperationContract["input"] {
  return schema;
}
