import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  canonicalBytes,
  digestBytes,
  type EventDraft,
  type JsonValue,
  type RunId,
  type TrustFile,
} from "@canonic/contracts";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { manifestNoteText } from "../src/bundle-layout.ts";
import { readWhole } from "../src/bundle-source.ts";
import {
  createMemoryStorage,
  directorySource,
  exportBundle,
  type LogIdentity,
  memorySource,
  signCheckpoint,
  signNote,
  trustFileOf,
  verifyBundle,
} from "../src/index.ts";
import { newIdentity, ORIGIN, open, writeRun } from "./support.ts";
import { journalRun, taskDrafts, taskOf, wholeRun } from "./whole-run.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-bundle-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let counter = 0;
function fresh(): string {
  counter += 1;
  return join(scratch, `bundle-${counter}`);
}
const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);

type Files = Map<string, Uint8Array>;

async function filesIn(directory: string): Promise<Files> {
  const source = directorySource(directory);
  const files: Files = new Map();
  for (const { path, sizeBytes } of await source.list()) files.set(path, await readWhole(source, path, sizeBytes));
  return files;
}

/** A bundle of one run between two others. */
async function bundleOf(
  bend?: (drafts: EventDraft[]) => EventDraft[],
  status: Parameters<typeof journalRun>[3] = "completed",
): Promise<{ files: Files; run: RunId; directory: string }> {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  writeRun(journal, "before", 7);
  const run = journalRun(journal, wholeRun(), bend, status);
  await journal.durable();
  writeRun(journal, "after", 5);
  await journal.durable();
  const directory = fresh();
  await exportBundle({ storage, identity, run, directory });
  return { files: await filesIn(directory), run, directory };
}

/** Signs a changed bundle again, as one could who holds the key. */
function resign(
  files: Files,
  by: LogIdentity = identity,
  change: (manifest: Record<string, JsonValue>) => void = () => {},
): Files {
  const manifest = JSON.parse(Buffer.from(files.get("manifest.json") as Uint8Array).toString()) as Record<
    string,
    JsonValue
  >;
  const paths = [...files.keys()].filter((path) => !path.startsWith("manifest.")).sort();
  manifest["files"] = paths.map((path) => ({
    path,
    digest: digestBytes(files.get(path) as Uint8Array),
    sizeBytes: (files.get(path) as Uint8Array).length,
  }));
  change(manifest);
  const bytes = canonicalBytes(manifest);
  return new Map([
    ...files,
    ["manifest.json", bytes],
    ["manifest.note", signNote(manifestNoteText(by.origin, digestBytes(bytes)), by.signer)],
  ]);
}

const verify = (files: Files, by: TrustFile = trust) => verifyBundle(memorySource(files), { trust: by });
const codes = async (files: Files, by?: TrustFile) => {
  const { verdict, reasons } = await verify(files, by);
  return [verdict, ...new Set(reasons.map(({ code }) => code))];
};
const lines = (bytes: Uint8Array) => Buffer.from(bytes).toString().split("\n").slice(0, -1);
const text = (rows: readonly string[]) => Buffer.from(rows.map((row) => `${row}\n`).join(""));

