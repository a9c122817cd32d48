/**
 * What each criterion of the rubric asks for.
 *
 * @module
 */
import { questionNumber } from "../question.ts";
import type { ExecutorContract } from "./executor-contract.ts";
import type { RubricPart } from "./rubric.ts";

const SCORE_MAX = 3;
const TERMS_MIN = 3;

/** Fields that let an output be traced: without one of them nobody can check where it comes from. */
const TRACES = ["chunkDigest", "evidence", "signals", "task"];

/** Conditions that end a task, and what demanding each is worth. */
const CONDITIONS: Readonly<Record<string, number>> = {
  "chunk-digest-mismatch": 3,
  "signal-invalid": 3,
  "language-mismatch": 2,
};

/** Tier 1, 20: the contract's identity is that of its output, and follows from its own number. */
export function identityParts(contract: ExecutorContract): RubricPart[] {
  const { identity, output } = contract;
  const { constants } = output;
  const agree = (field: "question" | "area" | "dimension" | "chunk"): RubricPart => {
    const message = `the output says \`${constants[field]}\` for ${field}, the contract is of \`${identity[field]}\``;
    return part(4, constants[field] === identity[field], "identity-mismatch", message);
  };
  return [
    agree("question"),
    agree("area"),
    agree("dimension"),
    agree("chunk"),
    part(
      4,
      isOwnNumber(identity),
      "identity-unfounded",
      `\`${identity.question}\` is not the number of ${identity.slot} of ${identity.area}`,
    ),
  ];
}

/** Tier 1, 20: what the assembly rules ask for is provided, every element has a rule, and no method works for nothing. */
export function methodParts(contract: ExecutorContract): RubricPart[] {
  const { elements, methods, assembly } = contract;
  const provided = providedBy(contract);
  const asked = assembly.flatMap(({ sources }) => sources);
  const ruled = elements.filter(({ id }) => assembly.some((rule) => rule.element === id && rule.sources.length > 0));
  const used = new Set(asked);
  const feeding = methods.filter(({ provides }) => provides.some((source) => used.has(source)));
  const orphans = orphanSources(contract);
  return [
    share(
      12,
      asked.filter((source) => provided.has(source)).length,
      asked.length,
      "orphan-source",
      `nothing provides ${orphans.length === 0 ? "any source" : orphans.join(", ")}`,
    ),
    share(4, ruled.length, elements.length, "element-unruled", "an element has no assembly rule with a source"),
    share(4, feeding.length, methods.length, "method-idle", "a method feeds no assembly rule"),
  ];
}

/** Tier 1, 10: a signal is mandatory, something is demanded of each that is, and every signal that a rule reads is declared. */
export function signalParts({ signals, assembly }: ExecutorContract): RubricPart[] {
  const mandatory = signals.filter(({ required }) => required);
  const demanded = mandatory.filter(({ strengthMin, validityMin }) => strengthMin > 0 || validityMin > 0);
  const declared = new Set(signals.map(({ kind }) => `signal/${kind}`));
  const read = assembly.flatMap(({ sources }) => sources.filter((source) => source.startsWith("signal/")));
  const undeclared = read.filter((source) => !declared.has(source));
  return [
    part(3, mandatory.length > 0, "no-mandatory-signal", "no signal is mandatory"),
    share(4, demanded.length, mandatory.length, "zero-threshold", "nothing is demanded of a mandatory signal"),
    part(
      3,
      signals.length > 0 && undeclared.length === 0,
      "signal-undeclared",
      "a rule reads a signal that no one declares",
    ),
  ];
}

/** Tier 1, 5: the output is closed, has what it requires, and can be traced. */
export function outputParts({ output }: ExecutorContract): RubricPart[] {
  const { required, properties, closed } = output;
  const known = new Set(properties);
  return [
    part(
      2,
      required.length > 0 && required.every((name) => known.has(name)),
      "required-unknown",
      "the output requires a field that it does not have, or none",
    ),
    part(1, closed, "output-open", "the output admits fields that it does not name"),
    share(
      2,
      TRACES.filter((name) => required.includes(name)).length,
      TRACES.length,
      "untraceable",
      "a trace is not required",
    ),
  ];
}

/** Tier 2, 10: every element has a source, and better two of different kinds. */
export function patternParts({ elements, assembly }: ExecutorContract): RubricPart[] {
  const kindsOf = (id: string) =>
    new Set(assembly.filter(({ element }) => element === id).flatMap(({ sources }) => sources.map(kindOfSource)));
  const kinds = elements.map(({ id }) => kindsOf(id).size);
  return [
    share(6, kinds.filter((count) => count > 0).length, kinds.length, "element-unread", "an element has no source"),
    share(
      4,
      kinds.filter((count) => count > 1).length,
      kinds.length,
      "single-source",
      "an element has one kind of source",
    ),
  ];
}

