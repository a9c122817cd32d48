import { type Digest, digestBytes, type EventData, type RunId } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import {
  createKeyPair,
  createMemoryStorage,
  enterMissing,
  fsck,
  type Journal,
  type MemoryStorageOptions,
  openCheckpoint,
  signerFromPem,
  signStatements,
  trustFileOf,
} from "../src/index.ts";
import { exported, judged } from "./bundle-files.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, payloadOfJson, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const createAttestor = () => signerFromPem("attestor", createKeyPair().privateKeyPem);
const trust = { origin: ORIGIN, keys: [identity.signer] };
const coded = (code: string) => expect.objectContaining({ code });
const order = { by: "ada", reason: "asked to be forgotten" };
const text = payloadOfJson("some text").digest;

async function logWith(seal: boolean, options: MemoryStorageOptions = {}) {
  const storage = createMemoryStorage(options);
  const journal = await open(storage, identity);
  const whole = wholeRun();
  const run = journalRun(journal, whole, undefined, seal ? "completed" : null);
  await journal.durable();
  return { storage, journal, whole, run };
}

async function refusal(journal: Journal, digest: Digest, run?: RunId): Promise<string> {
  const size = journal.size;
  const error = await journal.redact(digest, run === undefined ? order : { ...order, run }).then(
    () => ({ code: "redacted" }),
    (cause: unknown) => cause as { code: string; details: { because: string } },
  );
  expect(error.code).toBe("audit.redaction-refused");
  expect(journal.size).toBe(size);
  return "details" in error ? error.details.because : "";
}

describe("a payload that is redacted", () => {
  test("is gone, the log says so under a checkpoint, and nothing else changed", async () => {
    const { storage, journal, run } = await logWith(true);
    const before = storage.leaves.map(({ bytes }) => digestBytes(bytes));
    const others = [...storage.payloads.keys()].filter((digest) => digest !== text);

    await journal.redact(text, { ...order, run });

    expect(await journal.payload(text)).toBeUndefined();
    expect([...storage.payloads.keys()]).toEqual(others);
    expect(storage.leaves.map(({ bytes }) => digestBytes(bytes)).slice(0, before.length)).toEqual(before);
    expect(storage.leaves).toHaveLength(before.length + 1);
    expect(openCheckpoint((await storage.checkpoint()) as Uint8Array, [identity.signer]).size).toBe(journal.size);
    expect((await fsck(storage, { trust })).findings).toEqual([]);
    await journal.close();
    const again = await open(storage, identity);
    expect(again.repaired).toBeNull();
    await again.close();
  });

  test("does not come back with another run", async () => {
    const { storage, journal } = await logWith(true);
    await journal.redact(text, order);

    expect(() => journalRun(journal, wholeRun())).toThrow(coded("audit.payload-redacted"));
    await journal.close();
    const again = await open(storage, identity);
    expect(() => journalRun(again, wholeRun())).toThrow(coded("audit.payload-redacted"));
    expect(await again.payload(text)).toBeUndefined();
    await again.close();
  });

  test("is journaled by its digest alone when a run gives it again, and stays away", async () => {
    const { storage, journal, whole, run } = await logWith(true);
    const [first] = await journal.events(run);
    const [output = ""] = whole.outputs;
    await journal.redact(digestBytes(output), order);

    const { run: again, number } = journal.begin(whole.planDigest);
    const frozen = first?.type === "PLAN_FROZEN" ? first.data : undefined;
    expect(frozen).toBeDefined();
    journal.append(again, {
      type: "PLAN_FROZEN",
      subject: again,
      data: { ...frozen, number } as EventData<"PLAN_FROZEN">,
    });
    const late = { digest: digestBytes(output), bytes: Buffer.from(output) };
    journal.append(again, { type: "RUN_VOIDED", subject: again, data: { reason: "for the test", by: "ada" } }, [late]);
    await journal.durable();

    expect(storage.leaves.at(-1)?.run).toBe(again);
    expect(await journal.payload(late.digest)).toBeUndefined();
    expect(storage.payloads.has(late.digest)).toBe(false);
    expect((await fsck(storage, { trust })).findings).toEqual([]);
  });

  test("leaves a bundle without its file, with the leaf that says why", async () => {
    const { storage, journal, run } = await logWith(true);
    const other = journalRun(journal, wholeRun(3, [payloadOfJson("of the other run")]));
    await journal.redact(payloadOfJson("of the other run").digest, order);
    await journal.redact(text, order);

    const files = await exported(storage, identity, run);

    expect(files.has(`artifacts/${text.slice(7)}.json`)).toBe(false);
    const lines = Buffer.from(files.get("log-events.jsonl") as Uint8Array)
      .toString()
      .split("\n")
      .slice(0, -1);
    expect(lines.map((line) => JSON.parse(line).data)).toEqual([{ digest: text, ...order }]);
    const both = await exported(storage, identity, other);
    expect(
      Buffer.from(both.get("log-events.jsonl") as Uint8Array)
        .toString()
        .split("\n"),
    ).toHaveLength(3);
    await journal.close();
  });

  test("is missing and INVALID or open as before when no leaf says that it was redacted", async () => {
    const { storage, journal, run } = await logWith(true);
    storage.payloads.delete(text);

    await expect(exported(storage, identity, run)).rejects.toThrow(coded("audit.payload-missing"));
    expect((await fsck(storage, { trust })).findings.map(({ code }) => code)).toEqual(["payload-missing"]);
    await journal.close();
  });
});

