/**
 * The grammar of a run, derived from its plan: which event can stand where.
 *
 *     run     = PLAN_FROZEN session
 *     session = TOKEN_VALIDATION(refuse) EXECUTION_DENIED(token, the first task without an end) end; without such a task
 *               it is as if it allowed
 *             | TOKEN_VALIDATION(allow) work
 *             | any beginning of these, then RUN_RESUMED session
 *     work    = tasks, gates, verdicts in plan order, RUN_SEALED
 *     task    = ROUTING_DECISION AUTHORIZATION_SCOPE_CHECK DRIFT_CHECK* RESOURCE_LIMIT_CHECK EXECUTION_STARTED
 *               [BOUNDARY_VIOLATION] (EXECUTION_COMPLETED | OPERATION_ABORTED); a check that refuses is followed, for
 *               its task, by EXECUTION_DENIED
 *     gate    = APPROVAL_REQUESTED once, APPROVAL_RECORDED; a refused approval is RUN_STOPPED, and the gate waits on
 *     end     = each task that has not ended is EXECUTION_SKIPPED, in position order, then RUN_SEALED: after the first task
 *               that was denied or aborted, or after a rejection. In a plan that stops, RUN_STOPPED instead, and that
 *               task begins again after RUN_RESUMED.
 *     void    = RUN_VOIDED RUN_SEALED, on any run that is not sealed
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
import type { Plan, RunEvent, RunStatus } from "@canonic/contracts";
import type { Findings } from "./findings.ts";
import { GrammarFaults } from "./grammar-faults.ts";
import { GateGrammar } from "./grammar-gates.ts";
import { isTaskEvent, type TaskEvent } from "./grammar-steps.ts";
import { StopGrammar } from "./grammar-stops.ts";
import { type TaskFailure, TaskGrammar } from "./grammar-tasks.ts";
import { VerdictGrammar } from "./grammar-verdicts.ts";
import { positionsOf } from "./plan-shape.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;
type Phase = "start" | "unvalidated" | "refused" | "running" | "stopped" | "voided" | "sealed";

/** Where a run stands that is not sealed. */
export type Standing =
  | { readonly kind: "sealed" | "unfinished" }
  | { readonly kind: "waiting"; readonly gate: string }
  | { readonly kind: "stopped"; readonly at: string; readonly code: string };

/** Follows the events of one run; feed them in order, then call `end`. */
export class RunGrammar {
  readonly #plan: Plan;
  readonly #findings: Findings;
  readonly #faults: GrammarFaults;
  readonly #tasks: TaskGrammar;
  readonly #gates: GateGrammar;
  readonly #verdicts: VerdictGrammar;
  readonly #stops: StopGrammar;
  #phase: Phase = "start";
  /** Why the rest is skipped, and the status that the run is to be sealed with. */
  #cause: { readonly because: string; readonly status: RunStatus } | null = null;
  /** The task that a refused token denies; null when it has been, or none is left. */
  #denies: number | null = null;
  #resumes = 0;
  #fence = 0;

  /** @param positions - Of the tasks by id, where they are known already. */
  constructor(plan: Plan, findings: Findings, positions = positionsOf(plan)) {
    this.#plan = plan;
    this.#findings = findings;
    this.#faults = new GrammarFaults(findings);
    this.#tasks = new TaskGrammar(plan, positions, findings, this.#faults);
    this.#gates = new GateGrammar(plan, this.#faults);
    this.#verdicts = new VerdictGrammar(plan, this.#faults);
    this.#stops = new StopGrammar(findings, this.#faults);
  }

