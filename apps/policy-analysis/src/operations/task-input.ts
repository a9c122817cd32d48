/**
 * What a policy task is given, and the failure contract that it is held to.
 *
 * Invariants:
 *   F1. Conditions are checked before anything is read of the passages; the first that the question's failure contract
 *       names and that holds ends the task with that contract's code.
 *   F2. A signal that the question did not ask for is not looked at.
 *
 * @module
 */
import {
  Chunk,
  type Digest,
  digestBytes,
  digestJson,
  type FailureContract,
  type JsonObject,
  Question,
  Signal,
  type SignalKind,
  signalInputName,
} from "@canonic/contracts";
import { PolicyAnalysisError } from "../errors.ts";

/** A signal as given, with the digest that its consumption starts from. */
export type GivenSignal = { readonly signal: Signal; readonly digest: Digest; readonly isRequired: boolean };

export type TaskInput = {
  readonly chunk: Chunk;
  readonly chunkDigest: Digest;
  readonly question: Question;
  /** In the order of the question: required ones, then optional ones. */
  readonly signals: readonly GivenSignal[];
};

export type AbortCondition = FailureContract["abortIf"][number];

/**
 * Reads the input of a policy task.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.task-refused` with the condition and the code of the question's
 *   failure contract.
 */
export function readTaskInput(input: JsonObject): TaskInput {
  const question = Question.parse(input["question"]);
  const chunk = Chunk.parse(input["chunk"]);
  const chunkDigest = digestJson(input["chunk"] ?? null);
  const abort = (condition: AbortCondition, place: string): void => {
    if (!question.failure.abortIf.includes(condition)) return;
    const { code } = question.failure;
    throw new PolicyAnalysisError(
      "policy-analysis.task-refused",
      `task of \`${question.id}\` is refused with \`${code}\`: ${condition} at ${place}`,
      { question: question.id, failure: code, condition, place },
    );
  };
  if (chunk.area !== question.area || chunk.dimension !== question.dimension)
    abort("chunk-digest-mismatch", "chunk/id");
  for (const [at, { text, digest, span }] of (chunk.kind === "found" ? chunk.passages : []).entries()) {
    const isItself = digestBytes(text) === digest && Buffer.byteLength(text) === span.end - span.start;
    if (!isItself) abort("chunk-digest-mismatch", `chunk/passages/${at}`);
  }
  if (chunk.language !== question.language) abort("language-mismatch", "chunk/language");
  const { required, optional } = question.signals;
  const needs = [
    ...required.map((need) => ({ ...need, isRequired: true })),
    ...optional.map((need) => ({ ...need, isRequired: false })),
  ];
  const signals = needs.flatMap(({ kind, strengthMin, isRequired }): GivenSignal[] => {
    const place = signalInputName(kind);
    const value = input[place];
    if (value === undefined) {
      if (isRequired) abort("signal-missing", place);
      return [];
    }
    const parsed = Signal.safeParse(value);
    if (parsed.success && parsed.data.language !== question.language) {
      if (isRequired) abort("language-mismatch", place);
      return [];
    }
    if (!parsed.success || !isOf(parsed.data, kind, chunk, chunkDigest) || parsed.data.strength < strengthMin) {
      if (isRequired) abort("signal-invalid", place);
      return [];
    }
    return [{ signal: parsed.data, digest: digestJson(value), isRequired }];
  });
  return { chunk, chunkDigest, question, signals };
}

function isOf(signal: Signal, kind: SignalKind, chunk: Chunk, chunkDigest: Digest): boolean {
  return signal.kind === kind && signal.chunk === chunk.id && signal.chunkDigest === chunkDigest;
}
