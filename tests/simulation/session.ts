/**
 * One session: a process with ports of its own over the world that survives it, and how it ends.
 *
 * @module
 */
import { createAuthority, DEFAULT_POLICIES, openPolicies } from "@canonic/authority";
import {
  digestJson,
  type GateRequest,
  type JsonValue,
  modeAt,
  type OperationContract,
  type Task,
} from "@canonic/contracts";
import {
  type Authority,
  createContractBook,
  type FinishedRun,
  type OperationsPort,
  type Router,
  type RunJournal,
  type RunPorts,
  type RunResult,
  resumePlan,
  runPlan,
  voidRun,
} from "@canonic/runner";
import { SimulatedJournal } from "./log.ts";
import { REGISTRIES } from "./operations.ts";
import { type Clearances, simulatedOperations } from "./operations-port.ts";
import { ORIGIN, type Presented, TRUST } from "./people.ts";
import type { Process } from "./scheduler.ts";
import { turn } from "./scheduler.ts";
import type { Choices } from "./seeded-choices.ts";
import { simulatedStorage } from "./storage-port.ts";
import type { World } from "./world.ts";

/** What a planted defect changes: each wraps a port, or the plan that the runner is given. */
export type Defect = {
  readonly operations?: (inner: OperationsPort) => OperationsPort;
  readonly authority?: (inner: Authority) => Authority;
  readonly journal?: (inner: SimulatedJournal, world: World) => RunJournal;
};

export type Session = {
  readonly process: Process;
  readonly journal: SimulatedJournal;
  readonly presented: Presented;
  readonly intent: Intent;
  readonly route: Route;
  /** How it ended by itself; null while it has not, or when it died. */
  end: { readonly result: RunResult } | { readonly error: unknown } | null;
};

/** Where the registry leads: to what was planned, to another contract, or nowhere. */
export type Route = "planned" | "other" | "none";

export type Intent = "run" | "resume" | "void";

export type SessionOptions = {
  readonly world: World;
  readonly process: Process;
  readonly intent: Intent;
  readonly presented: Presented;
  readonly approve: (request: GateRequest) => unknown;
  readonly choices: Choices;
  readonly defect: Defect;
  readonly validates: boolean;
  readonly route: Route;
  /** Adds a policy that forbids to ask the model. */
  readonly isModelForbidden: boolean;
};

/** Compiled once for all seeds. */
const book = createContractBook();
const policies = await openPolicies([DEFAULT_POLICIES]);
const withoutModel = await openPolicies([
  DEFAULT_POLICIES,
  {
    name: "without-model.cedar",
    text: `@id("sim.without-model") forbid (principal, action, resource == Operation::"model.ask");`,
  },
]);

