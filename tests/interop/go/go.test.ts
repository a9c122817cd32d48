/** What Canonic writes about a log, judged by Go's own client; and what was altered, refused by it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cosign,
  createKeyPair,
  createMemoryStorage,
  exportTiles,
  type Frontier,
  frontierAt,
  leafHash,
  nodesOf,
  openCheckpoint,
  openJournal,
  openNote,
  printLogProof,
  printVerifierKey,
  proveConsistency,
  proveInclusion,
  SIGNATURE_TYPE,
  signCheckpoint,
  signerFromPem,
  withCosignatures,
} from "@canonic/audit";
import { afterAll, describe, expect, test } from "vitest";
import { journalRun } from "../../witness/sealed-log.ts";
import { buildGoJudge, type GoCase } from "./go-judge.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-go-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const judge = await buildGoJudge(scratch);

const ORIGIN = "canonic.test/log";
const LEAVES = 600;
const signerOf = (name: string) => signerFromPem(name, createKeyPair().privateKeyPem);
const log = signerOf(ORIGIN);
const witness = signerOf("witness.example/one");
const logKey = printVerifierKey(log, SIGNATURE_TYPE.ed25519);
const witnessKey = printVerifierKey(witness, SIGNATURE_TYPE.cosignature);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** A log of one long run, and what is needed to speak about it. */
async function sampleLog() {
  const storage = createMemoryStorage();
  const clock = { now: () => "2026-01-31T12:00:00.000Z" };
  const journal = await openJournal({ storage, clock, identity: { origin: ORIGIN, signer: log } });
  journalRun(journal, LEAVES);
  await journal.durable();
  const note = (await storage.checkpoint()) as Uint8Array;
  return { storage, note, checkpoint: openCheckpoint(note, [log]), nodes: nodesOf(storage) };
}

const flipped = (bytes: Uint8Array, at: number) => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] as number) ^ 1;
  return changed;
};

