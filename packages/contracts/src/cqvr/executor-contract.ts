/**
 * Executor contracts: all that one question asks of its executor, in one document, so that it can be judged before it runs.
 *
 * It is derived from a question, the contract of the operation that its payload type is routed to, and what the pack says
 * of its methods. It is not executed.
 *
 * Two thresholds stand beside each other, because they ask different things of a signal. `strengthMin` asks how much was
 * found: 0 accepts a measured absence, which is a finding like any other (a document that is silent about money has said
 * something). `validityMin` asks whether what is given is a measurement at all: 100 ends the task when the signal is
 * malformed, of another chunk or in another language; 0 demands nothing. That a signal is not given is neither: how many
 * tasks may lack theirs is for the signal coverage contract. A mandatory signal of which neither is demanded is mandatory
 * in name only.
 *
 * @module
 */
import { z } from "zod";
import { Digest } from "../digest.ts";
import { Language } from "../document.ts";
import { AreaId, ChunkId, DimensionId, OperationId, QuestionId, SemanticVersion } from "../ids.ts";
import { ScoringModality } from "../question.ts";
import { SignalKind } from "../signal.ts";
import { boundedText } from "../text.ts";

/** `text`, `tag/<what a method finds>` or `signal/<kind>`. */
const AssemblySource = z.string().regex(/^(text|tag\/[a-z][a-z-]{0,62}|signal\/[a-z][a-z-]{0,62})$/);

const Element = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  label: boundedText(512, 0),
  required: z.boolean(),
});

const Method = z.strictObject({ name: boundedText(128), provides: z.array(AssemblySource) });

/** Which sources decide an element; any one of them is enough. */
const AssemblyRule = z.strictObject({ element: Element.shape.id, sources: z.array(AssemblySource) });

const SignalDemand = z.strictObject({
  kind: SignalKind,
  required: z.boolean(),
  strengthMin: z.int().min(0).max(100),
  validityMin: z.int().min(0).max(100),
});

/** `constants` are what every output of this contract says of itself; names are those of the output's own fields. */
const OutputShape = z.strictObject({
  constants: z.strictObject({
    question: boundedText(64),
    area: boundedText(64),
    dimension: boundedText(64),
    chunk: boundedText(64),
    modality: boundedText(64),
  }),
  required: z.array(boundedText(64)),
  properties: z.array(boundedText(64)),
  closed: z.boolean(),
  statuses: z.array(boundedText(64)),
});

export const ExecutorContract = z.strictObject({
  schema: z.literal("canonic/executor-contract/v1"),
  identity: z.strictObject({
    question: QuestionId,
    slot: z.string().regex(/^DIM0[1-6]-Q[1-5]$/),
    area: AreaId,
    dimension: DimensionId,
    q: z.int().min(1).max(5),
    chunk: ChunkId,
  }),
  question: z.strictObject({
    digest: Digest.nullable(),
    ordering: boundedText(64, 0),
    language: Language,
    text: boundedText(2048, 0),
    terms: z.array(boundedText(256)),
    modality: ScoringModality,
  }),
  executor: z.strictObject({
    operation: OperationId,
    version: SemanticVersion,
    contract: Digest.nullable(),
    description: boundedText(2048, 0),
    successCriteria: z.array(boundedText(1024)),
    failureModes: z.array(boundedText(1024)),
  }),
  elements: z.array(Element).min(1),
  methods: z.array(Method),
  assembly: z.array(AssemblyRule),
  signals: z.array(SignalDemand),
  output: OutputShape,
  /** What ends the task, and by which code. */
  validation: z.array(z.strictObject({ condition: boundedText(64), code: boundedText(128) })),
});
export type ExecutorContract = z.infer<typeof ExecutorContract>;
