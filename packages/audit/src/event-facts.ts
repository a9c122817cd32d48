/**
 * What the events of a run say, held against the plan and against each other.
 *
 * Invariants:
 *   V1. What an event repeats of the plan (route, contract, method, input) is recomputed, never believed.
 *   V2. RUN_SEALED's counts and head are counted again.
 *   V3. Only a write has an idempotency key, and it is the run's and the task's.
 *   V4. A recheck compares with what was journaled, and allows exactly when it found the same.
 *
 * @module
 */
import {
  type ContractVerdict,
  type Digest,
  domainOf,
  inputDigestOf,
  methodOf,
  type OperationContract,
  type Plan,
  type RunEvent,
  type Task,
  type TaskId,
} from "@canonic/contracts";
import { AuthorityFacts } from "./authority-facts.ts";
import { EventTruth } from "./event-truth.ts";
import type { Findings } from "./findings.ts";
import { type ApprovalTrust, GateFacts } from "./gate-facts.ts";
import { isTaskEvent } from "./grammar-steps.ts";
import { FAILURE_MODE } from "./grammar-tasks.ts";
import { environmentOf } from "./named-payloads.ts";
import type { Planned } from "./verify-plan.ts";

export interface CompletedTask {
  readonly output: Digest;
  readonly sizeBytes: number;
}

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;
/** An event of a task with bindings; what it says of them is checked when the outputs have been read. */
export type BoundEvent = { readonly place: string; readonly task: Task } & (
  | { readonly kind: "routed"; readonly data: EventOf<"ROUTING_DECISION">["data"] }
  | { readonly kind: "started"; readonly data: EventOf<"EXECUTION_STARTED">["data"] }
);

/** Feed the events of one run in order; then read what they add up to. */
export class EventFacts {
  readonly completed: (CompletedTask | undefined)[];
  readonly verdicts: ContractVerdict[] = [];
  readonly bound: BoundEvent[] = [];
  seal: EventOf<"RUN_SEALED">["data"] | undefined;
  count = 0;
  readonly #plan: Plan;
  readonly #truth: EventTruth;
  readonly #contracts: ReadonlyMap<string, OperationContract>;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #counts = new Map<string, number>();
  readonly #environments: Digest[] = [];
  readonly #routes: Digest[] = [];
  readonly #authority: AuthorityFacts;
  readonly #gates: GateFacts;

  /** @param planned - `contracts` and `artifacts` by digest, `positions` by task. */
  constructor(
    planned: Pick<Planned, "plan" | "positions" | "contracts" | "artifacts">,
    approvals: ApprovalTrust,
    findings: Findings,
  ) {
    this.#plan = planned.plan;
    this.#truth = new EventTruth(findings);
    this.#contracts = planned.contracts;
    this.#authority = new AuthorityFacts(planned, findings);
    this.#gates = new GateFacts(planned, approvals, findings);
    this.#positions = planned.positions;
    this.completed = new Array(planned.plan.tasks.length).fill(undefined);
  }

  /** The artifacts that the events name: environments, routes, claims, approvals, STOP records, what verdicts looked at. */
  get named(): readonly Digest[] {
    const evidence = this.verdicts.map((verdict) => verdict.evidence);
    return [...evidence, ...this.#environments, ...this.#routes, ...this.#authority.named, ...this.#gates.named];
  }

  next(event: RunEvent): void {
    const place = `event ${event.seq}`;
    this.count += 1;
    this.#counts.set(event.type, (this.#counts.get(event.type) ?? 0) + 1);
    const task = isTaskEvent(event) ? this.#taskOf(event.subject) : undefined;
    this.#environments.push(...environmentOf(event));
    this.#authority.next(place, event, task);
    this.#gates.next(place, event, () => this.#outputs());
    if (task !== undefined) {
      this.#taskEvent(place, event, task);
      return;
    }
    if (event.type === "CONTRACT_VERDICT") {
      this.verdicts.push(event.data);
      return;
    }
    if (event.type === "PLAN_FROZEN") this.#planFrozen(place, event);
    if (event.type === "RUN_SEALED") this.#sealed(place, event);
    const isOfGate = event.type === "APPROVAL_REQUESTED" || event.type === "APPROVAL_RECORDED";
    this.#truth.agree(place, "subject", event.subject, isOfGate ? event.data.gate : event.run);
  }

  #taskEvent(place: string, event: RunEvent, task: Task): void {
    switch (event.type) {
      case "ROUTING_DECISION":
        this.#routed(place, event, task);
        return;
      case "AUTHORIZATION_SCOPE_CHECK":
        this.#truth.agree(place, "domain", event.data.domain, domainOf(task.operation));
        this.#truth.agree(place, "method", event.data.method, methodOf(task.operation));
        return;
      case "DRIFT_CHECK":
        this.#drift(place, event);
        return;
      case "EXECUTION_STARTED":
        this.#started(place, event, task);
        return;
      case "OPERATION_ABORTED":
        this.#aborted(place, event, task);
        return;
      case "EXECUTION_COMPLETED": {
        const tokensMax = this.#contracts.get(task.contract)?.tokensMax ?? 0;
        if (event.data.tokens > tokensMax)
          this.#truth.untrue(place, `the response cost ${event.data.tokens} tokens, its contract allows ${tokensMax}`);
        this.#completes(event.data, task);
        return;
      }
      default:
        return;
    }
  }

