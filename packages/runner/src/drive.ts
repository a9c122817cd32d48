/**
 * Executes decisions: commands in, events out, until the run is sealed.
 *
 * The loop knows no order of its own. Each command appends at most one event; the event goes through `decide`; what that says
 * is done next. When nothing is left to do it waits at the host for one ended task, at one place.
 *
 * Invariants:
 *   R1. An event is appended before anything that it permits happens; for a write, EXECUTION_STARTED is durable before
 *       the operation is called. The completed event of one write and the checks of the next share one commit.
 *   R2. Results stand by position; in which order tasks end changes the order of events, and no output.
 *   R3. The first error of the journal ends the loop at once and reaches the caller unchanged: no task after it, no output.
 *   R4. No text from outside enters the journal but schema expectations and what routers and authorities say as reasons.
 *
 * @module
 */
import {
  type CoreContractResult,
  canonicalBytes,
  type Digest,
  digestBytes,
  digestJson,
  domainOf,
  type EventDraft,
  frozenJson,
  inputDigestOf,
  type JsonObject,
  type JsonValue,
  methodOf,
  type OperationContract,
  type Payload,
  type Plan,
  type Reason,
  type RunId,
  type Task,
} from "@canonic/contracts";
import type { ContractBook } from "./contract-book.ts";
import { type Command, decide } from "./decide.ts";
import type { Call, Host } from "./host.ts";
import type { Artifacts, Authority, Execution, Router, RunJournal } from "./ports.ts";
import { countsOf, type RunState } from "./state.ts";

/** What one run is driven with; all of it stays the same from the first event to the last. */
export type Run = {
  readonly id: RunId;
  readonly plan: Plan;
  readonly artifacts: Artifacts;
  readonly journal: RunJournal;
  readonly router: Router;
  readonly authority: Authority;
  readonly host: Host;
  readonly book: ContractBook;
  /** Canonical JSON text by position; filled as tasks complete. */
  readonly outputs: (string | undefined)[];
  /** Executes the replay and asks the core contracts; called once, when all tasks have completed. */
  readonly conclude: () => Promise<readonly CoreContractResult[]>;
  readonly onProgress: ((completed: number, total: number) => void) | undefined;
  readonly onTask: ((measure: { readonly position: number; readonly operationMs: number }) => void) | undefined;
};

/** Feeds `event` and then goes on until the run is sealed and the seal is durable. */
export async function drive(
  run: Run,
  before: RunState,
  event: EventDraft,
  payloads?: readonly Payload[],
): Promise<RunState> {
  const calls = new Map<number, Call>();
  let state = before;
  let head = "" as Digest;
  let commands: Command[] = [];
  let results: readonly CoreContractResult[] | null = null;

  const append = (draft: EventDraft, attached?: readonly Payload[]): void => {
    head = run.journal.append(run.id, draft, attached).leaf;
    const decision = decide(state, draft);
    state = decision.state;
    commands.push(...decision.commands);
  };

  append(event, payloads);
  for (;;) {
    while (commands.length > 0) {
      const batch = commands;
      commands = [];
      for (const command of batch) {
        switch (command.kind) {
          case "execute": {
            const call = calls.get(command.position) as Call;
            run.host.start(call, call.contract.effect === "write" ? run.journal.durable() : null);
            break;
          }
          case "verdict":
            results ??= await run.conclude();
            appendVerdict(append, results[command.index] as CoreContractResult);
            break;
          case "seal":
            append(sealOf(run, state, command.status, head));
            break;
          default:
            append(checkOrOutcome(run, command, calls));
        }
      }
    }
    if (state.phase === "sealed") break;
    const position = await run.host.next();
    const { task, contract } = calls.get(position) as Call;
    calls.delete(position);
    const execution = run.host.value(position);
    run.authority.commit(task);
    run.onTask?.({ position, operationMs: execution.operationMs });
    const outcome = outcomeOf(run, task, contract, execution);
    append(outcome.event, outcome.payloads);
    run.onProgress?.(state.ended, state.tasks.size);
  }
  await run.journal.durable();
  return state;
}

