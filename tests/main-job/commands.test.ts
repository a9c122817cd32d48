import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Analysis, analyse, type Report } from "./analysis.ts";
import { type CommandOptions, canonic, canonicJson, readBelow, temporaryFolder } from "./command-line.ts";
import { spanishDeclaration } from "./documents.ts";

const folder = temporaryFolder();
let document: string;
let analysis: Analysis;
let run: string;
beforeAll(async () => {
  document = spanishDeclaration(folder).file;
  analysis = await analyse(folder, [document]);
  run = analysis.report.run;
});

const UNKNOWN_RUN = "run_00000000000000000000";
const inStore = (...args: readonly string[]): readonly string[] => [...args, "--store", analysis.store];

/** Exit code 2, one coded line on standard error, nothing on standard output, no stack trace. */
async function expectRefused(args: readonly string[], code: string, options: CommandOptions = {}): Promise<void> {
  const ended = await canonic(args, options);
  expect(ended.stderr).toMatch(new RegExp(`^canonic: [^\\n]+ \\(${code.replaceAll(".", "\\.")}\\)\\n$`));
  expect(ended).toMatchObject({ code: 2, stdout: "" });
}

describe("reading a store", () => {
  test("lists its runs", async () => {
    const { runs } = await canonicJson<{ runs: unknown[] }>(inStore("runs"));
    const shown = await canonic(inStore("runs"));

    expect(runs).toEqual([
      expect.objectContaining({ run, number: 1, status: "completed", plan: analysis.report.planDigest }),
    ]);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(run) });
  });

  test("shows a run with its contracts", async () => {
    const shown = await canonicJson<Record<string, unknown>>(inStore("show", run));

    expect(shown).toMatchObject({ run, status: "completed", planDigest: analysis.report.planDigest });
    expect(shown).toMatchObject({ events: analysis.report.events, outputsDigest: analysis.report.outputsDigest });
    expect(shown["counts"]).toMatchObject({ EXECUTION_COMPLETED: 300, CONTRACT_VERDICT: 5, RUN_SEALED: 1 });
  });

  test("prints the exact leaves of a run, all or of one type", async () => {
    const all = await canonic(inStore("events", run));
    const verdicts = await canonic(inStore("events", run, "--type", "CONTRACT_VERDICT"));

    expect(all.code).toBe(0);
    expect(all.stdout).toBe(readFileSync(join(analysis.out, "bundle", "events.jsonl"), "utf8"));
    expect(verdicts.stdout.trimEnd().split("\n")).toHaveLength(5);
  });

  test("finds nothing wrong with a store and the machine under it", async () => {
    expect(await canonicJson(inStore("fsck"))).toMatchObject({ findings: [] });
    const doctor = await canonicJson<{ ok: boolean; findings: { what: string; detail: string }[] }>(inStore("doctor"));
    const detailOf = (what: string) => doctor.findings.find((finding) => finding.what === what)?.detail;

    expect(doctor.ok).toBe(true);
    expect(detailOf("trust")).toContain("issuers 1, approvers 0, attestors 1, witnesses 0, quorum of witnesses 0");
    expect(detailOf("keys")).toBe("4 private keys, readable by their owner alone");
  });

  test("needs no private key: who may only read has the graph, the events and the log's files", async () => {
    const store = join(temporaryFolder(), "store");
    const out = join(temporaryFolder(), "tiles");
    cpSync(analysis.store, store, { recursive: true });
    rmSync(join(store, "keys"), { recursive: true });
    const before = readBelow(store).size;

    await canonicJson(["graph", run, "--store", store]);
    await canonicJson(["events", run, "--format", "cloudevents", "--store", store]);
    await canonicJson(["log", "export", "--out", out, "--store", store]);

    expect(readBelow(out).size).toBeGreaterThan(0);
    expect(readBelow(store).size).toBe(before);
  });

  test("says by code what is not there", async () => {
    const empty = temporaryFolder();
    for (const command of ["show", "events"]) {
      await expectRefused(inStore(command, UNKNOWN_RUN), "audit.run-unknown");
      await expectRefused(inStore(command, "run_1"), "orchestrator.run-unknown");
    }
    const exported = ["export", run, "--out", join(empty, "b")];
    for (const args of [["runs"], ["fsck"], ["show", run], ["events", run], ["resume", run], exported]) {
      await expectRefused([...args, "--store", join(empty, "store")], "orchestrator.store-missing");
    }
    expect(readBelow(empty).size).toBe(0);
  });
});

