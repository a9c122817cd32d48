/**
 * The tasks of a run in the grammar: each in its own order, all in the order of their groups.
 *
 * Invariants:
 *   T1. A task begins when every group before its own has completed, no gate in front of it is shut and nothing failed.
 *   T2. A task that ended is over; only in a plan that stops does one that was denied or aborted begin again with the next
 *       session, its attempts counted on.
 *
 * @module
 */
import type { Plan, TaskId } from "@canonic/contracts";
import type { Findings } from "./findings.ts";
import type { GrammarFaults } from "./grammar-faults.ts";
import {
  BOUNDARY_CODE,
  nameOfStep,
  newProgress,
  owe,
  STAGE_OF,
  startStep,
  stepOf,
  type TaskEvent,
  type TaskProgress,
} from "./grammar-steps.ts";

/** What keeps a task from beginning; null where nothing does. */
export interface Barriers {
  /** In a few words, why nothing begins any more. */
  readonly ended: string | null;
  /** The gate that is shut in front of a group. */
  shut(group: number): string | null;
}

/** How a task ended that did not complete; `code` is what a stop for it must give as its own. */
export type TaskFailure = { readonly task: TaskId; readonly status: "failed" | "denied"; readonly code: string };

/** The code of a reason that names, as its place, the failure mode of the contract that an operation reported. */
export const FAILURE_MODE = "runner.failure-mode";

export class TaskGrammar {
  readonly #plan: Plan;
  readonly #findings: Findings;
  readonly #faults: GrammarFaults;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #groupOf: readonly number[];
  readonly #leftInGroup: number[];
  readonly #tasks: TaskProgress[];
  #group = 0;
  #completed = 0;
  #inFlight = 0;
  /** All before this position ended, or are owed their skip. */
  #skippedTo = 0;

  /** @param positions - Of the tasks by id. */
  constructor(plan: Plan, positions: ReadonlyMap<string, number>, findings: Findings, faults: GrammarFaults) {
    this.#plan = plan;
    this.#findings = findings;
    this.#faults = faults;
    this.#positions = positions;
    const groupOf: number[] = new Array(plan.tasks.length).fill(0);
    plan.groups.forEach((group, index) => {
      for (const position of group) groupOf[position] = index;
    });
    this.#groupOf = groupOf;
    this.#leftInGroup = plan.groups.map((group) => group.length);
    this.#tasks = plan.tasks.map((_, position) => newProgress(plan, position));
  }

