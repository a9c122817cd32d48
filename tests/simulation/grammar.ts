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
import { digestJson, type RunEvent, StopRecord } from "@canonic/contracts";
import { Facts, type Reading } from "./grammar-facts.ts";
import { gateFault, taskFault } from "./grammar-words.ts";
import { leafOf } from "./log.ts";

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

class Acceptor {
  readonly #facts: Facts;

  constructor(reading: Reading) {
    this.#facts = new Facts(reading);
  }

  read(event: RunEvent): string | null {
    this.#facts.counts.set(event.type, (this.#facts.counts.get(event.type) ?? 0) + 1);
    const fault = this.#word(event);
    this.#facts.last = event;
    return fault;
  }

  #word(event: RunEvent): string | null {
    const { plan, planDigest } = this.#facts.reading;
    if (this.#facts.phase === "sealed") return "nothing follows the seal";
    if (this.#facts.phase === "voided" && event.type !== "RUN_SEALED") return "only the seal follows RUN_VOIDED";
    if (this.#facts.phase === "new" && event.type !== "PLAN_FROZEN") return "PLAN_FROZEN is first";
    switch (event.type) {
      case "PLAN_FROZEN": {
        if (this.#facts.phase !== "new") return "PLAN_FROZEN is first and alone";
        this.#facts.phase = "validate";
        this.#facts.fence = event.data.fence;
        const { plan: digest, registry, tasks, mode } = event.data;
        const isThis =
          digest === planDigest && registry === plan.registry && tasks === plan.tasks.length && mode === plan.mode;
        return isThis ? null : "it names another plan";
      }
      case "RUN_RESUMED":
        return this.#resumed(event.data);
      case "RUN_VOIDED":
        this.#facts.phase = "voided";
        return null;
      case "RUN_SEALED":
        return this.#sealed(event.data);
      case "TOKEN_VALIDATION":
        if (this.#facts.phase !== "validate") return "one validation follows PLAN_FROZEN and each RUN_RESUMED";
        this.#facts.phase = event.data.decision === "allow" ? "work" : "token-denied";
        this.#facts.isDenied = false;
        this.#facts.refusal = { stage: "token", reasons: JSON.stringify(event.data.reasons) };
        return event.data.claims !== null && this.#facts.reading.payload(event.data.claims) === undefined
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
        return this.#facts.phase === "work"
          ? this.#work(event)
          : `nothing but its end follows in phase ${this.#facts.phase}`;
    }
  }

  #work(event: RunEvent): string | null {
    if (this.#facts.failure !== null || this.#facts.rejectedBy !== null) {
      const finishes = ["EXECUTION_COMPLETED", "OPERATION_ABORTED", "BOUNDARY_VIOLATION"].includes(event.type);
      if (!finishes) return "after the first failure only what is in flight ends";
    }
    switch (event.type) {
      case "APPROVAL_REQUESTED":
      case "APPROVAL_RECORDED":
        return gateFault(this.#facts, event);
      default:
        return taskFault(this.#facts, event);
    }
  }

  /** A refused token forbids no verdict: with all tasks completed there is nothing that it would have to allow. */
  #verdict({ contract, verdict }: Extract<RunEvent, { type: "CONTRACT_VERDICT" }>["data"]): string | null {
    const { plan } = this.#facts.reading;
    const due = plan.expect.contracts[this.#facts.verdicts.length];
    if (this.#facts.phase !== "work" && this.#facts.phase !== "token-denied") return "no verdict is due";
    if (this.#facts.outputs.size < plan.tasks.length) return "verdicts come when all tasks have completed";
    if (contract !== due) return `the verdict on ${due} is due`;
    this.#facts.verdicts.push(contract);
    this.#facts.violated ||= verdict === "violated";
    return null;
  }

  #denied(subject: string, stage: string, reasons: string, code: string | undefined): string | null {
    const { plan } = this.#facts.reading;
    const position = plan.tasks.findIndex(({ id }) => id === subject);
    if (position < 0) return "its subject is no task";
    if (this.#facts.phase === "token-denied") {
      if (this.#facts.isDenied) return "one task is denied for the token";
      this.#facts.isDenied = true;
      if (position !== this.#facts.unended()[0]) return "the first task that has not ended is denied for the token";
    } else if (this.#facts.phase !== "work" || this.#facts.stages.get(position) !== "deny")
      return "no refused check is before it";
    if (stage !== this.#facts.refusal?.stage || reasons !== this.#facts.refusal.reasons)
      return "it gives other reasons than the check";
    this.#facts.stages.set(position, "ended");
    this.#facts.fail(position, "denied", code ?? stage);
    return null;
  }

  #stopped(data: Extract<RunEvent, { type: "RUN_STOPPED" }>["data"]): string | null {
    const { plan } = this.#facts.reading;
    const inFlight = this.#facts.inFlight();
    if (inFlight.length > 0) return `task ${inFlight[0]} is in flight`;
    if (data.gate !== null) {
      if (this.#facts.phase !== "work" || this.#facts.failure !== null) return "a gate stops a run that works";
      if (!this.#facts.requested.has(data.gate) || this.#facts.approved.has(data.gate)) return "that gate does not ask";
    } else {
      if (plan.onFailure !== "stop") return "this plan aborts";
      if (this.#facts.failure === null) return "nothing has failed";
      if (data.task !== plan.tasks[this.#facts.failure.position]?.id)
        return `task ${this.#facts.failure.position} has failed first`;
      if (data.code !== this.#facts.failure.code) return `its code is ${this.#facts.failure.code}`;
    }
    this.#facts.phase = "stopped";
    return this.#recordFault(data);
  }

  #recordFault(data: Extract<RunEvent, { type: "RUN_STOPPED" }>["data"]): string | null {
    const parsed = StopRecord.safeParse(this.#facts.reading.payload(data.record));
    if (!parsed.success) return "its STOP record is not beside it";
    const { plan, code, task, gate, completed } = parsed.data;
    const isSame = code === data.code && task === data.task && gate === data.gate;
    if (!isSame || plan !== this.#facts.reading.planDigest) return "its STOP record says something else";
    return completed === this.#facts.outputs.size ? null : `its STOP record counts ${completed} completed tasks`;
  }

  #skip(subject: string, because: string): string | null {
    const { plan } = this.#facts.reading;
    if (this.#facts.inFlight().length > 0) return "something is in flight";
    if (plan.onFailure === "stop" && this.#facts.rejectedBy === null) return "this plan stops";
    const reason =
      this.#facts.rejectedBy ?? (this.#facts.failure === null ? null : plan.tasks[this.#facts.failure.position]?.id);
    if (because !== reason) return `the reason is ${reason}`;
    const due = this.#facts.unended()[0];
    if (due === undefined || plan.tasks[due]?.id !== subject) return `task ${due} is due`;
    this.#facts.stages.set(due, "ended");
    this.#facts.skipped.add(due);
    return null;
  }

  #resumed(data: Extract<RunEvent, { type: "RUN_RESUMED" }>["data"]): string | null {
    const { plan } = this.#facts.reading;
    if (data.fence <= this.#facts.fence) return `its fence is not above ${this.#facts.fence}`;
    this.#facts.fence = data.fence;
    this.#facts.resumes += 1;
    if (data.attempt !== this.#facts.resumes + 1) return `attempt ${this.#facts.resumes + 1} is due`;
    if (data.completed !== this.#facts.outputs.size) return `${this.#facts.outputs.size} tasks have completed`;
    const doubtful = [...this.#facts.doubtful]
      .filter((position) => this.#facts.mayBeginAgain(position))
      .sort((a, b) => a - b);
    const ids = doubtful.map((position) => plan.tasks[position]?.id);
    if (data.indeterminate.join() !== ids.join()) return `in doubt are ${ids.join()}`;
    this.#facts.phase = "validate";
    if (plan.onFailure === "stop") this.#facts.failure = null;
    for (const position of this.#facts.stages.keys())
      if (this.#facts.mayBeginAgain(position)) this.#facts.stages.delete(position);
    return null;
  }

  #sealed(data: Extract<RunEvent, { type: "RUN_SEALED" }>["data"]): string | null {
    const { plan } = this.#facts.reading;
    const due = this.#dueStatus();
    if (data.status !== due) return `the status ${due} is due`;
    this.#facts.phase = "sealed";
    const events = [...this.#facts.counts.values()].reduce((sum, count) => sum + count, 0);
    if (data.events !== events) return `it is event number ${events}`;
    const counts = Object.fromEntries(this.#facts.counts);
    if (digestJson(data.counts) !== digestJson(counts)) return "its counts are others";
    if (this.#facts.last === null || data.head !== leafOf(this.#facts.last))
      return "its head is not the event before it";
    const hasOutputs = data.status === "completed" || data.status === "violated";
    if (hasOutputs !== (data.outputs !== null)) return "outputs are there when all tasks have completed";
    return data.outputsCount === (hasOutputs ? plan.tasks.length : 0) ? null : "it counts other outputs";
  }

  #dueStatus(): string | null {
    const { plan } = this.#facts.reading;
    if (this.#facts.phase === "token-denied" && !this.#facts.isDenied && this.#facts.unended().length > 0) return null;
    if (this.#facts.phase === "voided") return "voided";
    if (this.#facts.phase !== "work" && this.#facts.phase !== "token-denied") return null;
    if (this.#facts.inFlight().length > 0) return null;
    if (this.#facts.rejectedBy !== null) return this.#facts.unended().length === 0 ? "rejected" : null;
    if (this.#facts.failure !== null) {
      const isOver = plan.onFailure === "abort" && this.#facts.unended().length === 0;
      return isOver ? this.#facts.failure.status : null;
    }
    const all =
      this.#facts.outputs.size === plan.tasks.length && this.#facts.verdicts.length === plan.expect.contracts.length;
    return all ? (this.#facts.violated ? "violated" : "completed") : null;
  }
}
