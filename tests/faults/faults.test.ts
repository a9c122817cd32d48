/**
 * Every call with which a small run changes a file fails once, or is the last that the process makes.
 *
 * The default is a sample; `CANONIC_FAULTS=all` takes every call with every fault.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { signerFromPem } from "@canonic/audit";
import { expect, test } from "vitest";
import { domainsConfig } from "../authority/plans.ts";
import { canonic, canonicJson } from "../main-job/command-line.ts";
import { expectGapFree, expectIntents, expectKept, expectWholeResults, seenIn, trustIn } from "./aftermath.ts";
import { allFaults, countsOf, inTurns, type PlannedFault, sampleOf } from "./fault-sample.ts";
import { ACKS, commandIn, journalScenario, runScenarios, type Scenario } from "./scenarios.ts";
import { canTrace, faultPointsOf, type Tampered, withFault } from "./strace.ts";

/** `all`, or a part of all: `2/8` is every eighth, from the second. */
const [, part = "1", parts = "1"] = /^(\d+)\/(\d+)$/.exec(process.env["CANONIC_FAULTS"] ?? "") ?? [];
const isAll = process.env["CANONIC_FAULTS"] === "all" || parts !== "1";
const isTraced = canTrace();
if (!isTraced) process.stderr.write("strace is absent or may not trace here: no system call is made to fail\n");
const minutes = (count: number) => count * 60_000;

test.runIf(process.env["CI"] === "true")("strace is there where the whole check must run", () => {
  expect(isTraced).toBe(true);
});

type Told = { readonly run: string; readonly status: string; readonly verification: { readonly verdict: string } };

/** Of the files of the store that hold what happened; the others are keys, trust and results. */
const OF_THE_LOG = /^\.canonic\/(log\.|authority\.|checkpoint|writer\.lock)/;

/** Says what was wrong where, with all that is needed to see it again. */
function at(scenario: Scenario, planned: PlannedFault, { code, signal, stderr, injected }: Tampered): string {
  return JSON.stringify({ scenario: scenario.name, ...planned, code, signal, stderr, injected });
}

/** Plays all planned faults, two at a time, and tells of every one that did not end as it must. */
async function playAll(faults: readonly PlannedFault[], play: (planned: PlannedFault) => Promise<number>) {
  const waiting = [...faults];
  const broken: string[] = [];
  const missed: string[] = [];
  let injected = 0;
  const lane = async (): Promise<void> => {
    for (let planned = waiting.shift(); planned !== undefined; planned = waiting.shift()) {
      try {
        const reached = await play(planned);
        injected += reached;
        if (reached === 0) missed.push(JSON.stringify(planned));
      } catch (error) {
        broken.push(error instanceof Error ? error.message : String(error));
        process.stderr.write(`${broken.at(-1)}\n`);
      }
    }
  };
  await Promise.all([lane(), lane()]);
  expect(broken).toEqual([]);
  return { injected, missed };
}

/** A whole command is dear: by default each of its calls fails in one way, another in each scenario. */
const sampleOfRun = (all: readonly PlannedFault[], { name }: Scenario, count: number) =>
  name === "journal" ? sampleOf(all, count) : sampleOf(inTurns(all, name.length), count, ({ call }) => call);

async function faultsOf(scenario: Scenario, count: number) {
  const command = commandIn(scenario);
  const { ended, points } = await faultPointsOf(command, join(command.cwd, "..", "trace"));
  expect(ended.code, ended.stderr).toBe(0);
  const inside = points.filter(({ file }) => !file.startsWith("ledger/") && file !== ACKS);
  const all = allFaults(inside);
  const chosen = isAll
    ? all.filter((_, at) => at % Number(parts) === Number(part) - 1)
    : sampleOfRun(all, scenario, count);
  process.stdout.write(`${scenario.name}: ${inside.length} calls: ${countsOf(inside)}\n`);
  expect(new Set(inside.map(({ call }) => call)).size).toBeGreaterThan(3);
  return { all, chosen };
}

type Played = { readonly injected: number; readonly missed: readonly string[] };

