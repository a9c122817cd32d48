/**
 * The simulated operations port of one process: each execution reaches the world in steps of its own, and the world looks at
 * whether it may.
 *
 * Invariants that are looked at here; their numbers are those of `invariants.ts`: V4, V6, V7, V8, V14, V15.
 *
 * @module
 */
import {
  canonicalJson,
  type Digest,
  digestBytes,
  digestJson,
  type EventData,
  type JsonObject,
  type OperationContract,
  type Task,
} from "@canonic/contracts";
import type { AbortCode, Entitlement, Execution, OperationsPort } from "@canonic/runner";
import type { SimulatedJournal } from "./log.ts";
import { evaluate, tokensOf } from "./operations.ts";
import { type Presented, scopeFault } from "./people.ts";
import type { Upset } from "./plans.ts";
import type { Process } from "./scheduler.ts";
import type { Choices } from "./seeded-choices.ts";
import type { Seen, World } from "./world.ts";

/** What authority could see when it was last asked about a task: by task, true when nothing spoke against it. */
export type Clearances = { readonly scope: Map<string, boolean>; readonly reserve: Map<string, boolean> };

export type PortOptions = {
  readonly world: World;
  readonly process: Process;
  readonly journal: SimulatedJournal;
  readonly clearances: Clearances;
  readonly presented: Presented;
  readonly choices: Choices;
};

/** Aborts that say nothing about whether a write happened. */
const SILENT: ReadonlySet<AbortCode> = new Set([
  "runner.timeout",
  "runner.worker-exited",
  "runner.memory-exceeded",
  "runner.boundary-violation",
  "runner.output-too-large",
  "runner.output-invalid",
  "runner.tokens-exceeded",
  "runner.operation-failed",
]);

/** Executes what a process begins. */
export function simulatedOperations(options: PortOptions): OperationsPort {
  const { world, process } = options;
  return {
    execute(task, input, contract, entitlement) {
      if (process.state === "dead") return new Promise(() => {});
      if (options.journal.failure !== null)
        world.breach("V8", `task ${task.position} begins after the journal has failed`);
      const purpose = purposeOf(options, task);
      const seen: Seen = { purpose, position: task.position, process: process.number, before: null, output: null };
      world.seen.push(seen);
      world.story?.(`  process ${process.number} executes task ${task.position} (${purpose})`);
      lookAtStart(options, task, contract, entitlement, seen);
      const upset = upsetFor(options, purpose, task.position);
      if (upset !== null) world.coverage.count(`upset ${upset.kind}`);
      return contract.effect === "write"
        ? write(options, task, input, contract, entitlement, seen, upset)
        : readOrCompute(options, task, input, contract, entitlement, seen, upset);
    },
    async close() {},
  };
}

/** A task that has begun is executed; one that has completed is looked at once more, for a recheck or in the replay. */
function purposeOf({ world, journal }: PortOptions, task: Task): Seen["purpose"] {
  const words = journal.believed.filter(({ subject }) => subject === task.id);
  const last = words.at(-1)?.type;
  if (last === "EXECUTION_STARTED") return "task";
  if (last !== "EXECUTION_COMPLETED") world.breach("V15", `task ${task.position} is executed after ${last}`);
  const { tasks } = world.planned.plan;
  const completed = journal.believed.filter(({ type }) => type === "EXECUTION_COMPLETED").length;
  return completed === tasks.length ? "replay" : "recheck";
}

function lookAtStart(
  { world, process, journal, clearances, presented }: PortOptions,
  task: Task,
  contract: OperationContract,
  entitlement: Entitlement,
  seen: Seen,
): void {
  const { purpose } = seen;
  const { plan } = world.planned;
  const breach = (invariant: string, what: string): void =>
    world.breach(invariant, `task ${task.position} (${purpose}) of process ${process.number}: ${what}`);
  const fault = purpose === "task" ? scopeFault(world, presented, contract) : null;
  if (fault !== null) breach("V6", fault);
  if (purpose === "task" && clearances.reserve.get(task.id) !== true)
    breach("V6", "it begins although authority could see a halt, a revocation or an expiry, or was not asked");
  if (purpose === "recheck") {
    const here = journal.believed.slice(journal.believed.findLastIndex(({ type }) => type === "RUN_RESUMED") + 1);
    const guarded = plan.tasks.filter(({ id, position }) => {
      const last = here.findLast(({ subject }) => subject === id)?.type;
      const isChecking = last === "AUTHORIZATION_SCOPE_CHECK" || last === "DRIFT_CHECK";
      return (
        isChecking && plan.rechecks.some((recheck) => recheck.before === position && recheck.task === task.position)
      );
    });
    const [waiting] = guarded;
    seen.before = waiting?.position ?? null;
    if (waiting === undefined || guarded.length > 1) breach("V15", "nobody asks for this recheck now");
    else if (clearances.scope.get(waiting.id) !== true)
      breach("V6", "it is rechecked although authority could see a halt, a revocation or an expiry");
    if (contract.effect === "write") breach("V7", "a recheck writes");
  }
  const group = plan.groups.findIndex((positions) => positions.includes(task.position));
  const passed = plan.gates.filter(({ before }) => before <= group);
  const approvals = passed.map(({ name }) => {
    const said = journal.believed.find(({ type, subject }) => type === "APPROVAL_RECORDED" && subject === name);
    return said?.data as EventData<"APPROVAL_RECORDED"> | undefined;
  });
  if (approvals.some((said) => said?.decision !== "approve")) breach("V4", "a gate before it has no approval");
  const last = approvals.at(-1);
  const expected: Entitlement = {
    task: task.id,
    seed: contract.determinism === "seeded" ? digestJson({ plan: plan.seed, task: task.id }) : null,
    now: contract.determinism === "recorded" ? entitlement.now : null,
    idempotencyKey: contract.effect === "write" ? `${world.run}/${task.id}` : null,
    fence: contract.effect === "write" ? process.fence : null,
    ...(contract.effect === "write" && last !== undefined
      ? { approval: { gate: last.gate, approval: last.approval, reviewDecision: last.reviewDecision } }
      : {}),
  };
  if (canonicalJson(entitlement as JsonObject) !== canonicalJson(expected as JsonObject))
    breach("V14", `it is given ${canonicalJson(entitlement as JsonObject)}`);
}

