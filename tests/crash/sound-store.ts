/**
 * What must hold of a store whatever happened to the processes that wrote it.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fsck, listRuns, parseTrustFile, readRun, trustedKeysOf, verifyBundle } from "@canonic/audit";
import type { RunEvent, RunId } from "@canonic/contracts";
import { openSqliteReader } from "@canonic/store-sqlite";
import { expect } from "vitest";

export type StoredRun = { readonly run: RunId; readonly status: string | null; readonly number: number };

/** Asserts that the whole log is sound, and that each run is: gap-free, no task completed twice, at most one seal. */
export async function expectSoundStore(store: string): Promise<readonly StoredRun[]> {
  const trust = readTrust(store);
  const reader = openSqliteReader({ directory: store });
  try {
    const origin = trust.logs[0]?.origin ?? "";
    const { sound, findings } = await fsck(reader, { trust: { origin, keys: trustedKeysOf(trust, origin) } });
    expect({ sound, findings }).toEqual({ sound: true, findings: [] });
    const runs = await listRuns(reader);
    expect(runs.map(({ number }) => number)).toEqual(runs.map((_, at) => at + 1));
    for (const { run } of runs) expectOrderly((await readRun(reader, run)).events);
    return runs;
  } finally {
    reader.close();
  }
}

/** The runs of a store that may not exist yet, without asking whether it is sound. */
export async function runsOf(store: string): Promise<readonly StoredRun[]> {
  try {
    const reader = openSqliteReader({ directory: store });
    try {
      return await listRuns(reader);
    } finally {
      reader.close();
    }
  } catch (error) {
    if ((error as { code?: string }).code === "store-sqlite.not-found") return [];
    throw error;
  }
}

export async function verdictOf(bundle: string, store: string): Promise<unknown> {
  const { verdict, reasons } = await verifyBundle(bundle, { trust: readTrust(store) });
  return { verdict, reasons };
}

function readTrust(store: string) {
  return parseTrustFile(readFileSync(join(store, "trust.json")));
}

function expectOrderly(events: readonly RunEvent[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
  const completed = events.filter(({ type }) => type === "EXECUTION_COMPLETED").map(({ subject }) => subject);
  expect(new Set(completed).size).toBe(completed.length);
  expect(events.filter(({ type }) => type === "RUN_SEALED").length).toBeLessThanOrEqual(1);
}
