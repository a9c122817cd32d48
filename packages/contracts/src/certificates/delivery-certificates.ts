/**
 * Certificates of what was delivered: the outputs' form, 300 of them, and each from its own question and chunk.
 *
 * @module
 */
import { canonicalJson } from "../canonical-json.ts";
import { checkCardinality } from "../checks/cardinality.ts";
import { PolicyPackage } from "../chunk.ts";
import { type Digest, digestBytes, digestJson } from "../digest.ts";
import { Output } from "../output.ts";
import { questionNumber } from "../question.ts";
import type { CertifiedReading } from "./certified-run.ts";
import { type CertificateDefinition, isPolicyRun } from "./definition.ts";
import type { CertificateLedger } from "./ledger.ts";
import { artifactsOfSchema } from "./planning-proof.ts";
import { isOutputRedacted, isRedacted, lackRecord, lackRedacted } from "./redacted-evidence.ts";

const QUESTIONS = 300;
const CHUNKS = 60;
const FIBRE = 5;

export const OUTPUT_SCHEMA: CertificateDefinition = {
  id: "CERT-07",
  name: "output schema",
  description: "Every output is of the published output schema, and the sealed digest is that of these outputs.",
  successCriteria: [
    "Every output is of `canonic/output/v1`, a closed schema.",
    "Every output names the task at its position.",
    "The outputs, one canonical line each, have the digest that the run was sealed with.",
  ],
  failureModes: [
    "An output is missing, or not of the schema.",
    "An output stands at another task's position.",
    "The sealed digest is of other outputs.",
  ],
  verificationMethod: "Each output is parsed again under the schema; the digest of all lines is computed again.",
  check: (run, ledger) => {
    if (!isPolicyRun(run, ledger)) return;
    let gone = 0;
    run.tasks.forEach(({ task }, position) => {
      if (isOutputRedacted(run, position)) {
        gone += 1;
        lackRedacted(ledger, task.id, "the output of the task", run.completed[position] as Digest);
        return;
      }
      const parsed = Output.safeParse(run.outputs[position]);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const message = `\`/${issue?.path.join("/") ?? ""}\` ${issue?.message ?? "is malformed"}`;
        ledger.lack("output-invalid", task.id, message);
        return;
      }
      ledger.check(
        parsed.data.task === task.id,
        "output-moved",
        task.id,
        `the output at position ${position} is of \`${parsed.data.task}\``,
      );
    });
    if (run.outputsDigest === null) {
      ledger.lack("evidence-missing", "outputs", "the run was sealed without outputs");
      return;
    }
    ledger.saw("outputs", run.outputsDigest);
    if (gone > 0) return;
    const lines = run.outputs.map((output) => `${output === undefined ? "" : canonicalJson(output)}\n`);
    ledger.check(
      digestBytes(lines.join("")) === run.outputsDigest,
      "outputs-differ",
      "outputs",
      "the outputs do not have the sealed digest",
    );
  },
};

export const CARVER_DELIVERY: CertificateDefinition = {
  id: "CERT-08",
  name: "carver 300 delivery",
  description: "Sixty chunks of five questions each were carved into exactly 300 tasks, and 300 outputs came of them.",
  successCriteria: [
    "The plan demands 300 outputs, 60 chunks and fibres of 5, and the cardinality contract is satisfied.",
    "The questions are Q001 to Q300, each once, each of the cell that its number says.",
    "Each task has one output.",
  ],
  failureModes: [
    "299 or 301 tasks or outputs; a question twice or missing.",
    "The plan demands less.",
    "A question's number is not that of its area, dimension and place.",
  ],
  verificationMethod: "Cardinality is decided again from plan and outputs; every question's number is computed again.",
  check: (run, ledger) => {
    if (!isPolicyRun(run, ledger)) return;
    ledger.saw("plan", run.planDigest);
    const { plan, verdicts } = run;
    const outputs = plan.tasks.flatMap(({ id }, position) => {
      const digest = run.completed[position];
      return digest === undefined ? [] : [{ task: id, digest }];
    });
    ledger.satisfied(verdicts, "cardinality", checkCardinality({ plan, outputs }));
    const { outputs: demanded, chunks, fibre } = plan.expect;
    ledger.check(
      demanded === QUESTIONS && chunks === CHUNKS && fibre === FIBRE,
      "expectation-low",
      "plan",
      `the plan demands ${demanded} outputs, ${chunks ?? "no"} chunks and fibres of ${fibre ?? "any size"}`,
    );
    ledger.check(
      outputs.length === QUESTIONS,
      "output-count",
      "outputs",
      `${outputs.length} outputs, not ${QUESTIONS}`,
    );
    const asked = new Set(
      run.tasks.map(({ task, question }) => {
        const digest = task.inputs["question"];
        return isRedacted(run, digest) ? digest : question?.id;
      }),
    );
    ledger.check(asked.size === QUESTIONS, "question-count", "questions", `${asked.size} questions, not ${QUESTIONS}`);
    for (const { task, question } of run.tasks) {
      const digest = task.inputs["question"];
      if (isRedacted(run, digest)) {
        lackRedacted(ledger, task.id, "the question of the task", digest);
        continue;
      }
      const id = question === undefined ? "" : idOf(question);
      ledger.check(
        question !== undefined && question.id === id,
        "question-number",
        task.id,
        `the question of task \`${task.id}\` is not there or not \`${id}\``,
      );
    }
    ledger.saw("questionnaire", questionnaireDigestOf(run));
  },
};

