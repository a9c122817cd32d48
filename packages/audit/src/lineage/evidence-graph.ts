/**
 * The evidence graph of a run, from what its plan and events name: document, passages and spans, chunks, signals,
 * questions, tasks, outputs, seal, certificates.
 *
 *     document -derives-> passage -derives-> chunk -derives-> signal
 *     passage -derives-> span -supports-> output, signal         bytes that an output or an annotation rests on
 *     chunk, question, signal, artifact, output -derives-> task  what a task was given
 *     task -derives-> output <-cites- chunk, signal              what it gave, and what the output says that it read
 *     approval -precedes-> task                                  the tasks of the group behind the gate
 *     output -aggregates-> seal -derives-> certificate
 *     output -contradicts- output, signal -contradicts- signal   see `contradictions.ts`
 *
 * A run says nothing of `causes` and `correlates`, and has no cluster or macro answers: those are for who knows of them.
 *
 * Invariants:
 *   R1. Everything is added after what it rests on: the graph of any record is acyclic.
 *   R2. What the record does not hold (a payload that was removed) has its node by digest, without what lies inside.
 *
 * @module
 */
import {
  type Chunk,
  type Digest,
  digestJson,
  type EvidenceGraph,
  type JsonValue,
  planDigestOf,
  type Signal,
  type Span,
  spanContains,
  type Task,
} from "@canonic/contracts";
import { type Contradiction, type ContradictionEnd, findContradictions } from "./contradictions.ts";
import { findGaps, type Gap } from "./gaps.ts";
import { EvidenceGraphBuilder } from "./graph-builder.ts";
import { type PolicyValues, policyValuesOf } from "./policy-values.ts";
import type { ApprovalFacts, LineageRecord } from "./record.ts";

export interface EvidenceReading {
  readonly graph: EvidenceGraph;
  readonly contradictions: readonly Contradiction[];
  readonly gaps: readonly Gap[];
}

/** The graph of a run, with what in it contradicts itself and what is missing from it. */
export function readEvidence(record: LineageRecord): EvidenceReading {
  const values = policyValuesOf(record);
  const weaver = new Weaver(record, values);
  const contradictions = findContradictions(record.plan, values);
  const graph = weaver.weave(contradictions);
  return { graph, contradictions, gaps: findGaps(record, values) };
}

class Weaver {
  readonly #builder = new EvidenceGraphBuilder();
  readonly #record: LineageRecord;
  readonly #values: PolicyValues;
  /** The node of each task's output, by position. */
  readonly #outputs: (Digest | undefined)[] = [];

  constructor(record: LineageRecord, values: PolicyValues) {
    this.#record = record;
    this.#values = values;
  }

  weave(contradictions: readonly Contradiction[]): EvidenceGraph {
    const { plan, facts } = this.#record;
    const { chunks, signals } = this.#values;
    for (const [digest, chunk] of chunks) this.#chunk(digest, chunk);
    for (const [digest, signal] of signals) this.#signal(digest, signal);
    for (const [group, positions] of plan.groups.entries()) {
      const gate = plan.gates.find(({ before }) => before === group);
      const approvals = facts.approvals
        .filter((approval) => approval.gate === gate?.name && approval.decision === "approve")
        .map((approval) => this.#approval(approval));
      for (const position of positions) this.#task(position, approvals);
    }
    this.#seal();
    for (const { ends } of contradictions) {
      const [from, to] = ends.map((end) => this.#endOf(end));
      if (from !== undefined && to !== undefined) this.#builder.connect("contradicts", from, to);
    }
    return this.#builder.build();
  }

  #chunk(digest: Digest, chunk: Chunk): void {
    const builder = this.#builder;
    const document = builder.node("document", chunk.document, "document");
    const passages = chunk.kind === "found" ? chunk.passages : [];
    const nodes = passages.map((passage) => {
      const node = builder.node("passage", placeDigest(chunk.document, passage), placeLabel(passage.span));
      builder.connect("derives", document, node);
      return node;
    });
    const node = builder.node("chunk", digest, chunk.id);
    for (const passage of nodes) builder.connect("derives", passage, node);
    if (nodes.length === 0) builder.connect("derives", document, node);
  }

  #signal(digest: Digest, signal: Signal): void {
    const builder = this.#builder;
    const spans = signal.annotations.map((annotation) => this.#span(signal.chunkDigest, annotation));
    const node = builder.node("signal", digest, `${signal.chunk} ${signal.kind}`);
    if (this.#values.chunks.has(signal.chunkDigest))
      builder.connect("derives", builder.node("chunk", signal.chunkDigest, signal.chunk), node);
    for (const span of spans) if (span !== undefined) builder.connect("supports", span, node);
  }

  /** Bytes of a document: of the passage of the chunk that they lie in, or of none. */
  #span(chunkDigest: Digest, bytes: { readonly span: Span; readonly digest: Digest }): Digest | undefined {
    const chunk = this.#values.chunks.get(chunkDigest);
    if (chunk === undefined) return undefined;
    const builder = this.#builder;
    const node = builder.node("span", placeDigest(chunk.document, bytes), placeLabel(bytes.span));
    const passages = chunk.kind === "found" ? chunk.passages : [];
    for (const passage of passages.filter(({ span }) => spanContains(span, bytes.span)))
      builder.connect("derives", builder.node("passage", placeDigest(chunk.document, passage), ""), node);
    return node;
  }

  #approval({ gate, signer, decision, pins }: ApprovalFacts): Digest {
    const { plan } = this.#record;
    // What was signed holds its time, and would make the graphs of equal runs differ.
    const content = digestJson({ decision, gate, pins, plan: planDigestOf(plan), signer });
    return this.#builder.node("approval", content, `${gate} by ${signer}`);
  }