function report(
  name: string,
  { injected, missed }: Played,
  chosen: readonly PlannedFault[],
  all: readonly PlannedFault[],
): void {
  process.stdout.write(`${name}: ${injected} faults injected (${countsOf(chosen)}), of ${all.length} that there are\n`);
  // How tasks fall into commits differs a little from run to run, and with it how often a file is written.
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(0.1 * chosen.length);
}

test.runIf(isTraced)(
  "a command whose calls fail halts with exit 4 or recovers, forgets nothing, and is done again",
  { timeout: isAll ? minutes(90) : minutes(5) },
  async () => {
    for (const scenario of await runScenarios()) {
      const { all, chosen } = await faultsOf(scenario, 9);
      const played = await playAll(chosen, (planned) => playRun(scenario, planned));
      report(scenario.name, played, chosen, all);
    }
  },
);

async function playRun(scenario: Scenario, planned: PlannedFault): Promise<number> {
  const command = commandIn(scenario);
  const { cwd } = command;
  const options = { cwd, config: domainsConfig };
  const ended = await withFault(command, planned, planned.fault, join(cwd, "..", "trace"));
  const where = at(scenario, planned, ended);
  expectHonestEnd(planned, ended, where);

  const before = await seenIn(cwd, trustIn(cwd));
  expectIntents(cwd, scenario, before);
  const results = await expectWholeResults(cwd);
  if (ended.code === 0) {
    const { run, status, verification } = JSON.parse(ended.stdout) as Told;
    expect({ status, verdict: verification.verdict, results }, where).toEqual({
      status: "completed",
      verdict: "VALID",
      results: 1,
    });
    expect(
      before?.leaves.filter((leaf) => leaf.run === run && leaf.event.type === "RUN_SEALED"),
      where,
    ).toHaveLength(1);
  }
  if (before !== undefined) {
    expectGapFree(before);
    expect(
      before.report.findings.filter(({ code }) => code !== "checkpoint-missing"),
      where,
    ).toEqual([]);
  }

  const again = await canonic([...scenario.line.slice(scenario.line.indexOf("run"), -2)], options);
  expect(again.code, `${where}\n${again.stdout}\n${again.stderr}`).toBe(0);
  const after = await seenIn(cwd, trustIn(cwd));
  expectKept(before, after);
  if (after === undefined) throw new Error("a run that completed has a log");
  expectGapFree(after);
  expect(after.report.findings, where).toEqual([]);
  expect(after.leaves.filter(({ event }) => event.type === "RUN_SEALED").length, where).toBe(
    after.leaves.filter(({ event }) => event.type === "PLAN_FROZEN").length,
  );
  expect(await expectWholeResults(cwd), where).toBeGreaterThan(0);
  return ended.injected > 0 ? 1 : 0;
}

/** Killed, halted by its code, or done; what a person named, and results, may also be told as unwritable. */
function expectHonestEnd({ fault, file }: PlannedFault, ended: Tampered, where: string): void {
  expect(ended.stderr, where).not.toMatch(/^\s+at |orchestrator\.internal/m);
  if (fault === "KILL" && ended.injected > 0) return;
  if (ended.code === 0) return;
  expect(OF_THE_LOG.test(file) ? [4] : [2, 4], where).toContain(ended.code);
  expect(ended.stderr, where).toMatch(/^canonic: [^\n]+ \((audit|store-sqlite|orchestrator|authority)\.[a-z-]+\)$/m);
}

test.runIf(isTraced)(
  "a journal whose calls fail refuses everything from then on, and what it acknowledged is there for good",
  { timeout: isAll ? minutes(60) : minutes(5) },
  async () => {
    const scenario = journalScenario();
    const keys = [signerFromPem("faults.test/log", scenario.privateKeyPem)];
    const trust = { origin: "faults.test/log", keys };
    const { all, chosen } = await faultsOf(scenario, 10);
    const played = await playAll(chosen, (planned) => playJournal(scenario, planned, trust));
    report(scenario.name, played, chosen, all);
  },
);