describe("a crash in a redaction", () => {
  test.each([
    ["append", true],
    ["swapCheckpoint", false],
    ["removePayload", false],
  ] as const)("at %s is completed or forgotten at the next opening (D3)", async (operation, isForgotten) => {
    let isFailing = false;
    const { storage, journal, run } = await logWith(true, {
      beforeWrite: (write) => {
        if (isFailing && write === operation) throw Object.assign(new Error("disk"), { code: "EIO" });
      },
    });
    isFailing = true;
    await expect(journal.redact(text, order)).rejects.toThrow(coded("audit.poisoned"));
    expect(storage.payloads.has(text)).toBe(true);
    expect(() => journalRun(journal, wholeRun())).toThrow(coded("audit.poisoned"));
    isFailing = false;
    const unfinished = (await fsck(storage, { trust })).findings.map(({ code }) => code);
    expect(unfinished).toEqual(isForgotten ? [] : ["redaction-incomplete"]);

    const again = await open(storage, identity);

    expect(again.repaired).toBeNull();
    expect(storage.payloads.has(text)).toBe(isForgotten);
    expect((await fsck(storage, { trust })).findings).toEqual([]);
    const files = await exported(storage, identity, run);
    expect(files.has("log-events.jsonl")).toBe(!isForgotten);
    if (isForgotten) expect(await judged(files, trustFileOf(ORIGIN, [identity.signer]))).toEqual(["VALID"]);
    await again.close();
  });
});

describe("a redaction is refused", () => {
  test("of plan, registry and start checkpoint, whether the run is sealed or not (D1)", async () => {
    for (const seal of [true, false]) {
      const { storage, journal, whole } = await logWith(seal);
      const frozen = JSON.parse(Buffer.from(storage.leaves[0]?.bytes as Uint8Array).toString()).data;
      const kept = { plan: whole.planDigest, registry: whole.plan.registry, checkpoint: frozen.checkpoint as Digest };
      expect(new Set(Object.values(kept)).size).toBe(3);
      for (const [what, digest] of Object.entries(kept))
        expect(await refusal(journal, digest)).toMatch(new RegExp(`^it is the ${what} that run .* began with$`));
      await journal.close();
    }
  });

  test("of the environment that a run began with, by that name (D1)", async () => {
    const { journal, whole, run } = await logWith(true);
    const [first] = await journal.events(run);
    const environment = payloadOfJson({ executor: "of the test" });
    const { run: other, number } = journal.begin(whole.planDigest);
    const data = { ...first?.data, number, environment: environment.digest } as EventData<"PLAN_FROZEN">;
    journal.append(other, { type: "PLAN_FROZEN", subject: other, data }, [environment]);
    journal.append(other, { type: "RUN_VOIDED", subject: other, data: { reason: "for the test", by: "ada" } });
    await journal.durable();

    expect(await refusal(journal, environment.digest)).toBe(`it is the environment that run \`${other}\` began with`);
    await journal.close();
  });

  test("of a statement, which anybody would make again of its run's record (D1)", async () => {
    const { storage, journal, run } = await logWith(true);
    const drafts = await signStatements({ storage, identity, run }, createAttestor());
    expect(await enterMissing(journal, run, drafts)).toBeGreaterThan(0);
    for (const { payloads } of drafts)
      for (const { digest } of payloads) expect(await refusal(journal, digest)).toMatch(/^it is a statement about run/);

    const files = await exported(storage, identity, run);
    expect([...files.keys()].filter((path) => path.startsWith("statements/"))).toHaveLength(drafts.length);
    await journal.close();
  });

  test("of whatever a run names that is not sealed (D2)", async () => {
    const { storage, journal, whole } = await logWith(false);
    const named = [text, whole.claims, digestBytes(whole.outputs[0] as string)];
    for (const digest of named) {
      expect(storage.payloads.has(digest)).toBe(true);
      expect(await refusal(journal, digest)).toMatch(/not sealed/);
    }
    await journal.close();
  });

  test("of what a value among the artifacts of such a run names, as a record names its text", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const source = payloadOfJson("the bytes of a document");
    const record = payloadOfJson({ text: { digest: source.digest } });
    const whole = wholeRun(3, [record]);
    const run = journalRun(journal, { ...whole, payloads: [...whole.payloads, source] }, undefined, null);
    await journal.durable();

    expect(await refusal(journal, source.digest)).toMatch(/not sealed/);
    expect(await refusal(journal, source.digest, run)).toMatch(/not sealed/);
    await journal.close();
  });

  test("of what is not there, was redacted before, or is not of the run that was given", async () => {
    const { journal, run } = await logWith(true);
    const other = journalRun(journal, wholeRun(3, [payloadOfJson("of the other run")]));

    expect(await refusal(journal, digestBytes("nothing"))).toMatch(/no such payload/);
    expect(await refusal(journal, payloadOfJson("of the other run").digest, run)).toMatch(/does not name/);
    await journal.redact(payloadOfJson("of the other run").digest, { ...order, run: other });
    expect(await refusal(journal, payloadOfJson("of the other run").digest)).toMatch(/before/);
    await journal.close();
  });

  test("without a name and a reason", async () => {
    const { journal } = await logWith(true);
    const size = journal.size;

    await expect(journal.redact(text, { by: "", reason: "x" })).rejects.toThrow(coded("audit.event-invalid"));
    await expect(journal.redact(text, { by: "ada", reason: "" })).rejects.toThrow(coded("audit.event-invalid"));
    expect(journal.size).toBe(size);
    expect(await journal.payload(text)).toBeDefined();
    await journal.close();
  });
});