describe.skipIf(judge === undefined)("Go's note and tlog", () => {
  const answers = (cases: readonly GoCase[]) => judge?.(cases) as Promise<(string | null)[]>;

  test("open our checkpoints and cosignatures, and refuse what was altered", async () => {
    const { note, checkpoint } = await sampleLog();
    const { text } = openNote(note, [log]);
    const cosigned = withCosignatures(note, cosign(text, 1_700_000_000, witness), [witness]);
    const of = (bytes: Uint8Array, ...keys: string[]): GoCase => ({ kind: "checkpoint", keys, note: base64(bytes) });
    const good = [of(note, logKey), of(cosigned, logKey), of(cosigned, logKey, witnessKey)];
    const other = signerOf(ORIGIN);
    const bad: Readonly<Record<string, GoCase>> = {
      "a flipped root": of(flipped(note, text.length - 10), logKey),
      "a flipped signature": of(flipped(note, note.length - 10), logKey),
      "a flipped cosignature": of(flipped(cosigned, cosigned.length - 10), logKey, witnessKey),
      "another log's key": of(note, printVerifierKey(other, SIGNATURE_TYPE.ed25519)),
      "a smaller size": of(Buffer.from(Buffer.from(note).toString().replace("\n600\n", "\n599\n")), logKey),
      "no cosignature": of(note, logKey, witnessKey),
      "a signature of the log for a cosignature": of(signCheckpoint(checkpoint, witness), witnessKey),
    };

    expect(await answers(good)).toEqual(good.map(() => null));
    expect(refusedOf(bad, await answers(Object.values(bad)))).toEqual(Object.keys(bad));
  });

  test("accept our proofs of inclusion and consistency, and refuse what was altered", async () => {
    const { nodes, checkpoint, storage } = await sampleLog();
    const root = base64(checkpoint.root);
    const indexes = [0, 1, 255, 256, 257, 511, 512, 598, 599];
    const inclusions: GoCase[] = [];
    for (const index of indexes) {
      const leaf = base64(leafHash(storage.leaves[index]?.bytes as Uint8Array));
      const proof = (await proveInclusion(nodes, index, LEAVES)).map(base64);
      inclusions.push({ kind: "inclusion", leaf, index, size: LEAVES, root, proof });
    }
    const consistencies: GoCase[] = [];
    for (const oldSize of [1, 2, 255, 256, 257, 512, 599, 600]) {
      const oldRoot = base64(((await frontierAt(nodes, oldSize)) as Frontier).root());
      const proof = (await proveConsistency(nodes, oldSize, LEAVES)).map(base64);
      consistencies.push({ kind: "consistency", oldSize, oldRoot, size: LEAVES, root, proof });
    }
    const [included, consistent] = [inclusions[3], consistencies[4]] as [
      Extract<GoCase, { kind: "inclusion" }>,
      Extract<GoCase, { kind: "consistency" }>,
    ];
    const other = base64(Buffer.alloc(32, 9));
    const bad: Readonly<Record<string, GoCase>> = {
      "another leaf": { ...included, leaf: other },
      "another index": { ...included, index: included.index + 1 },
      "another size": { ...included, size: LEAVES * 2 },
      "another root": { ...included, root: other },
      "a hash less": { ...included, proof: included.proof.slice(1) },
      "a hash more": { ...included, proof: [...included.proof, other] },
      "hashes in another order": { ...included, proof: included.proof.toReversed() },
      "another old root": { ...consistent, oldRoot: other },
      "another old size": { ...consistent, oldSize: consistent.oldSize + 1 },
      "another new root": { ...consistent, root: other },
      "consistency with a hash less": { ...consistent, proof: consistent.proof.slice(1) },
      "consistency with a hash more": { ...consistent, proof: [...consistent.proof, other] },
    };

    expect(await answers(inclusions)).toEqual(inclusions.map(() => null));
    expect(await answers(consistencies)).toEqual(consistencies.map(() => null));
    expect(refusedOf(bad, await answers(Object.values(bad)))).toEqual(Object.keys(bad));
  });

  test("accept our tlog-proof of a seal, and refuse what was altered", async () => {
    const { nodes, note, storage } = await sampleLog();
    const index = LEAVES - 1;
    const leaf = storage.leaves[index]?.bytes as Uint8Array;
    const hashes = await proveInclusion(nodes, index, LEAVES);
    const of = (change: Partial<Parameters<typeof printLogProof>[0]>, of = leaf): GoCase => {
      const bytes = printLogProof({ index, hashes, checkpoint: note, ...change });
      return { kind: "tlog-proof", keys: [logKey], note: base64(bytes), leaf: base64(of) };
    };
    const good = [of({}), of({ extra: Buffer.from("anything") })];
    const bad: Readonly<Record<string, GoCase>> = {
      "another leaf": of({}, Buffer.from("{}")),
      "another index": of({ index: index - 1 }),
      "a hash less": of({ hashes: hashes.slice(1) }),
      "a flipped hash": of({ hashes: [flipped(hashes[0] as Uint8Array, 0), ...hashes.slice(1)] }),
      "a flipped checkpoint": of({ checkpoint: flipped(note, note.length - 9) }),
    };

    expect(await answers(good)).toEqual(good.map(() => null));
    expect(refusedOf(bad, await answers(Object.values(bad)))).toEqual(Object.keys(bad));
  });

  test("read a whole log from our tiles: every entry's inclusion, every size's consistency", async () => {
    const { storage } = await sampleLog();
    const directory = join(scratch, "tiles");
    await exportTiles({ storage, trusted: [log], directory });
    const of = (from: string): GoCase => ({ kind: "tiles", keys: [logKey], directory: from, size: LEAVES });
    const files = [
      "tile/0/000",
      "tile/0/002.p/88",
      "tile/1/000.p/2",
      "tile/entries/000",
      "tile/entries/002.p/88",
      "checkpoint",
    ];
    const bad: Record<string, GoCase> = {};
    for (const [at, file] of files.entries()) {
      const copy = join(scratch, `tiles-${at}`);
      cpSync(directory, copy, { recursive: true });
      writeFileSync(join(copy, file), flipped(readFileSync(join(copy, file)), 20));
      bad[`a flipped bit of ${file}`] = of(copy);
    }
    const short = join(scratch, "tiles-short");
    cpSync(directory, short, { recursive: true });
    rmSync(join(short, "tile/entries/001"));
    bad["a missing bundle of entries"] = of(short);

    expect(await answers([of(directory)])).toEqual([null]);
    expect(refusedOf(bad, await answers(Object.values(bad)))).toEqual(Object.keys(bad));
  });
});

/** The names of the cases that were refused; all of them, it is hoped, and there are some. */
function refusedOf(cases: Readonly<Record<string, GoCase>>, answers: readonly (string | null)[]): string[] {
  expect(answers.length).toBeGreaterThan(3);
  return Object.keys(cases).filter((_, at) => answers[at] !== null);
}
