import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { SEAL_PROOF } from "../src/bundle-layout.ts";
import { readWhole } from "../src/bundle-source.ts";
import {
  cosign,
  createKeyPair,
  createMemoryStorage,
  directorySource,
  exportBundle,
  leafHash,
  memorySource,
  openLogProof,
  openNote,
  parseLogPolicy,
  parseLogProof,
  printLogProof,
  printVerifierKey,
  SIGNATURE_TYPE,
  signCheckpoint,
  signerFromPem,
  type TrustedPeople,
  trustFileOf,
  verifyBundle,
  withCosignatures,
} from "../src/index.ts";
import { resigned } from "./resigned.ts";
import { newIdentity, ORIGIN, open, writeRun } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-witnessed-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const identity = newIdentity();
const W = [0, 1, 2].map((at) => signerFromPem(`witness.example/${at}`, createKeyPair().privateKeyPem));
type Files = Map<string, Uint8Array>;
let counter = 0;

/** A run between two others, whose checkpoint these witnesses cosigned. */
async function bundle(
  by: readonly (typeof W)[number][] = [],
  status: "completed" | null = "completed",
): Promise<Files> {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  writeRun(journal, "before", 5);
  const run = journalRun(journal, wholeRun(), status === null ? (drafts) => drafts.slice(0, 9) : undefined, status);
  await journal.durable();
  writeRun(journal, "after", 4);
  await journal.durable();
  const note = (await storage.checkpoint()) as Uint8Array;
  const { text } = openNote(note, [identity.signer]);
  const lines = by.map((witness) => cosign(text, 1_700_000_000, witness)).join("");
  if (by.length > 0) await storage.swapCheckpoint(note, withCosignatures(note, lines, W));
  counter += 1;
  const directory = join(scratch, `bundle-${counter}`);
  await exportBundle({ storage, identity, run, directory });
  const source = directorySource(directory);
  const files: Files = new Map();
  for (const { path, sizeBytes } of await source.list()) files.set(path, await readWhole(source, path, sizeBytes));
  return files;
}

async function judged(files: Files, people: TrustedPeople = {}, policy?: string): Promise<string[]> {
  const trust = trustFileOf(ORIGIN, [identity.signer], people);
  const options = policy === undefined ? { trust } : { trust, policy: parseLogPolicy(policy) };
  const { verdict, reasons } = await verifyBundle(memorySource(files), options);
  return [verdict, ...new Set(reasons.map(({ code }) => code))];
}
const changed = (files: Files, path: string, bytes: Uint8Array) =>
  resigned(new Map([...files, [path, bytes]]), identity);
const vkeyOf = (at: number) => printVerifierKey(W[at] as (typeof W)[number], SIGNATURE_TYPE.cosignature);