describe("a bundle as exported", () => {
  test("is VALID, and says what run it is of", async () => {
    const { directory, run } = await bundleOf();

    const verification = await verifyBundle(directory, { trust });

    expect(verification).toMatchObject({ verdict: "VALID", reasons: [], findings: 0 });
    expect(verification.run).toMatchObject({
      run,
      origin: ORIGIN,
      sealed: true,
      status: "completed",
      tasks: 4,
      events: 26,
      outputs: 4,
    });
    expect(verification.run?.contracts.map(({ verdict }) => verdict)).toEqual(["satisfied", "satisfied", "satisfied"]);
  });

  test("is VALID without a router being opened, for it routes nothing", async () => {
    const { directory } = await bundleOf();
    const routes = () => Promise.reject(new Error("a router was opened"));

    expect(await verifyBundle(directory, { trust, routes })).toMatchObject({ verdict: "VALID" });
  });

  test("holds the exact leaves, every artifact, and no key", async () => {
    const { files } = await bundleOf();

    const all = Buffer.concat([...files.values()]);

    expect([...files.keys()].filter((path) => !path.startsWith("artifacts/"))).toEqual([
      "checkpoint",
      "consistency.json",
      "contracts.jsonl",
      "events.jsonl",
      "index.html",
      "manifest.json",
      "manifest.note",
      "outputs.jsonl",
      "plan.json",
      "proof.json",
      "prov.json",
      "registry.json",
      "seal.tlog-proof",
      "start-checkpoint",
    ]);
    expect(all.includes(Buffer.from(identity.signer.publicKey))).toBe(false);
    expect(all.includes(Buffer.from(identity.signer.publicKey).toString("base64"))).toBe(false);
  });

  test("is VALID as the evidence of a run that failed, with the status apart", async () => {
    const whole = wholeRun();
    const failed = taskOf(whole, 1).id;
    const { files } = await bundleOf((drafts) => {
      const aborted: EventDraft = {
        type: "OPERATION_ABORTED",
        subject: failed,
        data: { code: "runner.timeout", failure: null, reasons: [] },
      };
      const skipped = [2, 3].map(
        (position): EventDraft => ({
          type: "EXECUTION_SKIPPED",
          subject: taskOf(whole, position).id,
          data: { because: failed },
        }),
      );
      return [...drafts.slice(0, 11), aborted, ...skipped];
    }, "failed");

    const verification = await verify(files);

    expect(verification).toMatchObject({ verdict: "VALID", reasons: [] });
    expect(verification.run).toMatchObject({ status: "failed", outputs: 0, contracts: [] });
  });

  test("is INDETERMINATE while the run is not sealed", async () => {
    const { files } = await bundleOf((drafts) => drafts.slice(0, 9), null);

    expect(await codes(files)).toEqual(["INDETERMINATE", "run-unsealed"]);
  });

  test("is INDETERMINATE when what a verdict looked at is not in it", async () => {
    const { files } = await bundleOf();
    const determinism = lines(files.get("events.jsonl") as Uint8Array)
      .map((line) => JSON.parse(line))
      .find((event) => event.subject === "determinism");
    files.delete(`artifacts/${determinism.data.evidence.slice(7)}.json`);

    expect(await codes(resign(files))).toEqual(["INDETERMINATE", "contract-open"]);
  });

  test("is never written over an existing one, nor half", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const run = journalRun(journal, wholeRun());
    await journal.durable();
    const directory = fresh();
    await exportBundle({ storage, identity, run, directory });

    await expect(exportBundle({ storage, identity, run, directory })).rejects.toMatchObject({
      code: "audit.bundle-exists",
    });
    await expect(
      exportBundle({ storage, identity, run, directory: fresh(), attachments: { "../x": Buffer.of() } }),
    ).rejects.toMatchObject({ code: "audit.bundle-path" });
    await expect(
      exportBundle({ storage, identity, run, directory: fresh(), attachments: { "plan.json": Buffer.of() } }),
    ).rejects.toMatchObject({ code: "audit.bundle-path" });
    expect(readdirSync(scratch).filter((name) => name.includes("partial"))).toEqual([]);
    expect(statSync(directory).isDirectory()).toBe(true);
  });

  test("takes further files, signed and without meaning", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const run = journalRun(journal, wholeRun());
    await journal.durable();
    const directory = fresh();
    await exportBundle({
      storage,
      identity,
      run,
      directory,
      attachments: { "notes/readme.txt": Buffer.from("hello") },
    });
    const files = await filesIn(directory);

    expect(await codes(files)).toEqual(["VALID"]);
    expect(await codes(files.set("notes/readme.txt", Buffer.from("hellO")))).toEqual(["INVALID", "file-changed"]);
  });
});

