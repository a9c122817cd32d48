/**
 * Pins: what bound tasks take from earlier ones.
 *
 * Invariants:
 *   B1. A bound value is read from the journaled bytes of an output, whoever ran the task: a resumed run binds what the
 *       first one would have bound.
 *
 * @module
 */
import {
  type Digest,
  freezeDeep,
  inputDigestOf,
  type JsonObject,
  type JsonValue,
  type Task,
  valueAtPointer,
} from "@canonic/contracts";
import type { Run } from "./run.ts";

/** The values of a task's bindings by name; undefined where a pointer finds nothing. */
export function boundValues(
  run: Pick<Run, "outputs" | "pins">,
  task: Task,
): ReadonlyMap<string, JsonValue | undefined> {
  return new Map(
    Object.entries(task.bindings).map(([name, { task: from, pointer }]) => [
      name,
      valueAtPointer(outputAt(run, from), pointer),
    ]),
  );
}

/** What EXECUTION_STARTED says of an input: the task, and the digests of the values that it was bound to. */
export function startedInputOf(
  { plan, outputs, salted }: Pick<Run, "plan" | "outputs" | "salted">,
  task: Task,
  input: JsonObject,
): Digest {
  const bound: Record<string, Digest> = {};
  for (const [name, { task: from }] of Object.entries(task.bindings))
    bound[name] = salted.boundDigestOf(plan.tasks[from] as Task, outputs[from] as string, input[name] as JsonValue);
  return inputDigestOf(task, bound);
}

/** An output as a value, frozen in depth and read from its text once. */
function outputAt({ outputs, pins }: Pick<Run, "outputs" | "pins">, position: number): JsonValue {
  const known = pins.get(position);
  if (known !== undefined) return known;
  const text = outputs[position];
  if (text === undefined) throw new Error(`assertion failed: task ${position} is bound to and has not completed`);
  const value = freezeDeep(JSON.parse(text) as JsonValue);
  pins.set(position, value);
  return value;
}
