/**
 * Builds a whole and consistent set of report data: a document, its cells, questions and outputs, with true spans and
 * digests. The same shape and language give the same data.
 *
 * @module
 */
import {
  AreaId,
  Chunk,
  ContractVerdict,
  Coverage,
  type Digest,
  DimensionId,
  DocumentRecord,
  digestBytes,
  digestJson,
  type Language,
  Output,
  Question,
  QuestionId,
  questionNumber,
  RunId,
  TaskId,
} from "@canonic/contracts";
import type { ReportData } from "../../src/report/index.ts";
import { type SampleTexts, sampleTexts } from "./sample-texts.ts";

export type SampleShape = {
  readonly language?: Language;
  readonly areas?: number;
  readonly dimensions?: number;
  /** Replaces parts of the sample texts, to say something hostile. */
  readonly texts?: Partial<SampleTexts>;
};

type Found = { readonly start: number; readonly end: number; readonly text: string };

/** 10 areas, 6 dimensions and 300 answers unless told otherwise. */
export function sampleReport(shape: SampleShape = {}): ReportData {
  const language = shape.language ?? "en";
  const texts: SampleTexts = { ...sampleTexts[language], ...shape.texts };
  const areas = texts.areas.slice(0, shape.areas ?? 10).map((name, index) => ({ id: areaId(index + 1), name }));
  const dimensions = texts.dimensions
    .slice(0, shape.dimensions ?? 6)
    .map((name, index) => ({ id: dimensionId(index + 1), name }));
  const cells = areas.flatMap((area, a) => dimensions.map((dimension, d) => ({ area, dimension, a: a + 1, d: d + 1 })));

  const parts: Buffer[] = [];
  let size = 0;
  const write = (text: string): Found => {
    const bytes = Buffer.from(text, "utf8");
    parts.push(bytes);
    size += bytes.length;
    return { start: size - bytes.length, end: size, text };
  };
  const pageStarts = [0];
  const found = new Map<string, Found>();
  for (const { area, dimension, a, d } of cells) {
    if (d === 1 && a > 1) pageStarts.push(size);
    const n = 12 + ((a * 37 + d * 11) % 61);
    if (!isSilent(a, d)) {
      const sentence = texts.sentences[d - 1] ?? texts.filler;
      found.set(
        `${area.id}-${dimension.id}`,
        write(sentence.replaceAll("{area}", area.name.toLowerCase()).replaceAll("{n}", String(n))),
      );
      write(" ");
    }
    write(`${texts.filler}\n`);
  }
  const text = Buffer.concat(parts);
  const textDigest = digestBytes(text);
  const document = DocumentRecord.parse({
    schema: "canonic/document/v1",
    id: `doc_${textDigest.slice(7, 27)}`,
    title: texts.title,
    mediaType: "application/pdf",
    language,
    source: { digest: digestOf("source"), sizeBytes: 1_482_113 },
    text: { digest: textDigest, sizeBytes: text.length },
    pages: pageStarts.map((start, index) => ({ page: index + 1, start, end: pageStarts[index + 1] ?? text.length })),
    paragraphs: cells.length,
    normaliser: { name: "canonic-normal-form", version: "1.0.0" },
  });

  const chunks = cells.map(({ area, dimension }) => {
    const id = `${area.id}-${dimension.id}`;
    const place = found.get(id);
    const cell = {
      schema: "canonic/chunk/v1",
      id,
      area: area.id,
      dimension: dimension.id,
      language,
      document: textDigest,
      search: searchOf(cells.length, place !== undefined),
    };
    if (place === undefined) return Chunk.parse({ kind: "empty", ...cell });
    const { start, end } = place;
    const passage = {
      span: { start, end },
      digest: digestBytes(text.subarray(start, end)),
      score: 71,
      text: place.text,
    };
    return Chunk.parse({ kind: "found", ...cell, passages: [passage] });
  });

  const questions: Question[] = [];
  const outputs: Output[] = [];
  for (const { area, dimension, a, d } of cells) {
    const chunk = chunks.find(({ id }) => id === `${area.id}-${dimension.id}`);
    if (chunk === undefined) throw new Error("the sample has no such chunk");
    for (const q of [1, 2, 3, 4, 5]) {
      const question = questionOf(texts, language, area, dimension.id, { a, d, q });
      questions.push(question);
      outputs.push(
        outputOf(question, chunk, found.get(chunk.id), text, (a * 7 + d * 5 + q * 3 + ((a * d * q) % 5)) % 7),
      );
    }
  }
  return {
    document,
    text,
    questions,
    areas,
    dimensions,
    chunks,
    outputs,
    coverage: coverageOf(outputs.length),
    verdicts: verdictsOf(),
    run: {
      id: RunId.parse("run_0123456789abcdef0123"),
      planDigest: digestOf("plan"),
      outputsDigest: digestOf("outputs"),
      status: "completed",
    },
  };
}

function isSilent(a: number, d: number): boolean {
  return (a * 5 + d * 3) % 8 === 0;
}

