/**
 * A naive acceptor of a run's events: the grammar as it was agreed, written down once more and without the runner.
 *
 * It reads event by event and keeps what it has to remember in plain sets and maps. Any prefix of what it accepts is
 * accepted too, since a crash may leave any prefix.
 *
 * Invariants:
 *   G1. A word that it does not accept is named by its number and what would have been due.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  inputDigestOf,
  type JsonValue,
  type OperationContract,
  type Plan,
  pinsDigestOf,
  type RunEvent,
  StopRecord,
  type Task,
  type TaskId,
  valueAtPointer,
} from "@canonic/contracts";
import { leafOf } from "./log.ts";

export type Reading = {
  readonly plan: Plan;
  readonly planDigest: Digest;
  readonly contracts: ReadonlyMap<string, OperationContract>;
  readonly events: readonly RunEvent[];
  /** The bytes of a payload that an event names. */
  readonly payload: (digest: Digest) => JsonValue | undefined;
};

/** Why these events cannot be those of a run of this plan; null when they can. */
export function grammarFault(reading: Reading): string | null {
  const acceptor = new Acceptor(reading);
  for (const [index, event] of reading.events.entries()) {
    const fault = chainFault(reading, index) ?? acceptor.read(event);
    if (fault !== null) return `event ${index}, ${event.type} of ${event.subject}: ${fault}`;
  }
  return null;
}

function chainFault({ planDigest, events }: Reading, index: number): string | null {
  const event = events[index] as RunEvent;
  const before = events[index - 1];
  if (event.seq !== index) return `its number is ${event.seq}`;
  if (event.prev !== (before === undefined ? planDigest : leafOf(before))) return "its chain is broken";
  return null;
}

/** Where one task stands: its next due word. */
type Stage = "route" | "scope" | "drift" | "limit" | "start" | "deny" | "outcome" | "abort" | "ended";

