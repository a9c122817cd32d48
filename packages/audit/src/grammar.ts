/**
 * The grammar of a run, derived from its plan: which event can stand where.
 *
 *     run     = PLAN_FROZEN TOKEN_VALIDATION(refuse) RUN_SEALED
 *             | PLAN_FROZEN TOKEN_VALIDATION(allow) task* verdict* RUN_SEALED, with RUN_RESUMED anywhere between
 *     task    = ROUTING_DECISION AUTHORIZATION_SCOPE_CHECK RESOURCE_LIMIT_CHECK EXECUTION_STARTED outcome
 *     outcome = EXECUTION_COMPLETED | OPERATION_ABORTED
 *     A check that refuses is followed, for its task, by EXECUTION_DENIED; after the first task that was denied or
 *     aborted nothing begins and each task that did not begin is EXECUTION_SKIPPED, in position order.
 *
 * Tasks of one group interleave, each in its own order; a group begins when every task of the groups before it is
 * completed. A resumed run begins the tasks without an outcome again; the attempt number counts on.
 *
 * Invariants:
 *   G1. Total: every event is taken or reported, and reading goes on behind a fault, so one fault is one report.
 *   G2. Completeness comes from the plan: a task of which nothing is journaled is missing.
 *
 * @module
 */
import type { Plan, RunEvent } from "@canonic/contracts";
import type { Findings } from "./findings.ts";
import { GrammarFaults } from "./grammar-faults.ts";
import { STAGES, STEP_OF, STEPS, type TaskEvent, type TaskProgress } from "./grammar-steps.ts";

/** Follows the events of one run; feed them in order, then call `end`. */
export class RunGrammar {
  readonly #plan: Plan;
  readonly #findings: Findings;
  readonly #faults: GrammarFaults;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #groupOf: readonly number[];
  readonly #leftInGroup: number[];
  readonly #tasks: TaskProgress[];
  #group = 0;
  #phase: "start" | "frozen" | "refused" | "running" | "sealed" = "start";
  #failure: { readonly position: number; readonly status: "failed" | "denied" } | null = null;
  #lastSkipped = -1;
  #verdicts = 0;
  #violated = false;
  #completed = 0;
  #inFlight = 0;
  #resumes = 0;

  constructor(plan: Plan, findings: Findings) {
    this.#plan = plan;
    this.#findings = findings;
    this.#faults = new GrammarFaults(findings);
    this.#positions = new Map(plan.tasks.map(({ id }, position) => [id as string, position]));
    const groupOf: number[] = new Array(plan.tasks.length).fill(0);
    plan.groups.forEach((group, index) => {
      for (const position of group) groupOf[position] = index;
    });
    this.#groupOf = groupOf;
    this.#leftInGroup = plan.groups.map((group) => group.length);
    this.#tasks = plan.tasks.map(() => ({ step: 0, owed: new Set(), refusedAt: null, attempt: 0, outcome: null }));
  }