  #task(position: number, approvals: readonly Digest[]): void {
    const { plan, facts } = this.#record;
    const builder = this.#builder;
    const task = plan.tasks[position];
    if (task === undefined) return;
    const given = [
      ...Object.values(task.inputs).map((digest) => this.#input(digest)),
      ...Object.values(task.bindings).flatMap((binding) => this.#outputs[binding.task] ?? []),
    ];
    const node = builder.node("task", taskDigest(task), task.id);
    for (const input of given) builder.connect("derives", input, node);
    for (const approval of approvals) builder.connect("precedes", approval, node);
    const digest = facts.tasks.get(task.id)?.output;
    if (digest !== undefined) this.#outputs[position] = this.#output(task, digest, node);
  }

  #input(digest: Digest): Digest {
    const { chunks, signals, questions } = this.#values;
    const chunk = chunks.get(digest);
    const signal = signals.get(digest);
    const question = questions.get(digest);
    if (chunk !== undefined) return this.#builder.node("chunk", digest, chunk.id);
    if (signal !== undefined) return this.#builder.node("signal", digest, `${signal.chunk} ${signal.kind}`);
    if (question !== undefined) return this.#builder.node("question", digest, question.id);
    return this.#builder.node("artifact", digest, digest);
  }

  #output(task: Task, digest: Digest, taskNode: Digest): Digest {
    const builder = this.#builder;
    const output = this.#values.outputs[task.position];
    const spans = (output?.evidence ?? []).map((item) => ({
      node: this.#span(output?.chunkDigest as Digest, item),
      supports: item.elements.length > 0,
    }));
    const node = builder.node("output", outputDigest(task, digest), output?.question ?? `output of ${task.id}`);
    builder.connect("derives", taskNode, node);
    if (output !== undefined) {
      for (const cited of [output.chunkDigest, ...output.signals.map(({ signal }) => signal)])
        if (this.#values.chunks.has(cited) || this.#values.signals.has(cited))
          builder.connect("cites", this.#input(cited), node);
    }
    for (const { node: span, supports } of spans)
      if (span !== undefined) builder.connect(supports ? "supports" : "cites", span, node);
    return node;
  }

  #seal(): void {
    const { plan, facts, certificates } = this.#record;
    if (facts.seal === undefined) return;
    const { status, outputs } = facts.seal;
    const builder = this.#builder;
    const content = digestJson({ outputs, plan: planDigestOf(plan), status });
    const seal = builder.node("seal", content, status);
    for (const output of this.#outputs) if (output !== undefined) builder.connect("aggregates", output, seal);
    for (const { id, status: stands, evidence } of certificates) {
      const certificate = builder.node("certificate", digestJson({ evidence, id, status: stands }), `${id} ${stands}`);
      builder.connect("derives", seal, certificate);
    }
  }

  #endOf(end: ContradictionEnd): Digest | undefined {
    return end.kind === "output" ? this.#outputs[end.position] : this.#input(end.digest);
  }
}

/** Bytes at a place of a document: what makes two spans, or two passages, the same. */
function placeDigest(document: Digest, { span, digest }: { readonly span: Span; readonly digest: Digest }): Digest {
  return digestJson({ digest, document, span: { end: span.end, start: span.start } });
}

function placeLabel({ start, end }: Span): string {
  return `bytes ${start}..${end}`;
}

function taskDigest(task: Task): Digest {
  return digestJson(task as JsonValue);
}

/** Two tasks that give the same bytes give two outputs: else a chain of tasks could lead back to its own beginning. */
function outputDigest(task: Task, output: Digest): Digest {
  return digestJson({ output, task: task.id });
}
