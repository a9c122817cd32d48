/**
 * What commands say and leave behind at the edges: a halt that comes while a write waits for its turn, a store that may
 * only be read, people who are made at the same time, a place that takes no file.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseTrustFile } from "@canonic/audit";
import { digestBytes } from "@canonic/contracts";
import { openSqliteReader, takeLock } from "@canonic/store-sqlite";
import { expect, test } from "vitest";
import { startCanonic } from "../main-job/command-line.ts";
import { type RunReport, THREE_DOMAINS, workplace } from "./plans.ts";

const NOBODY = 65_534;

test.skipIf(availableParallelism() < 2)(
  "a write that was withheld because a person halted the store ends its run with exit 4, and the halt is named",
  async () => {
    const at = workplace();
    mkdirSync(at.path("ledger"));
    writeFileSync(at.path("ledger/paced"), "");
    const entry = (name: string) => `  - { operation: ledger.record, parameters: { entry: ${name} } }\n`;
    const request = `order: independent\ntasks:\n${["a", "b"].map(entry).join("")}`;
    const live = await at.plan(request, "live", "--mode", "live");
    await at.json(["arm", "--reason", "a test"]);
    const begun = async (): Promise<number> => {
      const reader = openSqliteReader({ directory: at.path(".canonic") });
      const run = (await reader.runs()).find((each) => each.run.startsWith("run_"))?.run;
      reader.close();
      const events = run === undefined ? [] : await at.events(run);
      return events.filter(({ type }) => type === "EXECUTION_STARTED").length;
    };

    const { child, ended } = startCanonic(["run", live, "--mode", "live", "--json"], at.options);
    while ((!existsSync(at.path("ledger/a")) || (await begun()) < 2) && child.exitCode === null) await wait(20);
    await at.json(["halt", "--reason", "stop"]);
    writeFileSync(at.path("ledger/a.go"), "");
    const { code, stdout } = await ended;

    const report = JSON.parse(stdout) as RunReport;
    expect(report).toMatchObject({ status: "failed", failure: { code: "runner.withheld" } });
    expect(code).toBe(4);
    expect(existsSync(at.path("ledger/b"))).toBe(false);
  },
);

test("a store that may only be read says its mode and its tokens, and is left as it is", async () => {
  const at = workplace();
  const plan = await at.plan(THREE_DOMAINS);
  const token = await at.token(plan, "token.txt");
  await at.json(["halt", "--reason", "a test"]);
  const store = at.path(".canonic");
  chmodSync(at.folder, 0o755);
  chmodSync(store, 0o555);
  for (const name of ["authority.sqlite", "log.sqlite"]) chmodSync(at.path(`.canonic/${name}`), 0o444);
  const before = readFileSync(at.path(".canonic/authority.sqlite"));
  const asReader = async (...args: string[]) => {
    const user = process.getuid?.() === 0 ? { uid: NOBODY } : {};
    const { code, stdout, stderr } = await startCanonic([...args, "--json"], { ...at.options, ...user }).ended;
    return { code, stderr, said: JSON.parse(stdout === "" ? "null" : stdout) };
  };

  try {
    expect(await asReader("mode")).toMatchObject({ code: 0, stderr: "", said: { mode: "halted" } });
    expect(await asReader("token", "list")).toMatchObject({ code: 0, said: { tokens: [{ token, state: "valid" }] } });
    expect(await asReader("runs")).toMatchObject({ code: 0, stderr: "", said: { runs: [] } });
    const digest = digestBytes("anything");
    for (const args of [["arm"], ["redact", digest], ["keys", "rotate"]]) {
      const refused = await asReader(...args, ...(args[0] === "keys" ? [] : ["--reason", "no"]));
      expect({ code: refused.code, said: refused.said.error.code }).toEqual({
        code: 4,
        said: "store-sqlite.open-failed",
      });
      expect(refused.stderr).toContain(`\`${realpathSync(store)}\` may not be written`);
    }
  } finally {
    chmodSync(store, 0o755);
  }
  expect(digestBytes(readFileSync(at.path(".canonic/authority.sqlite")))).toBe(digestBytes(before));
});

test("of people who are made at the same time, all may approve", async () => {
  const at = workplace();
  await at.json(["keys", "init"]);
  const trustFile = at.path(".canonic/trust.json");
  const namesNow = () => (parseTrustFile(readFileSync(trustFile)).approvers ?? []).map(({ name }) => name);

  const release = takeLock(at.path(".canonic"), "trust.lock", 0);
  const people = ["ada", "ben", "cleo", "dora"];
  const started = people.map((name) => startCanonic(["keys", "approver", name, "--out", `${name}.pem`], at.options));
  await wait(1500);
  const meanwhile = namesNow();
  release();
  const codes = await Promise.all(started.map(async ({ ended }) => (await ended).code));

  expect(meanwhile).toEqual([]);
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(namesNow().sort()).toEqual(people);
});

test.skipIf(!existsSync("/proc/self"))(
  "a plan that cannot lie where it is asked for is refused, and nobody waits",
  async () => {
    const at = workplace();
    writeFileSync(at.path("request.yaml"), THREE_DOMAINS);

    expect(await at.refusal(["plan", "request.yaml", "--out", "/proc/x/y"], 2)).toBe("orchestrator.out-unwritable");
    expect(await at.json(["mode", "--store", "/proc/x/y"])).toMatchObject({ mode: "safe" });
    expect(await at.refusal(["halt", "--reason", "x", "--store", "/proc/x/y"], 4)).toBe("store-sqlite.open-failed");
  },
);

test("a run that was denied names the tasks that it skipped, to programs and to people", async () => {
  const at = workplace();
  const plan = await at.plan(THREE_DOMAINS);
  await at.token(plan, "one.txt", "--invocations", "1");

  const report = await at.json<RunReport & { readonly skipped: readonly string[] }>(
    ["run", plan, "--token", "one.txt"],
    1,
  );
  const skipped = (await at.events(report.run)).flatMap(({ type, subject }) =>
    type === "EXECUTION_SKIPPED" ? [subject] : [],
  );
  const { stdout } = await at.run("run", plan, "--token", "one.txt");

  expect(skipped.length).toBe(1);
  expect(report.skipped).toEqual(skipped);
  expect(stdout).toMatch(new RegExp(`^skipped {4}.*${skipped[0]}`, "m"));
});
