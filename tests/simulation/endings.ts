/**
 * How a session ended, held against what it may end with.
 *
 * A run may stand still only for a reason that is in its plan or its world: in a calm world every other stop is a fault of
 * the runner or of authority (V11).
 *
 * @module
 */
import type { EventData, OperationContract, RunEvent } from "@canonic/contracts";
import { isRunnerError } from "@canonic/runner";
import { REGISTRIES } from "./operations.ts";
import type { Session } from "./session.ts";
import type { World } from "./world.ts";

/** `how` in a few words, the same for the same ending; `stands` when another session would end the same way. */
export type Ending = { readonly how: string; readonly stands: "no" | "when repeated" | "at once" };

/** The ending of a session of the newest holder, by itself. */
export function endingOf(world: World, session: Session, isCalm: boolean): Ending {
  const { end, process } = session;
  if (end === null) {
    world.breach("V11", `process ${process.number} has no end`);
    return { how: "no end", stands: "no" };
  }
  return "error" in end
    ? errorEnding(world, session, end.error)
    : resultEnding(world, session, end.result.status, isCalm);
}

function errorEnding(world: World, { process, journal, intent, route }: Session, error: unknown): Ending {
  if (journal.failure !== null) {
    if (error !== journal.failure) world.breach("V8", `process ${process.number} ends with ${nameOf(error)}`);
    world.coverage.count(`journal ${journal.failure.message}`);
    return { how: `journal: ${journal.failure.message}`, stands: "no" };
  }
  const code = isRunnerError(error) ? error.code : nameOf(error);
  world.coverage.count(`error ${code}`);
  const isDue =
    code === "runner.write-indeterminate" && intent === "resume" && hasDoubtfulWrite(world, route !== "planned");
  if (!isDue) world.breach("V13", `process ${process.number} throws ${nameOf(error)}`);
  return { how: code, stands: "at once" };
}

/** True when a write has an unknown outcome and must not be repeated: it is not idempotent, or its route is lost. */
function hasDoubtfulWrite({ planned, log }: World, isRouteLost: boolean): boolean {
  const { tasks, mode } = planned.plan;
  const events = log.events();
  return tasks.some(({ id, operation }) => {
    const { effect, idempotent } = REGISTRIES[mode].contracts.get(operation) as OperationContract;
    if (effect !== "write" || (idempotent && !isRouteLost)) return false;
    const last = events.findLast(({ type, subject }) => subject === id && OUTCOMES.has(type));
    if (last?.type !== "OPERATION_ABORTED") return last?.type === "EXECUTION_STARTED";
    return !last.data.reasons.some(({ code }) => code === "runner.failure-mode");
  });
}

const OUTCOMES: ReadonlySet<RunEvent["type"]> = new Set([
  "EXECUTION_STARTED",
  "EXECUTION_COMPLETED",
  "OPERATION_ABORTED",
]);

function resultEnding(world: World, { process, journal }: Session, status: string, isCalm: boolean): Ending {
  const last = world.log.entries.at(-1)?.event;
  if (journal.buffer.length > 0) world.breach("V13", `process ${process.number} reports what is not on disk`);
  if (status === "waiting") {
    if (isCalm) world.breach("V11", "it waits, though somebody answers");
    return { how: "waiting", stands: "no" };
  }
  if (status === "stopped" && last?.type === "RUN_STOPPED") {
    const { code, task, gate } = last.data;
    world.coverage.count(`stop ${code}`);
    if (isCalm && !isExplained(world, last.data)) world.breach("V11", `it stops by ${code} for no reason of its world`);
    return { how: `stopped at ${task ?? gate} by ${code}`, stands: "when repeated" };
  }
  if (last?.type !== "RUN_SEALED" || last.data.status !== status)
    world.breach("V13", `process ${process.number} reports ${status} after ${last?.type}`);
  return { how: `sealed ${status}`, stands: "no" };
}

/** True for a stop whose cause is in the plan, its script of upsets, or a source that has changed. */
function isExplained({ planned }: World, { code, task: id }: EventData<"RUN_STOPPED">): boolean {
  const { plan, upsets } = planned;
  const task = plan.tasks.find((each) => each.id === id);
  if (task === undefined) return false;
  const pointers = Object.values(task.bindings).map(({ pointer }) => pointer);
  switch (code) {
    case "runner.pin-missing":
      return pointers.includes("/absent");
    case "runner.input-invalid":
      return pointers.includes("/at");
    case "runner.pin-secret":
      return task.operation === "calc.whisper";
    case "runner.drift":
    case "runner.drift-unknown":
      return plan.rechecks.some(({ before }) => before === task.position);
    default:
      return upsets.has(task.position);
  }
}

/** One that was overtaken has its journal's error, or reports the seal of the log, or that it waits and wrote nothing. */
export function lookAtOvertaken(world: World, session: Session): void {
  const { end, journal, process } = session;
  if (end === null) {
    world.breach("V11", `process ${process.number} has no end`);
    return;
  }
  if ("error" in end) {
    const isOwn = isRunnerError(end.error) && end.error.code === "runner.write-indeterminate";
    if (end.error !== journal.failure && !isOwn)
      world.breach("V8", `process ${process.number} ends with ${nameOf(end.error)}`);
    world.coverage.count("overtaken refused");
    return;
  }
  const { status } = end.result;
  const last = world.log.entries.at(-1)?.event;
  const isSealed = last?.type === "RUN_SEALED" && last.data.status === status;
  const isIdle = status === "waiting" && journal.appends === 0;
  if (!isSealed && !isIdle) world.breach("V9", `process ${process.number} was overtaken and reports ${status}`);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
