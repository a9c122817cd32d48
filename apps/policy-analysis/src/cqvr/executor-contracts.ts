/**
 * The executor contracts of the 300 questions, derived from what is there: question, operation contract, method, grid.
 *
 * The identity comes from the question's place on the grid, the output's constants from the question itself, so that one
 * can be held against the other.
 *
 * @module
 */
import {
  contractDigestOf,
  digestJson,
  type ExecutorContract,
  ExecutorContract as ExecutorContractSchema,
  type JsonObject,
  type JsonValue,
  type Language,
  type OperationContract,
  type Question,
} from "@canonic/contracts";
import { chunkIdOf, overlayQuestions, placeOf, QUESTION_IDS, questionIdOf, slotOf } from "@canonic/planner";
import { METHOD_NAMES, type MethodName } from "../methods/method.ts";
import { METHOD_TAGS } from "../methods/method-tags.ts";
import { operations, routes } from "../operations.ts";
import { AREA_OVERLAYS, BASE_QUESTIONS } from "../questionnaire/index.ts";

/** All of a language, Q001 to Q300. */
export function executorContracts(language: Language): readonly ExecutorContract[] {
  const questions = overlayQuestions({ base: BASE_QUESTIONS, areas: AREA_OVERLAYS, language });
  const contracts = new Map(operations.map(({ contract }) => [contract.operation, contract]));
  return questions.map((question, index) => {
    const route = routes.find(({ payloadType }) => payloadType === question.payloadType);
    const contract = route === undefined ? undefined : contracts.get(route.operation);
    const method = METHOD_NAMES.find((name) => question.payloadType === `question/${name}`);
    if (contract === undefined || method === undefined) throw new Error("assertion: every question has a route");
    return executorContractOf(question, index, contract, method);
  });
}

/** @param index - Where the question stands among the 300, from 0. */
export function executorContractOf(
  question: Question,
  index: number,
  contract: OperationContract,
  method: MethodName,
): ExecutorContract {
  const id = QUESTION_IDS[index];
  const place = id === undefined ? undefined : placeOf(id);
  if (place === undefined) throw new Error("assertion: there are 300 places");
  const { area, dimension, q } = place;
  return ExecutorContractSchema.parse({
    schema: "canonic/executor-contract/v1",
    identity: {
      question: questionIdOf(place),
      slot: slotOf(place),
      area,
      dimension,
      q,
      chunk: chunkIdOf(area, dimension),
    },
    question: {
      digest: digestJson(question as JsonValue),
      ordering: question.ordering,
      language: question.language,
      text: question.text,
      terms: question.terms,
      modality: question.modality,
    },
    executor: {
      operation: contract.operation,
      version: contract.version,
      contract: contractDigestOf(contract),
      description: contract.description,
      successCriteria: contract.successCriteria.map(({ statement }) => statement),
      failureModes: contract.failureModes.map(({ when }) => when),
    },
    elements: question.elements.map(({ id: element, label, required }) => ({ id: element, label, required })),
    methods: [{ name: method, provides: ["text", ...METHOD_TAGS[method].map((tag) => `tag/${tag}`)] }],
    assembly: question.elements.map((element) => ({ element: element.id, sources: sourcesOf(element) })),
    signals: signalsOf(question),
    output: outputOf(question, contract.output as JsonObject),
    validation: question.failure.abortIf.map((condition) => ({ condition, code: question.failure.code })),
  });
}

/** A pattern over tags names one tag; any other is read over the text; a signal is named by its kind. */
function sourcesOf({ patterns, signals }: Question["elements"][number]): string[] {
  const read = patterns.map((pattern) => {
    const tag = /^\^@([a-z-]+)\$$/.exec(pattern)?.[1];
    return tag === undefined ? "text" : `tag/${tag}`;
  });
  const named = signals.map((reference) => `signal/${reference.split(":", 1)[0]}`);
  return [...new Set([...read, ...named])];
}

/** A mandatory signal that is there but invalid ends the task when the failure contract says so: then validity is demanded. */
function signalsOf({ signals, failure }: Question): ExecutorContract["signals"] {
  const validityMin = failure.abortIf.includes("signal-invalid") ? 100 : 0;
  return [
    ...signals.required.map(({ kind, strengthMin }) => ({ kind, strengthMin, validityMin, required: true })),
    ...signals.optional.map(({ kind, strengthMin }) => ({ kind, strengthMin, validityMin: 0, required: false })),
  ];
}

function outputOf(question: Question, schema: JsonObject): ExecutorContract["output"] {
  const branches = (schema["oneOf"] ?? schema["anyOf"] ?? [schema]) as readonly JsonObject[];
  const propertiesOf = (branch: JsonObject) => (branch["properties"] ?? {}) as JsonObject;
  const required = branches.map((branch) => new Set((branch["required"] ?? []) as readonly string[]));
  const [first = new Set<string>()] = required;
  const statuses = branches.map((branch) => (propertiesOf(branch)["status"] as JsonObject | undefined)?.["const"]);
  const { id, area, dimension, modality } = question;
  return {
    constants: { question: id, area, dimension, chunk: `${area}-${dimension}`, modality },
    required: [...first].filter((name) => required.every((names) => names.has(name))).sort(),
    properties: [...new Set(branches.flatMap((branch) => Object.keys(propertiesOf(branch))))].sort(),
    closed: branches.every((branch) => branch["additionalProperties"] === false),
    statuses: statuses.filter((status) => typeof status === "string"),
  };
}