  next(event: RunEvent): void {
    const place = `event ${event.seq}`;
    if (this.#isOver(place, event)) return;
    if (isTaskEvent(event)) {
      this.#taskEvent(place, event);
      return;
    }
    switch (event.type) {
      case "PLAN_FROZEN":
        if (this.#phase !== "start") this.#faults.duplicated(place, event);
        else this.#phase = "unvalidated";
        this.#holder(place, event.data.fence);
        return;
      case "TOKEN_VALIDATION":
        this.#validated(place, event);
        return;
      case "RUN_RESUMED":
        this.#resumed(place, event);
        return;
      case "APPROVAL_REQUESTED":
        if (this.#isInSession(place, event))
          this.#gates.requested(place, event, this.#tasks.groupsCompleted, this.#ended);
        return;
      case "APPROVAL_RECORDED":
        if (this.#isInSession(place, event) && this.#gates.recorded(place, event))
          this.#cause ??= { because: event.data.gate, status: "rejected" };
        return;
      case "CONTRACT_VERDICT":
        if (this.#isInSession(place, event)) this.#verdicts.next(place, event, this.#isAllCompleted);
        return;
      case "RUN_STOPPED":
        this.#stopped(place, event);
        return;
      case "RUN_VOIDED":
        if (this.#phase === "start") this.#faults.missing(place, "PLAN_FROZEN");
        this.#phase = "voided";
        return;
      case "RUN_SEALED":
        this.#seal(place, event);
        return;
      default:
        this.#faults.extra(place, event, "in a run");
    }
  }

  /** Where the run stands. Reports what jumped-over steps never turned up. */
  end(): Standing {
    this.#tasks.reportOwed("end");
    if (this.#phase === "sealed") return { kind: "sealed" };
    if (this.#phase === "voided") return { kind: "unfinished" };
    const gate = this.#gates.waitingAt;
    const stop = this.#stops.last;
    if (this.#phase === "stopped" && stop !== null)
      return { kind: "stopped", at: stop.task ?? stop.gate ?? "the token", code: stop.code };
    return gate === null ? { kind: "unfinished" } : { kind: "waiting", gate };
  }

  get #isAllCompleted(): boolean {
    return this.#tasks.completed === this.#plan.tasks.length;
  }

  /** Why nothing begins any more, in a few words. */
  get #ended(): string | null {
    if (this.#cause?.status === "rejected") return "after a rejection";
    return this.#cause !== null || this.#stops.isDue ? "after the run failed" : null;
  }

  /** True when nothing can follow but what does not. */
  #isOver(place: string, event: RunEvent): boolean {
    const { type } = event;
    if (this.#phase === "sealed") this.#faults.extra(place, event, "after RUN_SEALED");
    else if (this.#phase === "voided" && type !== "RUN_SEALED") this.#faults.extra(place, event, "after RUN_VOIDED");
    else if (this.#phase === "stopped" && type !== "RUN_RESUMED" && type !== "RUN_VOIDED") {
      this.#faults.extra(place, event, "after RUN_STOPPED");
      if (type === "RUN_SEALED") this.#phase = "sealed";
    } else return false;
    return true;
  }

  /** False, and reported, for what stands after a refused token; a token that is missing is reported and taken as seen. */
  #isInSession(place: string, event: RunEvent): boolean {
    if (this.#phase === "refused") {
      this.#faults.extra(place, event, "after a refused token");
      return false;
    }
    if (this.#phase !== "running") this.#faults.missing(place, "TOKEN_VALIDATION");
    this.#phase = "running";
    return true;
  }

  #validated(place: string, event: EventOf<"TOKEN_VALIDATION">): void {
    if (this.#phase === "running" || this.#phase === "refused") {
      this.#faults.duplicated(place, event);
      return;
    }
    if (this.#phase === "start") this.#faults.missing(place, "PLAN_FROZEN");
    this.#denies = event.data.decision === "allow" ? null : this.#tasks.firstUnended;
    this.#phase = this.#denies === null ? "running" : "refused";
  }

  #taskEvent(place: string, event: TaskEvent): void {
    const position = this.#tasks.positionOf(event.subject);
    if (position === undefined) {
      this.#faults.extra(place, event, "of a task that is not in the plan");
      return;
    }
    const isTokenDenial = event.type === "EXECUTION_DENIED" && event.data.stage === "token";
    if (this.#phase === "refused" && isTokenDenial && position === this.#denies) {
      this.#denies = null;
      const code = event.data.reasons[0]?.code ?? "";
      this.#failed({ task: this.#tasks.denied(position), status: "denied", code });
      return;
    }
    const isSkip = event.type === "EXECUTION_SKIPPED";
    if (!(this.#phase === "refused" && this.#denies === null && isSkip) && !this.#isInSession(place, event)) return;
    if (isSkip) {
      this.#skipped(place, event, position);
      return;
    }
    const barriers = { ended: this.#ended, shut: (group: number) => this.#gates.shut(group) };
    const failure = this.#tasks.next(place, event, position, barriers);
    if (failure !== null) this.#failed(failure);
  }

  #skipped(place: string, event: EventOf<"EXECUTION_SKIPPED">, position: number): void {
    if (this.#cause === null) this.#faults.extra(place, event, "although no task failed and nobody rejected");
    else if (event.data.because !== this.#cause.because) {
      this.#findings.invalid(
        "skip-cause",
        place,
        `\`${event.subject}\` is skipped because of \`${event.data.because}\`, which is not what ended the run`,
      );
    }
    this.#tasks.skipped(place, event, position);
  }

  #failed({ task, status, code }: TaskFailure): void {
    if (this.#cause !== null) return;
    if (this.#plan.onFailure === "stop") this.#stops.failed(task, code);
    else this.#cause = { because: task, status };
  }

  #stopped(place: string, event: EventOf<"RUN_STOPPED">): void {
    const isRefused = this.#phase === "refused" && this.#denies === null;
    if (!isRefused && !this.#isInSession(place, event)) return;
    const waitingAt = this.#cause === null ? this.#gates.waitingAt : null;
    this.#stops.stopped(place, event, { waitingAt, inFlight: this.#tasks.inFlight });
    this.#phase = "stopped";
  }

  #resumed(place: string, event: EventOf<"RUN_RESUMED">): void {
    const { completed, indeterminate, attempt, fence } = event.data;
    const agrees =
      completed === this.#tasks.completed &&
      attempt === this.#resumes + 2 &&
      this.#tasks.inDoubt.join() === indeterminate.join();
    if (this.#phase === "start" || !agrees) {
      this.#findings.invalid("resume-wrong", place, "RUN_RESUMED does not say what the events before it say");
    }
    this.#holder(place, fence);
    this.#tasks.resumed(place);
    this.#stops.resumed();
    this.#resumes += 1;
    this.#denies = null;
    this.#phase = "unvalidated";
  }

  #holder(place: string, fence: number): void {
    if (fence <= this.#fence)
      this.#findings.invalid("fence-wrong", place, `holder ${fence} of the run follows holder ${this.#fence}`);
    this.#fence = Math.max(this.#fence, fence);
  }

  #seal(place: string, event: EventOf<"RUN_SEALED">): void {
    const isVoided = this.#phase === "voided";
    if (!isVoided) this.#reportMissing(place);
    const status = isVoided
      ? "voided"
      : (this.#cause?.status ?? (this.#verdicts.isViolated ? "violated" : "completed"));
    if (event.data.status !== status) {
      this.#findings.invalid(
        "seal-status",
        place,
        `the run is sealed as ${event.data.status}, its events say ${status}`,
      );
    }
    this.#phase = "sealed";
  }

  /** What must stand before the seal and does not. */
  #reportMissing(place: string): void {
    if (this.#phase === "start" || this.#phase === "unvalidated") {
      this.#faults.missing(place, "TOKEN_VALIDATION");
      return;
    }
    if (this.#stops.isDue) {
      this.#faults.missing(place, "RUN_STOPPED");
      return;
    }
    if (this.#denies !== null) {
      this.#faults.missing(place, `EXECUTION_DENIED of ${this.#plan.tasks[this.#denies]?.id}`);
      return;
    }
    this.#tasks.reportUnended(place, this.#cause !== null);
    if (this.#cause === null) this.#verdicts.reportMissing(place);
  }
}
