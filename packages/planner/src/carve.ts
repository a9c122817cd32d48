/**
 * Carving: a complete join table becomes 300 drafts, one for each row.
 *
 * Invariants:
 *   V1. Executor <-> binding row is a bijection: each task is bound to exactly one row, each row has exactly one task,
 *       and both name the same question, chunk and chunk digest. Proved from tasks and rows, in both directions.
 *
 * @module
 */
import {
  type Chunk,
  type ChunkId,
  type JsonValue,
  type Question,
  type QuestionId,
  type Signal,
  signalInputName,
  type Task,
} from "@canonic/contracts";
import type { ArtifactSet } from "./artifacts.ts";
import type { TaskDraft } from "./freeze.ts";
import type { JoinRow } from "./join.ts";

export type CarveInput = {
  readonly rows: readonly JoinRow[];
  readonly questions: ReadonlyMap<QuestionId, Question>;
  readonly chunks: ReadonlyMap<ChunkId, Chunk>;
  readonly signals: ReadonlyMap<QuestionId, readonly Signal[]>;
};

/** One draft for each row, in the order of the rows; every value that a draft names goes to `artifacts`. */
export function carveTasks({ rows, questions, chunks, signals }: CarveInput, artifacts: ArtifactSet): TaskDraft[] {
  return rows.map((row) => {
    const question = questions.get(row.question);
    const chunk = chunks.get(row.chunk);
    if (question === undefined || chunk === undefined || row.chunkDigest === null) {
      throw new Error(`assertion: row ${row.question} of a complete join table is matched`);
    }
    const given = (signals.get(row.question) ?? []).map(
      (signal) => [signalInputName(signal.kind), artifacts.add(signal as JsonValue)] as const,
    );
    return {
      payloadType: question.payloadType,
      inputs: {
        chunk: artifacts.add(chunk as JsonValue),
        question: artifacts.add(question as JsonValue),
        ...Object.fromEntries(given),
      },
      binding: { question: row.question, chunk: row.chunk, chunkDigest: row.chunkDigest },
    };
  });
}

/** `unbound` tasks have no row of their own, `unserved` rows no task of their own. */
export type BindingProof = {
  readonly tasks: number;
  readonly rows: number;
  readonly unbound: readonly string[];
  readonly unserved: readonly QuestionId[];
  readonly bijection: boolean;
};

/** Compares tasks with rows both ways; nothing compared is no bijection. */
export function proveBindings(
  tasks: readonly Pick<Task, "id" | "binding" | "inputs">[],
  rows: readonly Pick<JoinRow, "question" | "chunk" | "questionDigest" | "chunkDigest">[],
): BindingProof {
  const free = new Map(rows.map((row) => [row.question, row]));
  const unbound = tasks
    .filter((task) => {
      const row = task.binding === null ? undefined : free.get(task.binding.question);
      if (row === undefined || !isBoundTo(task, row)) return true;
      return !free.delete(row.question);
    })
    .map(({ id }) => id);
  const unserved = [...free.keys()];
  const bijection = unbound.length === 0 && unserved.length === 0 && tasks.length === rows.length && rows.length > 0;
  return { tasks: tasks.length, rows: rows.length, unbound, unserved, bijection };
}

/** The task is given exactly the question and the chunk of the row, and says so. */
function isBoundTo(
  { binding, inputs }: Pick<Task, "binding" | "inputs">,
  row: Pick<JoinRow, "chunk" | "questionDigest" | "chunkDigest">,
): boolean {
  return (
    binding?.chunk === row.chunk &&
    binding.chunkDigest === row.chunkDigest &&
    inputs["chunk"] === row.chunkDigest &&
    inputs["question"] === row.questionDigest
  );
}
