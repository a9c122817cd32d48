/**
 * What was erased stays unknown: whoever has a bundle without its personal values cannot find them by trying, and whoever
 * has one with them can check every digest without a key.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memorySource, type ReplayPort, verifyBundle } from "@canonic/audit";
import {
  canonicalJson,
  type Digest,
  digestBytes,
  type JsonObject,
  openSalted,
  type RunId,
  saltedText,
} from "@canonic/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testKey } from "../vectors/bundles/keys.ts";
import { forgedAgain, listedAgain, type Opened, opened } from "../vectors/bundles/reseal.ts";
import { type Office, openOffice, peopleOf, type Session } from "./office.ts";
import type { People } from "./office-operations.ts";
import { askingOf, guessedFrom, textsOf } from "./personal-runs.ts";

const people = peopleOf({ log: testKey("log"), issuer: testKey("issuer"), ann: testKey("ann") });
const KEY = Uint8Array.from({ length: 32 }, (_, index) => 7 * index + 1);
const OTHER_KEY = Uint8Array.from({ length: 32 }, (_, index) => 5 * index + 2);
let scratch: string;
let folders = 0;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "canonic-guesses-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const folder = (): string => join(scratch, `${folders++}`);
const office = (key: Uint8Array = KEY, store: "memory" | "sqlite" = "memory"): Promise<Office> =>
  openOffice(store, folder(), people, key);
const ask = (at: Office, name: string, known: People = "salted", session: Session = {}) =>
  at.run(askingOf(name, known, at.salts), {}, { people: known, ...session });

async function bundleOf(at: Office, run: RunId): Promise<ReadonlyMap<string, string>> {
  const to = folder();
  await at.exportTo(run, to);
  return textsOf(to);
}

async function judged(files: ReadonlyMap<string, string>, replay?: ReplayPort) {
  const source = memorySource(new Map([...files].map(([path, text]) => [path, Buffer.from(text)])));
  const { verdict, reasons, run } = await verifyBundle(source, { trust: people.trustFile, ...(replay && { replay }) });
  return { verdict, codes: [...new Set(reasons.map(({ code }) => code))], replay: run?.replay };
}

/** The digests that the log has of what tasks gave. */
async function outputsOf(at: Office, run: RunId): Promise<readonly Digest[]> {
  const events = await at.journal.events(run);
  return events.flatMap((event) => (event.type === "EXECUTION_COMPLETED" ? [event.data.output] : []));
}

/** Every payload that only the personal values of a run have: what was given and what came of it. */
async function erase(at: Office, run: RunId): Promise<void> {
  const files = await bundleOf(at, run);
  const plan = JSON.parse(files.get("plan.json") ?? "");
  const outputs = await outputsOf(at, run);
  for (const digest of new Set<Digest>([...plan.artifacts, ...outputs.slice(0, 2)])) await at.redact(digest);
}

test("an erased answer and name are found by trying where nothing is personal, and not where they are", async () => {
  for (const name of ["ada", "ben"]) {
    const answer = name === "ada" ? "yes" : "no";
    const plainly = await office();
    const unsalted = await ask(plainly, name, "plain");
    await erase(plainly, unsalted.run);
    const found = guessedFrom(await bundleOf(plainly, unsalted.run));
    expect(found).toEqual([
      `answer ${answer}`,
      `answer ${answer}, as input`,
      `answer ${answer}, in all outputs`,
      `name ${name}`,
    ]);

    const at = await office();
    const { run, outputs } = await ask(at, name);
    expect(JSON.parse(outputs[0] ?? "")).toEqual({ agrees: answer });
    await erase(at, run);
    expect(guessedFrom(await bundleOf(at, run))).toEqual([]);
  }
});

test("the sizes of two answers are one size", async () => {
  const sizes = await Promise.all(
    ["ada", "ben"].map(async (name) => {
      const at = await office();
      const { run } = await ask(at, name);
      const events = await at.journal.events(run);
      return events.flatMap((event) => (event.type === "EXECUTION_COMPLETED" ? [event.data.sizeBytes] : []));
    }),
  );

  expect(sizes[0]).toEqual([256, 256, 11]);
  expect(sizes[1]).toEqual(sizes[0]);
});

test("a bundle with its personal values is VALID, and open for what was erased and nothing else", async () => {
  const at = await office();
  const { run, status } = await ask(at, "ada");
  expect([status, (await judged(await bundleOf(at, run))).verdict]).toEqual(["completed", "VALID"]);

  await erase(at, run);

  expect(await judged(await bundleOf(at, run))).toMatchObject({ verdict: "INDETERMINATE", codes: ["redacted"] });
});

