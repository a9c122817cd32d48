/** A process that appends is killed at moments of no meaning: nothing that it was told is durable may be gone. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair, fsck, openJournal, signerFromPem } from "@canonic/audit";
import type { RunId } from "@canonic/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { type LogPlace, openLog, openLogReader } from "./fixtures/log-place.ts";
import { dropSchemas, freshSchema, postgresUrl } from "./postgres.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-crash-"));
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await dropSchemas();
});

const child = fileURLToPath(new URL("fixtures/append-forever.ts", import.meta.url));
const { privateKeyPem } = createKeyPair();
const signer = signerFromPem("crash.test/log", privateKeyPem);
const trust = { origin: "crash.test/log", keys: [signer] };

/** Runs the child until it has said `lines` lines, then kills it; how far each run was said to be durable. */
async function killAfter(place: LogPlace, lines: number): Promise<ReadonlyMap<RunId, number>> {
  const process_ = spawn(
    process.execPath,
    ["--conditions=@canonic/source", child, JSON.stringify(place), privateKeyPem],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  let complaints = "";
  process_.stderr.on("data", (piece: Buffer) => {
    complaints += piece.toString();
  });
  process_.stdout.on("data", (piece: Buffer) => {
    said += piece.toString();
    if (said.split("\n").length > lines) process_.kill("SIGKILL");
  });
  const signal = await new Promise((done) => process_.on("close", (_code, by) => done(by)));
  expect(complaints).toBe("");
  expect(signal).toBe("SIGKILL");
  const durable = new Map<RunId, number>();
  for (const line of said.split("\n").slice(0, -1)) {
    const [run, events] = line.split(" ");
    durable.set(run as RunId, Number(events));
  }
  return durable;
}

const places: Readonly<Record<string, () => LogPlace>> = {
  sqlite: () => ({ directory: mkdtempSync(join(scratch, "log-")) }),
  "postgres, its checkpoint in a table": () => ({ connectionString: postgresUrl ?? "", schema: freshSchema() }),
  "postgres, its checkpoint in a file": () => ({
    connectionString: postgresUrl ?? "",
    schema: freshSchema(),
    checkpointDirectory: mkdtempSync(join(scratch, "checkpoint-")),
  }),
};
const isAbsent = (name: string) => name.startsWith("postgres") && postgresUrl === undefined;

describe.each(Object.entries(places))("an appending process on %s", (name, newPlace) => {
  test.skipIf(isAbsent(name))(
    "that is killed loses no acknowledged event, the chain holds, and fsck is clean, kill after kill",
    async () => {
      const place = newPlace();
      const durable = new Map<RunId, number>();
      let size = 0;
      for (const lines of [1, 13, 60, 200, 7]) {
        for (const [run, events] of await killAfter(place, lines)) durable.set(run, events);

        const reader = await openLogReader(place);
        const report = await fsck(reader, { trust });
        await reader.close();
        const journal = await openJournal({
          storage: await openLog(place),
          clock: { now: () => "2026-01-31T12:00:00.000Z" },
          identity: { origin: trust.origin, signer },
        });
        const kept = await Promise.all(
          [...durable].map(async ([run, events]) => (await journal.events(run)).length >= events),
        );

        expect(report.findings.filter(({ code }) => code !== "plan-malformed")).toEqual([]);
        expect(report.leaves).toBeGreaterThan(size);
        expect(journal.repaired).toBeNull();
        expect(kept.length).toBeGreaterThan(0);
        expect(kept).not.toContain(false);
        size = report.leaves;
        await journal.close();
      }
    },
    120_000,
  );
});
