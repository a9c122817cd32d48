/**
 * The words of the page around the document: English and Spanish, by the document's language.
 *
 * @module
 */
import type {
  CoreContractName,
  CoverageFunnel,
  DocumentRecord,
  Language,
  ScoringModality,
  SignalKind,
} from "@canonic/contracts";
import { english } from "./words-english.ts";
import { spanish } from "./words-spanish.ts";

/** Every sentence that the page says. Sentences with numbers take them as they are to be shown. */
export type Words = {
  readonly report: string;
  readonly untitled: string;
  readonly language: string;
  readonly skip: string;
  readonly contents: string;
  readonly pages: (count: number) => string;
  readonly paragraphs: (count: number) => string;
  readonly media: Readonly<Record<DocumentRecord["mediaType"], string>>;
  readonly summary: string;
  readonly runStatus: Readonly<Record<"completed" | "violated" | "failed" | "denied", string>>;
  readonly noRun: string;
  readonly contractsSatisfied: (satisfied: number, all: number) => string;
  readonly answered: string;
  readonly noEvidence: string;
  readonly points: string;
  readonly chunksFound: string;
  readonly coveragePlanned: string;
  readonly coverageConsumed: string;
  readonly ofQuestions: (count: number) => string;
  readonly heatMap: string;
  readonly heatMapNote: string;
  readonly heatMapCaption: string;
  readonly scale: string;
  readonly nothingFound: string;
  readonly nothingFoundLegend: string;
  readonly area: string;
  readonly dimension: string;
  readonly total: string;
  readonly answeredOf: (answered: number, asked: number) => string;
  readonly areas: string;
  readonly areasNote: string;
  readonly share: string;
  readonly coverage: string;
  readonly coverageNote: string;
  readonly stage: string;
  readonly pairs: string;
  readonly stages: Readonly<Record<keyof CoverageFunnel, { readonly name: string; readonly meaning: string }>>;
  readonly notMeasured: string;
  readonly planned: string;
  readonly consumed: string;
  readonly all: string;
  readonly lowestArea: string;
  readonly lowestDimension: string;
  readonly scope: string;
  readonly gaps: (count: number) => string;
  readonly noGaps: string;
  readonly gap: { readonly signal: string; readonly stage: string; readonly reason: string; readonly owner: string };
  readonly answers: string;
  readonly answersNote: string;
  readonly filter: {
    readonly label: string;
    readonly text: string;
    readonly status: string;
    readonly score: string;
    readonly any: string;
    readonly open: string;
    readonly close: string;
    readonly clear: string;
    /** With `{n}` and `{all}`. */
    readonly count: string;
    readonly none: string;
  };
  readonly question: string;
  readonly baseQuestion: string;
  readonly status: string;
  readonly score: string;
  readonly modality: string;
  readonly modalities: Readonly<Record<ScoringModality, string>>;
  readonly confidence: string;
  readonly elements: string;
  readonly met: string;
  readonly notMet: string;
  readonly required: string;
  readonly evidence: (count: number) => string;
  readonly page: (first: number, last: number) => string;
  readonly bytes: (start: number, end: number) => string;
  readonly relevance: string;
  readonly supports: string;
  readonly intact: string;
  readonly notIntact: string;
  readonly search: string;
  readonly searchSentence: (paragraphs: number, candidates: number, best: number, threshold: number) => string;
  readonly passagesWithoutElement: string;
  readonly method: string;
  readonly terms: string;
  readonly signals: string;
  readonly signalKinds: Readonly<Record<SignalKind, string>>;
  readonly links: (count: number) => string;
  readonly chunk: string;
  readonly passages: (count: number) => string;
  readonly provenance: string;
  readonly provenanceNote: string;
  readonly contract: string;
  readonly verdict: string;
  readonly contracts: Readonly<Record<CoreContractName, string>>;
  readonly satisfied: string;
  readonly violated: string;
  readonly checked: string;
  readonly violations: string;
  readonly evidenceDigest: string;
  readonly reasons: string;
  readonly digests: string;
  readonly digestNames: {
    readonly document: string;
    readonly source: string;
    readonly text: string;
    readonly run: string;
    readonly plan: string;
    readonly outputs: string;
    readonly denominator: string;
    readonly normaliser: string;
  };
  readonly sizeBytes: (count: number) => string;
};

export function wordsFor(language: Language): Words {
  return language === "es" ? spanish : english;
}