test("a replay compares values under the salts that are there, without the key", async () => {
  const at = await office();
  const { run } = await ask(at, "ada");
  const files = await bundleOf(at, run);
  const answering = (agrees: string): ReplayPort => ({
    execute: async ({ task, input }) => {
      const outputs: Record<string, JsonObject> = {
        "people.ask": { agrees: (input as { name?: string }).name === "ada" ? agrees : "lost" },
        "people.greet": { greeting: `thank you for saying ${String(input["answer"])}` },
        "rows.count": { count: 3 },
      };
      return { kind: "completed", output: Buffer.from(canonicalJson(outputs[task.operation] ?? {})) };
    },
  });

  expect(await judged(files, answering("yes"))).toMatchObject({ verdict: "VALID", replay: { same: 3, different: 0 } });
  expect(await judged(files, answering("no"))).toMatchObject({ verdict: "INVALID", codes: ["replay-differs"] });
});

/** Every event and the seal told anew for the lines that are there. */
function retold(run: Opened, lines: readonly string[]): void {
  run.others.set("outputs.jsonl", lines.map((line) => `${line}\n`).join(""));
  const completed = run.events.filter(({ type }) => type === "EXECUTION_COMPLETED");
  for (const [index, event] of completed.entries())
    Object.assign(event.data, {
      output: digestBytes(lines[index] ?? ""),
      sizeBytes: Buffer.byteLength(lines[index] ?? ""),
    });
  run.events.at(-1).data.outputs = digestBytes(run.others.get("outputs.jsonl") ?? "");
}

test("another salt, a plain value, and an envelope in another spelling are INVALID, whoever signs them", async () => {
  const at = await office();
  const { run } = await ask(at, "ada");
  const files = await bundleOf(at, run);
  const lines = (files.get("outputs.jsonl") ?? "").trimEnd().split("\n");
  const envelope = openSalted(JSON.parse(lines[0] ?? ""));
  expect(envelope).toBeDefined();
  const { salt = "", value = null, pad = "" } = envelope ?? {};
  const forged = (first: string) => {
    const run = opened(files);
    retold(run, [first, ...lines.slice(1)]);
    return forgedAgain(run, people.log);
  };

  const turned = `${salt.startsWith("0") ? "1" : "0"}${salt.slice(1)}`;
  const salted = files.get("outputs.jsonl")?.replace(salt, turned) ?? "";
  expect(await judged(listedAgain(new Map([...files, ["outputs.jsonl", salted]]), people.log))).toMatchObject({
    verdict: "INVALID",
    codes: expect.arrayContaining(["output-mismatch", "outputs-mismatch"]),
  });
  expect(await judged(forged(saltedText(value, turned)))).toMatchObject({
    verdict: "INVALID",
    codes: expect.arrayContaining(["event-untrue"]),
  });
  for (const unsalted of [
    canonicalJson(value),
    canonicalJson({ pad: `${pad}0`, salt, schema: "canonic/salted-payload/v1", value }),
    canonicalJson({ pad: "", salt, schema: "canonic/salted-payload/v1", value }),
    canonicalJson({ pad, salt: salt.slice(1), schema: "canonic/salted-payload/v1", value }),
  ])
    expect(await judged(forged(unsalted))).toMatchObject({
      verdict: "INVALID",
      codes: expect.arrayContaining(["salt-missing"]),
    });
});

test("one store gives one plan the same bytes each time, two stores give others", async () => {
  const at = await office();
  const first = await ask(at, "ada");
  const second = await ask(at, "ada");
  const elsewhere = await ask(await office(OTHER_KEY), "ada");
  const another = await ask(at, "ada", "salted", { slips: { run: {} } });

  expect(second.outputsDigest).toBe(first.outputsDigest);
  expect(another.outputsDigest).toBe(first.outputsDigest);
  expect(elsewhere.outputsDigest).not.toBe(first.outputsDigest);
  expect(elsewhere.outputs).toEqual(first.outputs);
});

test("two people with one answer have unlike digests: who keeps one learns nothing of the other", async () => {
  const at = await office();
  const digests = await Promise.all(
    ["ben", "eve"].map(async (name) => {
      const { run } = await ask(at, name);
      return (await outputsOf(at, run))[0];
    }),
  );

  expect(digests[0]).not.toBe(digests[1]);
});