describe("a quorum of witnesses", () => {
  const asked = { witnesses: W, witnessQuorum: 2 };

  test.each([
    ["nobody", [], "INDETERMINATE", ["witness-quorum"]],
    ["too few", [0], "INDETERMINATE", ["witness-quorum"]],
    ["enough", [0, 2], "VALID", []],
    ["all", [0, 1, 2], "VALID", []],
  ])("is asked of a checkpoint that %s cosigned", async (_title, by, verdict, codes) => {
    const files = await bundle((by as number[]).map((at) => W[at] as (typeof W)[number]));

    expect(await judged(files, asked)).toEqual([verdict, ...(codes as string[])]);
    expect(await judged(files)).toEqual(["VALID"]);
  });

  test("counts a witness once, whatever keys it has", async () => {
    const twin = signerFromPem(W[0]?.name as string, createKeyPair().privateKeyPem);
    const witnesses = [W[0], twin, W[1]] as typeof W;
    const files = await bundle([W[0] as (typeof W)[number]]);
    const note = files.get("checkpoint") as Uint8Array;
    const both = withCosignatures(note, cosign(openNote(note, [identity.signer]).text, 1, twin), witnesses);

    expect(await judged(changed(files, "checkpoint", both), { witnesses, witnessQuorum: 2 })).toEqual([
      "INVALID",
      "seal-proof-wrong",
      "witness-quorum",
    ]);
  });

  test("a wrong line of a known witness makes the bundle INVALID, whatever the quorum (Q1)", async () => {
    const files = await bundle();
    const note = files.get("checkpoint") as Uint8Array;
    const line = cosign(`${openNote(note, [identity.signer]).text}more\n`, 1, W[0] as (typeof W)[number]);
    const bent = changed(files, "checkpoint", Buffer.concat([note, Buffer.from(line)]));

    expect(await judged(bent, { witnesses: W })).toEqual(["INVALID", "witness-quorum", "seal-proof-wrong"]);
  });

  test("comes from a policy as well, which names the log too (Q2)", async () => {
    const log = `log ${printVerifierKey(identity.signer, SIGNATURE_TYPE.ed25519)}\n`;
    const other = `log ${printVerifierKey(newIdentity().signer, SIGNATURE_TYPE.ed25519)}\n`;
    const rest = `witness a ${vkeyOf(0)}\nwitness b ${vkeyOf(1)}\ngroup g all a b\nquorum g\n`;
    const [few, enough] = [await bundle([W[0]] as typeof W), await bundle([W[0], W[1]] as typeof W)];

    expect(await judged(few, {}, log + rest)).toEqual(["INDETERMINATE", "witness-quorum"]);
    expect(await judged(enough, {}, log + rest)).toEqual(["VALID"]);
    expect(await judged(enough, {}, rest)).toEqual(["VALID"]);
    expect(await judged(enough, {}, other + rest)).toEqual(["INVALID", "policy-log"]);
  });
});

describe("the proof of the seal", () => {
  test("is one that any client of the log accepts", async () => {
    const files = await bundle(W);
    const lines = Buffer.from(files.get("events.jsonl") as Uint8Array)
      .toString()
      .split("\n");
    const seal = leafHash(Buffer.from(lines.at(-2) as string));

    const checkpoint = openLogProof(files.get(SEAL_PROOF) as Uint8Array, seal, [identity.signer]);

    expect(checkpoint.origin).toBe(ORIGIN);
    expect(JSON.parse(lines.at(-2) as string).type).toBe("RUN_SEALED");
  });

  test("is absent while the run is not sealed, and nothing is said when it is left out", async () => {
    const unsealed = await bundle([], null);
    const files = await bundle();
    files.delete(SEAL_PROOF);

    expect(unsealed.has(SEAL_PROOF)).toBe(false);
    expect(await judged(resigned(files, identity))).toEqual(["VALID"]);
  });

  test("of another leaf, under another checkpoint, or of no form makes the bundle INVALID", async () => {
    const files = await bundle();
    const proof = parseLogProof(files.get(SEAL_PROOF) as Uint8Array);
    const of = (change: Partial<typeof proof>) => changed(files, SEAL_PROOF, printLogProof({ ...proof, ...change }));
    const { size, root } = { size: proof.index + 1, root: Buffer.alloc(32) };

    expect(await judged(of({ index: proof.index - 1 }))).toEqual(["INVALID", "seal-proof-wrong"]);
    expect(await judged(of({ hashes: proof.hashes.slice(1) }))).toEqual(["INVALID", "seal-proof-wrong"]);
    const forked = signCheckpoint({ origin: ORIGIN, size, root }, identity.signer);
    expect(await judged(of({ checkpoint: forked }))).toEqual(["INVALID", "seal-proof-wrong"]);
    expect(await judged(changed(files, SEAL_PROOF, Buffer.from("{}")))).toEqual(["INVALID", "seal-proof-malformed"]);
  });

  test("in a bundle of an unsealed run makes it INVALID", async () => {
    const unsealed = await bundle([], null);
    const proof = (await bundle()).get(SEAL_PROOF) as Uint8Array;

    expect((await judged(changed(unsealed, SEAL_PROOF, proof)))[0]).toBe("INVALID");
  });
});
