/**
 * Provenance: every output names its chunk and its bytes, or the search that found none.
 *
 * Invariants:
 *   V1. An output belongs to the task at its position, to that task's question and chunk, by digest; the task was given
 *       that chunk and that question, whose number is the one of its cell.
 *   V2. Every evidence span lies inside a passage of that chunk, its digest is the SHA-256 of exactly those bytes, and it
 *       supports elements that the output says are met.
 *   V3. Every passage of a chunk is bytes of the document and quotes them; a span over other bytes is an orphan. So is
 *       an annotation of a bound signal.
 *   V4. No evidence is itself evidence-bearing: no element is met and it carries exactly the search of its chunk. A chunk
 *       is empty when, and only when, that search reached no candidate.
 *   V5. Elements, modality, area and dimension of an output are its question's.
 *
 * Which bytes support which element is the operation's judgement; executing it again is the only check of that.
 *
 * @module
 */
import { canonicalJson } from "../canonical-json.ts";
import type { Chunk } from "../chunk.ts";
import { digestBytes } from "../digest.ts";
import type { Evidence, Output } from "../output.ts";
import type { Task } from "../plan.ts";
import type { Question } from "../question.ts";
import { spanContains } from "../span.ts";
import { checkChunk, checkSignal, isBytesOf, passagesOf } from "./chunk-provenance.ts";
import { givenSignals } from "./consumption.ts";
import type { PolicyRecord, RunRecord } from "./record.ts";
import { type CoreContractResult, Tally } from "./tally.ts";
import { checkBinding } from "./task-binding.ts";

export function checkProvenance(record: Pick<RunRecord, "plan" | "policy">): CoreContractResult {
  const { plan, policy } = record;
  const tally = new Tally("provenance");
  if (policy === undefined) return tally.result(null);
  const document = digestBytes(policy.text);
  for (const chunk of policy.chunks.values()) checkChunk(tally, chunk, policy.text, document);
  checkSignals(tally, plan.tasks, policy);
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
  const question = checkBinding(tally, task, binding, chunk, policy.artifacts);
  if (question !== undefined) checkAnswers(tally, output, question);
  checkMet(tally, output, chunk);
  for (const evidence of output.evidence) checkEvidence(tally, place, evidence, chunk, policy.text);
}

/** Each bound signal once, however many tasks share it; a signal that is not there is counted by signal coverage. */
function checkSignals(tally: Tally, tasks: readonly Task[], { artifacts, chunks, text }: PolicyRecord): void {
  const seen = new Set<string>();
  for (const task of tasks) {
    const chunkDigest = task.binding?.chunkDigest;
    const chunk = chunkDigest === undefined ? undefined : chunks.get(chunkDigest);
    if (chunkDigest === undefined || chunk === undefined) continue;
    for (const [digest, signal] of givenSignals(task, artifacts)) {
      const key = `${chunkDigest} ${digest}`;
      if (!seen.has(key)) checkSignal(tally, signal, chunk, chunkDigest, text);
      seen.add(key);
    }
  }
}

function checkAnswers(tally: Tally, output: Output, question: Question): void {
  const place = output.question;
  if (output.area !== question.area || output.dimension !== question.dimension || output.modality !== question.modality)
    tally.violate("question-mismatch", place, "the output names another area, dimension or modality than its question");
  const asked = question.elements.map(({ id }) => id);
  const answered = output.elements.map(({ id }) => id);
  if (canonicalJson(asked) !== canonicalJson(answered))
    tally.violate("elements-mismatch", place, "the output's elements are not those of its question, in its order");
}

function checkMet(tally: Tally, output: Output, chunk: Chunk): void {
  tally.check();
  const place = output.question;
  const met = new Set(output.elements.filter((element) => element.met).map(({ id }) => id));
  if (output.status === "answered") {
    if (met.size === 0) tally.violate("nothing-met", place, "the output answers, and no element is met");
    if (!output.evidence.every(({ elements }) => elements.every((id) => met.has(id))))
      tally.violate("element-unmet", place, "evidence supports an element that the output says is not met");
    return;
  }
  if (met.size > 0) tally.violate("met-without-evidence", place, "an element is met without evidence");
  if (canonicalJson(output.search) !== canonicalJson(chunk.search))
    tally.violate("search-mismatch", place, "the output carries another search than its chunk's");
}

function checkEvidence(tally: Tally, place: string, evidence: Evidence, chunk: Chunk, text: Uint8Array): void {
  tally.check();
  const { span } = evidence;
  const where = `evidence at bytes ${span.start}..${span.end}`;
  if (evidence.chunk !== chunk.id || !passagesOf(chunk).some((passage) => spanContains(passage.span, span)))
    tally.violate("orphan-span", place, `${where} lies in no passage of \`${chunk.id}\``);
  else if (!isBytesOf(span, evidence.digest, text))
    tally.violate("span-digest", place, `${where} has another digest than its bytes`);
}