test("what was erased does not come back when the same plan is run again", async () => {
  const at = await office();
  const { run } = await ask(at, "ada");
  const [digest = digestBytes("none")] = await outputsOf(at, run);
  await at.redact(digest);

  const again = await ask(at, "ada");

  expect(again.status).toBe("completed");
  expect(await at.journal.payload(digest)).toBeUndefined();
  expect(await judged(await bundleOf(at, again.run))).toMatchObject({ verdict: "INDETERMINATE", codes: ["redacted"] });
});

test("a run that stopped goes on under the same salts alone, and gives the bytes of one that did not stop", async () => {
  const whole = await ask(await office(), "ada");
  const at = await office();
  const failing = {
    run: {
      "people.greet": () => {
        throw new Error("no such person: ada");
      },
    },
  };
  const tasks = askingOf("ada", "salted", at.salts);
  const stopped = await at.run(tasks, { onFailure: "stop" }, { people: "salted", slips: failing });
  expect(stopped.status).toBe("stopped");
  const before = await at.journal.events(stopped.run);

  const { salts: others } = await office(OTHER_KEY);
  await expect(at.resume(stopped.run, { people: "salted", salts: others })).rejects.toMatchObject({
    code: "runner.salts-differ",
  });
  expect(await at.journal.events(stopped.run)).toEqual(before);

  const resumed = await at.resume(stopped.run, { people: "salted" });
  expect([resumed.status, resumed.outputs]).toEqual(["completed", whole.outputs]);
  expect((await judged(await bundleOf(at, resumed.run))).verdict).toBe("VALID");
  expect(guessedFrom(await bundleOf(at, resumed.run))).not.toContain("name ada");
});

test("what an operation threw about somebody cannot be found by trying, where it can when nothing is personal", async () => {
  const failing = {
    run: {
      "people.ask": () => {
        throw new Error("no such person: ada");
      },
    },
  };
  const found = async (known: People) => {
    const at = await office();
    const { run } = await ask(at, "ben", known, { slips: failing });
    return guessedFrom(await bundleOf(at, run)).filter((what) => what === "name ada");
  };

  expect(await found("plain")).toEqual(["name ada"]);
  expect(await found("salted")).toEqual([]);
});

test("a recheck of a personal output compares under its salt, and drift betrays nothing", async () => {
  const rechecked = async (known: People, answers: readonly string[]) => {
    const at = await office();
    let calls = 0;
    const slips = { run: { "people.ask": () => ({ agrees: answers[calls++] ?? "" }) } };
    const asked = { rechecks: [{ before: "count", task: "ask" }] };
    const { run, status } = await at.run(askingOf("ben", known, at.salts), asked, { people: known, slips });
    const files = await bundleOf(at, run);
    return { status, verdict: (await judged(files)).verdict, found: guessedFrom(files) };
  };

  expect(await rechecked("salted", ["no", "no"])).toEqual({ status: "completed", verdict: "VALID", found: [] });
  expect(await rechecked("salted", ["no", "yes"])).toEqual({ status: "denied", verdict: "VALID", found: [] });
  expect((await rechecked("plain", ["no", "yes"])).found).toEqual(expect.arrayContaining(["answer yes", "answer no"]));
});

test("a plan with personal parameters, or with a personal input that is not salted, is refused before anything is journaled", async () => {
  const at = await office();
  const parameters = [{ payloadType: "people/ask", parameters: { name: "ada" } }];
  const plain = [{ payloadType: "people/ask", inputs: { name: "ada" } }];
  for (const tasks of [parameters, plain])
    await expect(async () => at.run(tasks, {}, { people: "salted" })).rejects.toMatchObject({
      code: "planner.arguments-invalid",
    });

  expect(await at.storage.runs()).toEqual([]);
});

test("the salt key is in no file of the store and of the bundle", async () => {
  const at = await office(KEY, "sqlite");
  const { run } = await ask(at, "ada");
  const to = folder();
  await at.exportTo(run, to);
  await at.close();
  const spellings = ["hex", "base64", "base64url", "latin1"] as const;
  const needles = spellings.map((spelling) => Buffer.from(KEY).toString(spelling));
  const files = readdirSync(scratch, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.some(({ name }) => name === "log.sqlite")).toBe(true);

  for (const { parentPath, name } of files) {
    const text = readFileSync(join(parentPath, name), "latin1");
    for (const needle of needles) expect(text.includes(needle), name).toBe(false);
  }
});