  next(event: RunEvent): void {
    const place = `event ${event.seq}`;
    if (this.#phase === "sealed") {
      this.#faults.extra(place, event, "after RUN_SEALED");
      return;
    }
    switch (event.type) {
      case "PLAN_FROZEN":
        if (this.#phase !== "start") {
          this.#faults.duplicated(place, event);
          return;
        }
        this.#phase = "frozen";
        return;
      case "TOKEN_VALIDATION":
        if (this.#phase === "running" || this.#phase === "refused") {
          this.#faults.duplicated(place, event);
          return;
        }
        if (this.#phase === "start") this.#faults.missing(place, "PLAN_FROZEN");
        this.#phase = event.data.decision === "allow" ? "running" : "refused";
        return;
      case "RUN_RESUMED":
        this.#resumed(place, event);
        return;
      case "CONTRACT_VERDICT":
        this.#verdict(place, event);
        return;
      case "RUN_SEALED":
        this.#seal(place, event);
        return;
      case "JOURNAL_REPAIRED":
        this.#faults.extra(place, event, "in a run");
        return;
      default:
        this.#taskEvent(place, event);
        return;
    }
  }

  /** True when the run is sealed. Reports what jumped-over steps never turned up. */
  end(): boolean {
    this.#reportOwed("end");
    return this.#phase === "sealed";
  }

  #taskEvent(place: string, event: Extract<RunEvent, { type: TaskEvent }>): void {
    const position = this.#positions.get(event.subject);
    if (position === undefined) {
      this.#faults.extra(place, event, "of a task that is not in the plan");
      return;
    }
    if (this.#phase === "refused") {
      this.#faults.extra(place, event, "after a refused token");
      return;
    }
    if (this.#phase !== "running") {
      this.#faults.missing(place, "TOKEN_VALIDATION");
      this.#phase = "running";
    }
    const task = this.#tasks[position] as TaskProgress;
    const step = STEP_OF[event.type];
    if (task.owed.delete(step)) {
      this.#faults.reordered(place, event, "after what it must precede");
      return;
    }
    if (task.outcome !== null) {
      this.#faults.duplicated(place, event);
      return;
    }
    if (event.type === "EXECUTION_SKIPPED") {
      this.#skipped(place, event, position, task);
      return;
    }
    if (task.refusedAt !== null && event.type !== "EXECUTION_DENIED") {
      this.#faults.extra(place, event, "after a refused check");
      return;
    }
    if (step <= task.step) {
      this.#faults.duplicated(place, event);
      return;
    }
    if (task.step === 0) this.#begins(place, event, position);
    const expected = event.type === "EXECUTION_DENIED" && task.refusedAt !== null ? step : task.step + 1;
    for (let jumped = expected; jumped < step; jumped += 1) task.owed.add(jumped);
    task.step = step;
    this.#apply(place, event, position, task);
  }

  #begins(place: string, event: RunEvent, position: number): void {
    this.#inFlight += 1;
    if (this.#failure !== null) this.#faults.extra(place, event, "of a task that begins after the run failed");
    while ((this.#leftInGroup[this.#group] ?? 1) === 0) this.#group += 1;
    if ((this.#groupOf[position] ?? 0) > this.#group)
      this.#faults.reordered(place, event, "before the groups before it are completed");
  }

  #apply(place: string, event: Extract<RunEvent, { type: TaskEvent }>, position: number, task: TaskProgress): void {
    switch (event.type) {
      case "ROUTING_DECISION":
      case "AUTHORIZATION_SCOPE_CHECK":
      case "RESOURCE_LIMIT_CHECK":
        if (event.data.decision === "refuse") task.refusedAt = STEP_OF[event.type];
        return;
      case "EXECUTION_STARTED":
        if (event.data.attempt !== task.attempt + 1) {
          this.#findings.invalid(
            "attempt-wrong",
            place,
            `attempt ${event.data.attempt} of \`${event.subject}\` where ${task.attempt + 1} is next`,
          );
        }
        task.attempt = event.data.attempt;
        return;
      case "EXECUTION_COMPLETED":
        this.#ended(position, task, "completed");
        return;
      case "OPERATION_ABORTED":
        this.#ended(position, task, "aborted");
        return;
      case "EXECUTION_DENIED": {
        const stage = task.refusedAt === null ? undefined : STAGES[task.refusedAt - 1];
        if (stage !== event.data.stage)
          this.#faults.extra(place, event, `at stage \`${event.data.stage}\`, where no check refused`);
        this.#ended(position, task, "denied");
        return;
      }
    }
  }

  #ended(position: number, task: TaskProgress, outcome: "completed" | "aborted" | "denied"): void {
    task.outcome = outcome;
    this.#inFlight -= 1;
    if (outcome === "completed") {
      this.#completed += 1;
      const group = this.#groupOf[position] ?? 0;
      this.#leftInGroup[group] = (this.#leftInGroup[group] ?? 0) - 1;
    } else {
      this.#failure ??= { position, status: outcome === "aborted" ? "failed" : "denied" };
    }
  }

  #skipped(
    place: string,
    event: Extract<RunEvent, { type: "EXECUTION_SKIPPED" }>,
    position: number,
    task: TaskProgress,
  ): void {
    task.outcome = "skipped";
    if (task.step > 0) {
      this.#inFlight -= 1;
      this.#faults.extra(place, event, "of a task that had begun");
    }
    if (this.#failure === null) {
      this.#faults.extra(place, event, "although no task failed");
      return;
    }
    if (event.data.because !== this.#plan.tasks[this.#failure.position]?.id) {
      this.#findings.invalid(
        "skip-cause",
        place,
        `\`${event.subject}\` is skipped because of \`${event.data.because}\`, which is not the task that failed`,
      );
    }
    if (position < this.#lastSkipped || this.#inFlight > 0)
      this.#faults.reordered(place, event, "out of position order");
    this.#lastSkipped = position;
  }