describe("export and verify", () => {
  test("write the bundle that the analysis wrote, and find it VALID", async () => {
    const bundle = join(temporaryFolder(), "bundle");

    await canonicJson(inStore("export", run, "--out", bundle));

    expect(readBelow(bundle)).toEqual(readBelow(join(analysis.out, "bundle")));
    expect(await canonicJson(["verify", bundle, "--trust", analysis.trust])).toMatchObject({ verdict: "VALID" });
  });

  test("never write over a bundle, nor of a run that is not there", async () => {
    const bundle = join(temporaryFolder(), "bundle");

    await expectRefused(inStore("export", run, "--out", join(analysis.out, "bundle")), "orchestrator.out-not-empty");
    await expectRefused(inStore("export", UNKNOWN_RUN, "--out", bundle), "audit.run-unknown");

    expect(existsSync(bundle)).toBe(false);
  });

  test("say INVALID with a reason and exit 1 for a changed bundle and for another log's trust", async () => {
    const bundle = join(temporaryFolder(), "bundle");
    cpSync(join(analysis.out, "bundle"), bundle, { recursive: true });
    const outputs = readFileSync(join(bundle, "outputs.jsonl"));
    outputs[1000] = (outputs[1000] ?? 0) ^ 1;
    writeFileSync(join(bundle, "outputs.jsonl"), outputs);
    const stranger = join(temporaryFolder(), "store");
    await canonicJson(["keys", "init", "--store", stranger]);

    const changed = await canonic(["verify", bundle, "--trust", analysis.trust]);
    const untrusted = await canonic(["verify", join(analysis.out, "bundle"), "--trust", join(stranger, "trust.json")]);

    expect(changed).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^INVALID: [^\n]+\n[\s\S]*file-changed {2}outputs\.jsonl/),
    });
    expect(untrusted).toMatchObject({ code: 1, stdout: expect.stringMatching(/^INVALID: [^\n]*origin/) });
  });

  test("take trust from a file of its form alone", async () => {
    const bundle = join(analysis.out, "bundle");
    const broken = join(temporaryFolder(), "trust.json");
    writeFileSync(broken, '{"schema":"canonic/trust/v1","logs":[]}');

    await expectRefused(["verify", bundle, "--trust", broken], "audit.trust-invalid");
    await expectRefused(["verify", bundle, "--trust", `${broken}.missing`], "orchestrator.file-unreadable");
    expect(await canonic(["verify", bundle])).toMatchObject({ code: 2, stdout: "" });
  });

  test("tell a bundle that is not there from one that is not valid", async () => {
    const missing = await canonic(["verify", join(folder, "no-bundle"), "--trust", analysis.trust]);

    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toMatch(/^canonic: [^\n]+\([a-z-]+\.[a-z-]+\)\n$/);
  });
});

describe("resume", () => {
  test("writes the results of a sealed run again, from the store alone", async () => {
    const out = join(temporaryFolder(), "again");

    const report = await canonicJson<Report>(inStore("resume", run, "--out", out));

    expect(report).toMatchObject({ run, status: "completed", events: analysis.report.events, out });
    const before = readBelow(analysis.out);
    expect(readBelow(out)).toEqual(before);
    expect(await canonicJson<{ runs: unknown[] }>(inStore("runs"))).toMatchObject({ runs: [{ run }] });
  });

  test("says by code that there is no such run", async () => {
    await expectRefused(inStore("resume", "yesterday"), "orchestrator.run-unknown");
    const unknown = await canonic(inStore("resume", UNKNOWN_RUN));
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/\((audit|runner)\.run-unknown\)/);
  });
});

describe("keys init", () => {
  test("makes a key that only its owner may read, and never another", async () => {
    const store = join(temporaryFolder(), "store");

    const first = await canonicJson(["keys", "init", "--store", store]);
    const pem = readFileSync(join(store, "keys", "log.pem"));
    const second = await canonicJson(["keys", "init", "--store", store]);

    expect(second).toEqual(first);
    expect(readFileSync(join(store, "keys", "log.pem"))).toEqual(pem);
    expect(statSync(join(store, "keys", "log.pem")).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(store, "trust.json"), "utf8"))).toMatchObject({ schema: "canonic/trust/v1" });
  });

  test("lets processes that make a store at the same time have one key", async () => {
    const store = join(temporaryFolder(), "store");

    const made = await Promise.all(Array.from({ length: 4 }, () => canonicJson(["keys", "init", "--store", store])));

    expect(made).toEqual(made.map(() => made[0]));
    expect([...readBelow(store).keys()]).toEqual([
      "keys/attestor.pem",
      "keys/log.pem",
      "keys/operator.pem",
      "keys/salt.id",
      "keys/salt.key",
      "trust.json",
    ]);
  });

  test("is no way around a lost or damaged key", async () => {
    const store = join(temporaryFolder(), "store");
    cpSync(analysis.store, store, { recursive: true });
    const key = join(store, "keys", "log.pem");
    const pem = readFileSync(key, "utf8");

    writeFileSync(key, pem.slice(0, 60));
    await expectRefused(["keys", "init", "--store", store], "orchestrator.keys-invalid");
    rmSync(key);
    await expectRefused(["keys", "init", "--store", store], "orchestrator.keys-invalid");

    expect(existsSync(key)).toBe(false);
  });
});

