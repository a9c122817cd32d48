/**
 * Personal values by the command itself: planned, run, approved, verified and replayed; then erased, and not to be found by
 * trying; the salt key is in its file and nowhere else.
 */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Digest, digestJson, type Plan } from "@canonic/contracts";
import { expect, test } from "vitest";
import { workplace } from "../authority/plans.ts";
import { canonic, canonicJson, type Ended, readBelow } from "../main-job/command-line.ts";
import { root } from "../tidy/tree.ts";

const config = join(root, "tests", "personal", "people.config.ts");
const REQUEST = `
tasks:
  - name: ask
    operation: people.ask
    parameters: { name: ada lovelace }
  - name: greet
    operation: people.greet
    bind: { answer: { task: ask, pointer: /agrees } }
gates:
  - { name: SG_1, before: greet }
`;

/** Every digest that the file spells: what a guess is compared with. */
const spelledIn = (files: ReadonlyMap<string, Uint8Array>): ReadonlySet<string> =>
  new Set(
    [...files].flatMap(([path, bytes]) => [
      ...(Buffer.from(bytes)
        .toString("utf8")
        .match(/sha256:[0-9a-f]{64}/g) ?? []),
      `sha256:${path.match(/([0-9a-f]{64})\.json$/)?.[1] ?? ""}`,
    ]),
  );
const guesses = (): readonly Digest[] =>
  ["ada lovelace", "yes", "no", { name: "ada lovelace" }, { agrees: "yes" }, { agrees: "no" }].map((one) =>
    digestJson(one),
  );

test("a run about a person is approved, VALID and replayed; erased, it keeps its proofs and gives nothing away", {
  timeout: 240_000,
}, async () => {
  const at = workplace(config);
  const said: Ended[] = [];
  await at.json(["keys", "init"]);
  await at.json(["keys", "approver", "ann", "--out", "ann.pem"]);
  await at.plan(REQUEST);
  const again = await at.json<{ plan: string }>(["plan", "plan.yaml", "--out", "again.json"]);
  await at.token("plan.json", "token.txt");

  const waiting = await at.json(["run", "plan.json", "--token", "token.txt"], 3);
  const { run } = waiting;
  const shown = await at.json<{ plan: string; done: readonly { digest: Digest; output: string }[] }>([
    "approve",
    run,
    "SG_1",
    "--key",
    "ann.pem",
    "--meaning",
    "read",
    "--out",
    "yes.json",
  ]);
  // The person sees the value, and signs the digest that the log has of it.
  expect(shown.done.map(({ output }) => output)).toEqual(['{"agrees":"yes"}']);
  expect(shown.plan).toBe(again.plan);
  const report = await at.json(["resume", run, "--approval", "yes.json", "--token", "token.txt"]);
  expect(report).toMatchObject({ status: "completed", outputs: 2 });

  await at.json(["export", run, "--out", "whole"]);
  const trust = ["--trust", ".canonic/trust.json"];
  expect(await at.json<object>(["verify", "whole", ...trust, "--replay"])).toMatchObject({
    verdict: "VALID",
    run: { replay: { same: 2, different: 0 } },
  });

  const { artifacts, tasks } = JSON.parse(readFileSync(at.path("whole/plan.json"), "utf8")) as Plan;
  const outputs = (await at.events(run)).flatMap((event) =>
    event.type === "EXECUTION_COMPLETED" ? [event.data.output] : [],
  );
  const name = tasks[0]?.inputs["name"] ?? artifacts[0];
  for (const digest of [name, ...outputs])
    said.push(await at.run("redact", digest ?? "", "--reason", "asked for", "--run", run));
  await at.json(["export", run, "--out", "erased"]);
  const erased = readBelow(at.path("erased"));

  const verified = await at.json<{ verdict: string; reasons: { code: string }[] }>(["verify", "erased", ...trust], 1);
  expect([verified.verdict, [...new Set(verified.reasons.map(({ code }) => code))]]).toEqual([
    "INDETERMINATE",
    ["redacted"],
  ]);
  const spelled = spelledIn(erased);
  expect(spelled.size).toBeGreaterThan(20);
  expect(guesses().filter((digest) => spelled.has(digest))).toEqual([]);
  for (const [path, bytes] of erased) expect(Buffer.from(bytes).includes("lovelace"), path).toBe(false);

  // The key in every form that a leak would take.
  const hex = readFileSync(at.path(".canonic/keys/salt.key"), "utf8").trim();
  const forms = [
    hex,
    Buffer.from(hex, "hex").toString("base64").slice(0, 40),
    Buffer.from(hex, "hex").toString("latin1"),
  ];
  const shows = [["doctor"], ["show", run], ["events", run], ["fsck"]];
  said.push(...(await Promise.all(shows.map((args) => canonic(args, at.options)))));
  const places = new Map(
    [...readBelow(at.folder)].map(([path, bytes]) => [path, Buffer.from(bytes).toString("latin1")]),
  );
  for (const [index, { stdout, stderr }] of said.entries()) places.set(`output ${index}`, stdout + stderr);
  expect([...places].filter(([, text]) => forms.some((form) => text.includes(form))).map(([path]) => path)).toEqual([
    ".canonic/keys/salt.key",
  ]);

  // Without its key a store plans and runs nothing.
  cpSync(at.path(".canonic"), at.path("lost"), { recursive: true });
  rmSync(at.path("lost/keys/salt.key"));
  const before = readFileSync(at.path("lost/log.sqlite"));
  for (const args of [
    ["run", "plan.json", "--token", "token.txt", "--store", "lost"],
    ["plan", "plan.yaml", "--out", "lost.json", "--store", "lost"],
  ]) {
    const { error } = await canonicJson<{ error: { code: string } }>(args, { ...at.options, code: 2 });
    expect(error.code).toBe("orchestrator.keys-invalid");
  }
  expect(readFileSync(at.path("lost/log.sqlite")).equals(before)).toBe(true);
});
