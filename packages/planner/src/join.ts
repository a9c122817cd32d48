/**
 * The join table: 300 rows, each question with its chunk, or why not.
 *
 * "60 -> 300" is no map. What holds is: task -> chunk is a total function, 300 -> 60, onto, and every fibre has exactly
 * five tasks. Here that is proved from the rows.
 *
 * Invariants:
 *   J1. One row for each place of the grid, in `numeric/v1` order, whatever came in.
 *   J2. A row is matched when exactly one question and exactly one chunk stand for its place and both agree with it:
 *       0 is missing, 2 or more is duplicate, disagreement is mismatch. Nothing is repaired.
 *   J3. What stands for no place of the grid is reported as foreign.
 *   J4. The table is linear in its input, and no order of the input reaches it.
 *
 * @module
 */
import {
  byCodeUnit,
  type Chunk,
  type ChunkId,
  CoreContractViolation,
  type Digest,
  digestJson,
  type JsonValue,
  type Language,
  type Question,
  type QuestionId,
  type Reason,
} from "@canonic/contracts";
import { CHUNK_IDS, chunkIdOf, GRID_PLACES, type GridPlace, QUESTIONS_PER_CELL, questionIdOf, slotOf } from "./grid.ts";

export type JoinState = "matched" | "missing" | "duplicate" | "mismatch";

/** `questions` and `chunks` count what stands for the place, the digests name them when each is one; `faults` say what disagrees. */
export type JoinRow = {
  readonly question: QuestionId;
  readonly chunk: ChunkId;
  readonly state: JoinState;
  readonly questions: number;
  readonly chunks: number;
  readonly questionDigest: Digest | null;
  readonly chunkDigest: Digest | null;
  readonly faults: readonly string[];
};

/** A JSON value: the evidence of the alignment. `total`, `onto` and the fibres are computed from the matched rows. */
export type JoinReport = {
  readonly rows: readonly JoinRow[];
  readonly counts: { readonly [State in JoinState]: number };
  readonly foreign: { readonly questions: readonly string[]; readonly chunks: readonly string[] };
  readonly total: boolean;
  readonly onto: boolean;
  readonly fibres: { readonly count: number; readonly minimum: number; readonly maximum: number };
  readonly complete: boolean;
};

export type JoinInput = {
  readonly document: Digest;
  readonly language: Language;
  readonly questions: readonly Question[];
  readonly chunks: readonly Chunk[];
};

/** Makes the table. Pure and total: it reports, and refuses nothing. */
export function joinQuestions(input: JoinInput): JoinReport {
  const questions = indexById(input.questions);
  const chunks = indexById(input.chunks);
  const digests = new Map(input.chunks.map((chunk) => [chunk, digestJson(chunk as JsonValue)]));
  const rows = GRID_PLACES.map((place) => {
    const question = questions.get(questionIdOf(place)) ?? [];
    const chunk = chunks.get(chunkIdOf(place.area, place.dimension)) ?? [];
    return toRow(place, question, chunk, input, digests);
  });
  const counts = { matched: 0, missing: 0, duplicate: 0, mismatch: 0 };
  for (const { state } of rows) counts[state] += 1;
  const fibres = new Map<ChunkId, number>(CHUNK_IDS.map((id) => [id, 0]));
  for (const row of rows) if (row.state === "matched") fibres.set(row.chunk, (fibres.get(row.chunk) ?? 0) + 1);
  const sizes = [...fibres.values()];
  const foreign = {
    questions: strangers(questions.keys(), new Set<string>(rows.map(({ question }) => question))),
    chunks: strangers(chunks.keys(), new Set<string>(CHUNK_IDS)),
  };
  const report = {
    rows,
    counts,
    foreign,
    total: counts.matched === rows.length,
    onto: sizes.every((size) => size > 0),
    fibres: {
      count: sizes.filter((size) => size > 0).length,
      minimum: Math.min(...sizes),
      maximum: Math.max(...sizes),
    },
  };
  const even = report.fibres.minimum === QUESTIONS_PER_CELL && report.fibres.maximum === QUESTIONS_PER_CELL;
  const known = foreign.questions.length === 0 && foreign.chunks.length === 0;
  return { ...report, complete: report.total && report.onto && even && known };
}