/** Tier 2, 10: the method finds something of its own, and elements are decided by it. */
export function specificityParts({ elements, methods, assembly }: ExecutorContract): RubricPart[] {
  const tags = new Set(methods.flatMap(({ provides }) => provides.filter((source) => source.startsWith("tag/"))));
  const decided = elements.filter(({ id }) =>
    assembly.some(({ element, sources }) => element === id && sources.some((source) => tags.has(source))),
  );
  return [
    part(4, tags.size > 0, "method-generic", "the methods find nothing of their own"),
    share(6, decided.length, elements.length, "element-generic", "an element is decided by no finding of a method"),
  ];
}

/** Tier 2, 10: what ends the task is stated, each by a code. */
export function validationParts({ validation, elements }: ExecutorContract): RubricPart[] {
  const stated = new Set(validation.map(({ condition }) => condition));
  const isAnchored = elements.some(({ required }) => required);
  return [
    ...Object.entries(CONDITIONS).map(([condition, points]) =>
      part(points, stated.has(condition), "condition-unchecked", `${condition} does not end the task`),
    ),
    part(2, isAnchored && validation.length > 0, "nothing-required", "no element is required: anything is an answer"),
  ];
}

/** Tier 3, 5: a person can read what is asked, of whom, and how it fails. */
export function documentationParts({ question, executor, elements }: ExecutorContract): RubricPart[] {
  const labelled = elements.filter(({ id, label }) => label.length > 0 && label !== id);
  return [
    part(1, /\?$/u.test(question.text), "question-unasked", "the text is not a question"),
    part(1, new Set(question.terms).size >= TERMS_MIN, "terms-few", `fewer than ${TERMS_MIN} terms are looked for`),
    part(
      1,
      elements.length > 0 && labelled.length === elements.length,
      "element-unlabelled",
      "an element has no label",
    ),
    part(1, executor.description.length > 0, "executor-undescribed", "the operation is not described"),
    part(
      1,
      executor.successCriteria.length > 0 && executor.failureModes.length > 0,
      "outcomes-unstated",
      "success criteria or failure modes are not stated",
    ),
  ];
}

/** Tier 3, 5: the answer's form is fixed: both outcomes, its modality, and a best score that can be reached. */
export function templateParts({ question, elements, output }: ExecutorContract): RubricPart[] {
  const { statuses, constants } = output;
  const best = bestScore(question.modality, elements);
  return [
    part(1, statuses.includes("answered"), "status-missing", "the output cannot say that it is answered"),
    part(1, statuses.includes("no_evidence"), "status-missing", "the output cannot say that nothing was found"),
    part(1, constants.modality === question.modality, "modality-mismatch", "the output is scored by another modality"),
    part(2, best >= SCORE_MAX, "score-unreachable", `the best score that can be reached is ${best} of ${SCORE_MAX}`),
  ];
}

/** Tier 3, 5: everything has its version and its digest. */
export function metadataParts({ question, executor }: ExecutorContract): RubricPart[] {
  return [
    part(2, question.digest !== null, "undigested", "the question has no digest"),
    part(2, executor.contract !== null, "undigested", "the operation's contract has no digest"),
    part(1, question.ordering === "numeric/v1", "ordering-unnamed", "the ordering of the questions is not named"),
  ];
}

/** Sources of assembly rules that no method and no declared signal provides, each once. */
export function orphanSources(contract: ExecutorContract): string[] {
  const provided = providedBy(contract);
  const asked = contract.assembly.flatMap(({ sources }) => sources);
  return [...new Set(asked.filter((source) => !provided.has(source)))].sort();
}

function providedBy({ methods, signals }: ExecutorContract): ReadonlySet<string> {
  return new Set([...methods.flatMap(({ provides }) => provides), ...signals.map(({ kind }) => `signal/${kind}`)]);
}

/** The most that the elements can score under a modality. */
function bestScore(modality: ExecutorContract["question"]["modality"], elements: ExecutorContract["elements"]): number {
  switch (modality) {
    case "presence":
      return SCORE_MAX;
    case "required-then-count":
      return Math.min(SCORE_MAX, 1 + elements.filter(({ required }) => !required).length);
    default:
      return Math.min(SCORE_MAX, elements.length);
  }
}

function isOwnNumber({ question, slot, area, dimension, q, chunk }: ExecutorContract["identity"]): boolean {
  const number = questionNumber(Number(area.slice(2)), Number(dimension.slice(3)), q);
  return (
    question === `Q${String(number).padStart(3, "0")}` &&
    slot === `${dimension}-Q${q}` &&
    chunk === `${area}-${dimension}`
  );
}

function kindOfSource(source: string): string {
  return source.split("/", 1)[0] as string;
}

function part(points: number, holds: boolean, code: string, message: string): RubricPart {
  return { points, met: holds ? 1 : 0, of: 1, code, message };
}

function share(points: number, met: number, of: number, code: string, message: string): RubricPart {
  return { points, met, of, code, message };
}