describe("trust", () => {
  test("comes from the trust file alone", async () => {
    const { files } = await bundleOf();
    const stranger = newIdentity();

    expect(await codes(files, trustFileOf(ORIGIN, [stranger.signer]))).toEqual(["INVALID", "manifest-signature"]);
    expect(await codes(files, trustFileOf("other.test/log", [identity.signer]))).toEqual([
      "INVALID",
      "origin-untrusted",
    ]);
    expect(await codes(resign(files, stranger))).toEqual(["INVALID", "manifest-signature"]);
  });

  test("does not take the checkpoint of another key or another log", async () => {
    const { files } = await bundleOf();
    const [, size, root] = Buffer.from(files.get("checkpoint") as Uint8Array)
      .toString()
      .split("\n");
    const forged = { origin: ORIGIN, size: Number(size), root: Buffer.from(root as string, "base64") };

    expect(
      await codes(resign(new Map([...files, ["checkpoint", signCheckpoint(forged, newIdentity().signer)]]))),
    ).toEqual(["INVALID", "checkpoint-signature"]);
    expect(
      await codes(
        resign(new Map([...files, ["checkpoint", signCheckpoint({ ...forged, origin: "x" }, identity.signer)]])),
      ),
    ).toEqual(["INVALID", "checkpoint-origin", "seal-proof-wrong"]);
    expect(
      await codes(
        resign(
          new Map([...files, ["checkpoint", signCheckpoint({ ...forged, size: forged.size - 1 }, identity.signer)]]),
        ),
      ),
    ).toEqual(["INVALID", "proof-wrong", "consistency-wrong", "seal-proof-wrong"]);
  });
});