/** A verdict is journaled with what it looked at, so that the store alone can show it. */
function appendVerdict(
  append: (event: EventDraft, payloads: readonly Payload[]) => void,
  result: CoreContractResult,
): void {
  const { verdict, evidence } = result;
  append({ type: "CONTRACT_VERDICT", subject: verdict.contract, data: verdict }, [
    { digest: verdict.evidence, bytes: canonicalBytes(evidence) },
  ]);
}

/** The event that a command about one task, or about the whole plan, makes. */
function checkOrOutcome(run: Run, command: Command, calls: Map<number, Call>): EventDraft {
  if (command.kind === "validate") return tokenValidation(run);
  const position = "position" in command ? command.position : -1;
  const task = run.plan.tasks[position] as Task;
  const subject = task.id;
  switch (command.kind) {
    case "route":
      return routingDecision(run, task, calls);
    case "scope": {
      const { operation } = task;
      const decision = run.authority.scope(task, operation);
      const data = {
        domain: domainOf(operation),
        method: methodOf(operation),
        grant: decision.grant,
        ...answerOf(decision),
      };
      return { type: "AUTHORIZATION_SCOPE_CHECK", subject, data };
    }
    case "reserve": {
      const reservation = run.authority.reserve(task);
      const { limit, used, reserved, max } = reservation;
      return { type: "RESOURCE_LIMIT_CHECK", subject, data: { limit, used, reserved, max, ...answerOf(reservation) } };
    }
    case "begin": {
      const { contract, entitlement } = calls.get(position) as Call;
      const { idempotencyKey } = entitlement;
      const data = { effect: contract.effect, input: inputDigestOf(task), attempt: command.attempt, idempotencyKey };
      return { type: "EXECUTION_STARTED", subject, data };
    }
    case "deny":
      return { type: "EXECUTION_DENIED", subject, data: { stage: command.stage, reasons: [...command.reasons] } };
    case "skip":
      return { type: "EXECUTION_SKIPPED", subject, data: { because: (run.plan.tasks[command.because] as Task).id } };
    default:
      throw new Error(`assertion failed: ${command.kind} makes no event of a task`);
  }
}

function tokenValidation(run: Run): EventDraft {
  const decision = run.authority.validate(run.plan);
  const data = { authority: "local-operator" as const, grant: decision.grant, ...answerOf(decision) };
  return { type: "TOKEN_VALIDATION", subject: run.id, data };
}

/** Allowed only when the route leads to exactly what was planned, and the input is what that contract takes. */
function routingDecision(run: Run, task: Task, calls: Map<number, Call>): EventDraft {
  const { payloadType } = task;
  const route = run.router.route(task);
  const event = (
    named: { operation: Task["operation"]; version: string; contract: Digest } | null,
    reasons: readonly Reason[],
  ): EventDraft => ({
    type: "ROUTING_DECISION",
    subject: task.id,
    data: {
      payloadType,
      ...(named ?? { operation: null, version: null, contract: null }),
      snapshot: route.snapshot,
      ...answerOf(reasons.length === 0 ? { kind: "allow" } : { kind: "refuse", reasons }),
    },
  });
  if (route.kind === "refuse") return event(null, route.reasons);
  const { operation, version, contract, snapshot } = route;
  const named = { operation, version, contract: run.book.digestOf(contract) };
  const different = differences([
    ["operation", task.operation, operation],
    ["version", task.version, version],
    ["contract", task.contract, named.contract],
    ["mode", run.plan.mode, contract.mode],
    ["snapshot", run.plan.registry, snapshot],
  ]);
  if (different.length > 0) return event(named, different);
  const input = inputOf(run, task);
  const faults = run.book.checkInput(contract, input);
  if (faults.length > 0) return event(named, faults);
  calls.set(task.position, { task, input, contract, entitlement: entitlementOf(run, task, contract) });
  return event(named, []);
}

