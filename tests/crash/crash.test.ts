import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Analysis, analyse, type Report } from "../main-job/analysis.ts";
import { canonic, canonicJson, type Ended, startCanonic, temporaryFolder } from "../main-job/command-line.ts";
import { spanishDeclaration } from "../main-job/documents.ts";
import { type Moment, momentsOf } from "./random-moments.ts";
import { expectSoundStore, runsOf, verdictOf } from "./sound-store.ts";

/** 50 for the full show. A seed that failed can be given again; the moment itself still depends on the machine. */
const CRASHES = Number(process.env["CANONIC_CRASHES"] ?? "2");
const SEED = process.env["CANONIC_CRASH_SEED"] ?? "canonic";

const folder = temporaryFolder();
let document: string;
let reference: Analysis;
let outputs: Buffer;
/** Milliseconds of the whole command, and of its part behind the opening of the store. */
let took: { readonly start: number; readonly store: number };

beforeAll(async () => {
  document = spanishDeclaration(folder).file;
  const store = join(folder, "reference", "store");
  const started = startCanonic(["analyze", document, "--store", store, "--out", join(folder, "reference", "out")]);
  const startedMs = performance.now();
  await untilOpen(store, started.ended);
  const openedMs = performance.now();
  const ended = await started.ended;
  expect(ended.code, ended.stderr).toBe(0);
  took = { start: performance.now() - startedMs, store: performance.now() - openedMs };
  reference = await analyse(join(folder, "reference"), [document]);
  outputs = readFileSync(join(reference.out, "outputs.jsonl"));
});

/** Where the kills landed: a suite that never hits a run in the middle proves nothing. */
const landed = { killed: 0, resumed: 0 };

describe.each(momentsOf(SEED, CRASHES))("after SIGKILL at $name", (moment) => {
  test("the same input ends in the same outputs, a valid bundle and a sound store", async () => {
    const store = join(folder, moment.name.replaceAll(/[^a-z0-9]+/g, "-"), "store");
    const out = join(store, "..", "out");
    const args = ["analyze", document, "--store", store, "--out", out];

    const killed = await killAt(moment, args, store);
    const [before] = await runsOf(store);
    const isUnsealed = before !== undefined && before.status === null;
    const again = isUnsealed && moment.share > 0.5 ? ["resume", before.run, "--store", store, "--out", out] : args;
    const report = await canonicJson<Report>(again);

    if (killed.signal === "SIGKILL") landed.killed += 1;
    if (report.resumed) landed.resumed += 1;
    if (isUnsealed) expect(report).toMatchObject({ run: before.run, resumed: true });
    expect(report).toMatchObject({ status: "completed", outputs: 300, outputsDigest: reference.report.outputsDigest });
    expect(readFileSync(join(out, "outputs.jsonl")).equals(outputs)).toBe(true);
    expect(await verdictOf(join(out, "bundle"), store)).toEqual({ verdict: "VALID", reasons: [] });
    const runs = await expectSoundStore(store);
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => "completed"));
    expect(readdirSync(join(out, "..")).sort()).toEqual(["out", "store"]);
  });
});

afterAll(() => {
  if (CRASHES >= 8) expect(landed.resumed).toBeGreaterThan(0);
});

test("a run that is killed twice goes on where the second process left it, and the command line finds it sound", async () => {
  const store = join(folder, "twice", "store");
  const out = join(store, "..", "out");
  const args = ["analyze", document, "--store", store, "--out", out];

  for (const share of [0.2, 0.3]) await killAt({ name: "twice", since: "store", share }, args, store);
  const report = await canonicJson<Report>(args);
  const verified = await canonic(["verify", join(out, "bundle"), "--trust", join(store, "trust.json")]);
  const checked = await canonic(["fsck", "--store", store]);

  expect(report.outputsDigest).toBe(reference.report.outputsDigest);
  expect(readFileSync(join(out, "outputs.jsonl")).equals(outputs)).toBe(true);
  await expectSoundStore(store);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^VALID\n/) });
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^clean/) });
});

test("a second process is refused, for the plan by its holder and for another by the store; the first ends as if alone", async () => {
  const store = join(folder, "shared", "store");
  const out = join(store, "..", "out");
  const args = ["analyze", document, "--store", store];
  const first = startCanonic([...args, "--out", out, "--json"]);
  await untilOpen(store, first.ended);
  first.child.kill("SIGSTOP");

  const second = await canonic([...args, "--out", join(folder, "second")]);
  const other = await canonic([...args, "--seed", "7", "--out", join(folder, "second")]);
  const reader = await canonic(["doctor", "--store", store]);
  first.child.kill("SIGCONT");
  const ended = await first.ended;

  expect(second.stderr).toMatch(/canonic: another process runs this plan: [^\n]+ \(orchestrator\.run-held\)\n$/);
  expect(second).toMatchObject({ code: 1, stdout: "" });
  expect(other.stderr).toMatch(/canonic: [^\n]+ \(store-sqlite\.locked\)\n$/);
  expect(other).toMatchObject({ code: 2, stdout: "" });
  expect(existsSync(join(folder, "second"))).toBe(false);
  expect(reader.code, reader.stdout).toBe(0);
  expect(ended.code, ended.stderr).toBe(0);
  expect(readFileSync(join(out, "outputs.jsonl")).equals(outputs)).toBe(true);
  expect(await expectSoundStore(store)).toHaveLength(1);
});

/** Starts the command and kills it at a moment; it may have ended before. */
async function killAt(moment: Moment, args: readonly string[], store: string): Promise<Ended> {
  const { child, ended } = startCanonic(args);
  if (moment.since === "store") await untilOpen(store, ended);
  await Promise.race([delay(moment.share * took[moment.since]), ended]);
  child.kill("SIGKILL");
  return ended;
}

/** Waits until a process has begun the log, or has ended. */
async function untilOpen(store: string, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = ended.then(() => {
    isOver = true;
  });
  while (!isOver && !existsSync(join(store, "log.begun"))) await Promise.race([delay(5), over]);
}
