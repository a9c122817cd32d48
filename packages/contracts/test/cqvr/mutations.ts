/**
 * Named mutations of the budget contract, each with exactly what it must lose.
 *
 * @module
 */
import type { CqvrVerdict, CriterionId, ExecutorContract } from "../../src/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: a mutation is of any shape.
type Loose = any;

export type CqvrMutation = {
  readonly title: string;
  readonly alter: (contract: Loose) => void;
  readonly loses: Partial<Record<CriterionId, number>>;
  readonly blockers: readonly string[];
  readonly verdict: CqvrVerdict;
};

const mutation = (
  title: string,
  loses: CqvrMutation["loses"],
  alter: CqvrMutation["alter"],
  blockers: readonly string[] = [],
  verdict: CqvrVerdict = blockers.length > 0 ? "PATCH" : "PRODUCTION",
): CqvrMutation => ({ title, alter, loses, blockers, verdict });

const MISMATCH = ["identity-mismatch"];

export const CQVR_MUTATIONS: readonly CqvrMutation[] = [
  mutation(
    "the output is of another question",
    { identity: 4 },
    ({ output }) => (output.constants.question = "Q003"),
    MISMATCH,
  ),
  mutation(
    "the output is of another area",
    { identity: 4 },
    ({ output }) => (output.constants.area = "PA10"),
    MISMATCH,
  ),
  mutation(
    "the output is of another dimension",
    { identity: 4 },
    ({ output }) => (output.constants.dimension = "DIM02"),
    MISMATCH,
  ),
  mutation(
    "the output is of another chunk",
    { identity: 4 },
    ({ output }) => (output.constants.chunk = "PA01-DIM02"),
    MISMATCH,
  ),
  mutation(
    "the question has another number than its place",
    { identity: 4 },
    ({ identity }) => (identity.q = 3),
    MISMATCH,
  ),
  mutation(
    "question and output agree on a number that is not theirs",
    { identity: 4 },
    ({ identity, output }) => {
      identity.question = "Q200";
      output.constants.question = "Q200";
    },
    MISMATCH,
  ),
  mutation(
    "nothing of the identity agrees",
    { identity: 20 },
    ({ identity, output }) => {
      identity.q = 5;
      Object.assign(output.constants, { question: "?", area: "?", dimension: "?", chunk: "?" });
    },
    MISMATCH,
  ),
  mutation(
    "a rule reads what no method finds",
    { methods: 2, "method-specificity": 2 },
    ({ assembly }) => (assembly[1].sources[0] = "tag/horizon"),
    ["orphan-source"],
  ),
  mutation("there is no method", { methods: 12, "method-specificity": 10 }, (contract) => (contract.methods = []), [
    "orphan-source",
  ]),
  mutation(
    "there is no assembly rule",
    { methods: 20, "pattern-coverage": 10, "method-specificity": 6 },
    (contract) => (contract.assembly = []),
    [],
    "REFORMULATE",
  ),
  mutation("an element has no rule", { methods: 2, "pattern-coverage": 4, "method-specificity": 2 }, ({ assembly }) =>
    assembly.pop(),
  ),
  mutation("a second method feeds nothing", { methods: 2 }, ({ methods }) =>
    methods.push({ name: "idle", provides: ["tag/treaty"] }),
  ),
  mutation("no signal is declared", { methods: 4, signals: 10 }, (contract) => (contract.signals = []), [
    "orphan-source",
  ]),
  mutation("no signal is mandatory", { signals: 7 }, ({ signals }) => (signals[0].required = false)),
  mutation(
    "nothing is demanded of the mandatory signal",
    { signals: 4 },
    ({ signals }) => (signals[0].validityMin = 0),
    ["zero-threshold"],
  ),
  mutation(
    "one of two mandatory signals has no threshold",
    { signals: 2 },
    ({ signals }) => (signals[1].required = true),
    ["zero-threshold"],
  ),
  mutation("a rule reads a signal that is not declared", { methods: 2, signals: 3 }, ({ signals }) => signals.pop(), [
    "orphan-source",
  ]),
  mutation("the output requires a field that it does not have", { "output-schema": 2 }, ({ output }) =>
    output.required.push("verdict"),
  ),
  mutation("the output admits other fields", { "output-schema": 1 }, ({ output }) => (output.closed = false)),
  mutation(
    "the output need not name its chunk's digest",
    { "output-schema": 1 },
    ({ output }) => (output.required = output.required.filter((name: string) => name !== "chunkDigest")),
  ),
  mutation("the output requires nothing", { "output-schema": 4 }, ({ output }) => (output.required = [])),
  mutation("an element has one source", { "pattern-coverage": 2 }, ({ assembly }) => assembly[2].sources.pop()),
  mutation(
    "an element has no source",
    { methods: 2, "pattern-coverage": 4, "method-specificity": 2 },
    ({ assembly }) => (assembly[2].sources = []),
  ),
  mutation("every element has one kind of source", { "pattern-coverage": 4 }, ({ assembly }) => {
    for (const [at, tag] of ["allocation", "period", "cost"].entries()) assembly[at].sources = [`tag/${tag}`];
  }),
  mutation("the method is generic", { "pattern-coverage": 2, "method-specificity": 10 }, (contract) => {
    contract.methods[0].provides = ["text"];
    for (const rule of contract.assembly)
      rule.sources = rule.sources.map((source: string) => (source.startsWith("tag/") ? "text" : source));
  }),
  mutation("no validation rule", { "validation-rules": 10 }, (contract) => (contract.validation = []), [
    "no-validation",
  ]),
  mutation("a chunk of another digest is not refused", { "validation-rules": 3 }, ({ validation }) =>
    validation.splice(0, 1),
  ),
  mutation("a signal that is invalid is not refused", { "validation-rules": 3 }, ({ validation }) =>
    validation.splice(1, 1),
  ),
  mutation("another language is not refused", { "validation-rules": 2 }, ({ validation }) => validation.splice(2, 1)),
  mutation("no element is required", { "validation-rules": 2 }, ({ elements }) => (elements[0].required = false)),
  mutation("the text is no question", { documentation: 1 }, ({ question }) => (question.text = "Budget.")),
  mutation("two terms are looked for", { documentation: 1 }, ({ question }) => question.terms.pop()),
  mutation("a term stands twice", { documentation: 1 }, ({ question }) => (question.terms[2] = "budget")),
  mutation("an element's label is its id", { documentation: 1 }, ({ elements }) => (elements[1].label = "period")),
  mutation("the operation is not described", { documentation: 1 }, ({ executor }) => (executor.description = "")),
  mutation("no failure mode is stated", { documentation: 1 }, ({ executor }) => (executor.failureModes = [])),
  mutation("no success criterion is stated", { documentation: 1 }, ({ executor }) => (executor.successCriteria = [])),
  mutation("the output cannot say that nothing was found", { template: 1 }, ({ output }) => output.statuses.pop()),
  mutation(
    "the output is scored by another modality",
    { template: 1 },
    ({ output }) => (output.constants.modality = "count"),
  ),
  mutation("the best score cannot be reached", { template: 2 }, (contract) => {
    contract.elements.splice(1, 1);
    contract.assembly.splice(1, 1);
  }),
  mutation("the question has no digest", { metadata: 2 }, ({ question }) => (question.digest = null)),
  mutation("the operation's contract has no digest", { metadata: 2 }, ({ executor }) => (executor.contract = null)),
  mutation("the ordering is not named", { metadata: 1 }, ({ question }) => (question.ordering = "")),
  mutation(
    "identity, source and threshold at once",
    { identity: 4, methods: 2, signals: 4, "method-specificity": 2 },
    ({ output, assembly, signals }) => {
      output.constants.question = "Q003";
      assembly[1].sources[0] = "tag/horizon";
      signals[0].validityMin = 0;
    },
    ["identity-mismatch", "orphan-source", "zero-threshold"],
  ),
];

export function mutated(contract: ExecutorContract, alter: CqvrMutation["alter"]): ExecutorContract {
  const copy = structuredClone(contract);
  alter(copy);
  return copy;
}
