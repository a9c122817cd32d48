/**
 * What comes after the seal: statements about the run, the bundle, its verification, the result folder, and what the command
 * says.
 *
 * Invariants:
 *   F1. Results of a run that did not complete are not written; its evidence stays in the store.
 *   F2. The result folder appears whole, by one rename, or not at all; a folder with other files is never replaced.
 *   F3. The report for programs and the one for people are made of the same values.
 *
 * @module
 */
import { accessSync, constants, existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { exportBundle, verifyBundle } from "@canonic/audit";
import { currentMode } from "@canonic/authority";
import { type ExecutionMode, type RunId, RunStatus } from "@canonic/contracts";
import { systemClock } from "./clock.ts";
import { OrchestratorError } from "./errors.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { makeFolder, syncFolder, writeWhole } from "./files.ts";
import type { SealedRun } from "./pack.ts";
import { repeatedOptions } from "./pack-options.ts";
import { openRecordedWorlds } from "./routing/planned-worlds.ts";
import type { RunSettings } from "./run-options.ts";
import type { Execution } from "./run-plan.ts";
import { REPORT_PAGE, type RunReport, reportOf } from "./run-report.ts";
import { enterStatements } from "./statements.ts";
import type { WritableStore } from "./store.ts";

/** A folder that holds these was written here, and may be replaced by a later run. */
const OURS = ["outputs.jsonl", "bundle"];

type FinishRequest = {
  readonly settings: Pick<RunSettings, "context" | "options" | "out" | "isBatch" | "startedMs">;
  readonly store: WritableStore;
  readonly execution: Execution;
  readonly about: string;
};

/** What a command says of a run, and how it ends. */
export type FinishedReport = { readonly report: RunReport; readonly exit: ExitCode };

export async function finishRun(request: FinishRequest): Promise<FinishedReport> {
  const { settings, store, execution } = request;
  const { result } = execution;
  const isComplete = result.status === "completed";
  if (RunStatus.safeParse(result.status).success) await enterStatements(store, result.run);
  const out = isComplete ? folderOf(settings, result.run) : null;
  const written = out === null ? null : await writeResults(request, out);
  const verification = written?.verification ?? null;
  const report: RunReport = reportOf({
    about: request.about,
    execution,
    verification,
    hasPage: written?.hasPage ?? false,
    out,
    trust: store.keys.trustFile,
    again: repeatedOptions(settings.options, settings.context.config.packs),
    durationMs: Math.round(systemClock.monotonicMs() - settings.startedMs),
  });
  return { report, exit: exitOf(report, await currentMode(store.authority, systemClock.now())) };
}

function folderOf({ context, out, isBatch }: FinishRequest["settings"], run: RunId): string {
  if (out === undefined) return resolve(context.invocation.cwd, "canonic-out", run);
  return isBatch ? join(out, run) : out;
}

/**
 * A person who has halted the store is told apart from every other reason to refuse: authority says so before a task, and
 * the store itself where a write was withheld whose turn came after.
 */
function exitOf({ status, verification, failure, stop }: RunReport, mode: ExecutionMode): ExitCode {
  if (status === "completed" && verification?.verdict === "VALID") return EXIT.done;
  if (status === "waiting") return EXIT.waiting;
  const codes = [stop?.code, failure?.code, ...(failure?.reasons ?? []).map(({ code }) => code)];
  const isHalted = codes.includes("authority.halted") || (codes.includes("runner.withheld") && mode === "halted");
  return isHalted ? EXIT.halted : EXIT.refused;
}

async function writeResults({ store, execution }: FinishRequest, out: string) {
  const { result, finished, owner } = execution;
  const { outputsDigest, run, status, verdicts } = result;
  if (outputsDigest === null) throw new Error("assertion: a completed run has an outputs digest");
  prepareOut(out);
  const part = `${out}.part`;
  try {
    rmSync(part, { recursive: true, force: true });
    makeFolder(part);
    const sealed: SealedRun = { ...finished, run, status, outputsDigest, contracts: verdicts };
    const files = [
      { path: "outputs.jsonl", bytes: finished.outputs.map((output) => `${output}\n`).join("") },
      ...[...finished.attachments].map(([path, bytes]) => ({ path, bytes })),
      ...(owner?.results?.(sealed) ?? []),
    ];
    for (const { path, bytes } of files) writeWhole(join(part, path), bytes);
    const { identity, trust } = store.keys;
    const bundle = join(part, "bundle");
    await exportBundle({ storage: store.storage, identity, run, directory: bundle });
    const verification = await verifyBundle(bundle, { trust, routes: openRecordedWorlds });
    const hasPage = files.some(({ path }) => path === REPORT_PAGE);
    if (verification.verdict !== "VALID") return { verification, hasPage };
    rmSync(out, { recursive: true, force: true });
    renameSync(part, out);
    syncFolder(dirname(out));
    return { verification, hasPage };
  } catch (cause) {
    throw isSystemError(cause) ? unwritable(out, dirname(out), cause) : cause;
  } finally {
    discard(part);
  }
}

/** What cannot be taken away is in nobody's way: the next run begins by taking it away, and why results failed is told. */
function discard(part: string): void {
  try {
    rmSync(part, { recursive: true, force: true });
  } catch {
    // The folder keeps its name `.part`, which no result has.
  }
}

/**
 * Makes sure, before anything runs, that results can go to a folder; makes nothing.
 *
 * @throws {OrchestratorError} `orchestrator.out-not-empty` when it holds something that was not written here,
 *   `orchestrator.out-unwritable` when it is no folder or cannot be made.
 */
export function prepareOut(out: string): void {
  const nearest = nearestEntry(out);
  if (!statSync(nearest).isDirectory() || !isWritable(nearest)) throw unwritable(out, nearest);
  if (nearest !== out) return;
  const entries = readdirSync(out);
  if (entries.length === 0 || OURS.every((name) => entries.includes(name))) return;
  const message = `\`${basename(out)}\` is not empty and holds no results of an earlier run`;
  throw new OrchestratorError("orchestrator.out-not-empty", message, { directory: out });
}

function unwritable(out: string, where: string, cause?: unknown): OrchestratorError<"orchestrator.out-unwritable"> {
  const message = `results cannot be written to \`${basename(out)}\`, see \`${where}\``;
  return new OrchestratorError("orchestrator.out-unwritable", message, { directory: out }, { cause });
}

/** Node's own: `ENOSPC`, `EFBIG`, `EACCES` and the like. */
function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && /^E[A-Z0-9]+$/.test(String(cause.code));
}

/** The path itself when it exists, else the nearest above it that does. */
function nearestEntry(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestEntry(dirname(path));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