function differences(rows: readonly (readonly [string, string, string])[]): Reason[] {
  return rows
    .filter(([, planned, routed]) => planned !== routed)
    .map(([place, planned, routed]) => ({
      code: "runner.route-differs",
      place,
      message: `planned \`${planned}\`, routed to \`${routed}\``.slice(0, 2048),
    }));
}

/** The parameters and, under their names, the values of the inputs; frozen in depth, shared with nobody who could change it. */
export function inputOf(run: Pick<Run, "artifacts">, task: Task): JsonObject {
  const input: Record<string, JsonValue> = frozenCopy(task.parameters as JsonObject);
  for (const name of Object.keys(task.inputs))
    input[name] = run.artifacts.get(task.inputs[name] as Digest) as JsonValue;
  return Object.freeze(input);
}

/** Its values are frozen, the object itself is still open. */
function frozenCopy(parameters: JsonObject): Record<string, JsonValue> {
  return { ...frozenJson(parameters) };
}

export function entitlementOf(
  run: Pick<Run, "id" | "plan" | "host">,
  task: Task,
  contract: OperationContract,
): Call["entitlement"] {
  return {
    task: task.id,
    seed: contract.determinism === "seeded" ? digestJson({ plan: run.plan.seed, task: task.id }) : null,
    now: contract.determinism === "recorded" ? run.host.now() : null,
    idempotencyKey: contract.effect === "write" ? `${run.id}/${task.id}` : null,
  };
}

type Answer = { kind: "allow" } | { kind: "refuse"; reasons: readonly Reason[] };

function answerOf(answer: Answer): { decision: "allow" | "refuse"; reasons: Reason[] } {
  return answer.kind === "allow"
    ? { decision: "allow", reasons: [] }
    : { decision: "refuse", reasons: answer.reasons.slice(0, 20) };
}

function outcomeOf(
  run: Run,
  task: Task,
  contract: OperationContract,
  execution: Execution,
): { event: EventDraft; payloads: readonly Payload[] } {
  const aborted = (code: string, failure: Digest | null, reasons: readonly Reason[]) => ({
    event: { type: "OPERATION_ABORTED" as const, subject: task.id, data: { code, failure, reasons: [...reasons] } },
    payloads: [],
  });
  if (execution.kind === "aborted") return aborted(execution.code, execution.failure, []);
  const bytes = Buffer.from(execution.output, "utf8");
  if (bytes.length > contract.termination.outputBytesMax) return aborted("runner.output-too-large", null, []);
  const faults = run.book.checkOutput(contract, execution.output);
  if (faults.length > 0) return aborted("runner.output-invalid", null, faults);
  run.outputs[task.position] = execution.output;
  const digest = digestBytes(bytes);
  return {
    event: {
      type: "EXECUTION_COMPLETED",
      subject: task.id,
      data: { output: digest, sizeBytes: bytes.length, contract: "satisfied" },
    },
    payloads: [{ digest, bytes }],
  };
}

/** The digest of outputs.jsonl: every output's canonical text and a newline, by position. */
export function outputsDigestOf(outputs: readonly string[]): Digest {
  return digestBytes(outputs.map((output) => `${output}\n`).join(""));
}

function sealOf(
  run: Run,
  state: RunState,
  status: "completed" | "failed" | "denied" | "violated",
  head: Digest,
): EventDraft {
  const hasOutputs = status === "completed" || status === "violated";
  const counts = { ...countsOf(state), RUN_SEALED: 1 };
  return {
    type: "RUN_SEALED",
    subject: run.id,
    data: {
      status,
      events: state.events + 1,
      counts,
      head,
      outputs: hasOutputs ? outputsDigestOf(run.outputs as string[]) : null,
      outputsCount: hasOutputs ? run.outputs.length : 0,
    },
  };
}
