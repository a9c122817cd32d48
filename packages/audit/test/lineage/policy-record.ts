/** The lineage of a small policy run, value by value, for the tests to bend: two cells that share one passage, a question each. */
import {
  type Annotation,
  type Chunk,
  type Digest,
  digestBytes,
  digestJson,
  type Evidence,
  type JsonValue,
  type Output,
  type Plan,
  type Question,
  type RunEvent,
  type RunId,
  runIdOf,
  type Signal,
  type SignalKind,
  type Span,
  type Task,
} from "@canonic/contracts";
import type { LineageRecord } from "../../src/index.ts";
import { LineageFacts } from "../../src/lineage/record.ts";

const TEXT = "The council spends 4 million a year. It reports each May.";
export const DOCUMENT = digestBytes(TEXT);
/** The whole text, and its first sentence. */
export const PASSAGE: Span = { start: 0, end: 57 };
export const SENTENCE: Span = { start: 0, end: 36 };

export interface Cell {
  readonly area: "PA01" | "PA02";
  /** What the output says of its two elements. */
  amountMet: boolean;
  periodMet: boolean;
  evidence: Evidence[];
  annotations: Annotation[];
  /** Whether the output shows that it read its signal. */
  reads: boolean;
  chunkKind: "found" | "empty";
  completes: boolean;
  /** What the question asks for under the id `amount`. */
  amountLabel: string;
}

export function digestOf({ start, end }: Span): Digest {
  return digestBytes(Buffer.from(TEXT).subarray(start, end));
}

export function evidenceOf(area: Cell["area"], span: Span, elements: readonly string[]): Evidence {
  return {
    chunk: `${area}-DIM01` as Evidence["chunk"],
    span,
    digest: digestOf(span),
    relevance: 50,
    elements: [...elements],
  };
}

export function annotationOf(span: Span, attributes: Readonly<Record<string, string>>): Annotation {
  return { pattern: "amount", span, digest: digestOf(span), attributes };
}

/** A cell whose output rests on the first sentence. */
export function cellOf(area: Cell["area"]): Cell {
  return {
    area,
    amountMet: true,
    periodMet: true,
    evidence: [evidenceOf(area, SENTENCE, ["amount", "period"])],
    annotations: [annotationOf({ start: 19, end: 28 }, { unit: "million", value: "4" })],
    reads: true,
    chunkKind: "found",
    completes: true,
    amountLabel: "an amount",
  };
}

const search = { method: "bm25", terms: ["spend"], paragraphs: 1, candidates: 1, bestScore: 5, threshold: 2 };

function chunkOf({ area, chunkKind }: Cell): Chunk {
  const cell = {
    schema: "canonic/chunk/v1",
    id: `${area}-DIM01`,
    area,
    dimension: "DIM01",
    language: "en",
    document: DOCUMENT,
    search,
  };
  const passages = [{ span: PASSAGE, digest: DOCUMENT, score: 5, text: TEXT }];
  return (chunkKind === "found" ? { kind: "found", ...cell, passages } : { kind: "empty", ...cell }) as Chunk;
}

function questionOf({ area, amountLabel }: Cell): Question {
  const element = (id: string, label: string) => ({ id, label, required: false, patterns: [id], signals: [] });
  return {
    schema: "canonic/question/v1",
    id: area === "PA01" ? "Q001" : "Q031",
    ordering: "numeric/v1",
    slot: "DIM01-Q1",
    area,
    dimension: "DIM01",
    q: 1,
    language: "en",
    text: "How much?",
    payloadType: "question/money",
    terms: ["spend"],
    elements: [element("amount", amountLabel), element("period", "a period")],
    modality: "count",
    signals: { required: [{ kind: "financial-chain", strengthMin: 0 }], optional: [] },
    failure: { abortIf: ["signal-missing"], code: "policy.refused" },
  } as unknown as Question;
}

function signalOf(chunk: Chunk, annotations: readonly Annotation[]): Signal {
  return {
    schema: "canonic/signal/v1",
    kind: "financial-chain" as SignalKind,
    chunk: chunk.id,
    chunkDigest: digestJson(chunk as JsonValue),
    language: "en",
    publisher: "money",
    version: "1",
    vocabulary: digestBytes("vocabulary"),
    scope: { passages: 1, bytes: 57 },
    strength: 50,
    annotations: [...annotations],
  };
}