class Acceptor {
  readonly #reading: Reading;
  #phase: "new" | "validate" | "token-denied" | "work" | "stopped" | "voided" | "sealed" = "new";
  readonly #stages = new Map<number, Stage>();
  readonly #attempts = new Map<number, number>();
  readonly #drifts = new Map<number, number>();
  readonly #outputs = new Map<number, Digest>();
  /** Tasks with a start and no outcome, whatever session began them. */
  readonly #doubtful = new Set<number>();
  readonly #skipped = new Set<number>();
  readonly #requested = new Set<string>();
  readonly #approved = new Set<string>();
  readonly #approvals = new Set<Digest>();
  readonly #counts = new Map<string, number>();
  #failure: { position: number; status: "failed" | "denied"; code: string } | null = null;
  #refusal: { stage: string; reasons: string } | null = null;
  #rejectedBy: string | null = null;
  /** True when this session's refused token has denied its task. */
  #isDenied = false;
  #fence = 0;
  #resumes = 0;
  #verdicts: string[] = [];
  #violated = false;
  #last: RunEvent | null = null;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  read(event: RunEvent): string | null {
    this.#counts.set(event.type, (this.#counts.get(event.type) ?? 0) + 1);
    const fault = this.#word(event);
    this.#last = event;
    return fault;
  }

  #word(event: RunEvent): string | null {
    const { plan, planDigest } = this.#reading;
    if (this.#phase === "sealed") return "nothing follows the seal";
    if (this.#phase === "voided" && event.type !== "RUN_SEALED") return "only the seal follows RUN_VOIDED";
    if (this.#phase === "new" && event.type !== "PLAN_FROZEN") return "PLAN_FROZEN is first";
    switch (event.type) {
      case "PLAN_FROZEN": {
        if (this.#phase !== "new") return "PLAN_FROZEN is first and alone";
        this.#phase = "validate";
        this.#fence = event.data.fence;
        const { plan: digest, registry, tasks, mode } = event.data;
        const isThis =
          digest === planDigest && registry === plan.registry && tasks === plan.tasks.length && mode === plan.mode;
        return isThis ? null : "it names another plan";
      }
      case "RUN_RESUMED":
        return this.#resumed(event.data);
      case "RUN_VOIDED":
        this.#phase = "voided";
        return null;
      case "RUN_SEALED":
        return this.#sealed(event.data);
      case "TOKEN_VALIDATION":
        if (this.#phase !== "validate") return "one validation follows PLAN_FROZEN and each RUN_RESUMED";
        this.#phase = event.data.decision === "allow" ? "work" : "token-denied";
        this.#isDenied = false;
        this.#refusal = { stage: "token", reasons: JSON.stringify(event.data.reasons) };
        return event.data.claims !== null && this.#reading.payload(event.data.claims) === undefined
          ? "its claims are not beside it"
          : null;
      case "EXECUTION_DENIED":
        return this.#denied(
          event.subject,
          event.data.stage,
          JSON.stringify(event.data.reasons),
          event.data.reasons[0]?.code,
        );
      case "RUN_STOPPED":
        return this.#stopped(event.data);
      case "EXECUTION_SKIPPED":
        return this.#skip(event.subject, event.data.because);
      case "CONTRACT_VERDICT":
        return this.#verdict(event.data);
      default:
        return this.#phase === "work" ? this.#work(event) : `nothing but its end follows in phase ${this.#phase}`;
    }
  }

  #work(event: RunEvent): string | null {
    if (this.#failure !== null || this.#rejectedBy !== null) {
      const finishes = ["EXECUTION_COMPLETED", "OPERATION_ABORTED", "BOUNDARY_VIOLATION"].includes(event.type);
      if (!finishes) return "after the first failure only what is in flight ends";
    }
    switch (event.type) {
      case "APPROVAL_REQUESTED":
      case "APPROVAL_RECORDED":
        return this.#gate(event);
      default:
        return this.#taskWord(event);
    }
  }

  /** A refused token forbids no verdict: with all tasks completed there is nothing that it would have to allow. */
  #verdict({ contract, verdict }: Extract<RunEvent, { type: "CONTRACT_VERDICT" }>["data"]): string | null {
    const { plan } = this.#reading;
    const due = plan.expect.contracts[this.#verdicts.length];
    if (this.#phase !== "work" && this.#phase !== "token-denied") return "no verdict is due";
    if (this.#outputs.size < plan.tasks.length) return "verdicts come when all tasks have completed";
    if (contract !== due) return `the verdict on ${due} is due`;
    this.#verdicts.push(contract);
    this.#violated ||= verdict === "violated";
    return null;
  }

  #taskWord(event: RunEvent): string | null {
    const { plan, contracts } = this.#reading;
    const task = plan.tasks.find(({ id }) => id === event.subject);
    if (task === undefined) return "its subject is no task";
    const { position } = task;
    const stage = this.#stages.get(position) ?? "route";
    const go = (due: Stage, next: Stage): string | null => {
      if (stage !== due) return `due is ${stage}`;
      this.#stages.set(position, next);
      return null;
    };
    const check = (
      data: { decision: string; reasons: unknown },
      due: Stage,
      next: Stage,
      name: string,
    ): string | null => {
      if (data.decision === "allow") return go(due, next);
      this.#refusal = { stage: name, reasons: JSON.stringify(data.reasons) };
      return go(due, "deny");
    };
    const rechecks = plan.rechecks.filter(({ before }) => before === position);
    const contract = contracts.get(task.operation) as OperationContract;
    switch (event.type) {
      case "ROUTING_DECISION": {
        const begins = this.#mayBegin(position);
        if (begins !== null) return begins;
        this.#drifts.set(position, 0);
        return check(event.data, "route", "scope", "routing");
      }
      case "AUTHORIZATION_SCOPE_CHECK":
        return check(event.data, "scope", rechecks.length > 0 ? "drift" : "limit", "scope");
      case "DRIFT_CHECK": {
        const done = this.#drifts.get(position) ?? 0;
        const due = rechecks[done];
        if (due === undefined) return "there is no such recheck";
        if (event.data.of !== plan.tasks[due.task]?.id) return `the recheck of task ${due.task} is due`;
        if (event.data.expected !== this.#outputs.get(due.task))
          return "it expects another output than the journaled one";
        const isSame = event.data.found === event.data.expected;
        if (isSame !== (event.data.decision === "allow")) return "it decides against what it found";
        this.#drifts.set(position, done + 1);
        return check(event.data, "drift", done + 1 === rechecks.length ? "limit" : "drift", "drift");
      }
      case "RESOURCE_LIMIT_CHECK": {
        const names = event.data.limits.map(({ limit }) => limit).join();
        if (names !== "invocations,tokens-per-response,tokens-total,frequency")
          return "its limits are in another order";
        const needs = event.data.limits.map(({ need }) => need);
        const tokens = contract.tokensMax ?? 0;
        if (needs.join() !== [1, tokens, tokens, 1].join()) return `it asks for ${needs.join()}`;
        return check(event.data, "limit", "start", "limit");
      }
      case "EXECUTION_STARTED": {
        const attempt = (this.#attempts.get(position) ?? 0) + 1;
        this.#attempts.set(position, attempt);
        this.#doubtful.add(position);
        if (event.data.attempt !== attempt) return `attempt ${attempt} is due`;
        if (event.data.effect !== contract.effect) return "its effect is not the contract's";
        const bound = this.#boundOf(task);
        if (bound === null || event.data.input !== inputDigestOf(task, bound)) return "its input is another";
        const key = contract.effect === "write" ? `${event.run}/${task.id}` : null;
        if (event.data.idempotencyKey !== key) return "its idempotency key is another";
        return go("start", "outcome");
      }
      case "BOUNDARY_VIOLATION":
        return go("outcome", "abort");
      case "OPERATION_ABORTED": {
        const isBoundary = event.data.code === "runner.boundary-violation";
        if (isBoundary !== (stage === "abort")) return "a boundary violation and its abort come together";
        const mode = event.data.reasons.find(({ code }) => code === "runner.failure-mode");
        this.#fail(position, "failed", mode?.place ?? event.data.code);
        this.#doubtful.delete(position);
        return go(stage === "abort" ? "abort" : "outcome", "ended");
      }
      case "EXECUTION_COMPLETED":
        this.#outputs.set(position, event.data.output);
        this.#doubtful.delete(position);
        if (event.data.tokens > (contract.tokensMax ?? 0)) return "it cost more tokens than its contract states";
        return go("outcome", "ended");
      default:
        return "it is no word of a task";
    }
  }

  #mayBegin(position: number): string | null {
    const { plan } = this.#reading;
    const group = plan.groups.findIndex((positions) => positions.includes(position));
    for (const earlier of plan.groups.slice(0, group).flat())
      if (!this.#outputs.has(earlier)) return `task ${earlier} of an earlier group has not completed`;
    for (const gate of plan.gates)
      if (gate.before <= group && !this.#approved.has(gate.name)) return `gate ${gate.name} has no approval`;
    return null;
  }

  #gate(event: Extract<RunEvent, { type: "APPROVAL_REQUESTED" | "APPROVAL_RECORDED" }>): string | null {
    const { plan } = this.#reading;
    const gate = plan.gates.find(({ name }) => name === event.data.gate);
    if (gate === undefined) return "the plan has no such gate";
    if (event.data.plan !== this.#reading.planDigest) return "it is about another plan";
    if (event.data.pins !== this.#pins()) return "it is about other pins";
    for (const position of plan.groups.slice(0, gate.before).flat())
      if (!this.#outputs.has(position)) return `task ${position} before the gate has not completed`;
    for (const position of plan.groups.slice(gate.before).flat())
      if (this.#attempts.has(position)) return `task ${position} behind the gate has begun`;
    if (event.type === "APPROVAL_REQUESTED") {
      if (this.#requested.has(gate.name)) return "a gate asks once";
      this.#requested.add(gate.name);
      return event.data.reviewDecision === gate.reviewDecision ? null : "it asks for another decision";
    }
    if (!this.#requested.has(gate.name)) return "the gate has not asked";
    if (this.#approved.has(gate.name)) return "the gate is open already";
    if (this.#approvals.has(event.data.approval)) return "the approval was used before";
    this.#approvals.add(event.data.approval);
    if (event.data.decision === "reject") this.#rejectedBy = gate.name;
    else this.#approved.add(gate.name);
    if (event.data.decision === "approve" && gate.reviewDecision && event.data.reviewDecision === null)
      return "it names no review decision";
    return null;
  }

  #denied(subject: string, stage: string, reasons: string, code: string | undefined): string | null {
    const { plan } = this.#reading;
    const position = plan.tasks.findIndex(({ id }) => id === subject);
    if (position < 0) return "its subject is no task";
    if (this.#phase === "token-denied") {
      if (this.#isDenied) return "one task is denied for the token";
      this.#isDenied = true;
      if (position !== this.#unended()[0]) return "the first task that has not ended is denied for the token";
    } else if (this.#phase !== "work" || this.#stages.get(position) !== "deny") return "no refused check is before it";
    if (stage !== this.#refusal?.stage || reasons !== this.#refusal.reasons)
      return "it gives other reasons than the check";
    this.#stages.set(position, "ended");
    this.#fail(position, "denied", code ?? stage);
    return null;
  }

  #fail(position: number, status: "failed" | "denied", code: string): void {
    this.#failure ??= { position, status, code };
  }

  #stopped(data: Extract<RunEvent, { type: "RUN_STOPPED" }>["data"]): string | null {
    const { plan } = this.#reading;
    const inFlight = this.#inFlight();
    if (inFlight.length > 0) return `task ${inFlight[0]} is in flight`;
    if (data.gate !== null) {
      if (this.#phase !== "work" || this.#failure !== null) return "a gate stops a run that works";
      if (!this.#requested.has(data.gate) || this.#approved.has(data.gate)) return "that gate does not ask";
    } else {
      if (plan.onFailure !== "stop") return "this plan aborts";
      if (this.#failure === null) return "nothing has failed";
      if (data.task !== plan.tasks[this.#failure.position]?.id)
        return `task ${this.#failure.position} has failed first`;
      if (data.code !== this.#failure.code) return `its code is ${this.#failure.code}`;
    }
    this.#phase = "stopped";
    return this.#recordFault(data);
  }

  #recordFault(data: Extract<RunEvent, { type: "RUN_STOPPED" }>["data"]): string | null {
    const parsed = StopRecord.safeParse(this.#reading.payload(data.record));
    if (!parsed.success) return "its STOP record is not beside it";
    const { plan, code, task, gate, completed } = parsed.data;
    const isSame = code === data.code && task === data.task && gate === data.gate;
    if (!isSame || plan !== this.#reading.planDigest) return "its STOP record says something else";
    return completed === this.#outputs.size ? null : `its STOP record counts ${completed} completed tasks`;
  }

  #skip(subject: string, because: string): string | null {
    const { plan } = this.#reading;
    if (this.#inFlight().length > 0) return "something is in flight";
    if (plan.onFailure === "stop" && this.#rejectedBy === null) return "this plan stops";
    const reason = this.#rejectedBy ?? (this.#failure === null ? null : plan.tasks[this.#failure.position]?.id);
    if (because !== reason) return `the reason is ${reason}`;
    const due = this.#unended()[0];
    if (due === undefined || plan.tasks[due]?.id !== subject) return `task ${due} is due`;
    this.#stages.set(due, "ended");
    this.#skipped.add(due);
    return null;
  }

  #resumed(data: Extract<RunEvent, { type: "RUN_RESUMED" }>["data"]): string | null {
    const { plan } = this.#reading;
    if (data.fence <= this.#fence) return `its fence is not above ${this.#fence}`;
    this.#fence = data.fence;
    this.#resumes += 1;
    if (data.attempt !== this.#resumes + 1) return `attempt ${this.#resumes + 1} is due`;
    if (data.completed !== this.#outputs.size) return `${this.#outputs.size} tasks have completed`;
    const doubtful = [...this.#doubtful].filter((position) => this.#mayBeginAgain(position)).sort((a, b) => a - b);
    const ids = doubtful.map((position) => plan.tasks[position]?.id);
    if (data.indeterminate.join() !== ids.join()) return `in doubt are ${ids.join()}`;
    this.#phase = "validate";
    if (plan.onFailure === "stop") this.#failure = null;
    for (const position of this.#stages.keys()) if (this.#mayBeginAgain(position)) this.#stages.delete(position);
    return null;
  }

  /** What has not ended; and what was denied or aborted, when the plan stops at failures. */
  #mayBeginAgain(position: number): boolean {
    if (this.#stages.get(position) !== "ended") return true;
    const failed = !this.#outputs.has(position) && !this.#skipped.has(position);
    return this.#reading.plan.onFailure === "stop" && failed;
  }

  #sealed(data: Extract<RunEvent, { type: "RUN_SEALED" }>["data"]): string | null {
    const { plan } = this.#reading;
    const due = this.#dueStatus();
    if (data.status !== due) return `the status ${due} is due`;
    this.#phase = "sealed";
    const events = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    if (data.events !== events) return `it is event number ${events}`;
    const counts = Object.fromEntries(this.#counts);
    if (digestJson(data.counts) !== digestJson(counts)) return "its counts are others";
    if (this.#last === null || data.head !== leafOf(this.#last)) return "its head is not the event before it";
    const hasOutputs = data.status === "completed" || data.status === "violated";
    if (hasOutputs !== (data.outputs !== null)) return "outputs are there when all tasks have completed";
    return data.outputsCount === (hasOutputs ? plan.tasks.length : 0) ? null : "it counts other outputs";
  }

  #dueStatus(): string | null {
    const { plan } = this.#reading;
    if (this.#phase === "token-denied" && !this.#isDenied && this.#unended().length > 0) return null;
    if (this.#phase === "voided") return "voided";
    if (this.#phase !== "work" && this.#phase !== "token-denied") return null;
    if (this.#inFlight().length > 0) return null;
    if (this.#rejectedBy !== null) return this.#unended().length === 0 ? "rejected" : null;
    if (this.#failure !== null) {
      const isOver = plan.onFailure === "abort" && this.#unended().length === 0;
      return isOver ? this.#failure.status : null;
    }
    const all = this.#outputs.size === plan.tasks.length && this.#verdicts.length === plan.expect.contracts.length;
    return all ? (this.#violated ? "violated" : "completed") : null;
  }

  #unended(): number[] {
    return this.#reading.plan.tasks
      .map(({ position }) => position)
      .filter((position) => this.#stages.get(position) !== "ended");
  }

  #inFlight(): number[] {
    return [...this.#stages].filter(([, stage]) => stage !== "ended").map(([position]) => position);
  }

  #pins(): Digest {
    const completed = this.#reading.plan.tasks.filter(({ position }) => this.#outputs.has(position));
    return pinsDigestOf(
      new Map(completed.map(({ id, position }): [TaskId, Digest] => [id, this.#outputs.get(position) as Digest])),
    );
  }

  /** Null when a binding finds nothing. */
  #boundOf(task: Task): Record<string, Digest> | null {
    const bound: Record<string, Digest> = {};
    for (const [name, { task: from, pointer }] of Object.entries(task.bindings)) {
      const output = this.#reading.payload(this.#outputs.get(from) as Digest);
      const value = output === undefined ? undefined : valueAtPointer(output, pointer);
      if (value === undefined) return null;
      bound[name] = digestJson(value);
    }
    return bound;
  }
}
