/**
 * Reads the plan of a bundle task by task: its text is never held whole, and what tasks have in common is held once.
 *
 * Invariants:
 *   R1. The plan read is the one that its schema reads of the whole file.
 *   R2. Findings are those of a file that is read whole: of bytes that were not signed nothing else is said.
 *   R3. Tasks have their keys in canonical order: whoever prints one need not sort them again.
 *
 * @module
 */
import { type JsonValue, Plan, Task } from "@canonic/contracts";
import type { AuthenticFiles } from "./authentic-files.ts";
import { PLAN } from "./bundle-layout.ts";
import { CanonicalElements } from "./canonical-elements.ts";
import type { Findings } from "./findings.ts";
import { OneOfEach } from "./one-of-each.ts";

/** The plan; undefined, with a finding, when the file has none. */
export async function readPlan(files: AuthenticFiles, findings: Findings): Promise<Plan | undefined> {
  const tasks: Task[] = [];
  const pieces = new OneOfEach();
  let isOfSchema = true;
  const elements = new CanonicalElements("tasks", (element) => {
    const task = isOfSchema ? Task.safeParse(element).data : undefined;
    if (task === undefined) isOfSchema = false;
    else tasks.push(compact(task, pieces));
  });
  if (!(await files.stream(PLAN, (piece) => elements.next(piece)))) return undefined;
  const document = elements.end();
  if (document === undefined) {
    findings.invalid("file-malformed", PLAN, `\`${PLAN}\` is not canonical JSON`);
    return undefined;
  }
  const plan = isOfSchema ? wholePlan(document, tasks) : undefined;
  if (plan === undefined) findings.invalid("plan-malformed", PLAN, "the plan is not of its schema");
  return plan;
}

/** The rest of the plan is checked with its first task in place of them all. */
function wholePlan(document: JsonValue, tasks: readonly Task[]): Plan | undefined {
  const { tasks: none } = (document ?? {}) as { readonly tasks?: unknown };
  const first = Array.isArray(none) && none.length === 0 ? { tasks: tasks.slice(0, 1) } : {};
  const plan = Plan.safeParse(isObject(document) ? { ...document, ...first } : document).data;
  return plan && { ...plan, tasks: Object.freeze(tasks) };
}

function isObject(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An equal task that shares what it can. */
function compact(task: Task, pieces: OneOfEach): Task {
  const { binding, id, parameters, position } = task;
  return {
    binding:
      binding === null
        ? null
        : {
            chunk: pieces.text(binding.chunk),
            chunkDigest: pieces.text(binding.chunkDigest),
            question: binding.question,
          },
    bindings: Object.keys(task.bindings).length === 0 ? NONE : task.bindings,
    contract: pieces.text(task.contract),
    id,
    inputs: pieces.texts(task.inputs),
    operation: pieces.text(task.operation),
    parameters: Object.keys(parameters).length === 0 ? NONE : parameters,
    payloadType: pieces.text(task.payloadType),
    position,
    ...(task.route === undefined
      ? {}
      : { route: { request: pieces.text(task.route.request), world: pieces.text(task.route.world) } }),
    version: pieces.text(task.version),
  };
}

const NONE = Object.freeze({});
