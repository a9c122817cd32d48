/**
 * What it takes to verify evidence, by its size: time for each event, memory, and how much more than reading and hashing.
 *
 * Each size is made once by the packages themselves, in a process of its own; each verification is one too, so that the
 * peak of memory is that of one verification. `read and hash` reads the same files, hashes each whole, and hashes each line
 * of the events once more, which is what any verifier of a tree has to do; `read and hash whole` leaves the lines out.
 * Processor time is compared, not time on the wall: the machine may be busy.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { createHash, hash } from "node:crypto";
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createKeyPair,
  directorySource,
  exportArchive,
  exportBundle,
  openJournal,
  parseTrustFile,
  signerFromPem,
  trustFileOf,
  verifyEvidence,
} from "@canonic/audit";
import { openSqliteStore } from "@canonic/store-sqlite";
import { clock, EVENTS_PER_TASK, journalMeasuredRun } from "./evidence-bundles.ts";

const ORIGIN = "bench.test/log";
/** Of one run of an archive. */
const TASKS_PER_RUN = 2_000;
/** Small evidence is verified until so many events were seen: a large one is not compared with a process that begins. */
const WARM_EVENTS = 150_000;
const AIM = { ratio: 8, peakMb: 512, spread: 0.2 };

type Kind = "archive" | "run";
type Measured = {
  readonly verdict: string;
  readonly events: number;
  readonly sizeMb: number;
  readonly usPerEvent: number;
  readonly hashUsPerEvent: number;
  readonly wholeUsPerEvent: number;
  readonly peakMb: number;
};
export type VerifyReport = {
  readonly rows: readonly (Measured & { readonly kind: Kind })[];
  /** The slowest over the fastest time for an event, less one. */
  readonly spread: number;
};

/** Measures archives, then single runs, of these many events. */
export async function run(sizes: readonly number[] = [10_000, 100_000, 1_000_000]): Promise<VerifyReport> {
  const folder = mkdtempSync(join(tmpdir(), "canonic-verify-bench-"));
  try {
    const rows = (["archive", "run"] as const).flatMap((kind) =>
      sizes.map((events) => {
        const target = join(folder, `${kind}-${events}`);
        inChild(["--make", kind, String(events), target], ["--max-old-space-size=12000"]);
        const measured = JSON.parse(inChild(["--measure", target], [])) as Measured;
        rmSync(target, { recursive: true, force: true });
        return { kind, ...measured };
      }),
    );
    const times = rows.filter(({ kind }) => kind === "archive").map(({ usPerEvent }) => usPerEvent);
    return { rows, spread: Math.max(...times) / Math.min(...times) - 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inChild(args: readonly string[], flags: readonly string[]): string {
  const all = [...process.execArgv, ...flags, fileURLToPath(import.meta.url), ...args];
  return execFileSync(process.execPath, all, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

async function make(kind: Kind, events: number, target: string): Promise<void> {
  const signer = signerFromPem(ORIGIN, createKeyPair().privateKeyPem);
  const identity = { origin: ORIGIN, signer };
  const store = mkdtempSync(join(tmpdir(), "canonic-verify-store-"));
  const storage = openSqliteStore({ directory: store });
  const journal = await openJournal({ storage, clock, identity });
  const tasks = Math.ceil(events / EVENTS_PER_TASK);
  const runs = kind === "run" ? 1 : Math.ceil(tasks / TASKS_PER_RUN);
  try {
    let last: Awaited<ReturnType<typeof journalMeasuredRun>> | undefined;
    for (let seed = 0; seed < runs; seed += 1)
      last = await journalMeasuredRun(journal, kind === "run" ? tasks : TASKS_PER_RUN, seed);
    if (last === undefined) throw new Error("assertion failed: nothing was journaled");
    if (kind === "run") await exportBundle({ storage, identity, run: last, directory: target });
    else await exportArchive({ storage, identity, directory: target, from: 1, to: runs });
    writeFileSync(`${target}.trust.json`, JSON.stringify(trustFileOf(ORIGIN, [signer])));
  } finally {
    await journal.close();
    rmSync(store, { recursive: true, force: true });
  }
}

async function measure(target: string): Promise<Measured> {
  const trust = parseTrustFile(readFileSync(`${target}.trust.json`));
  const verify = () => timed(() => verifyEvidence(target, { trust }));
  let verified = await verify();
  const { verdict } = verified.value;
  const runs = "runs" in verified.value ? verified.value.runs : [verified.value.run];
  const events = runs.reduce((sum, one) => sum + (one?.events ?? 0), 0);
  for (let seen = events; seen < WARM_EVENTS; seen += events) verified = await verify();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const lines = await timed(() => hashAll(target, true));
  const whole = await timed(() => hashAll(target, false));
  const perEvent = (microseconds: number) => microseconds / events;
  return {
    verdict,
    events,
    sizeMb: whole.value / 2 ** 20,
    usPerEvent: perEvent(verified.microseconds),
    hashUsPerEvent: perEvent(lines.microseconds),
    wholeUsPerEvent: perEvent(whole.microseconds),
    peakMb,
  };
}

/** Reads and hashes every file, and each line of events where asked; how many bytes there were. */
async function hashAll(target: string, withLines: boolean): Promise<number> {
  let bytes = 0;
  for (const { path, sizeBytes } of await directorySource(target).list()) {
    bytes += sizeBytes;
    const all = createHash("sha256");
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of createReadStream(join(target, path), { highWaterMark: 256 * 1024 })) {
      all.update(piece as Buffer);
      if (!withLines || !path.endsWith("events.jsonl")) continue;
      let from = 0;
      const text = rest.length === 0 ? (piece as Buffer) : Buffer.concat([rest, piece as Buffer]);
      for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, from)) {
        hash("sha256", text.subarray(from, end), "buffer");
        from = end + 1;
      }
      rest = text.subarray(from);
    }
    all.digest();
  }
  return bytes;
}

/** Processor time of this process, all threads of it. */
async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly microseconds: number }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, microseconds: user + system };
}

function print({ rows, spread }: VerifyReport): void {
  for (const row of rows) {
    const ratio = (row.usPerEvent / row.hashUsPerEvent).toFixed(1);
    const whole = (row.usPerEvent / row.wholeUsPerEvent).toFixed(1);
    console.log(
      `  ${row.kind.padEnd(8)}${String(row.events).padStart(9)} events ${row.sizeMb.toFixed(0).padStart(5)} MB  ${row.verdict}  ` +
        `${row.usPerEvent.toFixed(1).padStart(6)} µs/event  ${ratio.padStart(5)} x read and hash (aim ${AIM.ratio})  ` +
        `${whole.padStart(5)} x read and hash whole  peak ${row.peakMb.toFixed(0)} MB (aim ${AIM.peakMb})`,
    );
  }
  console.log(`  archives: ${(spread * 100).toFixed(0)} % between the sizes (aim ${AIM.spread * 100} %)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , asked, kindOrTarget = "", events, target = ""] = process.argv;
  if (asked === "--make") await make(kindOrTarget as Kind, Number(events), target);
  else if (asked === "--measure") console.log(JSON.stringify(await measure(kindOrTarget)));
  else {
    console.log("verify: evidence by its size");
    print(await run(process.argv.slice(2).length > 0 ? process.argv.slice(2).map(Number) : undefined));
  }
}
