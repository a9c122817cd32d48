export type { AnnotateOptions, EmittedSignal, Measurement } from "./annotate.ts";
export {
  ANNOTATIONS_MAX,
  annotateChunk,
  annotateChunks,
  GAP_OWNERS,
  GapReason,
  PUBLISHER,
  SignalGap,
} from "./annotate.ts";
export type { Annotator, Attributes, Finding, Meaning, Pattern } from "./annotator.ts";
export { annotateText } from "./annotator.ts";
export { ANNOTATORS } from "./annotators.ts";
export type { BindInput, Binding, BindingGap, BindingStage, BoundNeed } from "./binding.ts";
export { bindSignals, signalInputsOf } from "./binding.ts";
export type { SisasErrorCode, SisasErrorDetails } from "./errors.ts";
export { isSisasError, SisasError } from "./errors.ts";
export { findAnnotations } from "./lookup.ts";
export type { Range, Reading } from "./reading.ts";
export { strengthOf } from "./strength.ts";
export type { TextQuality } from "./text-quality.ts";
export { judgeText } from "./text-quality.ts";
export { isFresh, Vocabulary, VocabularyEntry, vocabularyDigestOf, vocabularyOf } from "./vocabulary.ts";
