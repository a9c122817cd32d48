/**
 * What several benches measure with: the bare loop that figures are read against, a run's time, and medians.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { runPlan } from "@canonic/runner";
import { type BenchLog, type NoOpPlan, portsOf } from "./no-op-plans.ts";

const BARE_COMMITS = 300;

/** Durable one-row commits per second of a `node:sqlite` loop with nothing around it. */
export interface BareLoop {
  commitsPerSecond(): number;
  close(): void;
}

export function openBareLoop(): BareLoop {
  const directory = mkdtempSync(join(tmpdir(), "canonic-bare-"));
  const database = new DatabaseSync(join(directory, "bare.sqlite"));
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, bytes BLOB)",
  );
  const insert = database.prepare("INSERT INTO rows (bytes) VALUES (?)");
  const bytes = Buffer.alloc(400, 7);
  return {
    commitsPerSecond: () => {
      const startedMs = performance.now();
      for (let index = 0; index < BARE_COMMITS; index += 1) insert.run(bytes);
      return (BARE_COMMITS * 1000) / (performance.now() - startedMs);
    },
    close: () => {
      database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Milliseconds from the call to the sealed result of all runs; their tokens are issued before. */
export async function timeRuns(log: BenchLog, plans: readonly NoOpPlan[], jobs: number): Promise<number> {
  const requests = plans.map((noOp) => ({ ...noOp, ...portsOf(noOp, log, jobs) }));
  const startedMs = performance.now();
  const results = await Promise.all(requests.map(runPlan));
  const elapsedMs = performance.now() - startedMs;
  const failed = results.find(({ status }) => status !== "completed");
  if (failed !== undefined) throw new Error(`a run ended as ${failed.status}`);
  return elapsedMs;
}

export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
