/**
 * A complete, sound run record of 300 tasks over 60 chunks, made from nothing but the schemas, and a way to change it.
 *
 * @module
 */
import {
  type AreaId,
  type Chunk,
  type ChunkId,
  type Coverage,
  type CoverageGap,
  contractDigestOf,
  coverageDenominatorOf,
  type Digest,
  type DimensionId,
  digestBytes,
  digestJson,
  expectedReplay,
  type JsonValue,
  type OperationContract,
  type OperationId,
  type Output,
  type PayloadType,
  type Plan,
  type Question,
  type QuestionId,
  questionNumber,
  type RegistrySnapshot,
  type RunRecord,
  type Signal,
  type Task,
  taskIdOf,
} from "../src/index.ts";

const SEED = 42;
const SENTENCE = "The ministry spends 5 million by 2030. ";
const text = Buffer.from(SENTENCE.repeat(60));

export const operation: OperationContract = {
  schema: "canonic/operation-contract/v1",
  operation: "test.answer" as OperationId,
  version: "1.0.0",
  description: "answers",
  input: { type: "object" },
  output: { type: "object" },
  effect: "pure",
  mode: "live",
  determinism: "deterministic",
  idempotent: true,
  successCriteria: [{ id: "answered", statement: "an output" }],
  failureModes: [{ code: "test.none", when: "never" }],
  termination: { timeoutMs: 1000, outputBytesMax: 1000, memoryLimitMb: 64, condition: "returns" },
  verification: { strategy: "recompute", statement: "run it again" },
  crossDomainDeps: [],
  signals: { required: [], optional: [] },
};

export const snapshot = snapshotOf(operation);

function snapshotOf(contract: OperationContract): RegistrySnapshot {
  return {
    schema: "canonic/registry-snapshot/v1",
    operations: [contract],
    routes: [{ payloadType: "test/question" as PayloadType, operation: contract.operation, version: "1.0.0" }],
  };
}

export type SoundRun = RunRecord & { readonly policy: NonNullable<RunRecord["policy"]> };

/**
 * A record that satisfies all five core contracts; `consumed` of the 300 outputs show that they read their signal. Its
 * one operation has this contract.
 */
export function soundRun(consumed = 300, contract = operation): SoundRun {
  const snapshot = snapshotOf(contract);
  const artifacts = new Map<Digest, JsonValue>();
  const keep = (value: JsonValue): Digest => {
    const digest = digestJson(value);
    artifacts.set(digest, value);
    return digest;
  };
  const chunks = new Map<Digest, Chunk>();
  const tasks: Task[] = [];
  const values: Output[] = [];
  for (let area = 1; area <= 10; area += 1) {
    for (let dimension = 1; dimension <= 6; dimension += 1) {
      const chunk = chunkOf(area, dimension);
      const chunkDigest = keep(chunk);
      chunks.set(chunkDigest, chunk);
      const signal = signalOf(chunk, chunkDigest);
      const signalDigest = keep(signal);
      for (let q = 1; q <= 5; q += 1) {
        const question = questionOf(area, dimension, q);
        const inputs = { chunk: chunkDigest, question: keep(question), "signal-financial-chain": signalDigest };
        const task = taskOf(question, chunk, inputs, tasks.length, contract);
        tasks.push(task);
        values.push(outputOf(task, question, chunk, chunkDigest, signal, signalDigest, tasks.length <= consumed));
      }
    }
  }
  const outputs = values.map((value) => ({ task: value.task, digest: digestJson(value) }));
  const plan: Plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "isolated",
    user: "tester",
    mode: "live",
    seed: SEED,
    request: digestBytes("request"),
    registry: digestJson(snapshot),
    tasks,
    groups: [tasks.map(({ position }) => position)],
    gates: [],
    rechecks: [],
    onFailure: "abort",
    artifacts: [...artifacts.keys()].sort(),
    expect: {
      contracts: ["cardinality", "determinism", "provenance", "routing", "signal-coverage"],
      outputs: 300,
      chunks: 60,
      fibre: 5,
      replay: 3,
      coverage: { numerator: 85, denominator: 100 },
    },
  };
  const coverage = coverageOf(tasks, consumed);
  const replayed = expectedReplay(plan, snapshot).map((position) => ({
    position,
    output: outputs[position]?.digest ?? null,
  }));
  return { plan, snapshot, outputs, replayed, policy: { text, chunks, values, artifacts, coverage } };
}

function chunkOf(area: number, dimension: number): Chunk {
  const cell = 6 * (area - 1) + (dimension - 1);
  const span = { start: cell * SENTENCE.length, end: (cell + 1) * SENTENCE.length };
  const areaId = `PA${String(area).padStart(2, "0")}` as AreaId;
  const dimensionId = `DIM0${dimension}` as DimensionId;
  return {
    kind: "found",
    schema: "canonic/chunk/v1",
    id: `${areaId}-${dimensionId}` as ChunkId,
    area: areaId,
    dimension: dimensionId,
    language: "en",
    document: digestBytes(text),
    search: { method: "test", terms: ["ministry"], paragraphs: 60, candidates: 1, bestScore: 9, threshold: 1 },
    passages: [{ span, digest: digestBytes(SENTENCE), score: 9, text: SENTENCE }],
  };
}

