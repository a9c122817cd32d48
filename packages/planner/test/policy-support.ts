/** A whole policy request made of small values of our own: 300 questions, 60 chunks, 60 signals. */
import {
  type Chunk,
  type Digest,
  digestBytes,
  digestJson,
  type JsonValue,
  type Question,
  type Signal,
} from "@canonic/contracts";
import {
  AREA_IDS,
  type AreaOverlay,
  type BaseQuestion,
  CHUNK_IDS,
  overlayQuestions,
  type PolicyRequest,
  type SignalBinding,
  SLOTS,
} from "../src/index.ts";
import { contractOf, snapshotOf } from "./support.ts";

export const document: Digest = digestBytes("the document");

export const base: readonly BaseQuestion[] = SLOTS.map((slot) => ({
  slot,
  payloadType: slot.endsWith("Q5") ? "question/money" : "question/presence",
  modality: "count",
  text: { en: `What does {area} say for ${slot}?`, es: `¿Qué dice {area} para ${slot}?` },
  terms: { en: ["baseline"], es: ["línea base"] },
  elements: [
    {
      id: "source",
      label: { en: "A source", es: "Una fuente" },
      required: true,
      patterns: { en: ["source"], es: ["fuente"] },
      signals: ["structural-marker"],
    },
  ],
  signals: {
    required: [{ kind: "structural-marker", strengthMin: 0 }],
    optional: [{ kind: "causal-verbs", strengthMin: 10 }],
  },
  failure: { abortIf: ["chunk-digest-mismatch"], code: "policy.chunk-changed" },
}));

export const areas: readonly AreaOverlay[] = AREA_IDS.map((id) => ({
  id,
  name: { en: `area ${id}`, es: `el área ${id}` },
  terms: { en: [`term ${id}`], es: [`término ${id}`] },
}));

export const questions: readonly Question[] = overlayQuestions({ base, areas, language: "en" });

export const chunks: readonly Chunk[] = CHUNK_IDS.map((id) => ({
  schema: "canonic/chunk/v1",
  kind: "empty",
  id,
  area: id.slice(0, 4) as Chunk["area"],
  dimension: id.slice(5) as Chunk["dimension"],
  language: "en",
  document,
  search: { method: "none", terms: [], paragraphs: 1, candidates: 0, bestScore: 0, threshold: 1 },
}));

export const signals: readonly Signal[] = chunks.map((chunk) => ({
  schema: "canonic/signal/v1",
  kind: "structural-marker",
  chunk: chunk.id,
  chunkDigest: digestJson(chunk as JsonValue),
  language: "en",
  publisher: "test",
  version: "1",
  vocabulary: digestBytes("words"),
  scope: { passages: 0, bytes: 0 },
  strength: 0,
  annotations: [],
}));

export const bindings: readonly SignalBinding[] = questions.map(({ id, area, dimension }) => ({
  question: id,
  required: signals
    .filter(({ chunk }) => chunk === `${area}-${dimension}`)
    .map((signal) => ({ kind: signal.kind, signal: digestJson(signal as JsonValue) })),
  optional: [{ kind: "causal-verbs", signal: null }],
}));

export const request: PolicyRequest = {
  document,
  language: "en",
  questions,
  chunks,
  mode: "live",
  seed: 7,
  replay: 10,
  request: digestJson("analyse"),
  registry: snapshotOf(
    [contractOf("policy.answer-money"), contractOf("policy.answer-presence")],
    [
      ["question/money", "policy.answer-money"],
      ["question/presence", "policy.answer-presence"],
    ],
  ),
  signals,
  bindings,
};

/** The list with the item at `index` replaced by what `change` makes of it: nothing, another, or more. */
export function mutate<Item>(items: readonly Item[], index: number, change: (item: Item) => Item[]): Item[] {
  return items.flatMap((item, at) => (at === index ? change(item) : [item]));
}