function outputOf(cell: Cell, task: Task, signal: Digest): Output {
  const { question, chunk, chunkDigest } = task.binding as NonNullable<Task["binding"]>;
  const common = {
    schema: "canonic/output/v1",
    task: task.id,
    question,
    area: cell.area,
    dimension: "DIM01",
    chunk,
    chunkDigest,
    modality: "count",
    elements: [
      { id: "amount", met: cell.amountMet },
      { id: "period", met: cell.periodMet },
    ],
    signals: cell.reads
      ? [{ signal, kind: "financial-chain", links: [{ pattern: "amount", span: null, chunkDigest, previous: signal }] }]
      : [],
    confidence: 0.5,
  };
  return (
    cell.evidence.length > 0
      ? { status: "answered", ...common, score: 1, evidence: cell.evidence }
      : { status: "no_evidence", ...common, score: 0, evidence: [], search }
  ) as Output;
}

export interface Bent {
  readonly cells?: (cells: [Cell, Cell]) => void;
  /** When the run began, and its number: neither is part of a graph. */
  readonly at?: string;
  readonly number?: number;
  readonly sealed?: boolean;
}

export function policyRecord({
  cells: bend,
  at = "2026-01-31T12:00:00.000Z",
  number = 1,
  sealed = true,
}: Bent = {}): LineageRecord {
  const cells: [Cell, Cell] = [cellOf("PA01"), cellOf("PA02")];
  bend?.(cells);
  const artifacts = new Map<Digest, JsonValue>();
  const keep = (value: JsonValue): Digest => {
    const digest = digestJson(value);
    artifacts.set(digest, value);
    return digest;
  };
  const outputs: (JsonValue | undefined)[] = [];
  const events: RunEvent[] = [];
  const tasks = cells.map((cell, position) => {
    const chunk = chunkOf(cell);
    const chunkDigest = keep(chunk as JsonValue);
    const question = questionOf(cell);
    const signal = keep(signalOf(chunk, cell.annotations) as JsonValue);
    const task = {
      id: `task_${String(position).padStart(20, "0")}`,
      position,
      payloadType: "question/money",
      operation: "policy.answer-money",
      version: "1.0.0",
      contract: digestBytes("contract"),
      parameters: {},
      inputs: { chunk: chunkDigest, question: keep(question as JsonValue), "signal-financial-chain": signal },
      bindings: {},
      binding: { question: question.id, chunk: chunk.id, chunkDigest },
    } as unknown as Task;
    const output = cell.completes ? (outputOf(cell, task, signal) as JsonValue) : undefined;
    outputs.push(output);
    if (output !== undefined) {
      events.push(eventOf("EXECUTION_STARTED", task.id, at, {}));
      events.push(eventOf("EXECUTION_COMPLETED", task.id, at, { output: digestJson(output) }));
    }
    return task;
  });
  const plan = {
    schema: "canonic/plan/v1",
    semantics: 1,
    kind: "isolated",
    user: "tester",
    mode: "live",
    seed: 0,
    request: digestBytes("request"),
    registry: digestBytes("registry"),
    tasks,
    groups: [[0, 1]],
    gates: [],
    rechecks: [],
    onFailure: "abort",
    artifacts: [...artifacts.keys()].sort(),
    expect: { contracts: [], outputs: 2, chunks: 2, fibre: 1, replay: 0, coverage: null },
  } as unknown as Plan;
  const run = runIdOf(digestJson(plan as JsonValue), number);
  if (sealed)
    events.push(eventOf("RUN_SEALED", run, at, { status: "completed", outputs: digestBytes(JSON.stringify(outputs)) }));
  return {
    run,
    origin: "canonic.test/log",
    plan,
    facts: factsOf(run, at, events),
    artifacts,
    outputs,
    certificates: [],
  };
}

export function factsOf(run: RunId, at: string, events: readonly RunEvent[]): LineageFacts {
  const facts = new LineageFacts();
  facts.next(eventOf("PLAN_FROZEN", run, at, {}));
  facts.next(eventOf("TOKEN_VALIDATION", run, at, { token: digestBytes("token"), user: "tester" }));
  for (const event of events) facts.next(event);
  return facts;
}

/** An event with as much of its data as lineage reads. */
export function eventOf(type: RunEvent["type"], subject: string, at: string, data: object): RunEvent {
  return { type, subject, at, data } as unknown as RunEvent;
}
