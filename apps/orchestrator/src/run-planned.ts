/**
 * Running what was planned: one run, or a batch of them in lanes.
 *
 * Invariants:
 *   B1. The lock of a plan is taken before the log: whoever comes second is told who holds the run.
 *   B2. In a batch, writes take turns across all runs, and what blocks or fails one run does not stop the others.
 *   B3. With `--json`, a batch is one document too.
 *
 * @module
 */
import type { JsonObject, RegistrySnapshot, RunId } from "@canonic/contracts";
import { planDigestOf } from "@canonic/contracts";
import { failureOf } from "./exit.ts";
import { type FinishedReport, finishRun } from "./finish-run.ts";
import { printable } from "./invocation.ts";
import { createWriteTurn, type WriteTurn } from "./operations.ts";
import type { BatchedRun, ExecutedRun, Pack, PlannedRun } from "./pack.ts";
import type { Adapter } from "./registry.ts";
import { withRunLock } from "./run-lock.ts";
import type { RunSettings } from "./run-options.ts";
import { executePlan } from "./run-plan.ts";
import { printReport } from "./run-report.ts";
import { enterLeftOut } from "./statements-left-out.ts";
import { type WritableStore, withAuthority, withStore } from "./store.ts";

/** A planned run with the snapshot that it was planned under, and what runs it; to ask that refuses a run that nothing runs. */
export type Runnable = PlannedRun & {
  readonly snapshot: RegistrySnapshot;
  readonly adapters: () => readonly Adapter[];
  readonly run?: RunId;
};

/** Runs one, reports it and sets the exit code. */
export async function runPlanned(planned: Runnable, settings: RunSettings): Promise<ExecutedRun> {
  const adapters = planned.adapters();
  const { folder, context } = settings;
  const { terminal } = context.invocation;
  const finished = await withAuthority(folder, (authority) =>
    withRunLock(authority, planDigestOf(planned.plan), (lock) =>
      withStore(folder, authority, async (store) => {
        await enterLeftOut(store);
        return execute({ ...planned, adapters }, settings, store, lock, createWriteTurn());
      }),
    ),
  );
  terminal.document(finished.report);
  printReport(terminal, finished.report);
  context.invocation.endWith(finished.exit);
  return { run: finished.report.run, status: finished.report.status };
}

const LANES_MAX = 16;

/** Runs many, `lanes` at a time; results in the order of the plans, files in a folder of their own for each run. */
export async function runBatch(
  planned: readonly Runnable[],
  settings: RunSettings,
  lanes = 4,
): Promise<readonly BatchedRun[]> {
  const { folder, context } = settings;
  const { terminal } = context.invocation;
  const results: BatchedRun[] = [];
  const documents: unknown[] = [];
  const turn = createWriteTurn();
  const width = Math.max(1, Math.min(Math.floor(lanes), LANES_MAX, planned.length));
  const each = { ...settings, isBatch: true, jobs: Math.max(1, Math.floor(settings.jobs / width)) };
  await withAuthority(folder, (authority) =>
    withStore(folder, authority, async (store) => {
      await enterLeftOut(store);
      let next = 0;
      const lane = async (): Promise<void> => {
        for (let index = next++; index < planned.length; index = next++) {
          const one = planned[index] as Runnable;
          try {
            const adapters = one.adapters();
            const { report, exit } = await withRunLock(authority, planDigestOf(one.plan), (lock) =>
              execute({ ...one, adapters }, each, store, lock, turn),
            );
            results[index] = { run: report.run, status: report.status };
            documents[index] = report;
            printReport(terminal, report);
            context.invocation.endWith(exit);
          } catch (error) {
            const { code, message, exit } = failureOf(error);
            results[index] = { run: null, status: "error", code };
            documents[index] = { about: one.about, error: { code, message } };
            terminal.note(printable(`canonic: ${one.about}: ${message} (${code})`));
            context.invocation.endWith(exit);
          }
        }
      };
      await Promise.all(Array.from({ length: width }, lane));
    }),
  );
  terminal.document({ runs: documents });
  return results;
}

async function execute(
  planned: Omit<Runnable, "adapters"> & { readonly adapters: readonly Adapter[] },
  settings: RunSettings,
  store: WritableStore,
  lock: Parameters<Parameters<typeof withRunLock>[2]>[0],
  turn: WriteTurn,
): Promise<FinishedReport> {
  const { context, folder, jobs, executor, options } = settings;
  const { invocation } = context;
  const { plan, resources } = planned;
  const resourcesOf = (pack: Pack): JsonObject =>
    resources ?? pack.resources?.({ plan, options, env: invocation.env, cwd: invocation.cwd, store: folder }) ?? {};
  const start = { ...settings.start, user: settings.start.user ?? planned.user };
  const { progress } = invocation.terminal;
  const execution = await executePlan({ ...planned, store, jobs, executor, progress, start, resourcesOf, turn, lock });
  return finishRun({ settings, store, execution, about: planned.about });
}
