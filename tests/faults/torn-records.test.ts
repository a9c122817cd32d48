/**
 * A record that was cut while it was written is never taken for one, and never runs together with the next.
 *
 * In the SQLite log a record is a frame in a row; what a file system can tear is cut here inside the row, behind the last
 * checkpoint. Files of lines (the checkpoint, a bundle's events) are torn in `tests/attacks`.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createKeyPair, fsck, openJournal, signerFromPem } from "@canonic/audit";
import { canonicalBytes, digestBytes, type EventDraft, type RunId } from "@canonic/contracts";
import { openSqliteReader, openSqliteStore } from "@canonic/store-sqlite";
import { expect, test } from "vitest";
import { temporaryFolder } from "../main-job/command-line.ts";

const ORIGIN = "torn.test/log";
const signer = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
const clock = { now: () => "2026-01-31T12:00:00.000Z" };
const open = async (directory: string) =>
  openJournal({ storage: openSqliteStore({ directory }), clock, identity: { origin: ORIGIN, signer } });

const draft = (
  text: string,
): { event: EventDraft; payload: { digest: ReturnType<typeof digestBytes>; bytes: Uint8Array } } => {
  const bytes = canonicalBytes(text);
  const digest = digestBytes(bytes);
  const data = { output: digest, sizeBytes: bytes.length, tokens: 0, contract: "satisfied" } as const;
  return {
    event: { type: "EXECUTION_COMPLETED", subject: "task_00000000000000000000", data },
    payload: { digest, bytes },
  };
};

/** A log with one run of one event in a row and two in the next, no checkpoint behind its opening. */
async function begun(directory: string): Promise<RunId> {
  const journal = await open(directory);
  const bytes = canonicalBytes("plan");
  const plan = digestBytes(bytes);
  const { run, number } = journal.begin(plan);
  journal.append(
    run,
    {
      type: "PLAN_FROZEN",
      subject: run,
      data: { number, plan, registry: plan, tasks: 1, mode: "live", semantics: 1, engine: "local", fence: 1 },
    },
    [{ digest: plan, bytes }],
  );
  await journal.durable();
  for (const text of ["one", "two"]) {
    const { event, payload } = draft(text);
    journal.append(run, event, [payload]);
  }
  await journal.durable();
  await journal.close();
  return run;
}

/** Cuts the row of frames; its length before. */
function torn(directory: string, at: number): number {
  const database = new DatabaseSync(join(directory, "log.sqlite"));
  const row = database.prepare("SELECT first, frames FROM segments ORDER BY first DESC LIMIT 1").get();
  const frames = row?.["frames"] as Uint8Array;
  database
    .prepare("UPDATE segments SET frames = ? WHERE first = ?")
    .run(frames.subarray(0, at), Number(row?.["first"]));
  database.close();
  return frames.length;
}

const FIRST_CUT = 1;
const STEP = 37;

test("wherever a row of records is cut: whole rows stay, what is left of it is put aside, and the next record is its own", async () => {
  const seen = { cuts: 0, kept: new Set<number>() };
  for (let at = FIRST_CUT, length = Number.POSITIVE_INFINITY; at < length; at += STEP) {
    const directory = temporaryFolder();
    const run = await begun(directory);
    length = torn(directory, at);

    const journal = await open(directory);
    const kept = (await journal.events(run).catch(() => [])).length;
    const { event, payload } = draft("three");
    const appended = kept === 0 ? null : journal.append(run, event, [payload]);
    await journal.durable();
    await journal.close();

    expect(journal.repaired, `cut at ${at}`).toMatchObject({ sizeBefore: 3, sizeAfter: kept });
    const reader = openSqliteReader({ directory });
    const leaves = reader.readLeaves(0, 10).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()));
    const { findings } = await fsck(reader, { trust: { origin: ORIGIN, keys: [signer] } });
    reader.close();
    expect(
      findings.filter(({ code }) => code !== "plan-malformed"),
      `cut at ${at}`,
    ).toEqual([]);
    expect(leaves.map(({ type }) => type)).toEqual([
      ...["PLAN_FROZEN", "EXECUTION_COMPLETED", "EXECUTION_COMPLETED"].slice(0, kept),
      "JOURNAL_REPAIRED",
      ...(appended === null ? [] : ["EXECUTION_COMPLETED"]),
    ]);
    if (appended !== null) expect(leaves.at(-1)).toMatchObject({ seq: kept, data: { output: payload.digest } });
    seen.cuts += 1;
    seen.kept.add(kept);
  }

  process.stdout.write(`records torn: ${seen.cuts} cuts\n`);
  expect(seen.cuts).toBeGreaterThan(20);
  // Of a row that was cut nobody vouches for the records before the cut.
  expect([...seen.kept]).toEqual([1]);
});