export const CHUNK_ALIGNMENT: CertificateDefinition = {
  id: "CERT-09",
  name: "chunk-executor alignment",
  description:
    "Every task is given the one chunk and the one question that its row binds it to, and no two share a row.",
  successCriteria: [
    "Tasks and rows of the join table are one to one.",
    "Chunk and question of a task, by digest, are those of its row, of one cell and one language.",
    "The chunks are those of the policy package, and the provenance contract is satisfied.",
  ],
  failureModes: [
    "A task is given another chunk or question than its row's.",
    "Two tasks stand for one row, or a row has no task.",
    "A chunk is not in the policy package.",
  ],
  verificationMethod: "The 300-row table is joined again from the tasks, the questions, the chunks and the package.",
  check: (run, ledger) => {
    if (!isPolicyRun(run, ledger)) return;
    ledger.saw("plan", run.planDigest);
    ledger.satisfied(run.verdicts, "provenance");
    const listed = packageOf(run, ledger);
    const rows = new Set<string>();
    for (const { task, question, chunk } of run.tasks) {
      const { binding, inputs } = task;
      const place = binding?.question ?? task.id;
      const gone = [inputs["question"], inputs["chunk"]].find((digest) => isRedacted(run, digest));
      if (gone !== undefined) {
        lackRedacted(ledger, place, "the question or the chunk of the task", gone);
        rows.add(place);
        continue;
      }
      if (binding === null || question === undefined || chunk === undefined) {
        ledger.lack("row-missing", place, `task \`${task.id}\` has no whole row`);
        continue;
      }
      ledger.check(!rows.has(binding.question), "row-twice", place, `two tasks stand for \`${binding.question}\``);
      rows.add(binding.question);
      ledger.check(
        binding.question === question.id &&
          binding.chunk === chunk.id &&
          inputs["chunk"] === binding.chunkDigest &&
          digestJson(chunk) === binding.chunkDigest &&
          digestJson(question) === inputs["question"],
        "row-mismatch",
        place,
        "the task is not given what its row binds it to",
      );
      ledger.check(
        question.area === chunk.area && question.dimension === chunk.dimension && question.language === chunk.language,
        "cell-mismatch",
        place,
        "question and chunk are of different cells or languages",
      );
      ledger.check(
        listed.get(chunk.id) === binding.chunkDigest,
        "chunk-unlisted",
        chunk.id,
        `\`${chunk.id}\` is not the chunk that the policy package lists`,
      );
    }
    ledger.check(rows.size === QUESTIONS, "row-missing", "rows", `${rows.size} rows have a task, not ${QUESTIONS}`);
    ledger.check(listed.size === CHUNKS, "chunk-count", "package", `the package lists ${listed.size} chunks`);
  },
};

function packageOf(run: CertifiedReading, ledger: CertificateLedger): ReadonlyMap<string, string> {
  const [digest, second] = artifactsOfSchema(run.plan, run.artifacts, "canonic/policy-package/v1");
  const found = PolicyPackage.safeParse(digest === undefined ? undefined : run.artifacts.get(digest)).data;
  if (digest === undefined || found === undefined) {
    lackRecord(run, ledger, "policy-package", "the plan carries no policy package");
    return new Map();
  }
  ledger.saw("policy-package", digest);
  ledger.check(second === undefined, "evidence-ambiguous", "policy-package", "the plan carries two policy packages");
  return new Map(found.chunks.map(({ id, digest: chunk }) => [id, chunk]));
}

/** Of the digests of all questions, by their numbers. */
function questionnaireDigestOf({ tasks }: CertifiedReading) {
  return digestJson(tasks.map(({ task }) => task.inputs["question"] ?? null));
}

function idOf({ area, dimension, q }: NonNullable<CertifiedReading["tasks"][number]["question"]>): string {
  const number = questionNumber(Number(area.slice(2)), Number(dimension.slice(3)), q);
  return `Q${String(number).padStart(3, "0")}`;
}