function questionOf(
  texts: SampleTexts,
  language: Language,
  area: { readonly id: AreaId; readonly name: string },
  dimension: DimensionId,
  { a, d, q }: { readonly a: number; readonly d: number; readonly q: number },
): Question {
  return Question.parse({
    schema: "canonic/question/v1",
    id: QuestionId.parse(`Q${String(questionNumber(a, d, q)).padStart(3, "0")}`),
    ordering: "numeric/v1",
    slot: `DIM0${d}-Q${q}`,
    area: area.id,
    dimension,
    q,
    language,
    text: (texts.questions[(d - 1) * 5 + q - 1] ?? "").replaceAll("{area}", area.name.toLowerCase()),
    payloadType: "question/sample",
    terms: ["baseline"],
    elements: texts.elements.map((label, index) => ({
      id: `element-${index + 1}`,
      label,
      required: index === 0,
      patterns: [],
      signals: [],
    })),
    modality: (["count", "required-then-count", "presence", "strongest"] as const)[q % 4] ?? "count",
    signals: { required: [{ kind: "quantitative-triplet", strengthMin: 0 }], optional: [] },
    failure: { abortIf: ["chunk-digest-mismatch"], code: "policy.sample" },
  });
}

function outputOf(question: Question, chunk: Chunk, place: Found | undefined, text: Uint8Array, roll: number): Output {
  const score = place === undefined || roll > 5 ? 0 : ([3, 2, 1, 2, 1, 3][roll] ?? 0);
  const chunkDigest = digestJson(chunk);
  const common = {
    schema: "canonic/output/v1",
    task: TaskId.parse(`task_${digestJson(question).slice(7, 27)}`),
    question: question.id,
    area: question.area,
    dimension: question.dimension,
    chunk: chunk.id,
    chunkDigest,
    modality: question.modality,
    elements: question.elements.map(({ id }, index) => ({ id, met: index < score })),
    signals: [
      {
        signal: digestOf("signal"),
        kind: "quantitative-triplet",
        links: [{ pattern: "percent", span: null, chunkDigest, previous: digestOf("signal") }],
      },
    ],
  };
  if (score === 0 || place === undefined) {
    return Output.parse({
      status: "no_evidence",
      ...common,
      score: 0,
      confidence: 0.9,
      evidence: [],
      search: chunk.search,
    });
  }
  const whole = { start: place.start, end: place.end };
  const half = {
    start: place.start,
    end: place.start + Math.max(1, text.subarray(place.start, place.end).indexOf(0x2c)),
  };
  const evidence = (score === 3 ? [whole, half] : [half]).map((span, index) => ({
    chunk: chunk.id,
    span,
    digest: digestBytes(text.subarray(span.start, span.end)),
    relevance: 90 - 12 * index,
    elements: common.elements.filter(({ met }) => met).map(({ id }) => id),
  }));
  return Output.parse({
    status: "answered",
    ...common,
    score,
    confidence: [0, 0.55, 0.72, 0.94][score] ?? 0,
    evidence,
  });
}

function searchOf(paragraphs: number, isFound: boolean): object {
  return {
    method: "bm25/v1",
    terms: ["baseline", "budget", "target", "responsible"],
    paragraphs,
    candidates: isFound ? 7 : 2,
    bestScore: isFound ? 71 : 18,
    threshold: 40,
  };
}

function coverageOf(tasks: number): Coverage {
  const consumed = tasks - Math.floor(tasks / 33);
  const whole = { numerator: tasks, denominator: tasks };
  const part = { numerator: consumed, denominator: tasks };
  return Coverage.parse({
    schema: "canonic/coverage/v1",
    denominator: digestOf("denominator"),
    planned: whole,
    consumed: part,
    minimumByArea: { planned: { numerator: 30, denominator: 30 }, consumed: { numerator: 28, denominator: 30 } },
    minimumByDimension: { planned: { numerator: 50, denominator: 50 }, consumed: { numerator: 47, denominator: 50 } },
    funnel: {
      declared: tasks * 2,
      wired: tasks * 2,
      emitted: tasks * 2,
      valid: tasks * 2 - 2,
      fresh: tasks * 2 - 2,
      consumed: consumed + tasks - 4,
      decisive: null,
    },
    gaps: [
      {
        question: "Q001",
        kind: "quantitative-triplet",
        stage: "valid",
        reason: "the span of a triplet ends inside a character",
        owner: "sisas.quantitative-triplet",
      },
    ],
  });
}

function verdictsOf(): ContractVerdict[] {
  return (["cardinality", "determinism", "provenance", "routing", "signal-coverage"] as const).map((contract) =>
    ContractVerdict.parse({
      contract,
      verdict: "satisfied",
      checked: contract === "signal-coverage" ? 2 : 300,
      violations: 0,
      reasons: [],
      evidence: digestOf(contract),
    }),
  );
}

function digestOf(label: string): Digest {
  return digestJson({ sample: label });
}

function areaId(number: number): AreaId {
  return AreaId.parse(`PA${String(number).padStart(2, "0")}`);
}

function dimensionId(number: number): DimensionId {
  return DimensionId.parse(`DIM0${number}`);
}
