/**
 * Executor contracts that lack nothing: each asks another kind of question, and each has all 100 points.
 *
 * @module
 */
import { digestBytes, ExecutorContract } from "../../src/index.ts";

/** A budget question: three elements, two sources of different kinds for each, one method, two signals. */
export const money = ExecutorContract.parse({
  schema: "canonic/executor-contract/v1",
  identity: { question: "Q002", slot: "DIM01-Q2", area: "PA01", dimension: "DIM01", q: 2, chunk: "PA01-DIM01" },
  question: {
    digest: digestBytes("question"),
    ordering: "numeric/v1",
    language: "en",
    text: "What budget is assigned, for what period and from which source?",
    terms: ["budget", "allocate", "funding"],
    modality: "required-then-count",
  },
  executor: {
    operation: "policy.answer-money",
    version: "1.0.0",
    contract: digestBytes("contract"),
    description: "Answers from amounts of money.",
    successCriteria: ["The output is answered with evidence, or no_evidence with the search."],
    failureModes: ["A condition of the failure contract holds."],
  },
  elements: [
    { id: "amount", label: "An assigned amount", required: true },
    { id: "period", label: "The period that it covers", required: false },
    { id: "fund-source", label: "Where the money comes from", required: false },
  ],
  methods: [{ name: "money", provides: ["text", "tag/allocation", "tag/period", "tag/cost"] }],
  assembly: [
    { element: "amount", sources: ["tag/allocation", "signal/financial-chain"] },
    { element: "period", sources: ["tag/period", "signal/temporal-consistency"] },
    { element: "fund-source", sources: ["tag/cost", "text"] },
  ],
  signals: [
    { kind: "financial-chain", required: true, strengthMin: 0, validityMin: 100 },
    { kind: "temporal-consistency", required: false, strengthMin: 0, validityMin: 0 },
  ],
  output: {
    constants: {
      question: "Q002",
      area: "PA01",
      dimension: "DIM01",
      chunk: "PA01-DIM01",
      modality: "required-then-count",
    },
    required: ["task", "question", "chunk", "chunkDigest", "status", "score", "evidence", "signals"],
    properties: ["task", "question", "chunk", "chunkDigest", "status", "score", "evidence", "signals", "search"],
    closed: true,
    statuses: ["answered", "no_evidence"],
  },
  validation: [
    { condition: "chunk-digest-mismatch", code: "policy.task-refused" },
    { condition: "signal-invalid", code: "policy.task-refused" },
    { condition: "language-mismatch", code: "policy.task-refused" },
  ],
});

/** A causal question in Spanish, of the last cell, by the strongest sentence; two methods. */
export const causes = ExecutorContract.parse({
  ...money,
  identity: { question: "Q300", slot: "DIM06-Q5", area: "PA10", dimension: "DIM06", q: 5, chunk: "PA10-DIM06" },
  question: {
    ...money.question,
    language: "es",
    text: "¿Qué produce qué, y por qué medio?",
    terms: ["causa", "efecto", "porque", "mecanismo"],
    modality: "strongest",
  },
  executor: { ...money.executor, operation: "policy.answer-causal-statements" },
  elements: [
    { id: "cause", label: "Una causa", required: true },
    { id: "effect", label: "Un efecto", required: false },
    { id: "mechanism", label: "Un mecanismo", required: false },
    { id: "evidence-base", label: "Una prueba", required: false },
  ],
  methods: [
    { name: "causal-statements", provides: ["text", "tag/cause", "tag/effect", "tag/mechanism"] },
    { name: "legal-references", provides: ["tag/basis"] },
  ],
  assembly: [
    { element: "cause", sources: ["tag/cause", "text"] },
    { element: "effect", sources: ["tag/effect", "signal/causal-verbs"] },
    { element: "mechanism", sources: ["tag/mechanism", "text"] },
    { element: "evidence-base", sources: ["tag/basis", "text", "signal/causal-verbs"] },
  ],
  signals: [{ kind: "causal-verbs", required: true, strengthMin: 20, validityMin: 0 }],
  output: {
    ...money.output,
    constants: { question: "Q300", area: "PA10", dimension: "DIM06", chunk: "PA10-DIM06", modality: "strongest" },
  },
});

/** A presence question with one element, and two mandatory signals. */
export const presence = ExecutorContract.parse({
  ...money,
  identity: { question: "Q031", slot: "DIM01-Q1", area: "PA02", dimension: "DIM01", q: 1, chunk: "PA02-DIM01" },
  question: { ...money.question, modality: "presence" },
  elements: [{ id: "baseline", label: "A measured value", required: true }],
  methods: [{ name: "quantities", provides: ["text", "tag/baseline"] }],
  assembly: [{ element: "baseline", sources: ["tag/baseline", "signal/quantitative-triplet"] }],
  signals: [
    { kind: "quantitative-triplet", required: true, strengthMin: 0, validityMin: 100 },
    { kind: "structural-marker", required: true, strengthMin: 1, validityMin: 100 },
  ],
  output: {
    ...money.output,
    constants: { question: "Q031", area: "PA02", dimension: "DIM01", chunk: "PA02-DIM01", modality: "presence" },
  },
});

export const GOOD_CONTRACTS = { money, causes, presence } as const;