/** Executions of a task follow the plan's script; a recheck may find its source gone. */
function upsetFor({ world, choices }: PortOptions, purpose: Seen["purpose"], position: number): Upset | null {
  if (purpose === "recheck" && choices.chance(1, 25)) return { kind: "mode", mode: "sim.source-gone" };
  if (purpose !== "task") return null;
  const script = world.planned.upsets.get(position);
  if (script === undefined) return null;
  const met = world.metUpsets.get(position) ?? 0;
  world.metUpsets.set(position, met + 1);
  return script.first[script.forever ? Math.min(met, script.first.length - 1) : met] ?? null;
}

function readOrCompute(
  { world, process }: PortOptions,
  task: Task,
  input: JsonObject,
  contract: OperationContract,
  entitlement: Entitlement,
  seen: Seen,
  upset: Upset | null,
): Promise<Execution> {
  const kind = seen.purpose === "task" ? `operation.${contract.effect}` : `operation.${seen.purpose}`;
  return world.scheduler.later(process, kind, `${task.position}`, () => {
    if (upset !== null) return upsetOf(upset, task);
    const value = evaluate(task.operation, input, { ...entitlement, sourceVersion: world.sourceVersion });
    const isOther = seen.purpose === "replay" && world.planned.unstable.has(task.position);
    return completed(seen, isOther ? { ...value, v: -1 } : value, tokensOf(task.operation, input));
  });
}

/** The effect is one step, its answer another: between them the runner does not know. */
async function write(
  options: PortOptions,
  task: Task,
  input: JsonObject,
  contract: OperationContract,
  entitlement: Entitlement,
  seen: Seen,
  upset: Upset | null,
): Promise<Execution> {
  const { world, process, choices } = options;
  const happens = upset === null || (isSilent(upset) && choices.chance(1, 2));
  const written = await world.scheduler.later(process, "operation.write", `${task.position}`, () => {
    if (!happens) return "done";
    lookAtEffect(options, task, entitlement);
    const key = entitlement.idempotencyKey ?? "";
    const result = world.target.write(
      { key, fence: entitlement.fence ?? 0, process: process.number },
      contract.idempotent,
    );
    world.coverage.count(`write ${result}`);
    world.story?.(`  the write of task ${task.position} under fence ${entitlement.fence}: ${result}`);
    return result;
  });
  return world.scheduler.later(process, "operation.reply", `${task.position}`, () => {
    if (upset !== null) return upsetOf(upset, task);
    if (written === "overtaken") return upsetOf({ kind: "mode", mode: "sim.fence-overtaken" }, task);
    return completed(seen, evaluate(task.operation, input, { ...entitlement, sourceVersion: 0 }), 0);
  });
}

function isSilent(upset: Upset): boolean {
  return upset.kind === "invalid-output" || (upset.kind === "abort" && SILENT.has(upset.code));
}

/** The truth of the moment in which a write happens, whatever its process believes. */
function lookAtEffect({ world, process }: PortOptions, task: Task, entitlement: Entitlement): void {
  const { plan } = world.planned;
  const durable = world.log.events();
  const intent = durable.findLast(({ subject }) => subject === task.id);
  if (intent?.type !== "EXECUTION_STARTED" && world.log.fence === process.fence)
    world.breach("V3", `the write of task ${task.position} happens without a durable intent`);
  if (entitlement.fence !== process.fence) world.breach("V14", "a write has another holder's fence");
  for (const recheck of plan.rechecks.filter(({ before }) => before === task.position)) {
    const journaled = durable.findLast(
      ({ subject, type }) => subject === plan.tasks[recheck.task]?.id && type === "EXECUTION_COMPLETED",
    );
    const looked = world.seen.findLast(
      ({ before, position, process: by }) =>
        before === task.position && position === recheck.task && by === process.number,
    );
    const expected = (journaled?.data as { output?: Digest } | undefined)?.output;
    if (looked === undefined || looked.output !== expected)
      world.breach("V7", `the write of task ${task.position} happens on a drifted task ${recheck.task}`);
  }
}

function completed(seen: Seen, value: JsonObject, tokens: number): Execution {
  const output = canonicalJson(value);
  seen.output = digestBytes(output);
  return { kind: "completed", output, tokens, operationMs: 1 };
}

function upsetOf(upset: Upset, task: Task): Execution {
  const failure = digestBytes(`failure of ${task.id}`);
  switch (upset.kind) {
    case "mode":
      return { kind: "aborted", code: "runner.operation-failed", failure, mode: upset.mode, operationMs: 1 };
    case "invalid-output":
      return { kind: "completed", output: canonicalJson({ unexpected: true }), tokens: 0, operationMs: 1 };
    case "abort": {
      const violation = { category: "threads", attempted: "worker_threads" } as const;
      const isBoundary = upset.code === "runner.boundary-violation";
      return { kind: "aborted", code: upset.code, failure: null, operationMs: 1, ...(isBoundary ? { violation } : {}) };
    }
  }
}
