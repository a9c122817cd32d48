import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestBytes } from "@canonic/contracts";
import { afterAll, expect, test } from "vitest";
import { assertFewEntries, assertVerifiable, bytesMaxOf } from "../src/bundle-limits.ts";
import { createMemoryStorage, exportBundle } from "../src/index.ts";
import { newIdentity, open } from "./support.ts";
import { journalRun, payloadOfJson, wholeRun } from "./whole-run.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-limits-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const identity = newIdentity();
const tooLarge = (path: string) => expect.objectContaining({ code: "audit.bundle-too-large", details: { path } });

async function logWith(payloads: Parameters<typeof wholeRun>[1]) {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const run = journalRun(journal, wholeRun(3, payloads));
  await journal.durable();
  return { storage, journal, run };
}

test("a run with more redactions than a verifier reads is not exported, and leaves nothing (L1)", async () => {
  const reason = "\u{1f54a}".repeat(2000);
  const leafBytes = Buffer.byteLength(reason) + 300;
  const count = Math.ceil(bytesMaxOf("log-events.jsonl") / leafBytes) + 60;
  const payloads = Array.from({ length: count }, (_, at) => payloadOfJson(`somebody ${at}`));
  const { storage, journal, run } = await logWith(payloads);
  const directory = join(scratch, "bundle");
  const all = payloads.map(({ digest }) => digest);
  for (const digest of all) await journal.redact(digest, { by: "ada", reason });

  await expect(exportBundle({ storage, identity, run, directory })).rejects.toThrow(tooLarge("log-events.jsonl"));
  expect(existsSync(directory)).toBe(false);
  expect(readdirSync(scratch)).toEqual([]);
  await journal.close();
});

test("the limit of each file is the reader's, and of what is read in pieces there is none (L1)", () => {
  const file = (path: string, length: number) => new Map([[path, { length }]]);
  for (const path of ["manifest.json", "log-events.jsonl", "log-proof.json", "plan.json", "prov.json", "proof.json"]) {
    const max = bytesMaxOf(path);
    expect(() => assertVerifiable(file(path, max))).not.toThrow();
    expect(() => assertVerifiable(file(path, max + 1))).toThrow(tooLarge(path));
  }
  const artifact = `artifacts/${digestBytes("x").slice(7)}.json`;
  expect(() => assertVerifiable(file(artifact, bytesMaxOf("plan.json") + 1))).toThrow(tooLarge(artifact));
  for (const path of ["events.jsonl", "outputs.jsonl", "index.html", "report.html"])
    expect(() => assertVerifiable(file(path, 2 ** 40))).not.toThrow();
  expect(() => assertFewEntries(200_000)).not.toThrow();
  expect(() => assertFewEntries(200_001)).toThrow(tooLarge(""));
});