async function playJournal(
  scenario: Scenario,
  planned: PlannedFault,
  trust: Parameters<typeof seenIn>[1],
): Promise<number> {
  const command = commandIn(scenario);
  const ended = await withFault(command, planned, planned.fault, join(command.cwd, "..", "trace"));
  const where = at(scenario, planned, ended);
  if (ended.injected > 0 && planned.fault !== "KILL") {
    expect(ended.stderr, where).not.toMatch(/^\s+at |uncoded/m);
    const said = /^halted: ([a-z.-]+)(?:, append ([a-z.-]+), durable ([a-z.-]+))?\n$/.exec(ended.stderr);
    expect([0, 4], where).toContain(ended.code);
    expect(said !== null, where).toBe(ended.code === 4);
    if (said?.[1] === "audit.poisoned") expect(said.slice(2), where).toEqual(["audit.poisoned", "audit.poisoned"]);
  }
  const before = await seenIn(command.cwd, trust);
  const acknowledged = acksIn(command.cwd);
  expectAcknowledged(acknowledged, before, where);
  if (before !== undefined) {
    expectGapFree(before);
    expect(codes(before.report.findings), where).toEqual([]);
  }

  const plain = await faultPointsOf(command, join(command.cwd, "..", "trace"));
  expect(plain.ended.code, `${where}\n${plain.ended.stderr}`).toBe(0);
  const after = await seenIn(command.cwd, trust);
  expectKept(before, after);
  expectAcknowledged(acksIn(command.cwd), after, where);
  if (after === undefined) throw new Error("a journal that was appended to has a log");
  expectGapFree(after);
  expect(codes(after.report.findings), where).toEqual([]);
  return ended.injected > 0 ? 1 : 0;
}

/** The appender's plans are words, not plans; and a log that has no leaf yet needs no checkpoint. */
const codes = (findings: readonly { readonly code: string }[]): readonly string[] =>
  findings.map(({ code }) => code).filter((code) => !["plan-malformed", "checkpoint-missing"].includes(code));

function acksIn(cwd: string): readonly string[] {
  return readFileSync(join(cwd, ACKS), "utf8").split("\n").filter(Boolean);
}

/** Every acknowledged leaf is in the log as it was acknowledged, and no two of them share a place. */
function expectAcknowledged(lines: readonly string[], seen: Awaited<ReturnType<typeof seenIn>>, where: string): void {
  const places = new Map((seen?.leaves ?? []).map(({ run, seq, hash }) => [`${run} ${seq}`, `sha256:${hash}`]));
  for (const line of lines) {
    const [run, seq, digest] = line.split(" ");
    expect(places.get(`${run} ${seq}`), `${where} lost ${line}`).toBe(digest);
  }
  const claimed = lines.map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(new Set(claimed).size, where).toBe(claimed.length);
}

test("the commands are asked too: fsck is clean over what is left, and the run goes on", {
  timeout: minutes(5),
}, async () => {
  if (!isTraced) return;
  const [, live] = await runScenarios();
  const scenario = live as Scenario;
  const command = commandIn(scenario);
  const options = { cwd: command.cwd, config: domainsConfig };
  const point = { call: "pwrite64", file: ".canonic/log.sqlite-wal", number: 22 } as const;
  const ended = await withFault(command, point, "EIO", join(command.cwd, "..", "trace"));
  expect(ended).toMatchObject({ code: 4, injected: 1 });

  const checked = await canonic(["fsck"], options);
  const { runs } = await canonicJson<{ runs: { run: string; status: string | null }[] }>(["runs"], options);
  const [open] = runs;
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^clean/) });
  expect(open).toMatchObject({ status: null });
  await canonicJson(["export", String(open?.run), "--out", "part"], options);
  const judged = await canonicJson<{ verdict: string }>(["verify", "part", "--trust", ".canonic/trust.json"], {
    ...options,
    code: 1,
  });
  expect(judged.verdict).toBe("INDETERMINATE");
  const resumed = await canonicJson<Told>(["resume", String(open?.run)], options);
  expect(resumed).toMatchObject({ status: "completed", verification: { verdict: "VALID" } });
});
