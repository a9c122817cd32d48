/**
 * The grid: 10 policy areas by 6 dimensions, 5 questions to a cell.
 *
 * Invariants:
 *   N1. The ordering is `numeric/v1`: a question's number is 30(area-1) + 5(dimension-1) + q. Ids compare as these
 *       numbers, never as strings: as strings "PA10" comes after "PA01", which renumbers 270 questions.
 *   N2. (area, dimension, q) -> Q001..Q300 is one-to-one and onto, and {@link placeOf} is its inverse.
 *
 * @module
 */
import type { AreaId, ChunkId, DimensionId, QuestionId } from "@canonic/contracts";
import { questionNumber } from "@canonic/contracts";

export const QUESTIONS_PER_CELL = 5;

/** Where a question stands; its key, from which its id derives. */
export type GridPlace = { readonly area: AreaId; readonly dimension: DimensionId; readonly q: number };

export const AREA_IDS: readonly AreaId[] = Object.freeze(numbered("PA", 10) as AreaId[]);
export const DIMENSION_IDS: readonly DimensionId[] = Object.freeze(numbered("DIM", 6) as DimensionId[]);

/** The 300 places in `numeric/v1` order. */
export const GRID_PLACES: readonly GridPlace[] = Object.freeze(
  AREA_IDS.flatMap((area) =>
    DIMENSION_IDS.flatMap((dimension) =>
      Array.from({ length: QUESTIONS_PER_CELL }, (_, index) => Object.freeze({ area, dimension, q: index + 1 })),
    ),
  ),
);

/** The 60 cells, by area, then dimension. */
export const CHUNK_IDS: readonly ChunkId[] = Object.freeze(
  AREA_IDS.flatMap((area) => DIMENSION_IDS.map((dimension) => chunkIdOf(area, dimension))),
);

/** The 30 slots of a base questionnaire, `DIM01-Q1` to `DIM06-Q5`. */
export const SLOTS: readonly string[] = Object.freeze(
  GRID_PLACES.slice(0, DIMENSION_IDS.length * QUESTIONS_PER_CELL).map((place) => slotOf(place)),
);

/** The 300 question ids, Q001 to Q300. */
export const QUESTION_IDS: readonly QuestionId[] = Object.freeze(GRID_PLACES.map((place) => questionIdOf(place)));

export function chunkIdOf(area: AreaId, dimension: DimensionId): ChunkId {
  return `${area}-${dimension}` as ChunkId;
}

export function slotOf({ dimension, q }: Pick<GridPlace, "dimension" | "q">): string {
  return `${dimension}-Q${q}`;
}

/** The id of the question at a place, under `numeric/v1`. */
export function questionIdOf({ area, dimension, q }: GridPlace): QuestionId {
  const number = questionNumber(numberIn(area), numberIn(dimension), q);
  return `Q${String(number).padStart(3, "0")}` as QuestionId;
}

/** The place of a question; undefined for an id that is not on the grid. */
export function placeOf(question: QuestionId): GridPlace | undefined {
  return GRID_PLACES[/^Q\d{3}$/.test(question) ? Number(question.slice(1)) - 1 : -1];
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, "0")}`);
}

function numberIn(id: string): number {
  return Number(id.replace(/^\D+/, ""));
}