  /** The first outcome counts. What is kept is a copy: a piece of an event's text would keep all of it in memory. */
  #completes({ output: said, sizeBytes }: EventOf<"EXECUTION_COMPLETED">["data"], task: Task): void {
    if (this.completed[task.position] !== undefined) return;
    const output = Buffer.from(said, "latin1").toString("latin1") as Digest;
    this.completed[task.position] = { output, sizeBytes };
  }

  #taskOf(subject: string): Task | undefined {
    const position = this.#positions.get(subject);
    return position === undefined ? undefined : this.#plan.tasks[position];
  }

  /** What has completed, by task. Gates and stops ask for it, and most runs have none: it is not kept beside `completed`. */
  #outputs(): ReadonlyMap<TaskId, Digest> {
    const outputs = new Map<TaskId, Digest>();
    for (const { id, position } of this.#plan.tasks) {
      const completed = this.completed[position];
      if (completed !== undefined) outputs.set(id, completed.output);
    }
    return outputs;
  }

  #routed(place: string, { data }: EventOf<"ROUTING_DECISION">, task: Task): void {
    if (data.route !== undefined) this.#routes.push(data.route);
    this.#truth.reasons(place, data);
    this.#truth.agree(place, "payload type", data.payloadType, task.payloadType);
    if (Object.keys(task.bindings).length > 0) this.bound.push({ kind: "routed", place, task, data });
    if (data.decision === "refuse") return;
    this.#truth.agree(place, "operation", data.operation, task.operation);
    this.#truth.agree(place, "version", data.version, task.version);
    this.#truth.agree(place, "contract", data.contract, task.contract);
    this.#truth.agree(place, "registry snapshot", data.snapshot, this.#plan.registry);
  }

  #outputOf(task: string): Digest | undefined {
    return this.completed[this.#positions.get(task) ?? -1]?.output;
  }

  #drift(place: string, { data }: EventOf<"DRIFT_CHECK">): void {
    this.#truth.reasons(place, data);
    this.#truth.agree(place, `expected output of \`${data.of}\``, data.expected, this.#outputOf(data.of));
    this.#truth.agree(place, "decision", data.decision, data.found === data.expected ? "allow" : "refuse");
    if (data.decision === "refuse") {
      const code = data.found === null ? "runner.drift-unknown" : "runner.drift";
      this.#truth.agree(place, "reason", data.reasons[0]?.code, code);
    }
  }

  #started(place: string, { data, run }: EventOf<"EXECUTION_STARTED">, task: Task): void {
    const effect = this.#contracts.get(task.contract)?.effect;
    const key = effect === "write" ? `${run}/${task.id}` : null;
    this.#truth.agree(place, "effect", data.effect, effect);
    this.#truth.agree(place, "idempotency key", data.idempotencyKey, key);
    if (Object.keys(task.bindings).length > 0) this.bound.push({ kind: "started", place, task, data });
    else this.#truth.agree(place, "input", data.input, inputDigestOf(task));
  }

  /** A failure mode that an abort names is one that the contract states. */
  #aborted(place: string, { data }: EventOf<"OPERATION_ABORTED">, task: Task): void {
    const [reason] = data.reasons;
    if (reason?.code !== FAILURE_MODE) return;
    const modes = this.#contracts.get(task.contract)?.failureModes ?? [];
    if (!modes.some(({ code }) => code === reason.place))
      this.#truth.untrue(place, `failure mode \`${reason.place}\` is not one of the contract`);
  }

  #planFrozen(place: string, { data }: EventOf<"PLAN_FROZEN">): void {
    this.#truth.agree(place, "registry snapshot", data.registry, this.#plan.registry);
    this.#truth.agree(place, "number of tasks", data.tasks, this.#plan.tasks.length);
    this.#truth.agree(place, "mode", data.mode, this.#plan.mode);
  }

  #sealed(place: string, { data, prev }: EventOf<"RUN_SEALED">): void {
    if (this.seal !== undefined) return;
    this.seal = data;
    this.#truth.agree(place, "number of events", data.events, this.count);
    this.#truth.agree(place, "head", data.head, prev);
    const counted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const said = Object.entries(data.counts).sort(([a], [b]) => (a < b ? -1 : 1));
    this.#truth.agree(place, "counts by type", said.join(" "), counted.join(" "));
    const hasOutputs = data.status === "completed" || data.status === "violated";
    this.#truth.agree(place, "presence of outputs", data.outputs !== null, hasOutputs);
    this.#truth.agree(place, "number of outputs", data.outputsCount, hasOutputs ? this.#plan.tasks.length : 0);
  }
}
