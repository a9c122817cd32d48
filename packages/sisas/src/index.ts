export { ABSENCE_PATTERN } from "@canonic/contracts";
export type { AnnotateOptions, EmittedSignal, Measurement } from "./annotate.ts";
export { annotateChunk, annotateChunks, PUBLISHER } from "./annotate.ts";
export { ANNOTATIONS_MAX } from "./annotations.ts";
export type { Annotator, Attributes, Finding, Meaning, Pattern } from "./annotator.ts";
export { annotateText } from "./annotator.ts";
export { ANNOTATORS } from "./annotators.ts";
export type { BindInput, Binding, BindingGap, BindingStage, BoundNeed } from "./binding.ts";
export { bindSignals, signalInputsOf } from "./binding.ts";
export { proveConsumption, verifyConsumption } from "./consumption.ts";
export type { CoverageInput, GroupCoverage } from "./coverage.ts";
export { coverageByArea, coverageByDimension, measureCoverage } from "./coverage.ts";
export type { BoundPair, DecisiveReport } from "./decisive.ts";
export { findDecorations, silenceSignal } from "./decisive.ts";
export type {
  DeadLetter,
  DeadLetterReason,
  Delivery,
  DispatchInput,
  DispatchResult,
  SignalHandler,
} from "./dispatch.ts";
export { dispatchSignals, replayDeadLetters } from "./dispatch.ts";
export type { SisasErrorCode, SisasErrorDetails } from "./errors.ts";
export { isSisasError, SisasError } from "./errors.ts";
export { checkIrrigation } from "./irrigation.ts";
export { LABELLED_CASES } from "./labelled-cases.ts";
export { findAnnotations } from "./lookup.ts";
export { manifestOf, SynchronisationManifest } from "./manifest.ts";
export type { KindPrecision, LabelledCase } from "./precision.ts";
export { measurePrecision, recordPrecision } from "./precision.ts";
export type { Range, Reading } from "./reading.ts";
export type { CoverageDemand } from "./require-coverage.ts";
export { assertCoverage, COVERAGE_THRESHOLD, requireCoverage } from "./require-coverage.ts";
export { ConsumptionContract, IrrigationContract, PublicationContract } from "./signal-contracts.ts";
export { GAP_OWNERS, GapReason, SignalGap } from "./signal-gap.ts";
export { STRENGTH_RULE, strengthOf } from "./strength.ts";
export type { TextQuality } from "./text-quality.ts";
export { judgeText } from "./text-quality.ts";
export { isFresh, Vocabulary, VocabularyEntry, vocabularyDigestOf, vocabularyOf } from "./vocabulary.ts";
