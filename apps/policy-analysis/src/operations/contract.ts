/**
 * The contracts of the policy operations: one for each method, equal but for what the method looks for.
 *
 * @module
 */
import {
  type JsonObject,
  type JsonValue,
  type OperationContract,
  type OperationId,
  publishedSchema,
  type SchemaName,
  SignalKind,
  signalInputName,
} from "@canonic/contracts";
import type { MethodName } from "../methods/index.ts";

export const OPERATION_VERSION = "1.0.0";

const LOOKS_FOR: { readonly [Name in MethodName]: string } = {
  "causal-statements": "statements of what brings what about",
  "legal-references": "norms in force and international commitments",
  money: "amounts of money, assigned or as costs",
  populations: "groups of people that are to be reached, counted or told apart",
  quantities: "numbers with units: baselines, targets, changes, deliveries",
  "responsible-bodies": "bodies that answer for something",
  retrieve: "sentences that meet the question's own patterns",
  "time-frames": "when what is planned begins, ends and is looked at",
};

/** The id of a method's operation, `policy.answer-<method>`. */
export function operationIdOf(method: MethodName): OperationId {
  return `policy.answer-${method}` as OperationId;
}

/** The contract of a method's operation, in full. */
export function contractOf(method: MethodName): OperationContract {
  embeddings ??= { input: inputSchema(), output: embedded("executor_output") };
  const kinds = SignalKind.options;
  return {
    schema: "canonic/operation-contract/v1",
    operation: operationIdOf(method),
    version: OPERATION_VERSION,
    description: `Answers a question about its chunk from ${LOOKS_FOR[method]}.`,
    ...embeddings,
    effect: "pure",
    mode: "live",
    determinism: "deterministic",
    idempotent: true,
    successCriteria: [
      {
        id: "answered-or-searched",
        statement: "The output is answered with evidence, or no_evidence with the search.",
      },
      { id: "evidence-in-chunk", statement: "Every evidence span lies in a passage and its digest is of those bytes." },
      {
        id: "signals-consumed",
        statement: "Every bound signal that the question asks for has a proof of consumption.",
      },
    ],
    failureModes: [
      {
        code: "policy-analysis.task-refused",
        when: "A condition of the question's failure contract holds: a passage or cell is not what its digest says, a mandatory signal is missing, malformed, of another chunk or too weak, or the languages differ.",
      },
    ],
    termination: {
      timeoutMs: 10_000,
      outputBytesMax: 512 * 1024,
      memoryLimitMb: 256,
      condition: "Every sentence of at most 32 passages was read once.",
    },
    verification: {
      strategy: "recompute",
      statement:
        "The same chunk, question and signals give the same bytes; evidence digests are checked against the document.",
    },
    crossDomainDeps: [],
    signals: { required: [], optional: kinds.map((kind) => ({ kind, strengthMin: 0 })) },
  };
}

function inputSchema(): JsonObject {
  const signals = SignalKind.options.map((kind) => [signalInputName(kind), { $ref: "#/$defs/signal" }]);
  return {
    type: "object",
    additionalProperties: false,
    required: ["chunk", "question"],
    properties: {
      chunk: embedded("chunk"),
      question: embedded("question"),
      ...(Object.fromEntries(signals) as JsonObject),
    },
    $defs: { signal: embedded("signal") },
  };
}

/** A published schema as part of another: without the names that only a document of its own has. */
function embedded(name: SchemaName): { [key: string]: JsonValue } {
  const { $id: _id, $schema: _dialect, ...schema } = publishedSchema(name);
  return schema;
}

/** Made once, with the first contract: all eight speak of the same values. */
let embeddings: { readonly input: JsonObject; readonly output: JsonObject } | undefined;
