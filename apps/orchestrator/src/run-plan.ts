/**
 * A planned run from its freeze to its verified bundle: every package meets here, and no rule is made here.
 *
 * Invariants:
 *   R1. An unsealed run of the same plan is resumed, never started beside.
 *   R2. Results are written only for a run that completed, whose bundle was exported and verified.
 *
 * @module
 */

import { readRun } from "@canonic/audit";
import {
  type Coverage,
  canonicalJson,
  checkCoreContracts,
  type Digest,
  digestJson,
  type JsonValue,
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
import { createLocalOperator, createWorkerOperations, type RunResult, resumePlan, runPlan } from "@canonic/runner";
import { systemClock } from "./clock.ts";
import { tightened } from "./executor-config.ts";
import { localGrantFor } from "./grant.ts";
import type { FinishedRun, Pack } from "./pack.ts";
import { packFor, routerFor } from "./registry.ts";
import type { WritableStore } from "./store.ts";
import type { Progress } from "./terminal.ts";

export type Execution = {
  readonly finished: FinishedRun;
  readonly result: RunResult;
  /** Null when the pack has none, or the run did not come so far. */
  readonly coverage: Coverage | null;
  readonly resumed: boolean;
  readonly operationMs: number;
};

export type RunRequest = {
  readonly store: WritableStore;
  readonly pack: Pack;
  readonly snapshot: RegistrySnapshot;
  readonly plan: Plan;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly payloads: readonly Payload[];
  readonly jobs: number;
  readonly executor: ResolvedExecutorConfig;
  readonly progress: Progress;
  /** The run to go on with; without it, the unsealed run of this plan, or a new one. */
  readonly run?: RunId;
};

/** Runs or resumes a plan to its seal. */
export async function executePlan(request: RunRequest): Promise<Execution> {
  const { store, pack, snapshot, plan, artifacts, payloads, jobs, progress } = request;
  packFor(plan, [pack]);
  const planDigest = planDigestOf(plan);
  const grant = localGrantFor(plan);
  const bytes = new Map(payloads.map((payload) => [payload.digest, payload.bytes]));
  const attachments = new Map(
    (pack.attachments?.({ plan, artifacts }) ?? []).flatMap(({ path, digest }) => {
      const found = bytes.get(digest);
      return found === undefined ? [] : [[path, found] as const];
    }),
  );
  const operations = tightened(createWorkerOperations({ module: pack.operationsModule, jobs }), request.executor);
  let outputs: readonly string[] = [];
  let policy: PolicyRecord | undefined;
  let operationMs = 0;
  const finishedWith = (texts: readonly string[]): FinishedRun => ({
    plan,
    planDigest,
    artifacts,
    attachments,
    outputs: texts,
  });
  const ports = {
    clock: systemClock,
    journal: store.journal,
    router: routerFor(plan, snapshot),
    authority: createLocalOperator(grant),
    operations,
    jobs,
    onProgress: (ended: number, total: number) => progress("answering", ended, total),
    onTask: (measure: { readonly operationMs: number }) => {
      operationMs += measure.operationMs;
    },
    conclude: (
      run: { readonly texts: readonly string[] } & Pick<
        Parameters<typeof checkCoreContracts>[0],
        "outputs" | "replayed"
      >,
    ) => {
      outputs = run.texts;
      policy = pack.record?.(finishedWith(run.texts));
      const record = { plan, snapshot, outputs: run.outputs, replayed: run.replayed };
      return checkCoreContracts(policy === undefined ? record : { ...record, policy });
    },
  };
  try {
    const unsealed = request.run ?? (await unsealedRunOf(store, planDigest));
    const grantPayload = { digest: digestJson(grant), bytes: Buffer.from(canonicalJson(grant)) };
    const result =
      unsealed === undefined
        ? await runPlan({ ...ports, plan, snapshot, artifacts, attachments: [...payloads, grantPayload] })
        : await resumePlan({ ...ports, run: unsealed });
    if (outputs.length === 0) {
      outputs = result.outputs;
      if (result.status === "completed") policy = pack.record?.(finishedWith(outputs));
    }
    const coverage = policy?.coverage ?? null;
    return { finished: finishedWith(outputs), result, coverage, resumed: unsealed !== undefined, operationMs };
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