/**
 * Stops unless the table is complete.
 *
 * @throws {CoreContractViolation} CardinalityViolation when anything is missing, duplicate or foreign;
 *   ProvenanceViolation when the counts hold but a question or chunk is not what its place says.
 */
export function assertJoin(report: JoinReport): void {
  if (report.complete) return;
  const counted = report.rows.flatMap(({ question, chunk, state, questions, chunks }): Reason[] => {
    if (state !== "missing" && state !== "duplicate") return [];
    const message = `\`${question}\` in \`${chunk}\` has ${questions} questions and ${chunks} chunks, not one of each`;
    return [{ code: `join-${state}`, place: question, message }];
  });
  for (const [what, ids] of Object.entries(report.foreign)) {
    for (const id of ids)
      counted.push({ code: "join-foreign", place: id, message: `\`${id}\` is none of the ${what}` });
  }
  if (counted.length > 0) throw new CoreContractViolation("cardinality", counted);
  const mismatched = report.rows.flatMap(({ question, faults }): Reason[] =>
    faults.map((fault) => ({ code: "join-mismatch", place: question, message: `\`${question}\`: ${fault}` })),
  );
  throw new CoreContractViolation("provenance", mismatched);
}

function toRow(
  place: GridPlace,
  questions: readonly Question[],
  chunks: readonly Chunk[],
  context: Pick<JoinInput, "document" | "language">,
  digests: ReadonlyMap<Chunk, Digest>,
): JoinRow {
  const [question] = questions;
  const [chunk] = chunks;
  const row = {
    question: questionIdOf(place),
    chunk: chunkIdOf(place.area, place.dimension),
    questions: questions.length,
    chunks: chunks.length,
    questionDigest: null,
    chunkDigest: null,
    faults: [],
  };
  if (question === undefined || chunk === undefined) return { ...row, state: "missing" };
  if (questions.length > 1 || chunks.length > 1) return { ...row, state: "duplicate" };
  const chunkDigest = digests.get(chunk) ?? null;
  const faults = [...questionFaults(place, question, context), ...chunkFaults(place, chunk, context)];
  const questionDigest = digestJson(question as JsonValue);
  return { ...row, state: faults.length === 0 ? "matched" : "mismatch", questionDigest, chunkDigest, faults };
}

function questionFaults(place: GridPlace, question: Question, { language }: Pick<JoinInput, "language">): string[] {
  const { area, dimension, q } = question;
  const faults: string[] = [];
  if (area !== place.area || dimension !== place.dimension || q !== place.q) {
    faults.push(`the question stands for \`${area}-${dimension}\`, question ${q}`);
  }
  if (question.slot !== slotOf(place)) faults.push(`the question has slot \`${question.slot}\``);
  if (question.language !== language) faults.push(`the question is in \`${question.language}\``);
  return faults;
}

function chunkFaults(
  place: GridPlace,
  chunk: Chunk,
  { document, language }: Pick<JoinInput, "document" | "language">,
): string[] {
  const faults: string[] = [];
  if (chunk.area !== place.area || chunk.dimension !== place.dimension) {
    faults.push(`the chunk stands for \`${chunk.area}-${chunk.dimension}\``);
  }
  if (chunk.document !== document) faults.push(`the chunk is of document \`${chunk.document}\``);
  if (chunk.language !== language) faults.push(`the chunk is in \`${chunk.language}\``);
  return faults;
}

function indexById<Item extends { readonly id: string }>(items: readonly Item[]): ReadonlyMap<string, Item[]> {
  const index = new Map<string, Item[]>();
  for (const item of items) {
    const others = index.get(item.id);
    if (others === undefined) index.set(item.id, [item]);
    else others.push(item);
  }
  return index;
}

function strangers(found: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...found].filter((id) => !known.has(id)).sort(byCodeUnit);
}