describe("fsck and doctor", () => {
  test("find a changed byte of a leaf, exit 1", async () => {
    const store = join(temporaryFolder(), "store");
    cpSync(analysis.store, store, { recursive: true });
    const database = join(store, "log.sqlite");
    const bytes = readFileSync(database);
    const at = bytes.indexOf('"EXECUTION_COMPLETED"', Math.floor(bytes.length / 3));
    bytes[at + 5] = (bytes[at + 5] ?? 0) ^ 1;
    writeFileSync(database, bytes);

    const { findings } = await canonicJson<{ findings: unknown[] }>(["fsck", "--store", store], { code: 1 });

    expect(at).toBeGreaterThan(0);
    expect(findings.length).toBeGreaterThan(0);
  });

  test("find a trust file that is none, exit 1", async () => {
    const store = join(temporaryFolder(), "store");
    mkdirSync(store);
    writeFileSync(join(store, "trust.json"), "{}");

    expect(await canonicJson(["doctor", "--store", store], { code: 1 })).toMatchObject({ ok: false });
  });
});

describe("usage", () => {
  const commands = ["analyze", "resume", "runs", "show", "events", "export", "verify", "fsck", "keys init", "doctor"];

  test("explains every command with an example", async () => {
    const top = await canonic(["--help"]);
    expect(top.code).toBe(0);
    for (const command of commands) {
      expect(top.stdout).toContain(`\n  ${command.split(" ")[0]}`);
      const { code, stdout, stderr } = await canonic([...command.split(" "), "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`Examples?:\\n  canonic ${command}`));
      for (const option of ["--store", "--json", "--no-color"]) expect(stdout).toContain(option);
    }
  });

  test.each([
    [["analyse"]],
    [["--nonsense"]],
    [["runs", "--nonsense"]],
    [["show"]],
    [["show", "a", "b"]],
    [["export", UNKNOWN_RUN]],
    [["keys"]],
    [[]],
  ])("answers `canonic %s` with help on standard error and exit 2", async (args) => {
    const ended = await canonic(args);

    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/canonic/);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  test("names the package that brings a command which no loaded pack has", async () => {
    const config = join(import.meta.dirname, "without-packs.config.ts");

    await expectRefused(["analyze", "--store", join(folder, "none")], "orchestrator.pack-missing", { config });

    const { stderr } = await canonic(["analyze", document], { config });
    expect(stderr).toContain("@canonic/policy-analysis");
    expect(await canonic(inStore("runs"), { config })).toMatchObject({ code: 0 });
  });

  test("refuses a configuration that is not there or is none", async () => {
    const broken = join(temporaryFolder(), "canonic.config.ts");
    writeFileSync(broken, "export default { packs: 1 };\n");

    await expectRefused(["runs"], "orchestrator.config-invalid", { config: broken });
    await expectRefused(["runs"], "orchestrator.config-not-found", { config: `${broken}.missing` });
  });

  test("finds the repository's own configuration from another folder", async () => {
    const ended = await canonic(["analyze", "--help"], { cwd: temporaryFolder(), config: null });

    expect(ended.code).toBe(0);
  });
});

test("stops quietly when the reader of its output has enough", () => {
  const node = join(import.meta.dirname, "..", "..", "node_modules", "node", "bin", "node");
  const cli = join(import.meta.dirname, "..", "..", "apps", "orchestrator", "src", "cli.ts");
  const line = `"${node}" --conditions=@canonic/source "${cli}" events ${run} --store "${analysis.store}" | head -n 1`;

  const { status, stdout, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });

  expect(status).toBe(0);
  expect(stdout).toContain("PLAN_FROZEN");
  expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
});
