/**
 * Whether a policy task is given what its binding says: the chunk, the question, and signals of that chunk.
 *
 * @module
 */
import type { JsonValue } from "../canonical-json.ts";
import type { Chunk } from "../chunk.ts";
import type { Digest } from "../digest.ts";
import type { Task } from "../plan.ts";
import { Question, questionNumber } from "../question.ts";
import type { Tally } from "./tally.ts";

type Binding = NonNullable<Task["binding"]>;

/** The question that the task is given, when it is there and all that the binding says of it holds. */
export function checkBinding(
  tally: Tally,
  task: Task,
  binding: Binding,
  chunk: Chunk,
  artifacts: ReadonlyMap<Digest, JsonValue>,
): Question | undefined {
  tally.check();
  const place = binding.question;
  if (task.inputs["chunk"] !== binding.chunkDigest)
    tally.violate("input-mismatch", place, "the task is given another chunk than the one that it is bound to");
  if (chunk.id !== binding.chunk)
    tally.violate("cell-mismatch", place, `the task is bound to \`${binding.chunk}\`, its chunk is \`${chunk.id}\``);
  const digest = task.inputs["question"];
  const parsed = Question.safeParse(digest === undefined ? undefined : artifacts.get(digest));
  if (!parsed.success) {
    tally.violate("question-missing", place, "the question of the task is not among the artifacts");
    return undefined;
  }
  const question = parsed.data;
  if (question.id !== binding.question || question.payloadType !== task.payloadType)
    tally.violate("input-mismatch", place, `the task is given \`${question.id}\`, bound to \`${binding.question}\``);
  if (question.id !== questionIdOf(question) || question.slot !== `${question.dimension}-Q${question.q}`)
    tally.violate(
      "question-number",
      place,
      `\`${question.id}\` is not the number of ${question.slot}, ${question.area}`,
    );
  if (question.area !== chunk.area || question.dimension !== chunk.dimension || question.language !== chunk.language)
    tally.violate("question-cell", place, `\`${question.id}\` is asked of another cell or language than its chunk's`);
  return question;
}

/** The id under `numeric/v1` of the question's area, dimension and number. */
function questionIdOf({ area, dimension, q }: Question): string {
  const number = questionNumber(Number(area.slice(2)), Number(dimension.slice(3)), q);
  return `Q${String(number).padStart(3, "0")}`;
}
