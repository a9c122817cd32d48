/**
 * What the events of a run say, held against the plan and against each other.
 *
 * Invariants:
 *   V1. What an event repeats of the plan (route, contract, method, input) is recomputed, never believed.
 *   V2. RUN_SEALED's counts and head are counted again.
 *   V3. Only a write has an idempotency key, and it is the run's and the task's.
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
} from "@canonic/contracts";
import { AuthorityFacts } from "./authority-facts.ts";
import type { Findings } from "./findings.ts";
import type { Planned } from "./verify-plan.ts";

export interface CompletedTask {
  readonly output: Digest;
  readonly sizeBytes: number;
}

type Sealed = Extract<RunEvent, { type: "RUN_SEALED" }>["data"];

/** Feed the events of one run in order; then read what they add up to. */
export class EventFacts {
  readonly completed: (CompletedTask | undefined)[];
  readonly verdicts: ContractVerdict[] = [];
  seal: Sealed | undefined;
  count = 0;
  readonly #plan: Plan;
  readonly #findings: Findings;
  readonly #contracts: ReadonlyMap<string, OperationContract>;
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #counts = new Map<string, number>();
  readonly #authority: AuthorityFacts;

  /** @param planned - `contracts` and `artifacts` by digest. */
  constructor({ plan, contracts, artifacts }: Pick<Planned, "plan" | "contracts" | "artifacts">, findings: Findings) {
    this.#plan = plan;
    this.#findings = findings;
    this.#contracts = contracts;
    this.#authority = new AuthorityFacts(artifacts, findings);
    this.#tasks = new Map(plan.tasks.map((task) => [task.id as string, task]));
    this.completed = new Array(plan.tasks.length).fill(undefined);
  }

  /** The artifacts that the events name: what verdicts looked at, and the grant. */
  get named(): readonly Digest[] {
    const { named } = this.#authority;
    return [...this.verdicts.map(({ evidence }) => evidence), ...(named === undefined ? [] : [named])];
  }

  next(event: RunEvent): void {
    const place = `event ${event.seq}`;
    this.count += 1;
    this.#counts.set(event.type, (this.#counts.get(event.type) ?? 0) + 1);
    const task = this.#tasks.get(event.subject);
    this.#authority.next(place, event, task);
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
    this.#agree(place, "subject", event.subject, event.run);
  }

  #taskEvent(place: string, event: RunEvent, task: Task): void {
    switch (event.type) {
      case "ROUTING_DECISION":
        this.#agree(place, "payload type", event.data.payloadType, task.payloadType);
        if (event.data.decision === "refuse") return;
        this.#agree(place, "operation", event.data.operation, task.operation);
        this.#agree(place, "version", event.data.version, task.version);
        this.#agree(place, "contract", event.data.contract, task.contract);
        this.#agree(place, "registry snapshot", event.data.snapshot, this.#plan.registry);
        return;
      case "AUTHORIZATION_SCOPE_CHECK":
        this.#agree(place, "domain", event.data.domain, domainOf(task.operation));
        this.#agree(place, "method", event.data.method, methodOf(task.operation));
        return;
      case "EXECUTION_STARTED": {
        const effect = this.#contracts.get(task.contract)?.effect;
        const key = effect === "write" ? `${event.run}/${task.id}` : null;
        this.#agree(place, "effect", event.data.effect, effect);
        this.#agree(place, "input", event.data.input, inputDigestOf(task));
        this.#agree(place, "idempotency key", event.data.idempotencyKey, key);
        return;
      }
      case "EXECUTION_COMPLETED":
        this.completed[task.position] ??= event.data;
        return;
      default:
        return;
    }
  }

  #planFrozen(place: string, { data }: Extract<RunEvent, { type: "PLAN_FROZEN" }>): void {
    this.#agree(place, "registry snapshot", data.registry, this.#plan.registry);
    this.#agree(place, "number of tasks", data.tasks, this.#plan.tasks.length);
    this.#agree(place, "mode", data.mode, this.#plan.mode);
  }

  #sealed(place: string, { data, prev }: Extract<RunEvent, { type: "RUN_SEALED" }>): void {
    if (this.seal !== undefined) return;
    this.seal = data;
    this.#agree(place, "number of events", data.events, this.count);
    this.#agree(place, "head", data.head, prev);
    const counted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const said = Object.entries(data.counts).sort(([a], [b]) => (a < b ? -1 : 1));
    this.#agree(place, "counts by type", said.join(" "), counted.join(" "));
    const hasOutputs = data.status === "completed" || data.status === "violated";
    this.#agree(place, "presence of outputs", data.outputs !== null, hasOutputs);
    this.#agree(place, "number of outputs", data.outputsCount, hasOutputs ? this.#plan.tasks.length : 0);
  }

  #agree(place: string, what: string, said: unknown, is: unknown): void {
    if (said !== is)
      this.#findings.invalid("event-untrue", place, `the event says ${what} \`${said}\`, it is \`${is}\``);
  }
}