  get completed(): number {
    return this.#completed;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** How many groups have completed, from the first on. */
  get groupsCompleted(): number {
    while (this.#leftInGroup[this.#group] === 0) this.#group += 1;
    return this.#group;
  }

  positionOf(subject: string): number | undefined {
    return this.#positions.get(subject);
  }

  /** The first task in position order that has not ended. */
  get firstUnended(): number | null {
    const position = this.#tasks.findIndex(({ outcome }) => outcome === null);
    return position < 0 ? null : position;
  }

  /** The tasks with an intent and no outcome that have not ended, or will begin again. */
  get inDoubt(): readonly TaskId[] {
    const open = this.#plan.onFailure === "stop" ? [null, "denied"] : [null];
    const isOpen = ({ isInDoubt, outcome }: TaskProgress) => isInDoubt && open.includes(outcome);
    return this.#plan.tasks.filter((_, at) => isOpen(this.#tasks[at] as TaskProgress)).map(({ id }) => id);
  }

  /** Takes an event of a task; a failure when that is how the task ended. */
  next(place: string, event: TaskEvent, position: number, barriers: Barriers): TaskFailure | null {
    const task = this.#tasks[position] as TaskProgress;
    const step = stepOf(event, task);
    if (step === undefined) {
      this.#faults.extra(place, event, "although the plan asks for no such recheck");
      return null;
    }
    if (event.type === "BOUNDARY_VIOLATION") {
      this.#violation(place, event, task);
      return null;
    }
    if (task.owed?.delete(step)) {
      this.#faults.reordered(place, event, "after what it must precede");
      return null;
    }
    if (task.outcome !== null) {
      this.#faults.duplicated(place, event);
      return null;
    }
    if (task.refused !== null && event.type !== "EXECUTION_DENIED") {
      this.#faults.extra(place, event, "after a refused check");
      return null;
    }
    if (step <= task.step) {
      this.#faults.duplicated(place, event);
      return null;
    }
    if (task.step === 0) this.#begins(place, event, position, barriers);
    const expected = event.type === "EXECUTION_DENIED" && task.refused !== null ? step : task.step + 1;
    for (let jumped = expected; jumped < step; jumped += 1) owe(task, jumped);
    task.step = step;
    return this.#apply(place, event, position, task);
  }

  /** EXECUTION_DENIED of a task that has not begun, because the token was refused. */
  denied(position: number): TaskId {
    (this.#tasks[position] as TaskProgress).outcome = "denied";
    return (this.#plan.tasks[position] as Plan["tasks"][number]).id;
  }

  skipped(place: string, event: Extract<TaskEvent, { type: "EXECUTION_SKIPPED" }>, position: number): void {
    const task = this.#tasks[position] as TaskProgress;
    if (task.owed?.delete(startStep(task) + 1)) {
      this.#faults.reordered(place, event, "out of position order");
      return;
    }
    if (task.outcome !== null) {
      this.#faults.duplicated(place, event);
      return;
    }
    task.outcome = "skipped";
    if (task.step > 0) {
      this.#inFlight -= 1;
      this.#faults.extra(place, event, "of a task that had begun");
    }
    if (this.#inFlight > 0) this.#faults.reordered(place, event, "while tasks are in flight");
    for (; this.#skippedTo < position; this.#skippedTo += 1) {
      const earlier = this.#tasks[this.#skippedTo] as TaskProgress;
      if (earlier.outcome !== null || earlier.step > 0) continue;
      earlier.outcome = "skipped";
      owe(earlier, startStep(earlier) + 1);
    }
  }

  /** What had begun begins again (T2). */
  resumed(place: string): void {
    this.reportOwed(place);
    this.#skippedTo = 0;
    this.#inFlight = 0;
    for (const task of this.#tasks) {
      const isFailed = task.outcome === "denied" || task.outcome === "aborted";
      if (this.#plan.onFailure === "stop" && isFailed) task.outcome = null;
      if (task.outcome === null) Object.assign(task, { step: 0, refused: null, isViolation: false });
    }
  }

  /** @param isEnding - True when what has not begun is to be skipped. */
  reportUnended(place: string, isEnding: boolean): void {
    this.#tasks.forEach((task, position) => {
      if (task.outcome !== null) return;
      const isSkip = isEnding && task.step === 0;
      const next = isSkip ? "EXECUTION_SKIPPED" : nameOfStep(task.step + 1, task);
      this.#faults.missing(place, `${next} of ${this.#plan.tasks[position]?.id}`);
    });
  }

  reportOwed(place: string): void {
    this.#tasks.forEach((task, position) => {
      for (const step of task.owed ?? [])
        this.#faults.missing(place, `${nameOfStep(step, task)} of ${this.#plan.tasks[position]?.id}`);
      task.owed = null;
    });
  }

  #begins(place: string, event: TaskEvent, position: number, barriers: Barriers): void {
    this.#inFlight += 1;
    if (barriers.ended !== null) this.#faults.extra(place, event, `of a task that begins ${barriers.ended}`);
    const group = this.#groupOf[position] ?? 0;
    const gate = barriers.shut(group);
    if (group > this.groupsCompleted) this.#faults.reordered(place, event, "before the groups before it are completed");
    else if (gate !== null) this.#faults.reordered(place, event, `before the approval of gate \`${gate}\``);
  }

  #violation(place: string, event: TaskEvent, task: TaskProgress): void {
    if (task.step !== startStep(task)) this.#faults.reordered(place, event, "where the task is not being executed");
    else if (task.isViolation) this.#faults.duplicated(place, event);
    task.isViolation = true;
  }

  #apply(place: string, event: TaskEvent, position: number, task: TaskProgress): TaskFailure | null {
    switch (event.type) {
      case "ROUTING_DECISION":
      case "AUTHORIZATION_SCOPE_CHECK":
      case "DRIFT_CHECK":
      case "RESOURCE_LIMIT_CHECK":
        if (event.data.decision === "refuse") task.refused = STAGE_OF[event.type];
        return null;
      case "EXECUTION_STARTED":
        if (event.data.attempt !== task.attempt + 1) {
          this.#findings.invalid(
            "attempt-wrong",
            place,
            `attempt ${event.data.attempt} of \`${event.subject}\` where ${task.attempt + 1} is next`,
          );
        }
        task.attempt = event.data.attempt;
        task.isInDoubt = true;
        return null;
      default:
        return this.#ended(place, event, position, task);
    }
  }

  #ended(place: string, event: TaskEvent, position: number, task: TaskProgress): TaskFailure | null {
    const id = (this.#plan.tasks[position] as Plan["tasks"][number]).id;
    const isViolation = event.type === "OPERATION_ABORTED" && event.data.code === BOUNDARY_CODE;
    if (isViolation && !task.isViolation) this.#faults.missing(place, `BOUNDARY_VIOLATION of ${id}`);
    if (!isViolation && task.isViolation) this.#faults.extra(place, event, "after a BOUNDARY_VIOLATION");
    this.#inFlight -= 1;
    if (event.type === "OPERATION_ABORTED") {
      task.outcome = "aborted";
      task.isInDoubt = false;
      const { code, reasons } = event.data;
      return { task: id, status: "failed", code: reasons[0]?.code === FAILURE_MODE ? reasons[0].place : code };
    }
    if (event.type === "EXECUTION_DENIED") {
      if (task.refused !== event.data.stage)
        this.#faults.extra(place, event, `at stage \`${event.data.stage}\`, where no check refused`);
      task.outcome = "denied";
      return { task: id, status: "denied", code: event.data.reasons[0]?.code ?? "" };
    }
    task.outcome = "completed";
    task.isInDoubt = false;
    this.#completed += 1;
    const group = this.#groupOf[position] ?? 0;
    this.#leftInGroup[group] = (this.#leftInGroup[group] ?? 0) - 1;
    return null;
  }
}