  #resumed(place: string, event: Extract<RunEvent, { type: "RUN_RESUMED" }>): void {
    const { completed, indeterminate, attempt } = event.data;
    const inDoubt = this.#tasks.flatMap((task, position) =>
      task.outcome === null && task.attempt > 0 ? [this.#plan.tasks[position]?.id] : [],
    );
    const agrees =
      completed === this.#completed && attempt === this.#resumes + 2 && inDoubt.join() === indeterminate.join();
    if (this.#phase === "start" || !agrees) {
      this.#findings.invalid("resume-wrong", place, "RUN_RESUMED does not say what the events before it say");
    }
    this.#reportOwed(place);
    this.#resumes += 1;
    this.#inFlight = 0;
    this.#lastSkipped = -1;
    for (const task of this.#tasks) {
      if (task.outcome === null) Object.assign(task, { step: 0, refusedAt: null });
    }
  }

  #verdict(place: string, event: Extract<RunEvent, { type: "CONTRACT_VERDICT" }>): void {
    const expected = this.#plan.expect.contracts;
    const at = expected.indexOf(event.data.contract);
    if (at < 0 || event.subject !== event.data.contract) {
      this.#faults.extra(place, event, `of \`${event.data.contract}\`, which the plan does not expect`);
      return;
    }
    if (event.data.verdict === "violated") this.#violated = true;
    if (at < this.#verdicts) {
      this.#faults.duplicated(place, event);
      return;
    }
    for (let missing = this.#verdicts; missing < at; missing += 1)
      this.#faults.missing(place, `CONTRACT_VERDICT of ${expected[missing]}`);
    if (this.#completed < this.#tasks.length) this.#faults.reordered(place, event, "before every task is completed");
    this.#verdicts = at + 1;
  }

  #seal(place: string, event: Extract<RunEvent, { type: "RUN_SEALED" }>): void {
    if (this.#phase === "start" || this.#phase === "frozen") this.#faults.missing(place, "TOKEN_VALIDATION");
    else if (this.#phase === "running") this.#reportUnended(place);
    const status =
      this.#phase === "refused" ? "denied" : (this.#failure?.status ?? (this.#violated ? "violated" : "completed"));
    if (event.data.status !== status) {
      this.#findings.invalid(
        "seal-status",
        place,
        `the run is sealed as ${event.data.status}, its events say ${status}`,
      );
    }
    this.#phase = "sealed";
  }

  #reportUnended(place: string): void {
    this.#tasks.forEach((task, position) => {
      if (task.outcome !== null) return;
      const next = STEPS[task.step] ?? "EXECUTION_COMPLETED or OPERATION_ABORTED";
      this.#faults.missing(
        place,
        `${this.#failure === null || task.step > 0 ? next : "EXECUTION_SKIPPED"} of ${this.#plan.tasks[position]?.id}`,
      );
    });
    if (this.#failure !== null) return;
    for (const contract of this.#plan.expect.contracts.slice(this.#verdicts))
      this.#faults.missing(place, `CONTRACT_VERDICT of ${contract}`);
  }

  #reportOwed(place: string): void {
    this.#tasks.forEach((task, position) => {
      for (const step of task.owed)
        this.#faults.missing(place, `${STEPS[step - 1]} of ${this.#plan.tasks[position]?.id}`);
      task.owed.clear();
    });
  }
}