function signalOf(chunk: Chunk, chunkDigest: Digest): Signal {
  const start = chunk.kind === "found" ? (chunk.passages[0]?.span.start ?? 0) : 0;
  const span = { start: start + 20, end: start + 29 };
  return {
    schema: "canonic/signal/v1",
    kind: "financial-chain",
    chunk: chunk.id,
    chunkDigest,
    language: "en",
    publisher: "test",
    version: "1",
    vocabulary: digestBytes("vocabulary"),
    scope: { passages: 1, bytes: SENTENCE.length },
    strength: 50,
    annotations: [
      { pattern: "money", span, digest: digestBytes(text.subarray(span.start, span.end)), attributes: { value: "5" } },
    ],
  };
}

function questionOf(area: number, dimension: number, q: number): Question {
  return {
    schema: "canonic/question/v1",
    id: `Q${String(questionNumber(area, dimension, q)).padStart(3, "0")}` as QuestionId,
    ordering: "numeric/v1",
    slot: `DIM0${dimension}-Q${q}`,
    area: `PA${String(area).padStart(2, "0")}` as AreaId,
    dimension: `DIM0${dimension}` as DimensionId,
    q,
    language: "en",
    text: "Is there a budget?",
    payloadType: "test/question" as PayloadType,
    terms: ["budget"],
    elements: [{ id: "amount", label: "an amount", required: true, patterns: ["million"], signals: [] }],
    modality: "presence",
    signals: { required: [{ kind: "financial-chain", strengthMin: 0 }], optional: [] },
    failure: { abortIf: ["signal-missing"], code: "test.signal-missing" },
  };
}

function taskOf(
  question: Question,
  chunk: Chunk,
  inputs: Task["inputs"],
  position: number,
  contract: OperationContract,
): Task {
  const task = {
    position,
    payloadType: "test/question" as PayloadType,
    operation: contract.operation,
    version: contract.version,
    contract: contractDigestOf(contract),
    parameters: {},
    inputs,
    bindings: {},
    binding: { question: question.id, chunk: chunk.id, chunkDigest: inputs["chunk"] as Digest },
  };
  return { id: taskIdOf(SEED, task), ...task };
}

function outputOf(
  task: Task,
  question: Question,
  chunk: Chunk,
  chunkDigest: Digest,
  signal: Signal,
  signalDigest: Digest,
  consumed: boolean,
): Output {
  const span = signal.annotations[0]?.span ?? { start: 0, end: 0 };
  const link = { pattern: "money", span, chunkDigest, previous: signalDigest };
  return {
    status: "answered",
    schema: "canonic/output/v1",
    task: task.id,
    question: question.id,
    area: question.area,
    dimension: question.dimension,
    chunk: chunk.id,
    chunkDigest,
    modality: "presence",
    elements: [{ id: "amount", met: true }],
    signals: consumed ? [{ signal: signalDigest, kind: "financial-chain", links: [link] }] : [],
    score: 3,
    confidence: 0.5,
    evidence: [
      {
        chunk: chunk.id,
        span,
        digest: digestBytes(text.subarray(span.start, span.end)),
        relevance: 100,
        elements: ["amount"],
      },
    ],
  };
}

function coverageOf(tasks: readonly Task[], consumed: number): Coverage {
  const all = { numerator: tasks.length, denominator: tasks.length };
  const some = { numerator: consumed, denominator: tasks.length };
  const perArea = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((area) => Math.min(30, Math.max(0, consumed - 30 * (area - 1))));
  const perDimension = [0, 1, 2, 3, 4, 5].map(
    (dimension) => tasks.filter((_, at) => at < consumed && Math.floor((at % 30) / 5) === dimension).length,
  );
  const least = (counts: readonly number[], denominator: number) => ({
    planned: { numerator: denominator, denominator },
    consumed: { numerator: Math.min(...counts), denominator },
  });
  const gaps = tasks.slice(consumed).map(
    ({ binding }): CoverageGap => ({
      question: binding?.question as QuestionId,
      kind: "financial-chain",
      stage: "consumed",
      reason: "not-consumed",
      owner: "operation",
    }),
  );
  return {
    schema: "canonic/coverage/v1",
    denominator: coverageDenominatorOf(tasks.map(({ id }) => id)),
    planned: all,
    consumed: some,
    minimumByArea: least(perArea, 30),
    minimumByDimension: least(perDimension, 50),
    funnel: { declared: 300, wired: 300, emitted: 300, valid: 300, fresh: 300, consumed, decisive: null },
    gaps,
  };
}
