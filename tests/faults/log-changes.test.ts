/**
 * A store whose log changes its key, and one that has a payload removed, killed on the way into each call that changes a file.
 *
 * The default is a sample; `CANONIC_FAULTS=all` takes every call.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCheckpoint } from "@canonic/audit";
import type { Digest } from "@canonic/contracts";
import { openSqliteReader } from "@canonic/store-sqlite";
import { beforeAll, describe, expect, test } from "vitest";
import { domainsConfig } from "../authority/plans.ts";
import { canonic, canonicJson, commandLine, plainEnvironment, temporaryFolder } from "../main-job/command-line.ts";
import { expectKept, seenIn, trustIn } from "./aftermath.ts";
import { STORE } from "./scenarios.ts";
import { type Command, canTrace, type FaultPoint, faultPointsOf, withFault } from "./strace.ts";

const isAll = process.env["CANONIC_FAULTS"] === "all";
const SAMPLE = 4;
const isTraced = canTrace();
const REQUEST = "tasks:\n  - name: pin\n    operation: source.pin\n    parameters: { name: law }\n";

/** strace knows a rename by the name that goes. */
const NAMED_BEFORE = new Map([
  ["rename .canonic/checkpoint", ".canonic/checkpoint.new"],
  ["rename .canonic/keys/log.pem", ".canonic/keys/log-next.pem"],
]);

type Seed = { readonly base: string; readonly run: string; readonly claims: Digest; readonly trust: string };
let seed: Seed;

/** A store with one completed run. */
async function seeded(): Promise<Seed> {
  const base = temporaryFolder();
  const options = { cwd: base, config: domainsConfig };
  writeFileSync(join(base, "plan.yaml"), REQUEST);
  await canonicJson(["plan", "plan.yaml", "--out", "plan.json", "--mode", "dryrun"], options);
  const told = await canonicJson(["run", "plan.json", "--mode", "dryrun"], options);
  const { run } = told as { run: string };
  const seen = await seenIn(base, trustIn(base));
  const validated = seen?.leaves.find(({ event }) => event.type === "TOKEN_VALIDATION")?.event;
  if (validated?.type !== "TOKEN_VALIDATION" || validated.data.claims === null)
    throw new Error("no token was validated");
  return { base, run, claims: validated.data.claims, trust: readFileSync(join(base, STORE, "trust.json"), "utf8") };
}

function commandFor(args: readonly string[]): Command {
  const cwd = join(temporaryFolder(), "work");
  cpSync(seed.base, cwd, { recursive: true });
  return { line: commandLine(args, domainsConfig), cwd, env: plainEnvironment() };
}

/** Calls on what holds the log and its keys; evenly over the command, each with its file. */
async function pointsOf(args: readonly string[]): Promise<readonly FaultPoint[]> {
  const command = commandFor(args);
  const { ended, points } = await faultPointsOf(command, join(command.cwd, "..", "trace"));
  expect(ended.code, ended.stderr).toBe(0);
  // What a file was called before it got its name is gone when strace looks for it again.
  const named = points.map((point) => ({
    ...point,
    file: NAMED_BEFORE.get(`${point.call} ${point.file}`) ?? point.file,
  }));
  const own = named.filter(({ call, file }) => call !== "unlink" && /^\.canonic\/(keys\/|log\.|checkpoint)/.test(file));
  expect(own.length).toBeGreaterThan(SAMPLE);
  const step = isAll ? 1 : own.length / SAMPLE;
  return Array.from(
    { length: isAll ? own.length : SAMPLE },
    (_, at) => own[Math.floor((at + 0.5) * step)] as FaultPoint,
  );
}

