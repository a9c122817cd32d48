/**
 * What must hold of a working folder after a call of a run failed in it, before and after the run is done again.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FsckReport, fsck, type NoteKey, parseTrustFile, trustedKeysOf, verifyBundle } from "@canonic/audit";
import type { RunEvent } from "@canonic/contracts";
import { openSqliteReader, type SqliteReader } from "@canonic/store-sqlite";
import { expect } from "vitest";
import { LEDGER, type Scenario, STORE } from "./scenarios.ts";

/** The log as a stranger reads it: every leaf by its index, and what fsck finds. */
export type Seen = {
  readonly leaves: readonly {
    readonly run: string;
    readonly seq: number;
    readonly hash: string;
    readonly event: RunEvent;
  }[];
  readonly report: FsckReport;
};

/** Reads a log without changing it; undefined where none was ever begun. */
export async function seenIn(
  cwd: string,
  trust?: { origin: string; keys: readonly NoteKey[] },
): Promise<Seen | undefined> {
  const directory = join(cwd, STORE);
  let reader: SqliteReader;
  try {
    reader = openSqliteReader({ directory });
  } catch (error) {
    expect((error as { code?: string }).code).toBe("store-sqlite.not-found");
    return undefined;
  }
  try {
    const leaves = (await reader.readLeaves(0, 10_000)).map(({ run, seq, hash, bytes }) => ({
      run,
      seq,
      hash: Buffer.from(hash).toString("hex"),
      event: JSON.parse(Buffer.from(bytes).toString()) as RunEvent,
    }));
    return { leaves, report: await fsck(reader, trust === undefined ? {} : { trust }) };
  } finally {
    reader.close();
  }
}

/** Origin and keys by the store's trust file; undefined before it was made. */
export function trustIn(cwd: string): { origin: string; keys: readonly NoteKey[] } | undefined {
  const file = join(cwd, STORE, "trust.json");
  if (!existsSync(file)) return undefined;
  const trust = parseTrustFile(readFileSync(file));
  const origin = trust.logs[0]?.origin ?? "";
  return { origin, keys: trustedKeysOf(trust, origin) };
}

/** Every leaf that was there is there again, at its index, with its hash: nothing was written anew in its place. */
export function expectKept(before: Seen | undefined, after: Seen | undefined): void {
  const hashes = (seen: Seen | undefined) => (seen?.leaves ?? []).map(({ hash }) => hash);
  expect(hashes(after).slice(0, before?.leaves.length ?? 0)).toEqual(hashes(before));
}

/** Each chain counts from 0 without a gap, and no sequence number stands twice. */
export function expectGapFree({ leaves }: Seen): void {
  const next = new Map<string, number>();
  for (const { run, seq } of leaves) {
    expect({ run, seq }).toEqual({ run, seq: next.get(run) ?? 0 });
    next.set(run, seq + 1);
  }
}

/** What a run wrote outside stands in the log as begun before. */
export function expectIntents(cwd: string, { plan }: Scenario, seen: Seen | undefined): void {
  const written = readdirSync(join(cwd, LEDGER));
  for (const entry of written) {
    const task = plan?.tasks.find(({ parameters }) => parameters["entry"] === entry);
    const begun = seen?.leaves.filter(({ event }) => event.type === "EXECUTION_STARTED" && event.subject === task?.id);
    expect({ entry, isBegun: (begun ?? []).length > 0 }).toEqual({ entry, isBegun: true });
  }
}

/** Whatever stands under a result's name is whole and VALID. */
export async function expectWholeResults(cwd: string): Promise<number> {
  const out = join(cwd, "canonic-out");
  const results = existsSync(out) ? readdirSync(out).filter((name) => !name.endsWith(".part")) : [];
  for (const name of results) {
    const trust = parseTrustFile(readFileSync(join(cwd, STORE, "trust.json")));
    const { verdict, reasons } = await verifyBundle(join(out, name, "bundle"), { trust });
    expect({ name, verdict, reasons }).toEqual({ name, verdict: "VALID", reasons: [] });
  }
  return results.length;
}