describe("a changed bundle is INVALID", () => {
  test("by any flipped bit of any file", async () => {
    const { files } = await bundleOf();
    const places = [...files].flatMap(([path, bytes]) =>
      Array.from({ length: bytes.length }, (_, offset) => [path, offset] as const),
    );

    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: places.length - 1 }),
        fc.integer({ min: 0, max: 7 }),
        async (index, bit) => {
          const [path, offset] = places[index] as (typeof places)[number];
          const bytes = Buffer.from(files.get(path) as Uint8Array);
          bytes[offset] = (bytes[offset] as number) ^ (1 << bit);

          expect((await verify(new Map([...files, [path, bytes]]))).verdict).toBe("INVALID");
        },
      ),
      { numRuns: 400 },
    );
  });

  test.each([
    "manifest.json",
    "manifest.note",
    "checkpoint",
    "proof.json",
    "events.jsonl",
    "plan.json",
    "registry.json",
    "contracts.jsonl",
    "outputs.jsonl",
  ])("without %s, with it truncated, and with it empty", async (path) => {
    const { files } = await bundleOf();
    const bytes = files.get(path) as Uint8Array;
    const without = new Map(files);
    without.delete(path);

    for (const changed of [
      without,
      new Map([...files, [path, bytes.subarray(0, -1)]]),
      new Map([...files, [path, Buffer.of()]]),
    ] as Files[]) {
      expect((await verify(changed)).verdict).toBe("INVALID");
      if (!path.startsWith("manifest.")) expect((await verify(resign(changed))).verdict).toBe("INVALID");
    }
  });

  test("with a file that nobody signed, a link, or a path that leaves it", async () => {
    const { files, directory } = await bundleOf();
    symlinkSync("/etc/hostname", join(directory, "link.txt"));

    expect(await codes(new Map([...files, ["more.txt", Buffer.of()]]))).toEqual(["INVALID", "file-unlisted"]);
    expect((await verifyBundle(directory, { trust })).reasons.map(({ code }) => code)).toEqual(["file-unlisted"]);
    const escaping = resign(files, identity, (manifest) => {
      (manifest["files"] as { path: string }[])[0] = {
        ...(manifest["files"] as { path: string }[])[0],
        path: "../../etc/hostname",
      };
    });
    expect(await codes(escaping)).toEqual(["INVALID", "manifest-malformed"]);
  });

  test("with a listed file replaced by a link to the same bytes", async () => {
    const { directory } = await bundleOf();
    const copy = fresh();
    writeFileSync(copy, readFileSync(join(directory, "plan.json")));
    rmSync(join(directory, "plan.json"));
    symlinkSync(copy, join(directory, "plan.json"));

    expect((await verifyBundle(directory, { trust })).reasons.map(({ code }) => code)).toContain("file-changed");
  });

  test.each([
    ["dropped", (rows: string[]) => rows.toSpliced(9, 1)],
    ["duplicated", (rows: string[]) => rows.toSpliced(9, 0, rows[9] as string)],
    ["swapped", (rows: string[]) => rows.toSpliced(9, 2, rows[10] as string, rows[9] as string)],
    ["cut off at the end", (rows: string[]) => rows.slice(0, -1)],
    [
      "put in from another run",
      (rows: string[]) =>
        rows.toSpliced(9, 1, (rows[9] as string).replace(/run_[0-9a-f]{20}/, "run_00000000000000000000")),
    ],
  ])("with an event %s, even when the manifest is signed again", async (_title, bend) => {
    const { files } = await bundleOf();
    const changed = new Map([
      ...files,
      ["events.jsonl", text(bend(lines(files.get("events.jsonl") as Uint8Array)))],
    ]) as Files;

    const found = await codes(resign(changed));

    expect(found[0]).toBe("INVALID");
    expect(found).toContain("proof-wrong");
  });

  test.each([
    ["reordered keys", (row: string) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(row)).reverse()))],
    ["a space", (row: string) => row.replace(":", ": ")],
    ["a duplicate key", (row: string) => row.replace("{", '{"at":"2026-01-31T12:00:00.000Z",')],
    ["an unknown key", (row: string) => row.replace("{", '{"a":1,')],
    ["bytes that are not UTF-8", (row: string) => row.replace("subject", "s\u00ffbject")],
    ["deep nesting", () => "[".repeat(60_000)],
    ["more than 65,535 bytes", () => `"${"x".repeat(70_000)}"`],
  ])("with an event line of %s", async (_title, bend) => {
    const { files } = await bundleOf();
    const rows = lines(files.get("events.jsonl") as Uint8Array);
    const changed = new Map([
      ...files,
      ["events.jsonl", Buffer.from(text(rows.with(5, bend(rows[5] as string))).toString(), "latin1")],
    ]) as Files;

    const found = await codes(resign(changed));

    expect(found[0]).toBe("INVALID");
    expect(found.some((code) => code === "event-malformed" || code === "line-too-long")).toBe(true);
  });

  test.each([
    ["an output changed", (rows: string[]) => rows.with(1, '{"length":8,"task":1}'), "output-mismatch"],
    [
      "an output that its contract refuses",
      (rows: string[]) => rows.with(1, '{"length":"9","task":1}'),
      "output-invalid",
    ],
    ["an output too many", (rows: string[]) => [...rows, rows[0] as string], "output-orphan"],
    ["an output missing", (rows: string[]) => rows.slice(0, -1), "output-count"],
    [
      "two outputs swapped",
      (rows: string[]) => [rows[1] as string, rows[0] as string, ...rows.slice(2)],
      "output-mismatch",
    ],
  ])("with %s, even when the manifest is signed again", async (_title, bend, code) => {
    const { files } = await bundleOf();
    const changed = new Map([
      ...files,
      ["outputs.jsonl", text(bend(lines(files.get("outputs.jsonl") as Uint8Array)))],
    ]) as Files;

    const found = await codes(resign(changed));

    expect(found[0]).toBe("INVALID");
    expect(found).toContain(code);
  });
});

