/**
 * A planned run from its freeze to its seal: every package meets here, and no rule is made here.
 *
 * Invariants:
 *   R1. An unsealed run of the same plan is resumed, never started beside; one process at a time runs a plan.
 *   R2. Nothing begins without an adapter for every operation of the plan, in its mode.
 *   R3. A holder that was overtaken starts no write, and no live write is made on a store that is not armed when its turn comes.
 *
 * @module
 */

import { readRun } from "@canonic/audit";
import { currentMode } from "@canonic/authority";
import {
  type Coverage,
  checkCoreContracts,
  type Digest,
  type JsonObject,
  type JsonValue,
  type OperationContract,
  type Payload,
  type Plan,
  type PolicyRecord,
  parseCanonicalJson,
  planDigestOf,
  type RegistrySnapshot,
  type ResolvedExecutorConfig,
  RunEvent,
  type RunId,
} from "@canonic/contracts";
import { type FinishedRun as ConcludedRun, type RunResult, resumePlan, runPlan } from "@canonic/runner";
import { approvalsOf } from "./approvals.ts";
import { systemClock } from "./clock.ts";
import { environmentOf } from "./environment.ts";
import { tightened } from "./executor-config.ts";
import { inTurn, operationsFor, type WriteTurn } from "./operations.ts";
import type { FinishedRun, Pack } from "./pack.ts";
import { type Adapter, ownerOf } from "./registry.ts";
import { isRouted, openPlannedWorlds } from "./routing/planned-worlds.ts";
import { routerOfTasks, TokenHolder } from "./routing/routed-tasks.ts";
import { openAuthority, openedLate } from "./run-authority.ts";
import type { RunLock } from "./run-lock.ts";
import { selfIssuedToken } from "./run-token.ts";
import type { WritableStore } from "./store.ts";
import type { Progress } from "./terminal.ts";

export type Execution = {
  readonly finished: FinishedRun;
  readonly result: RunResult;
  /** The pack whose planner made the plan; null for a plan that a request asked for. */
  readonly owner: Pack | null;
  /** Null when the pack has none, or the run did not come so far. */
  readonly coverage: Coverage | null;
  readonly resumed: boolean;
  readonly operationMs: number;
};

/** Who starts a run, and how. */
export type Start = {
  /** The presented token's text; without one, the local operator issues himself one for exactly this plan. */
  readonly token: string | undefined;
  readonly user: string | undefined;
  readonly trigger: string;
  /** Signed approvals as they were given; each is presented once, in this order. */
  readonly approvals: readonly unknown[];
};

export type RunRequest = {
  readonly store: WritableStore;
  readonly adapters: readonly Adapter[];
  readonly snapshot: RegistrySnapshot;
  readonly plan: Plan;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly payloads: readonly Payload[];
  readonly jobs: number;
  readonly executor: ResolvedExecutorConfig;
  readonly progress: Progress;
  readonly start: Start;
  readonly resourcesOf: (pack: Pack) => JsonObject;
  readonly turn: WriteTurn;
  readonly lock: RunLock;
  /** The run to go on with; without it, the unsealed run of this plan, or a new one. */
  readonly run?: RunId;
};

/** Runs or resumes a plan until it is sealed, waits for a person, or stands still. */
export async function executePlan(request: RunRequest): Promise<Execution> {
  const { store, adapters, snapshot, plan, artifacts, payloads, jobs, progress, start, lock } = request;
  const owner = ownerOf(plan, artifacts, adapters);
  const planDigest = planDigestOf(plan);
  const bytes = new Map(payloads.map((payload) => [payload.digest, payload.bytes]));
  const attachments = new Map(
    (owner?.attachments?.({ plan, artifacts }) ?? []).flatMap(({ path, digest }) => {
      const found = bytes.get(digest);
      return found === undefined ? [] : [[path, found] as const];
    }),
  );
  const finishedWith = (texts: readonly string[]): FinishedRun => {
    return { plan, planDigest, artifacts, attachments, outputs: texts };
  };
  let outputs: readonly string[] = [];
  let policy: PolicyRecord | undefined;
  let operationMs = 0;
  const authority = openedLate(async () => {
    const token = start.token ?? (await selfIssuedToken(store.authority, store.keys, plan, snapshot, start.trigger));
    await store.journalFacts();
    return openAuthority({ store, snapshot, token, user: start.user ?? plan.user, trigger: start.trigger, lock });
  });
  const holder = new TokenHolder();
  const worlds = isRouted(plan) ? await openPlannedWorlds() : null;
  const operations = operationsFor(adapters, request.resourcesOf, jobs);
  const mayWrite = async ({ mode }: OperationContract) =>
    mode !== "live" || (await currentMode(store.authority, systemClock.now())) === "armed";
  const ports = {
    clock: systemClock,
    journal: store.journal,
    router: routerOfTasks(plan, snapshot, artifacts, holder, worlds),
    authority: holder.watch(authority),
    approvals: approvalsOf(start.approvals),
    fence: lock.fence,
    salts: store.keys.salts,
    operations: inTurn(tightened(operations, request.executor), request.turn, mayWrite),
    jobs,
    environment: environmentOf(adapters, request.executor),
    onProgress: (ended: number, total: number) => progress("running", ended, total),
    onTask: (measure: { readonly operationMs: number }) => {
      operationMs += measure.operationMs;
    },
    conclude: (run: ConcludedRun) => {
      outputs = run.texts;
      policy = owner?.record?.(finishedWith(run.texts));
      const record = { plan, snapshot, outputs: run.outputs, replayed: run.replayed };
      return checkCoreContracts(policy === undefined ? record : { ...record, policy });
    },
  };
  try {
    const unsealed = request.run ?? (await unsealedRunOf(store, planDigest));
    const result =
      unsealed === undefined
        ? await runPlan({ ...ports, plan, snapshot, artifacts, attachments: payloads })
        : await resumePlan({ ...ports, run: unsealed });
    if (outputs.length === 0) {
      outputs = result.outputs;
      if (result.status === "completed") policy = owner?.record?.(finishedWith(outputs));
    }
    const coverage = policy?.coverage ?? null;
    const resumed = unsealed !== undefined;
    return {
      finished: finishedWith(outputs),
      result,
      owner: owner ?? null,
      coverage,
      resumed,
      operationMs,
    };
  } finally {
    await operations.close();
  }
}

/**
 * The youngest run of a plan, when it is unsealed: an older one cannot be, for it would have been resumed instead. Only
 * first leaves are read until a run of the plan is found.
 */
async function unsealedRunOf({ storage }: WritableStore, plan: Digest): Promise<RunId | undefined> {
  for (const { run } of [...(await storage.runs())].reverse()) {
    const [first] = await storage.readRun(run, 0, 1);
    const event = first === undefined ? undefined : RunEvent.safeParse(parseCanonicalJson(first.bytes)).data;
    if (event?.type !== "PLAN_FROZEN" || event.data.plan !== plan) continue;
    const { events } = await readRun(storage, run as RunId);
    return events.at(-1)?.type === "RUN_SEALED" ? undefined : (run as RunId);
  }
  return undefined;
}