/** Kills the command at a point, does it again, and tells what holds at both moments; undefined when strace missed the call. */
async function killed(args: readonly string[], point: FaultPoint) {
  const command = commandFor(args);
  const before = await seenIn(command.cwd, trustIn(command.cwd));
  const { injected } = await withFault(command, point, "KILL", join(command.cwd, "..", "trace"));
  if (injected === 0) return undefined;
  const between = await seenIn(command.cwd, trustIn(command.cwd));
  expectKept(before, between);
  const again = await canonic(args, { cwd: command.cwd, config: domainsConfig });
  const after = await seenIn(command.cwd, trustIn(command.cwd));
  expectKept(between, after);
  expect(after?.report.findings, JSON.stringify(point)).toEqual([]);
  expect(readFileSync(join(command.cwd, STORE, "trust.json"), "utf8")).toBe(seed.trust);
  return { cwd: command.cwd, between, again, after };
}

/** The verdict of the run's evidence, exported now, under the trust file from before. */
async function verdictIn(cwd: string): Promise<string> {
  const exported = await canonic(["export", seed.run, "--out", "evidence"], { cwd, config: domainsConfig });
  expect(exported.code, exported.stderr).toBe(0);
  const args = ["verify", "evidence", "--trust", `${STORE}/trust.json`, "--json"];
  const { stdout } = await canonic(args, { cwd, config: domainsConfig });
  return (JSON.parse(stdout) as { verdict: string }).verdict;
}

describe.skipIf(!isTraced)("a store that is killed", () => {
  beforeAll(async () => {
    seed = await seeded();
  }, 60_000);

  test("while its log changes its key stays one log, under its own trust file", async () => {
    const args = ["keys", "rotate"];
    const points = await pointsOf(args);
    let kills = 0;
    for (const point of points) {
      const found = await killed(args, point);
      if (found === undefined) continue;
      const { cwd, between, again, after } = found;
      kills += 1;

      expect(between?.report.findings, JSON.stringify(point)).toEqual([]);
      expect(again.code, again.stderr).toBe(0);
      const rotations = after?.leaves.filter(({ event }) => event.type === "KEY_ROTATED").length ?? 0;
      const files = readdirSync(join(cwd, STORE, "keys"));
      expect(files.filter((name) => /^log-[0-9]+\.pem$/.test(name))).toHaveLength(rotations);
      expect([files.includes("log.pem"), files.includes("log-next.pem")]).toEqual([true, false]);
      const note = readFileSync(join(cwd, STORE, "checkpoint"));
      expect(readCheckpoint(note).size).toBe(after?.leaves.length);
      if (isAll || kills === 1) expect(await verdictIn(cwd)).toBe("VALID");
    }
    expect(kills).toBeGreaterThan(points.length / 2);
    process.stdout.write(`keys rotate: killed at ${kills} of ${points.length} calls\n`);
  }, 600_000);

  test("while a payload is removed either has it and says nothing, or says that it is gone, and it is", async () => {
    const args = ["redact", seed.claims, "--reason", "asked to be forgotten"];
    const points = await pointsOf(args);
    let kills = 0;
    for (const point of points) {
      const found = await killed(args, point);
      if (found === undefined) continue;
      const { cwd, between, again, after } = found;
      kills += 1;

      const isSaid = between?.leaves.some(({ event }) => event.type === "PAYLOAD_REDACTED") ?? false;
      const codes = new Set(between?.report.findings.map(({ code }) => code));
      codes.delete("redaction-incomplete");
      expect([...codes], JSON.stringify(point)).toEqual([]);
      expect(again.code, again.stderr).toBe(isSaid ? 2 : 0);
      expect(after?.leaves.filter(({ event }) => event.type === "PAYLOAD_REDACTED")).toHaveLength(1);
      const reader = openSqliteReader({ directory: join(cwd, STORE) });
      expect(reader.payload(seed.claims)).toBeUndefined();
      reader.close();
      expect(existsSync(join(cwd, "evidence"))).toBe(false);
      if (isAll || kills === 1) expect(await verdictIn(cwd)).toBe("INDETERMINATE");
    }
    expect(kills).toBeGreaterThan(points.length / 2);
    process.stdout.write(`redact: killed at ${kills} of ${points.length} calls\n`);
  }, 600_000);
});