describe("a log that was written false from the start is INVALID", () => {
  const at = (index: number, change: (draft: EventDraft) => EventDraft) => (drafts: EventDraft[]) =>
    drafts.map((draft, position) => (position === index ? change(draft) : draft));
  const data = (more: Record<string, unknown>) => (draft: EventDraft) =>
    ({ ...draft, data: { ...draft.data, ...more } }) as EventDraft;
  const other = digestBytes("other");

  test.each([
    ["a check left out", (drafts: EventDraft[]) => drafts.toSpliced(3, 1), "event-missing"],
    [
      "two events of a task exchanged",
      (drafts: EventDraft[]) => drafts.toSpliced(3, 2, drafts[4] as EventDraft, drafts[3] as EventDraft),
      "event-reordered",
    ],
    ["an event twice", (drafts: EventDraft[]) => drafts.toSpliced(4, 0, drafts[4] as EventDraft), "event-duplicated"],
    [
      "a task completed twice",
      (drafts: EventDraft[]) => drafts.toSpliced(22, 0, ...taskDrafts(wholeRun(), 0)),
      "event-duplicated",
    ],
    ["a task left out", (drafts: EventDraft[]) => drafts.toSpliced(7, 5), "event-missing"],
    ["a verdict left out", (drafts: EventDraft[]) => drafts.slice(0, -1), "event-missing"],
    [
      "a group before its barrier",
      (drafts: EventDraft[]) => [
        ...drafts.slice(0, 7),
        ...drafts.slice(17, 22),
        ...drafts.slice(7, 17),
        ...drafts.slice(22),
      ],
      "event-reordered",
    ],
    ["another input", at(5, data({ input: other })), "event-untrue"],
    ["another route", at(2, data({ operation: "text.other" })), "event-untrue"],
    ["another token", at(3, data({ token: other })), "event-untrue"],
    ["another method", at(3, data({ method: "other" })), "event-untrue"],
    ["another attempt", at(5, data({ attempt: 2 })), "attempt-wrong"],
    ["another output", at(6, data({ output: other })), "output-mismatch"],
    ["a verdict over other evidence", at(22, data({ evidence: other })), "contract-untrue"],
    ["a verdict that counts less", at(22, data({ checked: 1 })), "contract-untrue"],
    ["a violation that the seal hides", at(22, data({ verdict: "violated", violations: 1 })), "seal-status"],
  ])("%s", async (_title, bend, code) => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const run = journalRun(journal, wholeRun(), bend);
    await journal.durable();
    for (const payload of wholeRun().outputs) storage.payloads.set(other, Buffer.from(payload));
    const directory = fresh();
    const exported = exportBundle({ storage, identity, run, directory });
    if (code === "output-mismatch" || _title === "a task left out") {
      await expect(exported).rejects.toMatchObject({ name: "AuditError" });
      return;
    }
    await exported;

    const found = await codes(await filesIn(directory));

    expect(found[0]).toBe("INVALID");
    expect(found).toContain(code);
  });
});

describe("anything whatever", () => {
  test("gives a verdict and never throws", async () => {
    const { files } = await bundleOf();
    // The page for people is no evidence: whatever it says, signed again, is as good.
    const paths = [...files.keys()].filter((path) => !path.startsWith("manifest.") && path !== "index.html");
    expect(paths).toHaveLength(files.size - 3);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom(...paths),
            fc.oneof(
              fc.uint8Array(),
              fc.json().map((json) => Buffer.from(json)),
            ),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (changes) => {
          const changed = new Map([...files, ...changes]) as Files;

          expect((await verify(changed)).verdict).toBe("INVALID");
          expect((await verify(resign(changed))).verdict).not.toBe("VALID");
        },
      ),
      { numRuns: 100 },
    );
  });

  test("also a directory that is not there", async () => {
    expect(await verifyBundle(join(scratch, "none"), { trust })).toMatchObject({ verdict: "INVALID", run: null });
  });
});
