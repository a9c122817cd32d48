/**
 * Provenance: every output names its chunk and its bytes, or the search that found none.
 *
 * Invariants:
 *   V1. An output belongs to the task at its position, to that task's question and chunk, by digest.
 *   V2. Every evidence span lies inside a passage of that chunk, and its digest is the SHA-256 of exactly those bytes.
 *   V3. Every passage of a chunk is bytes of the document; a span over other bytes is an orphan.
 *   V4. No evidence is itself evidence-bearing: it carries the search record of its chunk.
 *
 * @module
 */
import type { Chunk } from "../chunk.ts";
import { type Digest, digestBytes } from "../digest.ts";
import type { Output } from "../output.ts";
import type { Task } from "../plan.ts";
import { isSpanWithin, type Span, spanContains } from "../span.ts";
import type { PolicyRecord, RunRecord } from "./record.ts";
import { type CoreContractResult, Tally } from "./tally.ts";

export function checkProvenance(record: Pick<RunRecord, "plan" | "policy">): CoreContractResult {
  const { plan, policy } = record;
  const tally = new Tally("provenance");
  if (policy === undefined) return tally.result(null);
  checkPassages(tally, policy);
  policy.values.forEach((output, position) => {
    const task = plan.tasks[position];
    tally.check();
    if (task === undefined || task.id !== output.task || task.binding === null) {
      tally.violate(
        "orphan-output",
        output.task,
        `output \`${output.task}\` belongs to no task at position ${position}`,
      );
      return;
    }
    checkOutput(tally, output, task, policy);
  });
  return tally.result({ chunks: [...policy.chunks.keys()].sort(), outputs: policy.values.map(({ task }) => task) });
}

function checkOutput(tally: Tally, output: Output, task: Task, policy: PolicyRecord): void {
  const { binding } = task;
  if (binding === null) return;
  const place = output.question;
  if (output.question !== binding.question) {
    tally.violate(
      "question-mismatch",
      place,
      `output answers \`${output.question}\`, its task asks \`${binding.question}\``,
    );
  }
  if (output.chunk !== binding.chunk || output.chunkDigest !== binding.chunkDigest) {
    tally.violate(
      "chunk-mismatch",
      place,
      `output names chunk \`${output.chunk}\`, its task is bound to \`${binding.chunk}\``,
    );
    return;
  }
  const chunk = policy.chunks.get(output.chunkDigest);
  if (chunk === undefined) {
    tally.violate("chunk-missing", place, `chunk \`${output.chunk}\` is not among the run's chunks`);
    return;
  }
  for (const evidence of output.evidence) checkEvidence(tally, place, evidence, chunk, policy.text);
}

function checkEvidence(
  tally: Tally,
  place: string,
  evidence: { readonly chunk: string; readonly span: Span; readonly digest: Digest },
  chunk: Chunk,
  text: Uint8Array,
): void {
  tally.check();
  const { span } = evidence;
  const passages = chunk.kind === "found" ? chunk.passages : [];
  if (evidence.chunk !== chunk.id || !passages.some((passage) => spanContains(passage.span, span))) {
    tally.violate(
      "orphan-span",
      place,
      `evidence at bytes ${span.start}..${span.end} lies in no passage of \`${chunk.id}\``,
    );
  } else if (!isSpanWithin(span, text.length) || digestBytes(text.subarray(span.start, span.end)) !== evidence.digest) {
    tally.violate(
      "span-digest",
      place,
      `evidence at bytes ${span.start}..${span.end} has another digest than its bytes`,
    );
  }
}

function checkPassages(tally: Tally, policy: PolicyRecord): void {
  const document = digestBytes(policy.text);
  for (const chunk of policy.chunks.values()) {
    tally.check();
    if (chunk.document !== document)
      tally.violate("document-mismatch", chunk.id, `chunk \`${chunk.id}\` is of another text`);
    for (const { span, digest } of chunk.kind === "found" ? chunk.passages : []) {
      tally.check();
      if (isSpanWithin(span, policy.text.length) && digestBytes(policy.text.subarray(span.start, span.end)) === digest)
        continue;
      tally.violate(
        "passage-digest",
        chunk.id,
        `passage at bytes ${span.start}..${span.end} is not bytes of the document`,
      );
    }
  }
}