/** Starts a session; it goes on as the scheduler lets it. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const { world, process, intent, presented, choices, defect } = options;
  const now = (): string => world.now();
  const journal = new SimulatedJournal({
    log: world.log,
    process,
    scheduler: world.scheduler,
    now,
    refusesEarly: choices.chance(1, 2),
    validates: options.validates,
  });
  if (choices.chance(1, 2)) world.target.meet(process.fence);
  const clearances: Clearances = { scope: new Map(), reserve: new Map() };
  const storage = simulatedStorage(world, process, choices.chance(1, 2));
  const { token, user, trigger } = presented;
  const inner = createAuthority({
    storage,
    clock: { now },
    origin: ORIGIN,
    token,
    user,
    trigger,
    trust: TRUST,
    ...(options.isModelForbidden ? { policies: withoutModel } : choices.chance(1, 2) ? { policies } : {}),
    ...(choices.chance(1, 2) ? { snapshot: REGISTRIES[world.planned.plan.mode].snapshot } : {}),
  });
  const authority = watched(inner, options, clearances);
  const operations = simulatedOperations({ world, process, journal, clearances, presented, choices });
  const ports: RunPorts = {
    clock: { now, monotonicMs: () => world.monotonicMs },
    journal: defect.journal?.(journal, world) ?? journal,
    router: routerOf(world, options.route),
    authority: defect.authority?.(authority) ?? authority,
    operations: defect.operations?.(operations) ?? operations,
    approvals: (request) =>
      world.scheduler.later(process, "person.approves", request.gate, () => options.approve(request)),
    fence: process.fence,
    conclude,
    jobs: choices.pick([1, 1, 2, 3]),
    contracts: book,
  };
  const session: Session = { process, journal, presented, intent, route: options.route, end: null };
  const running = begin(options, ports);
  running.then(
    (result) => {
      session.end = { result };
    },
    (error: unknown) => {
      session.end = { error };
    },
  );
  await turn();
  return session;
}

function begin({ world, intent }: SessionOptions, ports: RunPorts): Promise<RunResult> {
  const { run } = world;
  if (intent === "run") {
    const { plan, artifacts } = world.planned;
    const { snapshot } = REGISTRIES[plan.mode];
    return runPlan({ ...ports, plan, snapshot, artifacts });
  }
  if (intent === "void") return voidRun({ journal: ports.journal, run, reason: "the simulation voids", by: "ana" });
  return resumePlan({ ...ports, run });
}

/** Notes at each question what authority could see when it was asked. */
function watched(inner: Authority, { world, presented }: SessionOptions, clearances: Clearances): Authority {
  const isClear = (contract: OperationContract): boolean => {
    const now = world.now();
    const mode = modeAt(world.storage.mode(), now);
    const needsArms = world.planned.plan.mode === "live" && contract.effect === "write";
    const isExpired = world.nowMs >= presented.claims.exp * 1000;
    return (
      mode !== "halted" &&
      (!needsArms || mode === "armed") &&
      world.storage.endOf(presented.digest) === null &&
      !isExpired
    );
  };
  const note = (kind: keyof Clearances, task: Task, contract: OperationContract): void => {
    clearances[kind].set(task.id, isClear(contract));
  };
  return {
    validate: (plan, run) => inner.validate(plan, run),
    scope: (task, contract) => {
      note("scope", task, contract);
      return inner.scope(task, contract);
    },
    reserve: (task, contract, attempt) => {
      note("reserve", task, contract);
      return inner.reserve(task, contract, attempt);
    },
    commit: (task, attempt, tokens) => inner.commit(task, attempt, tokens),
    approve: (request, approval, recorded) => {
      const digest = digestJson(approval as JsonValue);
      world.shown.set(digest, [...(world.shown.get(digest) ?? []), world.nowMs]);
      return inner.approve(request, approval, recorded);
    },
  };
}

function routerOf(world: World, way: Route): Router {
  const { plan } = world.planned;
  const registry = REGISTRIES[plan.mode];
  const { digest: snapshot } = registry;
  return {
    route: ({ operation, version }) => {
      if (way === "none") {
        const reasons = [
          { code: "sim.route-refused", place: operation, message: "the registry has no such operation now" },
        ];
        return { kind: "refuse", snapshot, reasons };
      }
      const contracts =
        way === "other" ? REGISTRIES[plan.mode === "live" ? "dryrun" : "live"].contracts : registry.contracts;
      return { kind: "allow", operation, version, contract: contracts.get(operation) as OperationContract, snapshot };
    },
  };
}

/** Cardinality counts, determinism compares what was executed twice. */
function conclude({ plan, outputs, replayed }: FinishedRun): ReturnType<RunPorts["conclude"]> {
  const differing = replayed.filter(({ position, output }) => outputs[position]?.digest !== output);
  return plan.expect.contracts.map((contract) => {
    const violations = contract === "determinism" ? differing.length : 0;
    const evidence = replayed.map(({ position, output }) => [position, output]);
    return {
      verdict: {
        contract,
        verdict: violations === 0 ? "satisfied" : "violated",
        checked: 1 + replayed.length,
        violations,
        reasons: violations === 0 ? [] : [{ code: "replay-differs", place: "replay", message: "outputs differ" }],
        evidence: digestJson(evidence),
      },
      evidence,
    };
  });
}
